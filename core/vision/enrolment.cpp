#include "vision/enrolment.h"

#include <utility>

namespace strongroom::vision {

std::string_view describe(EnrolmentRefusal refusal) {
    switch (refusal) {
        case EnrolmentRefusal::bad_frame:
            return "the picture is damaged or too large: take another";
        case EnrolmentRefusal::no_face: return "no face was found: look at the camera";
        case EnrolmentRefusal::several_faces:
            return "more than one face was found: one person only";
        case EnrolmentRefusal::too_small: return "the face is too small: come closer";
        case EnrolmentRefusal::too_dark: return "the face is too dark: more light";
        case EnrolmentRefusal::too_bright: return "the face is too bright: less light";
        case EnrolmentRefusal::low_contrast:
            return "the face has too little contrast: light it evenly from the front";
        case EnrolmentRefusal::blurred: return "the face is blurred: hold still";
        case EnrolmentRefusal::turned_away: return "the face is turned away: look straight ahead";
        case EnrolmentRefusal::not_live:
            return "the face does not look alive: no picture, screen or mask before the camera";
        case EnrolmentRefusal::model_failed:
            return "the face could not be compared: check the model pack";
    }
    return "invalid";
}

std::optional<EnrolmentRefusal> refusal_of(const FaceMeasurement& measurement,
                                           const EnrolmentLimits& limits) {
    const Quality& quality = measurement.quality;
    if (measurement.faces == 0) return EnrolmentRefusal::no_face;
    if (measurement.faces > 1) return EnrolmentRefusal::several_faces;
    // Written so that a number that is none passes no limit.
    const auto within = [](double value, double low, double high) {
        return value >= low && value <= high;
    };
    // Before the size: the eyes of a face in profile are near each other.
    if (!within(quality.pose.yaw, -limits.yaw_max, limits.yaw_max) ||
        !within(quality.pose.pitch, -limits.pitch_max, limits.pitch_max) ||
        !within(quality.pose.roll, -limits.roll_max, limits.roll_max)) {
        return EnrolmentRefusal::turned_away;
    }
    if (!(quality.eye_distance >= limits.eye_distance_min)) return EnrolmentRefusal::too_small;
    if (!(quality.brightness >= limits.brightness_min)) return EnrolmentRefusal::too_dark;
    if (!(quality.brightness <= limits.brightness_max)) return EnrolmentRefusal::too_bright;
    if (!(quality.contrast >= limits.contrast_min)) return EnrolmentRefusal::low_contrast;
    if (!(quality.sharpness >= limits.sharpness_min)) return EnrolmentRefusal::blurred;
    return std::nullopt;
}

tl::expected<EnrolledFace, RefusedFace> make_template(FaceAnalyser& analyser,
                                                      const hal::Frame& frame,
                                                      const EnrolmentLimits& limits) {
    auto measurement = analyser.analyse(frame);
    if (!measurement) return tl::unexpected(RefusedFace{EnrolmentRefusal::bad_frame, {}});
    if (const auto refusal = refusal_of(*measurement, limits)) {
        return tl::unexpected(RefusedFace{*refusal, measurement->quality});
    }
    if (analyser.detects_liveness() && !(measurement->liveness.score >= limits.liveness_min)) {
        return tl::unexpected(RefusedFace{EnrolmentRefusal::not_live, measurement->quality});
    }
    if (measurement->features.empty()) {
        return tl::unexpected(RefusedFace{EnrolmentRefusal::model_failed, measurement->quality});
    }
    return EnrolledFace{{analyser.pack().model(), std::move(measurement->features)},
                        measurement->quality};
}

}  // namespace strongroom::vision
