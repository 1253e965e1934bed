// One electric strike and the monitor contact of its bolt.
//
// Fail-secure: unpowered, destroyed, killed or faulted is LOCKED. There is no set(bool): forgetting
// to lock cannot be written. Runner thread only. Never blocks.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/time.h"

namespace strongroom::hal {

// What the monitor contact shows, which is not what the line that drives the relay was told.
enum class BoltState : std::uint8_t {
    secured,   // the strike holds the bolt
    released,  // the bolt can move
};

class Strike {
public:
    virtual ~Strike() = default;  // implementations lock
    // Releases now and re-locks after `hold` unaided, also when the process dies meanwhile. A pulse
    // during a pulse is refused as busy and changes nothing.
    // Errors: out_of_range (hold <= 0 or > max_hold(); strike untouched), busy, disconnected
    // (strike locked), unsupported.
    [[nodiscard]] virtual Result<void> pulse(Duration hold) = 0;
    // Ends a pulse; idempotent. Errors: disconnected (the hardware bound still ends the pulse).
    [[nodiscard]] virtual Result<void> lock() = 0;
    // Reads the monitor contact. Errors: disconnected, corrupt.
    [[nodiscard]] virtual Result<BoltState> sense() = 0;
    // The longest pulse that the hardware allows; constant; > 0.
    [[nodiscard]] virtual Duration max_hold() const = 0;
};

}  // namespace strongroom::hal
