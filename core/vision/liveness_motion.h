// Private: what moves with the face, and what flickers, over the frames of a track. Include
// opencv2/core.hpp before it.
#pragma once

#include <deque>

#include "base/time.h"
#include "liveness_view.h"

namespace strongroom::vision {

class LivenessMotion {
public:
    void forget();
    // Adds the same numbers for every frame; `no_history` in the first of a track.
    void measure(const LivenessView& view, Instant captured, FeatureSink& sink);

private:
    struct Seen {
        Instant captured;
        cv::Mat overview;
        double face_luma = 0;
        double far_luma = 0;
    };
    // How parts of the picture shifted between two frames.
    struct Shift {
        cv::Point2d face;  // in units
        cv::Point2d near;
        double face_change = 0;  // how much of it changed, by its own gradients
        double near_change = 0;
        double far_change = 0;
        double face_unexplained = 0;  // by a shift
        double face_bent = 0;         // by an affine map, of what changed
        double near_unexplained = 0;
    };
    [[nodiscard]] static Shift shift_between(const cv::Mat& before, const LivenessView& view);
    void add_shift(const Shift& shift, FeatureSink& sink) const;
    void add_sums(FeatureSink& sink) const;
    void add_flicker(const cv::Mat& before, const LivenessView& view, FeatureSink& sink) const;

    std::deque<Seen> seen_;
    std::deque<Shift> shifts_;
};

}  // namespace strongroom::vision
