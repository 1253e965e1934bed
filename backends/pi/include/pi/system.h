// The operating system's clock and random bytes, at the door and on a laptop alike.
#pragma once

#include "hal/clock.h"
#include "hal/entropy.h"

namespace strongroom::pi {

// CLOCK_MONOTONIC and CLOCK_REALTIME. Any thread.
class SystemClock final : public hal::Clock {
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] WallTime wall() const override;
    // What the kernel says: a time service has synchronised it, and since then it cannot have gone
    // astray by more than 16 s. Without the network it says so for about nine hours.
    [[nodiscard]] bool wall_is_set() const override;
};

// getrandom(2): blocks only while the kernel has not been seeded since boot. Any thread.
class SystemEntropy final : public hal::Entropy {
public:
    [[nodiscard]] Result<void> fill(std::span<std::byte> bytes) override;
};

}  // namespace strongroom::pi
