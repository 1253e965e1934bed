// Private: the parts of a frame that liveness looks at, and where its numbers go. Include
// opencv2/core.hpp before it.
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "vision/geometry.h"
#include "vision/stages.h"

namespace strongroom::vision {

// Where the face is, from its landmarks and not from its box, which each detector draws in its way.
struct FacePlace {
    cv::Point2d centre;  // between eyes and mouth
    double unit = 0;     // about the distance of the eyes from the front; stays when the head turns
    double roll = 0;     // radians
    cv::Point2d left_eye;
    cv::Point2d right_eye;
};
// None for points that coincide, are not finite, or lie far outside a frame of this size.
[[nodiscard]] bool place_face(const Landmarks& landmarks, cv::Size frame, FacePlace& place);

struct LivenessView {
    FacePlace place;
    cv::Mat face;      // BGR float, brows to chin, at native resolution
    cv::Mat window;    // BGR float, 128 x 128 at native resolution, around the centre
    cv::Mat left;      // BGR float, beside the face, native
    cv::Mat right;     // may both be empty at the border of the frame
    cv::Mat neck;      // BGR float, below the chin
    cv::Mat forehead;  // BGR float
    // BGR float, upright: 0.8 units wide, 0.9 high, an eye in its middle.
    std::array<cv::Mat, 2> eyes;
    cv::Mat around;      // BGR float, 96 x 96: a square of `around_units` units
    double around_seen;  // share of it that lies within the frame
    cv::Mat overview;    // grey float, the whole frame in about 160 pixels of width
    double overview_scale = 1;
};
inline constexpr int window_side = 128;
inline constexpr int around_side = 96;
inline constexpr double around_units = 5.6;

// Cuts the parts out of a frame (CV_8UC3). Faces larger than `unit_max` are reduced first.
[[nodiscard]] LivenessView look_at(const cv::Mat& frame, FacePlace place);

// Collects named numbers; names only when asked to, which happens once.
class FeatureSink {
public:
    explicit FeatureSink(bool with_names) : with_names_(with_names) {}
    void group(const char* name) {
        if (with_names_) group_ = name;
    }
    template <class Name>
    void add(const Name& name, double value) {
        values.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0F);
        if (with_names_) names.push_back(group_ + "." + std::string(name));
    }
    void add(const char* name, int index, double value) {
        values.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0F);
        if (with_names_) names.push_back(group_ + "." + name + "." + std::to_string(index));
    }

    std::vector<float> values;
    std::vector<std::string> names;

private:
    bool with_names_;
    std::string group_;
};

// What is measured on one frame alone.
void texture_features(const LivenessView& view, FeatureSink& sink);
void frequency_features(const LivenessView& view, FeatureSink& sink);
void colour_features(const LivenessView& view, FeatureSink& sink);
void edge_features(const LivenessView& view, FeatureSink& sink);
void rim_features(const LivenessView& view, FeatureSink& sink);

// Log of a mean square or the like, with a floor under which nothing is told apart.
[[nodiscard]] inline double log_energy(double value) { return std::log(value + 1e-3); }
[[nodiscard]] cv::Mat grey_of(const cv::Mat& bgr);

}  // namespace strongroom::vision
