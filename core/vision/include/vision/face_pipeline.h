// From a camera to observations: the walk of one frame through the stages.
//
// FaceAnalyser does one frame, FacePipeline is the hal::FaceObserver over a camera. Both work on
// the caller's thread, one frame a poll; a threaded observer wraps FacePipeline as a whole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hal/camera.h"
#include "hal/clock.h"
#include "hal/face_observer.h"
#include "vision/freshness.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/stages.h"

namespace strongroom::vision {

struct PipelineOptions {
    ImageLimits limits;
    double relative_size_min = 0.5;  // smaller boxes, in widths of the largest, are not counted
    double track_overlap_min = 0.3;  // of the largest face's box from frame to frame
    Duration track_gap_max = std::chrono::seconds(1);  // longer between frames: a new track
    // A face that is not found for so long at most keeps its track: detectors miss frames.
    Duration track_miss_max = std::chrono::milliseconds(100);
    Duration frame_interval = std::chrono::milliseconds(33);  // for next_poll()
    // FacePipeline only. The camera whose frames are taken; none: any. Another one is refused.
    std::optional<hal::CameraIdentity> camera_pin{};
    bool refuse_repeated = true;  // pictures that were seen before; not where photographs are shown
    std::size_t frames_remembered = 20'000;  // for that, over all visits
    int stale_max = 3;  // frames in a row that are not of now, until the pipeline gives up
};

// What one frame shows. `quality`, `liveness` and `features` speak of the largest face.
struct FaceMeasurement {
    std::uint16_t faces = 0;
    std::optional<Detection> largest;
    TrackId track{};  // of the largest face, in a sequence; 0 for a single picture
    Quality quality;
    std::optional<hal::FaceExpression> expression;  // none: the pack reads none, or it failed
    LivenessReading liveness;                       // without a detector: measured, 0
    std::vector<float> features;                    // empty: no face, no embedder, or it failed
};

// Follows the largest face. The id changes whenever it may be somebody else's: after frames without
// a face, a gap in time, or a jump.
class FaceTracker {
public:
    explicit FaceTracker(const PipelineOptions& options) : options_(options) {}
    TrackId follow(Instant captured, const Box& box);
    // What follow() said last; 0 before.
    [[nodiscard]] TrackId current() const { return TrackId{tracks_}; }
    // No face was found in the frame captured then.
    void miss(Instant captured) {
        if (last_ && captured - last_->captured > options_.track_miss_max) lose();
    }
    void lose() { last_.reset(); }

private:
    struct Seen {
        Instant captured;
        Box box;
    };
    PipelineOptions options_;
    std::optional<Seen> last_;
    std::uint64_t tracks_ = 0;
};

class FaceAnalyser {
public:
    // `liveness` may be null. Both outlive the analyser.
    FaceAnalyser(const ModelPack& pack, LivenessDetector* liveness, PipelineOptions options = {});
    // One picture on its own: liveness is measured on it alone, and the track before it is lost.
    // Any frame, also grey or large. Errors: corrupt, out_of_range (see normalise()).
    [[nodiscard]] Result<FaceMeasurement> analyse(const hal::Frame& frame);
    // The next frame of a sequence: liveness is measured over the frames of the track so far. After
    // an error, as after a frame without a face, the next face is a new track. Errors: as above.
    [[nodiscard]] Result<FaceMeasurement> analyse_next(const hal::Frame& frame);
    // What comes next may be somebody else's face.
    void lose_track() { tracker_.lose(); }
    [[nodiscard]] const ModelPack& pack() const { return pack_; }
    [[nodiscard]] bool detects_liveness() const { return liveness_ != nullptr; }

private:
    void follow(const hal::Frame& frame, FaceMeasurement& measurement);
    [[nodiscard]] Result<FaceMeasurement> measure(const hal::Frame& frame, bool in_sequence);

    const ModelPack& pack_;
    LivenessDetector* liveness_;
    PipelineOptions options_;
    FaceTracker tracker_;
};

// What was looked at last: for screens.
struct Look {
    hal::Frame frame;
    std::optional<Detection> largest;  // the face that the observation speaks of
};

// Frames that are not of now (vision/freshness.h) are dropped; after `stale_max` of them in a row,
// and at once when the camera is not the pinned one, start() and poll() answer `denied` with a
// FrameRefusal as vendor code, until it is started again.
class FacePipeline final : public hal::FaceObserver {
public:
    // Everything outlives the pipeline; `liveness` may be null. Asserts that `pack` has an
    // embedder.
    FacePipeline(hal::Camera& camera, const hal::Clock& clock, const ModelPack& pack,
                 LivenessDetector* liveness, PipelineOptions options = {});
    ~FacePipeline() override;
    FacePipeline(const FacePipeline&) = delete;
    FacePipeline& operator=(const FacePipeline&) = delete;

    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::FaceObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;
    [[nodiscard]] hal::FaceModelId model() const override;
    // The frame of the newest observation; none before the first, and once it was stopped.
    [[nodiscard]] const std::optional<Look>& last_look() const { return look_; }

private:
    [[nodiscard]] hal::FaceObservation observe(const hal::Frame& frame,
                                               const FaceMeasurement& measurement);
    [[nodiscard]] bool trusted() const;
    [[nodiscard]] tl::unexpected<Error> refuse(FrameRefusal why);
    void forget_templates();

    hal::Camera& camera_;
    const hal::Clock& clock_;
    FaceAnalyser analyser_;
    FreshnessGuard freshness_;
    std::optional<hal::CameraIdentity> camera_pin_;
    Duration frame_interval_;
    int stale_max_;
    int stale_ = 0;  // in a row
    std::optional<FrameRefusal> refused_;
    std::vector<hal::FaceTemplate> templates_;
    std::optional<Look> look_;
    bool started_ = false;
    Instant next_poll_{};
};

}  // namespace strongroom::vision
