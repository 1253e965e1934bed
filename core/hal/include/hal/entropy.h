// Random bytes for secrets.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"

namespace strongroom::hal {

// The operating system's generator; seeded in simulation. Runner thread only.
class Entropy {
public:
    virtual ~Entropy() = default;
    // Fills all of `bytes`, or none: after a failure they are unchanged and nothing that was to be
    // made of them may exist.
    // Errors: disconnected (the generator cannot be read).
    [[nodiscard]] virtual Result<void> fill(std::span<std::byte> bytes) = 0;
};

}  // namespace strongroom::hal
