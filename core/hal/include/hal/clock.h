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
    // The calendar. May jump either way. For records, and for authenticator codes while
    // wall_is_set() (ADR 0017); no other decision depends on it.
    [[nodiscard]] virtual WallTime wall() const = 0;
    // Whether the calendar is known to be right to within half a minute: not where it was lost with
    // the power and nobody has set it since. A clock that cannot tell says no.
    [[nodiscard]] virtual bool wall_is_set() const { return false; }
};

}  // namespace strongroom::hal
