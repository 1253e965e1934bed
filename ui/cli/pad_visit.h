// One presentation before a simulated terminal: the real pipeline and the real session, up to the
// point where the face has been accepted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/policy.h"
#include "hal/face_observer.h"
#include "pad_kind.h"
#include "people/sitting.h"

namespace strongroom::cli {

struct PadVisitOptions {
    bool whole_system = true;            // else the PAD detector alone
    std::optional<auth::Policy> policy;  // of the whole system
    double interval = 0.1;               // seconds between frames
    int pad_frames = 16;                 // on which the PAD detector decides: over a heartbeat
    double seconds = 12;                 // after which who stands there gives up
    std::uint64_t seed = 1;              // of her reactions and of the session's challenges
};

struct PadVisit {
    std::optional<double> liveness;  // over the longest track of the first `pad_frames`; none: no
                                     // face was found, or the detector failed on all of them
    std::optional<double> distance;  // the least of those frames
    bool accepted = false;           // by the whole system: the face factor was passed
    int frames = 0;                  // rendered
};

// `sitting` is at its beginning. Gestures that the terminal demands are performed as whoever sits
// there can. `templates` of the claimed person; empty with whole_system false.
[[nodiscard]] PadVisit visit_terminal(people::Sitting& sitting, Pad& pad,
                                      const std::vector<hal::FaceTemplate>& templates,
                                      const PadVisitOptions& options);

}  // namespace strongroom::cli
