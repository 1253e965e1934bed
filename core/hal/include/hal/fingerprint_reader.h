// A fingerprint sensor that keeps templates and compares by itself: measurements, no decision.
//
// Implemented by devices::ZfmReader over a ByteLink, in the simulator too: there the link leads to
// an emulated sensor. auth alone applies thresholds, and checks that the slot is the customer's.
#pragma once

#include <optional>

#include "base/finger_observation.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace strongroom::hal {

// Where the claimed customer's finger is stored, and what was stored there when she enrolled.
struct FingerReference {
    FingerSlot slot = 0;
    Digest template_digest{};  // keyed hash of the template's bytes
};

// Runner thread only; never blocks: a comparison takes seconds and goes on from poll() to poll().
class FingerprintReader {
public:
    virtual ~FingerprintReader() = default;
    // Begins to wait for a finger and to compare it with `reference`. What proves that the sensor is
    // the terminal's own (password, parameters, the template's digest, a search that must find
    // nothing) is asked again at every start; poll() tells if it fails. A finger that lay on the
    // sensor before this call must be lifted first. Errors: busy (a comparison is being given up:
    // again at the next step), out_of_range (no such slot), disconnected.
    [[nodiscard]] virtual Result<void> start(const FingerReference& reference) = 0;
    // Gives up and forgets; idempotent; never fails.
    virtual void stop() = 0;
    // Moves on, and returns the next observation, or none. Errors: denied with a SensorRefusal as
    // vendor code (the reader has stopped, and nothing more will come before start()); denied
    // without (not started); disconnected, timeout (the sensor does not answer: stopped too);
    // corrupt (an answer was damaged, and the sensor is asked again).
    [[nodiscard]] virtual Result<std::optional<FingerObservation>> poll() = 0;
    // Earliest instant at which poll() has something to do; `never` when it has not been started.
    [[nodiscard]] virtual Instant next_poll() const = 0;
};

}  // namespace strongroom::hal
