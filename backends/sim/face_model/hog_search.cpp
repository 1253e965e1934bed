#include "hog_search.h"

#include <algorithm>

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/imgproc.hpp>

namespace strongroom::face_model {

struct HogSearch::Implementation {
    dlib::frontal_face_detector hog = dlib::get_frontal_face_detector();
};

HogSearch::HogSearch() : implementation_(std::make_unique<Implementation>()) {}
HogSearch::~HogSearch() = default;

std::vector<Found> HogSearch::find(const GreyImage& image) {
    // Only read.
    const cv::Mat grey(image.height, image.width, CV_8UC1, const_cast<std::uint8_t*>(image.pixels),
                       image.stride);
    const double factor =
        std::min(1.0, static_cast<double>(search_long_side) / std::max(grey.cols, grey.rows));
    cv::Mat searched = grey;
    if (factor < 1) cv::resize(grey, searched, cv::Size(), factor, factor, cv::INTER_AREA);
    const double back_x = static_cast<double>(grey.cols) / searched.cols;
    const double back_y = static_cast<double>(grey.rows) / searched.rows;
    std::vector<dlib::rect_detection> rects;
    implementation_->hog(dlib::cv_image<unsigned char>(searched), rects, search_score);

    std::vector<Found> found;
    for (const auto& rect : rects) {
        const auto& r = rect.rect;
        found.push_back(
            {{static_cast<double>(r.left()) * back_x, static_cast<double>(r.top()) * back_y,
              static_cast<double>(r.width()) * back_x, static_cast<double>(r.height()) * back_y},
             rect.detection_confidence});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.box.area() > b.box.area(); });
    return found;
}

}  // namespace strongroom::face_model
