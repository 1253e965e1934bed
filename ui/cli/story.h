// What happens at a simulated door, in words, and the clock by which it happens in real time.
#pragma once

#include <string>

#include "hal/clock.h"
#include "pi/system.h"
#include "sim/facts.h"

namespace strongroom::cli {

// What a screen shows.
[[nodiscard]] std::string screen_words(const sim::Fact& fact);

// A line of a story: "bolt    withdrawn". Empty for what a bystander does not see.
[[nodiscard]] std::string story_line(const sim::Fact& fact);

// The system's time since this was made: the same as a scheduler's, which is made to follow it.
class PacedClock final : public hal::Clock {
public:
    explicit PacedClock(WallTime start) : start_(start) {}
    [[nodiscard]] Instant now() const override {
        return Instant{} + (system_.now() - system_start_);
    }
    [[nodiscard]] WallTime wall() const override { return start_ + now().time_since_epoch(); }
    [[nodiscard]] bool wall_is_set() const override { return true; }

private:
    pi::SystemClock system_;
    Instant system_start_ = system_.now();
    WallTime start_;
};

}  // namespace strongroom::cli
