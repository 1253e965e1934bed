#include "mat_view.h"

#include <opencv2/core.hpp>

namespace strongroom::vision {

bool well_formed(const hal::Frame& frame) {
    if (!frame.pixels || frame.width < 1 || frame.height < 1) return false;
    const auto needed = static_cast<std::size_t>(frame.width) *
                        static_cast<std::size_t>(frame.height) *
                        static_cast<std::size_t>(hal::bytes_per_pixel(frame.format));
    return frame.pixels->size() == needed;
}

bool well_formed(const FaceChip& chip) {
    const auto side = static_cast<std::size_t>(chip.size < 0 ? 0 : chip.size);
    return chip.size > 0 && chip.pixels.size() == side * side * 3;
}

bool is_bgr(const hal::Frame& frame) {
    return frame.format == hal::PixelFormat::bgr8 && well_formed(frame);
}

cv::Mat view(const hal::Frame& frame) {
    const int type = frame.format == hal::PixelFormat::bgr8 ? CV_8UC3 : CV_8UC1;
    return {frame.height, frame.width, type, const_cast<std::uint8_t*>(frame.pixels->data())};
}

cv::Mat view(const FaceChip& chip) {
    return {chip.size, chip.size, CV_8UC3, const_cast<std::uint8_t*>(chip.pixels.data())};
}

hal::Frame to_frame(const cv::Mat& bgr) {
    hal::Frame frame;
    frame.width = bgr.cols;
    frame.height = bgr.rows;
    const cv::Mat whole = bgr.isContinuous() ? bgr : bgr.clone();
    const std::uint8_t* first = whole.ptr<std::uint8_t>();
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        first, first + whole.total() * whole.elemSize());
    return frame;
}

}  // namespace strongroom::vision
