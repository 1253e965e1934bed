// Faces at the level of rendered people: simulated persons and what attackers hold up, as pixels,
// through the real pipeline with the embedded face model and the embedded liveness detector.
//
// Every rate of such a run is a rate of simulated people.
#pragma once

#include <memory>

#include "scenarios/player.h"

namespace strongroom::scenarios {

// Throws PlayError when the models in this program are damaged.
[[nodiscard]] std::unique_ptr<FaceSource> render_source();

}  // namespace strongroom::scenarios
