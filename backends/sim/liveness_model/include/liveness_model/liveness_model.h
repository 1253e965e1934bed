// The built-in liveness detector: trees trained by this project on its own simulated people and
// attacks, in the program itself. For simulation: the door's program does not contain it.
#pragma once

#include <memory>

#include "vision/passive_liveness.h"
#include "vision/stages.h"

namespace strongroom::liveness_model {

// The trees that are in the program. Throws vision::LivenessModelError when they were trained on
// other measurements than the program takes.
[[nodiscard]] vision::TreeModel embedded_trees();
// A detector with them; a score of 0.5 is the threshold that docs/liveness.md reports on. Throws as
// above. One thread at a time.
[[nodiscard]] std::unique_ptr<vision::LivenessDetector> embedded_detector();

}  // namespace strongroom::liveness_model
