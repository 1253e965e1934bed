// What is seen of a face: measurements against the claimed customer's templates, no decision.
//
// Implemented by vision::FacePipeline over a Camera, and by sim::ScoreObserver, which draws from
// measured distributions. auth alone applies thresholds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace strongroom::hal {

// Which model pack produced a template or a comparison: the first 8 bytes of the SHA-256 over the
// pack's manifest digest list. Templates of one model say nothing to another.
struct FaceModelId {
    std::uint64_t value = 0;
    friend constexpr bool operator==(FaceModelId, FaceModelId) = default;
};

// One enrolled reference: an embedding of 64 to 2048 finite numbers. Personal data of a special
// category: never in a log, trace or report.
struct FaceTemplate {
    FaceModelId model;
    std::vector<float> features;
};

// How far liveness (presentation attack detection, ISO/IEC 30107-1) is known for an observation.
enum class Liveness : std::uint8_t {
    measured,  // `liveness_score` comes from a detector
    declared,  // a scenario said so: photographs are what a print attack is. Shown as NOT MEASURED;
               // no implementation in backends/pi returns it
};

// One frame's measurements.
struct FaceObservation {
    Instant captured{};          // when the frame was taken, not when it was understood
    std::uint64_t sequence = 0;  // the frame's
    std::uint16_t faces = 0;     // faces found in the frame; the fields below speak of the largest
    TrackId track;               // 0 when faces == 0; a new value whenever continuity was lost
    FaceModelId model;

    // Quality. Meaningful when faces >= 1.
    float face_size = 0;   // distance between the eye centres, pixels
    float sharpness = 0;   // variance of the Laplacian over the aligned face in 8-bit grey, >= 0
    float brightness = 0;  // mean grey of the aligned face, 0 to 255
    float contrast = 0;    // standard deviation of the same, 0 to 127.5
    float yaw = 0;         // degrees, estimated from the landmarks; 0 is frontal
    float pitch = 0;       // degrees
    float roll = 0;        // degrees

    // Comparison. The smallest distance to any of the customer's templates, in the model's own
    // metric: lower is more alike. Absent when the face was not compared (none found, or the
    // implementation could not embed it).
    std::optional<float> distance;

    // Liveness, 0 (attack) to 1 (live).
    Liveness liveness = Liveness::measured;
    float liveness_score = 0;
};

// Runner thread only; never blocks. On the Pi the work happens on its own thread behind poll().
class FaceObserver {
public:
    virtual ~FaceObserver() = default;
    // Begins to observe against `templates` (copied), or changes to them. Observations of frames
    // captured before this call are never returned after it. Errors: unsupported (a template of
    // another model, or none at all); disconnected, busy (the camera's).
    [[nodiscard]] virtual Result<void> start(std::span<const FaceTemplate> templates) = 0;
    // Stops and forgets the templates; idempotent; never fails.
    virtual void stop() = 0;
    // The oldest observation not yet returned, or none. Errors: denied (not started); disconnected,
    // timeout (the camera's: start again); corrupt (a frame was damaged and dropped).
    // After an error no observation of an earlier frame follows.
    [[nodiscard]] virtual Result<std::optional<FaceObservation>> poll() = 0;
    // Earliest instant at which poll() can have something new; `never` when it will say so itself
    // by waking the runner. A hint, never a promise.
    [[nodiscard]] virtual Instant next_poll() const = 0;
    // The model whose templates this observer compares.
    [[nodiscard]] virtual FaceModelId model() const = 0;
};

}  // namespace strongroom::hal
