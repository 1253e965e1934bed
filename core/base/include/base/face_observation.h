// What one frame showed of a face: the words that the observer (hal) and the decision (auth) share.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace strongroom {

// Which model pack produced a template or a comparison: the first 8 bytes of the SHA-256 over the
// pack's manifest digest list. Templates of one model say nothing to another.
struct FaceModelId {
    std::uint64_t value = 0;
    friend constexpr bool operator==(FaceModelId, FaceModelId) = default;
};

// How far liveness (presentation attack detection, ISO/IEC 30107-1) is known for an observation.
enum class Liveness : std::uint8_t {
    measured,  // `liveness_score` comes from a detector
    declared,  // a scenario said so: photographs are what a print attack is. Shown as NOT MEASURED;
               // no implementation in backends/pi returns it
};

// What a face does, as far as it was measured: what a living person can be asked to change.
struct FaceExpression {
    float eyes_open = 1;   // 0 shut to 1 open, of the more open eye
    float mouth_open = 0;  // 0 shut to 1 wide open
    float smile = 0;       // 0 to 1
};

// Why an observer refuses the frames that it is given: Error::vendor_code beside Errc::denied, so
// that a camera which is not the terminal's own is told apart from one that is not there.
enum class FrameRefusal : std::int32_t {
    camera_untrusted = 1,  // not the camera whose identity is pinned
    frame_stale = 2,       // frames that were taken earlier, and are given again
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

    // Absent when the model pack does not measure it.
    std::optional<FaceExpression> expression;

    // Comparison. The smallest distance to any of the customer's templates, in the model's own
    // metric: lower is more alike. Absent when the face was not compared (none found, or the
    // implementation could not embed it).
    std::optional<float> distance;

    // Liveness, 0 (attack) to 1 (live), over the frames of this track so far.
    Liveness liveness = Liveness::measured;
    float liveness_score = 0;
};

}  // namespace strongroom
