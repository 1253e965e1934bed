#include "vision/face_pipeline.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.h"
#include "base/secret.h"

namespace strongroom::vision {

FaceAnalyser::FaceAnalyser(const ModelPack& pack, LivenessDetector* liveness,
                           PipelineOptions options)
    : pack_(pack), liveness_(liveness), options_(options), tracker_(options) {}

Result<FaceMeasurement> FaceAnalyser::analyse(const hal::Frame& frame) {
    tracker_.lose();
    if (liveness_ != nullptr) liveness_->begin_track();
    return measure(frame, false);
}

Result<FaceMeasurement> FaceAnalyser::analyse_next(const hal::Frame& frame) {
    auto measurement = measure(frame, true);
    if (!measurement || !measurement->largest) tracker_.lose();
    return measurement;
}

// What liveness detection knows of one face must not speak for another.
void FaceAnalyser::follow(const hal::Frame& frame, FaceMeasurement& measurement) {
    const TrackId before = tracker_.current();
    measurement.track = tracker_.follow(frame.captured, measurement.largest->box);
    if (liveness_ != nullptr && measurement.track != before) liveness_->begin_track();
}

Result<FaceMeasurement> FaceAnalyser::measure(const hal::Frame& frame, bool in_sequence) {
    const auto normal = normalise(frame, options_.limits);
    if (!normal) return tl::unexpected(normal.error());
    auto detections = pack_.detector().detect(*normal);
    if (!detections) return tl::unexpected(detections.error());
    drop_small(*detections, options_.relative_size_min);

    FaceMeasurement measurement;
    constexpr std::size_t most = std::numeric_limits<std::uint16_t>::max();
    measurement.faces = static_cast<std::uint16_t>(std::min(detections->size(), most));
    if (detections->empty()) return measurement;
    const Detection& face = detections->front();
    measurement.largest = face;
    if (in_sequence) follow(frame, measurement);
    // Landmarks on which nothing can be aligned leave the face counted, unmeasured and uncompared:
    // zero quality passes no gate.
    const auto quality = measure_quality(*normal, face.landmarks);
    if (!quality) return measurement;
    measurement.quality = *quality;
    if (face.pose) measurement.quality.pose = *face.pose;
    if (ExpressionReader* reader = pack_.expression(); reader != nullptr) {
        const auto expression = reader->read(*normal, face);
        if (expression) measurement.expression = *expression;
    }
    if (liveness_ != nullptr) {
        const auto reading = liveness_->assess(*normal, face);
        if (reading) measurement.liveness = *reading;
    }
    FaceEmbedder* embedder = pack_.embedder();
    if (embedder == nullptr) return measurement;
    const auto chip =
        align(*normal, face.landmarks, embedder->chip_template(), embedder->chip_size());
    if (!chip) return measurement;
    auto features = embedder->embed(*chip);
    if (features) measurement.features = std::move(*features);
    return measurement;
}

TrackId FaceTracker::follow(Instant captured, const Box& box) {
    const bool same = last_ && captured - last_->captured <= options_.track_gap_max &&
                      overlap(last_->box, box) >= options_.track_overlap_min;
    if (!same) ++tracks_;
    last_ = Seen{captured, box};
    return TrackId{tracks_};
}

FacePipeline::FacePipeline(hal::Camera& camera, const hal::Clock& clock, const ModelPack& pack,
                           LivenessDetector* liveness, PipelineOptions options)
    : camera_(camera),
      clock_(clock),
      analyser_(pack, liveness, options),
      frame_interval_(options.frame_interval) {
    STRONGROOM_ASSERT(pack.embedder() != nullptr);
}

FacePipeline::~FacePipeline() { stop(); }

Result<void> FacePipeline::start(std::span<const hal::FaceTemplate> templates) {
    if (templates.empty()) return fail(Errc::unsupported);
    const auto dimensions = static_cast<std::size_t>(analyser_.pack().manifest().dimensions);
    for (const auto& reference : templates) {
        if (reference.model != model() || reference.features.size() != dimensions) {
            return fail(Errc::unsupported);
        }
    }
    if (const auto started = camera_.start(); !started) return started;
    forget_templates();
    templates_.assign(templates.begin(), templates.end());
    analyser_.lose_track();
    started_ = true;
    started_at_ = clock_.now();
    next_poll_ = started_at_;
    return {};
}

void FacePipeline::stop() {
    if (started_) camera_.stop();
    started_ = false;
    analyser_.lose_track();
    forget_templates();
}

Result<std::optional<hal::FaceObservation>> FacePipeline::poll() {
    if (!started_) return fail(Errc::denied);
    next_poll_ = saturating_add(clock_.now(), frame_interval_);
    const auto frame = camera_.poll();
    if (!frame) {
        analyser_.lose_track();
        return tl::unexpected(frame.error());
    }
    if (!*frame || (*frame)->captured < started_at_) return std::optional<hal::FaceObservation>{};
    const auto measurement = analyser_.analyse_next(**frame);
    if (!measurement) {
        return fail(Errc::corrupt, measurement.error().vendor_code);
    }
    return std::optional(observe(**frame, *measurement));
}

hal::FaceObservation FacePipeline::observe(const hal::Frame& frame,
                                           const FaceMeasurement& measurement) {
    hal::FaceObservation seen;
    seen.captured = frame.captured;
    seen.sequence = frame.sequence;
    seen.faces = measurement.faces;
    seen.model = model();
    if (!measurement.largest) return seen;
    seen.track = measurement.track;
    const Quality& quality = measurement.quality;
    seen.face_size = static_cast<float>(quality.eye_distance);
    seen.sharpness = static_cast<float>(quality.sharpness);
    seen.brightness = static_cast<float>(quality.brightness);
    seen.contrast = static_cast<float>(quality.contrast);
    seen.yaw = static_cast<float>(quality.pose.yaw);
    seen.pitch = static_cast<float>(quality.pose.pitch);
    seen.roll = static_cast<float>(quality.pose.roll);
    seen.expression = measurement.expression;
    seen.liveness = measurement.liveness.kind;
    seen.liveness_score = static_cast<float>(measurement.liveness.score);
    if (measurement.features.empty()) return seen;
    const Metric metric = analyser_.pack().manifest().metric;
    for (const auto& reference : templates_) {
        const float apart = distance(metric, measurement.features, reference.features);
        seen.distance = std::min(seen.distance.value_or(apart), apart);
    }
    return seen;
}

void FacePipeline::forget_templates() {
    for (auto& reference : templates_) {
        wipe(std::as_writable_bytes(std::span(reference.features)));
    }
    templates_.clear();
}

Instant FacePipeline::next_poll() const { return started_ ? next_poll_ : never; }

hal::FaceModelId FacePipeline::model() const { return analyser_.pack().model(); }

}  // namespace strongroom::vision
