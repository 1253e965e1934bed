// The network of dlib_face_recognition_resnet_model_v1.dat: 29 convolutions with residual
// connections (Davis King, 2017). The types must be those that the file was written with.
#include <dlib/dnn.h>

#include "dlib_embedder.h"
#include "models.h"

namespace strongroom::vision {

namespace resnet {

// Two 3x3 convolutions; `Norm` is affine when a trained network is used, bn_con in training.
template <int filters, template <typename> class Norm, int stride, typename Subnet>
using block = Norm<dlib::con<filters, 3, 3, 1, 1,
                             dlib::relu<Norm<dlib::con<filters, 3, 3, stride, stride, Subnet>>>>>;

template <int filters, template <typename> class Norm, typename Subnet>
using same = dlib::relu<dlib::add_prev1<block<filters, Norm, 1, dlib::tag1<Subnet>>>>;

// Halves the picture: the short way round by average pooling.
template <int filters, template <typename> class Norm, typename Subnet>
using down = dlib::relu<dlib::add_prev2<dlib::avg_pool<
    2, 2, 2, 2, dlib::skip1<dlib::tag2<block<filters, Norm, 2, dlib::tag1<Subnet>>>>>>>;

template <int filters, typename Subnet>
using keep = same<filters, dlib::affine, Subnet>;
template <int filters, typename Subnet>
using halve = down<filters, dlib::affine, Subnet>;

template <typename Subnet>
using stem =
    dlib::max_pool<3, 3, 2, 2, dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, Subnet>>>>;
template <typename Subnet>
using stage1 = keep<32, keep<32, keep<32, Subnet>>>;
template <typename Subnet>
using stage2 = keep<64, keep<64, keep<64, halve<64, Subnet>>>>;
template <typename Subnet>
using stage3 = keep<128, keep<128, halve<128, Subnet>>>;
template <typename Subnet>
using stage4 = keep<256, keep<256, halve<256, Subnet>>>;

using Network = dlib::loss_metric<dlib::fc_no_bias<
    128, dlib::avg_pool_everything<
             halve<256, stage4<stage3<stage2<stage1<stem<dlib::input_rgb_image_sized<150>>>>>>>>>>;

}  // namespace resnet

std::unique_ptr<FaceEmbedder> make_dlib_resnet(const std::string& model) {
    using Embedder = DlibEmbedder<resnet::Network, dlib::matrix<dlib::rgb_pixel>>;
    return std::make_unique<Embedder>(model);
}

}  // namespace strongroom::vision
