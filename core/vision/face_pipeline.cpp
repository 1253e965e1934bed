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
    if (!measurement) {
        tracker_.lose();
    } else if (!measurement->largest) {
        tracker_.miss(frame.captured);
    }
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
      freshness_({options.refuse_repeated, options.frames_remembered}),
      camera_pin_(std::move(options.camera_pin)),
      frame_interval_(options.frame_interval),
      stale_max_(options.stale_max) {
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
    if (!trusted()) {
        camera_.stop();
        return fail(Errc::denied, static_cast<std::int32_t>(FrameRefusal::camera_untrusted));
    }
    forget_templates();
    templates_.assign(templates.begin(), templates.end());
    analyser_.lose_track();
    started_ = true;
    stale_ = 0;
    refused_.reset();
    next_poll_ = clock_.now();
    freshness_.begin(next_poll_);
    return {};
}

void FacePipeline::stop() {
    if (started_) camera_.stop();
    started_ = false;
    refused_.reset();
    analyser_.lose_track();
    forget_templates();
    look_.reset();
}

bool FacePipeline::trusted() const { return !camera_pin_ || camera_.identity() == *camera_pin_; }

// Nothing is looked at any more.
tl::unexpected<Error> FacePipeline::refuse(FrameRefusal why) {
    refused_ = why;
    camera_.stop();
    analyser_.lose_track();
    return fail(Errc::denied, static_cast<std::int32_t>(why));
}

Result<std::optional<hal::FaceObservation>> FacePipeline::poll() {
    if (!started_) return fail(Errc::denied);
    if (refused_) return fail(Errc::denied, static_cast<std::int32_t>(*refused_));
    next_poll_ = saturating_add(clock_.now(), frame_interval_);
    const auto frame = camera_.poll();
    if (!frame) {
        analyser_.lose_track();
        return tl::unexpected(frame.error());
    }
    constexpr std::optional<hal::FaceObservation> nothing;
    if (!*frame) return nothing;
    if (!trusted()) return refuse(FrameRefusal::camera_untrusted);
    switch (freshness_.judge(**frame, clock_.now())) {
        case FreshnessGuard::Verdict::early: return nothing;
        case FreshnessGuard::Verdict::out_of_order:
        case FreshnessGuard::Verdict::of_the_future:
        case FreshnessGuard::Verdict::repeated:
            if (++stale_ >= stale_max_) return refuse(FrameRefusal::frame_stale);
            analyser_.lose_track();
            return nothing;
        case FreshnessGuard::Verdict::fresh: stale_ = 0; break;
    }
    const auto measurement = analyser_.analyse_next(**frame);
    if (!measurement) {
        return fail(Errc::corrupt, measurement.error().vendor_code);
    }
    look_ = Look{**frame, measurement->largest};
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
