// Private: the thresholds, and which weights they were measured with.
#pragma once

#include <string_view>
#include <vector>

#include "vision/model_pack.h"

namespace strongroom::face_model {

// SHA-256 of the files that the thresholds belong to.
extern const std::string_view measured_landmarks;
extern const std::string_view measured_embedder;

// The first is the pack's own: at FMR 1e-4 on the development set.
[[nodiscard]] std::vector<vision::Threshold> measured_thresholds();

}  // namespace strongroom::face_model
