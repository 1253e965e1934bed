// A reference template from one frame, or the reason why the frame is not good enough for one.
#pragma once

#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

#include "hal/camera.h"
#include "hal/face_observer.h"
#include "vision/face_pipeline.h"

namespace strongroom::vision {

// Limits for a reference, which lasts for years and so is held to more than a visit's frame.
struct EnrolmentLimits {
    double eye_distance_min = 24;  // pixels
    double sharpness_min = 60;
    double brightness_min = 40;
    double brightness_max = 220;
    double contrast_min = 15;
    double yaw_max = 30;    // degrees either way
    double pitch_max = 35;  // noses differ most in this one
    double roll_max = 25;
    double liveness_min = 0.5;  // of an analyser with a liveness detector
};

enum class EnrolmentRefusal : std::uint8_t {
    bad_frame,  // no pixels, or too many
    no_face,
    several_faces,
    too_small,
    too_dark,
    too_bright,
    low_contrast,
    blurred,
    turned_away,
    not_live,      // a print, a screen or a mask, as far as the liveness detector can tell
    model_failed,  // no embedder in the pack, or it could not embed this face
};
// A sentence for the person at the desk.
[[nodiscard]] std::string_view describe(EnrolmentRefusal refusal);

struct EnrolledFace {
    hal::FaceTemplate face;
    Quality quality;
};

struct RefusedFace {
    EnrolmentRefusal reason{};
    Quality quality;  // zeros when no face was measured
};

// The first limit of the picture's quality that `measurement` breaks, or none.
[[nodiscard]] std::optional<EnrolmentRefusal> refusal_of(const FaceMeasurement& measurement,
                                                         const EnrolmentLimits& limits);

// Liveness is looked at when `analyser` has a detector for it; a reference made of a print would
// let that print in for years.
[[nodiscard]] tl::expected<EnrolledFace, RefusedFace> make_template(
    FaceAnalyser& analyser, const hal::Frame& frame, const EnrolmentLimits& limits = {});

}  // namespace strongroom::vision
