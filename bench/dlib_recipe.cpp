#include "dlib_recipe.h"

#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/core.hpp>

namespace strongroom::bench {
namespace {

using namespace dlib;

// The topology that face_recognition_densenet_model_v1.dat was written with, batch normalisation
// loaded as affine layers.
template <long filters, long side, int stride, typename Subnet>
using padded = add_layer<con_<filters, side, side, stride, stride, side / 2, side / 2>, Subnet>;
template <typename Subnet>
using activated = relu<affine<Subnet>>;
template <typename Subnet>
using dense = concat2<tag1, tag2,
                      tag2<padded<16, 3, 1, activated<padded<64, 1, 1, activated<tag1<Subnet>>>>>>>;
template <long filters, typename Subnet>
using transition = avg_pool<2, 2, 2, 2, padded<filters, 1, 1, activated<Subnet>>>;
template <typename Subnet>
using stem = add_layer<max_pool_<3, 3, 2, 2, 1, 1>, activated<padded<32, 7, 2, Subnet>>>;
template <typename Subnet>
using first_half = transition<68, repeat<6, dense, transition<40, repeat<3, dense, Subnet>>>>;
template <typename Subnet>
using second_half = repeat<8, dense, transition<130, repeat<12, dense, Subnet>>>;
using Network = loss_metric<fc_no_bias<
    128, avg_pool_everything<activated<second_half<first_half<stem<input_rgb_image>>>>>>>;

dlib::point rounded(double x, double y) { return {std::lround(x), std::lround(y)}; }

// The five points that dlib's shape predictor gives, made of others: where exactly they lie does
// not change what cutting a chip costs.
full_object_detection shape_of(const vision::Landmarks& landmarks) {
    const vision::Eyes eyes = vision::eyes_of(landmarks);
    const double d = 0.2 * eyes.distance();
    const double nose_x = (eyes.left.x + eyes.right.x) / 2;
    const double nose_y = (eyes.left.y + eyes.right.y) / 2 + 0.6 * eyes.distance();
    std::vector<dlib::point> parts{rounded(eyes.right.x + d, eyes.right.y),
                                   rounded(eyes.right.x - d, eyes.right.y),
                                   rounded(eyes.left.x - d, eyes.left.y),
                                   rounded(eyes.left.x + d, eyes.left.y), rounded(nose_x, nose_y)};
    return {rectangle(parts[2], parts[0]), parts};
}

}  // namespace

struct DlibRecipe::Impl {
    frontal_face_detector detector = get_frontal_face_detector();
    Network network;
    matrix<rgb_pixel> picture;
    matrix<rgb_pixel> chip;
};

DlibRecipe::DlibRecipe() : impl_(std::make_unique<Impl>()) {}
DlibRecipe::DlibRecipe(const std::string& network) : impl_(std::make_unique<Impl>()) {
    deserialize(network) >> impl_->network;
}
DlibRecipe::~DlibRecipe() = default;

void DlibRecipe::set_picture(const hal::Frame& frame) {
    cv::Mat view(frame.height, frame.width, CV_8UC3,
                 const_cast<std::uint8_t*>(frame.pixels->data()));
    assign_image(impl_->picture, cv_image<bgr_pixel>(view));
}

std::size_t DlibRecipe::detect() { return impl_->detector(impl_->picture).size(); }

void DlibRecipe::extract(const vision::Landmarks& landmarks) {
    extract_image_chip(impl_->picture, get_face_chip_details(shape_of(landmarks), 150, 0.25),
                       impl_->chip);
}

std::vector<float> DlibRecipe::describe() {
    const matrix<float, 0, 1> descriptor = impl_->network(impl_->chip);
    return {descriptor.begin(), descriptor.end()};
}

}  // namespace strongroom::bench
