// Rims: a mask has holes for the eyes, and each hole has an edge with a gap and a shadow under it,
// and somebody else's skin within.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "liveness_view.h"

namespace strongroom::vision {

namespace {

constexpr int directions = 25;  // from a little below one corner, under the eye, to the other
constexpr double wide = 1.5;    // holes are as much wider than high
// Where a hole's lower edge may be, in distances of the eyes below the eye's middle.
constexpr double nearest = 0.13;
constexpr double farthest = 0.30;
constexpr double aside = 0.045;  // from the rim to the skin on either side, along with it

// A step down and up again on the way out from the middle of an eye.
struct Rim {
    double depth = 0;   // how much darker than both sides, as a share
    double radius = 0;  // of the place, as the limits above
    double tint = 0;    // between the two sides
    double step = 0;    // log of luma, outside by inside
};

class Eye {
public:
    Eye(const cv::Mat& bgr, double unit, double roll)
        : unit_(unit), across_(std::cos(roll), std::sin(roll)), down_(-across_.y, across_.x) {
        cv::GaussianBlur(bgr, smooth_, {}, 0.8, 0.8, cv::BORDER_REPLICATE);
        middle_ = {(bgr.cols - 1) / 2.0, (bgr.rows - 1) / 2.0};
    }

    [[nodiscard]] Rim rim_towards(double angle) const {
        Rim rim;
        rim.depth = -1;
        for (double radius = nearest; radius <= farthest; radius += 0.6 / unit_) {
            const cv::Vec3f here = at(radius, angle);
            const cv::Vec3f inside = at(radius - aside, angle);
            const cv::Vec3f outside = at(radius + aside, angle);
            const double in = luma(inside);
            const double out = luma(outside);
            const double depth = (std::min(in, out) - luma(here)) / (in + out + 8);
            if (depth <= rim.depth) continue;
            rim = {depth, radius, tint_between(inside, outside), std::log((out + 4) / (in + 4))};
        }
        return rim;
    }

private:
    static double luma(const cv::Vec3f& bgr) {
        return static_cast<double>(0.114F * bgr[0] + 0.587F * bgr[1] + 0.299F * bgr[2]);
    }
    static double tint_between(const cv::Vec3f& a, const cv::Vec3f& b) {
        const auto log_ratio = [](const cv::Vec3f& bgr, int channel) {
            return std::log((static_cast<double>(bgr[channel]) + 4) /
                            (static_cast<double>(bgr[1]) + 4));
        };
        return std::hypot(log_ratio(a, 0) - log_ratio(b, 0), log_ratio(a, 2) - log_ratio(b, 2));
    }
    [[nodiscard]] cv::Vec3f at(double radius, double angle) const {
        const cv::Point2d p = middle_ + unit_ * (across_ * (wide * radius * std::cos(angle)) +
                                                 down_ * (radius * std::sin(angle)));
        const double x = std::clamp(p.x, 0.0, smooth_.cols - 1.001);
        const double y = std::clamp(p.y, 0.0, smooth_.rows - 1.001);
        const int left = static_cast<int>(x);
        const int top = static_cast<int>(y);
        const auto tx = static_cast<float>(x - left);
        const auto ty = static_cast<float>(y - top);
        const auto* above = smooth_.ptr<cv::Vec3f>(top) + left;
        const auto* below = smooth_.ptr<cv::Vec3f>(top + 1) + left;
        return (above[0] * (1 - tx) + above[1] * tx) * (1 - ty) +
               (below[0] * (1 - tx) + below[1] * tx) * ty;
    }

    double unit_;
    cv::Point2d across_;
    cv::Point2d down_;
    cv::Point2d middle_;
    cv::Mat smooth_;
};

double quantile(std::array<double, directions> values, double share) {
    std::sort(values.begin(), values.end());
    return values.at(static_cast<std::size_t>(share * (directions - 1)));
}

}  // namespace

void rim_features(const LivenessView& view, FeatureSink& sink) {
    sink.group("rims");
    std::array<double, 2> low{}, middle{}, tint{}, step{}, uneven{}, radius{};
    for (std::size_t i = 0; i < 2; ++i) {
        const Eye eye(view.eyes.at(i), view.place.unit, view.place.roll);
        std::array<double, directions> depths{}, radii{}, tints{}, steps{};
        for (int d = 0; d < directions; ++d) {
            const auto at = static_cast<std::size_t>(d);
            const double angle = CV_PI * (0.06 + 0.88 * d / (directions - 1));
            const Rim rim = eye.rim_towards(angle);
            depths.at(at) = rim.depth;
            radii.at(at) = rim.radius;
            tints.at(at) = rim.tint;
            steps.at(at) = rim.step;
        }
        low.at(i) = quantile(depths, 0.25);
        middle.at(i) = quantile(depths, 0.5);
        tint.at(i) = quantile(tints, 0.5);
        step.at(i) = quantile(steps, 0.5);
        radius.at(i) = quantile(radii, 0.5);
        uneven.at(i) = quantile(radii, 0.75) - quantile(radii, 0.25);
    }
    sink.add("depth_low", std::max(low[0], low[1]));
    sink.add("depth_low_worse", std::min(low[0], low[1]));
    sink.add("depth", (middle[0] + middle[1]) / 2);
    sink.add("tint", (tint[0] + tint[1]) / 2);
    sink.add("step", (step[0] + step[1]) / 2);
    sink.add("radius", (radius[0] + radius[1]) / 2);
    sink.add("uneven", std::min(uneven[0], uneven[1]));
}

}  // namespace strongroom::vision
