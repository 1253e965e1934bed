// What is seen of a face: measurements against the claimed customer's templates, no decision.
//
// Implemented by vision::FacePipeline over a Camera, and by sim::ScoreObserver, which draws from
// measured distributions. auth alone applies thresholds.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/face_observation.h"
#include "base/result.h"
#include "base/time.h"

namespace strongroom::hal {

using strongroom::FaceExpression;
using strongroom::FaceModelId;
using strongroom::FaceObservation;
using strongroom::Liveness;

// One enrolled reference: an embedding of 64 to 2048 finite numbers. Personal data of a special
// category: never in a log, trace or report.
struct FaceTemplate {
    FaceModelId model;
    std::vector<float> features;
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
