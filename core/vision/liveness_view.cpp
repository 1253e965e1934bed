// OpenCV before our own header, which uses its types.
// clang-format off
#include <opencv2/core.hpp>
#include "liveness_view.h"
// clang-format on

#include <algorithm>

#include <opencv2/imgproc.hpp>

namespace strongroom::vision {

namespace {

constexpr double unit_max = 90;  // pixels
constexpr int overview_width = 160;

cv::Point2d to_cv(const Point& p) { return {p.x, p.y}; }

// Pixels of `frame` around `centre`; beyond the border the last pixel goes on.
cv::Mat cut(const cv::Mat& frame, cv::Point2d centre, double width, double height) {
    const cv::Size size(std::max(8, static_cast<int>(width)),
                        std::max(8, static_cast<int>(height)));
    const cv::Point first(static_cast<int>(std::floor(centre.x - size.width / 2.0)),
                          static_cast<int>(std::floor(centre.y - size.height / 2.0)));
    const cv::Rect wanted(first, size);
    const cv::Rect there = wanted & cv::Rect({}, frame.size());
    cv::Mat part;
    if (there.area() == 0) {
        part = cv::Mat::zeros(size, frame.type());
    } else if (there == wanted) {
        part = frame(there);
    } else {
        cv::copyMakeBorder(frame(there), part, there.y - wanted.y, wanted.br().y - there.br().y,
                           there.x - wanted.x, wanted.br().x - there.br().x, cv::BORDER_REPLICATE);
    }
    cv::Mat values;
    part.convertTo(values, CV_32F);
    return values;
}

// Beside the face at its own height; empty when the frame ends before.
cv::Mat beside(const cv::Mat& frame, const FacePlace& place, double units) {
    const int side = std::max(16, static_cast<int>(place.unit));
    const int x = static_cast<int>(place.centre.x + units * place.unit) - side / 2;
    const int y = static_cast<int>(place.centre.y) - side / 2;
    const cv::Rect there = cv::Rect(x, y, side, side) & cv::Rect({}, frame.size());
    if (there.width < 16 || there.height < 16) return {};
    cv::Mat values;
    frame(there).convertTo(values, CV_32F);
    return values;
}

}  // namespace

bool place_face(const Landmarks& landmarks, cv::Size frame, FacePlace& place) {
    const Eyes eyes = eyes_of(landmarks);
    const cv::Point2d left = to_cv(eyes.left);
    const cv::Point2d right = to_cv(eyes.right);
    const cv::Point2d middle = (left + right) / 2;
    // The mouth is as far below the eyes as 1.15 times their distance; the nose's base 0.62.
    const auto& p = landmarks.points;
    const cv::Point2d down = landmarks.scheme == LandmarkScheme::centres
                                 ? (to_cv(p[3]) + to_cv(p[4])) / 2 - middle
                                 : (to_cv(p[4]) - middle) * 1.85;
    place.unit = std::max(cv::norm(right - left), 0.87 * cv::norm(down));
    place.centre = middle + 0.45 * down;
    place.left_eye = left;
    place.right_eye = right;
    place.roll = std::atan2(right.y - left.y, right.x - left.x);
    // Written so that a number that is none passes no limit.
    const bool sized = place.unit >= 4 && place.unit <= 4 * std::max(frame.width, frame.height);
    const bool within = place.centre.x >= -place.unit && place.centre.y >= -place.unit &&
                        place.centre.x <= frame.width + place.unit &&
                        place.centre.y <= frame.height + place.unit;
    return sized && within;
}

LivenessView look_at(const cv::Mat& frame, FacePlace place) {
    LivenessView view;
    cv::Mat scaled = frame;
    if (place.unit > unit_max) {
        const double factor = unit_max / place.unit;
        const cv::Size size(std::max(1, static_cast<int>(std::lround(frame.cols * factor))),
                            std::max(1, static_cast<int>(std::lround(frame.rows * factor))));
        cv::resize(frame, scaled, size, 0, 0, cv::INTER_AREA);
        place.centre *= factor;
        place.left_eye *= factor;
        place.right_eye *= factor;
        place.unit = unit_max;
    }
    view.place = place;
    view.face = cut(scaled, place.centre, 1.9 * place.unit, 2.1 * place.unit);
    view.window = cut(scaled, place.centre, window_side, window_side);
    view.left = beside(scaled, place, -2.1);
    view.right = beside(scaled, place, 2.1);
    const cv::Point2d down(-std::sin(place.roll), std::cos(place.roll));
    view.eyes = {cut(scaled, place.left_eye, 0.8 * place.unit, 0.9 * place.unit),
                 cut(scaled, place.right_eye, 0.8 * place.unit, 0.9 * place.unit)};
    view.neck =
        cut(scaled, place.centre + 1.65 * place.unit * down, 0.6 * place.unit, 0.35 * place.unit);
    view.forehead =
        cut(scaled, place.centre - 1.05 * place.unit * down, 0.7 * place.unit, 0.25 * place.unit);
    const double side = around_units * place.unit;
    const cv::Mat surroundings = cut(scaled, place.centre, side, side);
    cv::resize(surroundings, view.around, {around_side, around_side}, 0, 0, cv::INTER_AREA);
    const cv::Rect2d wanted(place.centre.x - side / 2, place.centre.y - side / 2, side, side);
    const cv::Rect2d there = wanted & cv::Rect2d(0, 0, static_cast<double>(scaled.cols),
                                                 static_cast<double>(scaled.rows));
    view.around_seen = there.area() / wanted.area();
    view.overview_scale = static_cast<double>(overview_width) / scaled.cols;
    const int rows = std::max(1, static_cast<int>(std::lround(scaled.rows * view.overview_scale)));
    cv::Mat small;
    cv::resize(scaled, small, {overview_width, rows}, 0, 0, cv::INTER_AREA);
    cv::cvtColor(small, small, cv::COLOR_BGR2GRAY);
    small.convertTo(view.overview, CV_32F);
    return view;
}

cv::Mat grey_of(const cv::Mat& bgr) {
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    return grey;
}

}  // namespace strongroom::vision
