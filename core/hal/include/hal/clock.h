// The time, for everybody: nothing else in core asks a clock.
#pragma once

#include "base/time.h"

namespace strongroom::hal {

// Any thread. Never fails, never blocks.
class Clock {
public:
    virtual ~Clock() = default;
    // Monotonic: never decreases while the process lives, also when wall() jumps.
    [[nodiscard]] virtual Instant now() const = 0;
    // The calendar, for records only. May jump either way; no decision depends on it.
    [[nodiscard]] virtual WallTime wall() const = 0;
};

}  // namespace strongroom::hal
