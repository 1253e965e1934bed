// What happened inside, for people and for comparison: one line an event, made of names and numbers
// only, so that it cannot hold a secret.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace strongroom {

struct TraceLine {
    Instant at{};
    std::string_view source;  // of static storage: "session", "watch", "terminal"
    std::string_view what;    // of static storage: an event, an effect, a state
    std::int64_t number = 0;
};

// Runner thread only.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void write(const TraceLine& line) = 0;
};

}  // namespace strongroom
