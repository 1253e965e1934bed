#include "evidence.h"

namespace strongroom::face_model {

const std::string_view measured_landmarks =
    "e50df66ee8b257f88bd276a5594d021c3377641a0f783d7dc1026cfe398b2595";
const std::string_view measured_embedder =
    "84530363e1488fdcfc710d621a1f4aceb4dd002d6c1b6d59a9c7620354297ded";

std::vector<vision::Threshold> measured_thresholds() {
    vision::Threshold threshold;
    threshold.name = "fmr-1e-4";
    threshold.distance = 0.36;
    threshold.evidence.data_set = "SIMULATED: a first, short training; not measured yet";
    return {threshold};
}

}  // namespace strongroom::face_model
