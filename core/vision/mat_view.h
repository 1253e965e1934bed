// Private: a cv::Mat over a frame's or a chip's pixels, without copying. The view is read only; the
// cast that OpenCV's type needs stays in one place. Include opencv2/core.hpp to use it.
#pragma once

#include "hal/camera.h"
#include "vision/stages.h"

namespace cv {
class Mat;
}

namespace strongroom::vision {

// True when the pixels are there and as many as the format needs.
[[nodiscard]] bool well_formed(const hal::Frame& frame);
[[nodiscard]] bool well_formed(const FaceChip& chip);
[[nodiscard]] bool is_bgr(const hal::Frame& frame);

// Of well-formed ones only; valid while they live.
[[nodiscard]] cv::Mat view(const hal::Frame& frame);
[[nodiscard]] cv::Mat view(const FaceChip& chip);

// Copies a matrix of 8-bit BGR into a frame; capture time and sequence 0.
[[nodiscard]] hal::Frame to_frame(const cv::Mat& bgr);

}  // namespace strongroom::vision
