// Private: sampling a part of a picture through a similarity transform.
#pragma once

#include "vision/geometry.h"

namespace cv {
class Mat;
}

namespace strongroom::vision {

// Fills the square `chip` (CV_8UC3, sized by the caller) from `picture`; `to_chip` maps picture to
// chip, pixel centres at whole numbers. Reduces by area first when it shrinks by more than a third,
// so that texture does not alias. Outside the picture its edge goes on. Throws cv::Exception.
void warp(const cv::Mat& picture, const Similarity& to_chip, cv::Mat& chip);

}  // namespace strongroom::vision
