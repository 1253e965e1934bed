// Where alarms go: a sounder, lamps, a line to the guard's desk. Runner thread only. Never blocks.
#pragma once

#include "base/alarm.h"
#include "base/result.h"

namespace strongroom::hal {

class Siren {
public:
    virtual ~Siren() = default;
    // Signals `alarm` until it is cleared; idempotent. Errors: disconnected, busy (core tries
    // again until it succeeds; the record of the alarm does not depend on it).
    [[nodiscard]] virtual Result<void> raise(Alarm alarm) = 0;
    // Ends it; idempotent. Errors: disconnected, busy.
    [[nodiscard]] virtual Result<void> clear(Alarm alarm) = 0;
};

}  // namespace strongroom::hal
