#include "warp.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace strongroom::vision {

namespace {

// The part of the frame that the chip shows, with a margin for interpolation.
cv::Rect source_of(const Similarity& to_chip, int size, cv::Size frame) {
    const Similarity back = to_chip.inverse();
    const double side = size;
    double left = frame.width, right = 0, top = frame.height, bottom = 0;
    for (const Point corner : {Point{0, 0}, Point{side, 0}, Point{0, side}, Point{side, side}}) {
        const Point p = back(corner);
        left = std::min(left, p.x);
        right = std::max(right, p.x);
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
    const double margin = 2 + 2 / to_chip.scale();
    const auto bounded = [](double value, int limit) {
        return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(limit)));
    };
    const int x = bounded(std::floor(left - margin), frame.width);
    const int y = bounded(std::floor(top - margin), frame.height);
    return {x, y, bounded(std::ceil(right + margin), frame.width) - x,
            bounded(std::ceil(bottom + margin), frame.height) - y};
}

}  // namespace

// Reducing by area first keeps texture from aliasing, which bilinear sampling alone would let
// through below two thirds. Pixel centres: x' = (x + 0.5) f - 0.5.
void warp(const cv::Mat& picture, const Similarity& to_chip, cv::Mat& chip) {
    const int size = chip.rows;
    const cv::Rect part = source_of(to_chip, size, picture.size());
    if (part.width < 1 || part.height < 1) {
        chip.setTo(0);
        return;
    }
    cv::Mat source = picture(part);
    double factor_x = 1;
    double factor_y = 1;
    if (to_chip.scale() < 0.66) {
        const cv::Size reduced(
            std::max(1, static_cast<int>(std::lround(part.width * to_chip.scale()))),
            std::max(1, static_cast<int>(std::lround(part.height * to_chip.scale()))));
        cv::Mat smaller;
        cv::resize(source, smaller, reduced, 0, 0, cv::INTER_AREA);
        source = smaller;
        factor_x = static_cast<double>(reduced.width) / part.width;
        factor_y = static_cast<double>(reduced.height) / part.height;
    }
    const double offset_x = 0.5 / factor_x - 0.5 + part.x;
    const double offset_y = 0.5 / factor_y - 0.5 + part.y;
    const Point shift = to_chip({offset_x, offset_y});
    const cv::Matx23d matrix(to_chip.a / factor_x, -to_chip.b / factor_y, shift.x,
                             to_chip.b / factor_x, to_chip.a / factor_y, shift.y);
    cv::warpAffine(source, chip, matrix, chip.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

}  // namespace strongroom::vision
