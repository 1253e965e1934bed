#include "vision/passive_liveness.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <opencv2/core.hpp>

#include "liveness_motion.h"
#include "liveness_pulse.h"
#include "liveness_view.h"
#include "mat_view.h"

namespace strongroom::vision {

namespace {

// No single frame decides: its say is limited.
constexpr double frame_limit = 6;

// What is kept of the frames before.
struct History {
    LivenessMotion motion;
    LivenessPulse pulse;
};

void measure_into(FeatureSink& sink, History& history, const cv::Mat& frame, const FacePlace& place,
                  Instant captured) {
    const LivenessView view = look_at(frame, place);
    texture_features(view, sink);
    frequency_features(view, sink);
    colour_features(view, sink);
    edge_features(view, sink);
    rim_features(view, sink);
    history.motion.measure(view, captured, sink);
    history.pulse.measure(view, captured, sink);
}

}  // namespace

struct PassiveFeatures::Implementation {
    History history;
};

PassiveFeatures::PassiveFeatures() : implementation_(std::make_unique<Implementation>()) {}
PassiveFeatures::~PassiveFeatures() = default;
PassiveFeatures::PassiveFeatures(PassiveFeatures&&) noexcept = default;
PassiveFeatures& PassiveFeatures::operator=(PassiveFeatures&&) noexcept = default;

void PassiveFeatures::begin_track() { implementation_->history = {}; }

Result<std::vector<float>> PassiveFeatures::measure(const hal::Frame& frame,
                                                    const Detection& face) {
    if (!is_bgr(frame)) return fail(Errc::corrupt);
    FacePlace place;
    if (!place_face(face.landmarks, {frame.width, frame.height}, place)) {
        return fail(Errc::out_of_range);
    }
    try {
        FeatureSink sink(false);
        sink.values.reserve(names().size());
        measure_into(sink, implementation_->history, view(frame), place, frame.captured);
        return std::move(sink.values);
    } catch (const std::exception&) {
        return fail(Errc::corrupt);
    }
}

// A grey picture goes through the same code, so that names and numbers cannot come apart.
const std::vector<std::string>& PassiveFeatures::names() {
    static const std::vector<std::string> list = [] {
        FeatureSink sink(true);
        History history;
        measure_into(sink, history, cv::Mat(64, 64, CV_8UC3, cv::Scalar::all(128)),
                     {{32, 32}, 16, 0, {24, 24}, {40, 24}}, Instant{});
        return std::move(sink.names);
    }();
    return list;
}

PassiveLiveness::PassiveLiveness(TreeModel model) : model_(std::move(model)) {
    if (model_.parts().names != PassiveFeatures::names()) {
        throw LivenessModelError(
            "the liveness model was trained on other measurements than this program takes: train "
            "it again with liveness_train");
    }
}

PassiveLiveness::~PassiveLiveness() = default;

void PassiveLiveness::begin_track() {
    features_.begin_track();
    frames_.clear();
}

Result<LivenessReading> PassiveLiveness::assess(const hal::Frame& frame, const Detection& face) {
    const auto numbers = features_.measure(frame, face);
    if (!numbers) return fail(Errc::corrupt);
    if (frames_.size() == window) frames_.erase(frames_.begin());
    frames_.push_back(std::clamp(model_.log_odds(*numbers), -frame_limit, frame_limit));
    const double mean =
        std::accumulate(frames_.begin(), frames_.end(), 0.0) / static_cast<double>(frames_.size());
    const auto& parts = model_.parts();
    const double score = 1 / (1 + std::exp(-parts.slope * (mean - parts.threshold)));
    return LivenessReading{hal::Liveness::measured, score};
}

}  // namespace strongroom::vision
