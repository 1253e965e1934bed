// Faces at the level of rendered people: simulated persons and what attackers hold up, as pixels,
// through the real pipeline with the embedded face model and the embedded liveness detector.
//
// Every rate of such a run is a rate of simulated people.
#pragma once

#include <functional>
#include <memory>

#include "scenarios/player.h"
#include "sim/world.h"
#include "vision/face_pipeline.h"

namespace strongroom::scenarios {

// Given every frame that the pipeline of a site has looked at, on the thread that plays the arm.
using LookSink = std::function<void(sim::SiteId, const vision::Look&)>;

// Throws PlayError when the models in this program are damaged.
[[nodiscard]] std::unique_ptr<FaceSource> render_source(LookSink looks = {});

}  // namespace strongroom::scenarios
