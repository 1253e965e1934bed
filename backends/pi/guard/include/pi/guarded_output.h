// The guard's line on a GPIO output. One thread.
#pragma once

#include <utility>

#include "pi/gpio_line.h"
#include "pi/line_guard.h"

namespace strongroom::pi {

class GuardedOutput final : public GuardedLine {
public:
    // Inactive from the request on. Throws GpioError. `chips` outlive it.
    explicit GuardedOutput(GpioLineConfig line, GpioChips& chips = kernel_chips())
        : output_(std::move(line), "strongroom strike", chips) {}
    [[nodiscard]] Result<void> set(bool active) override { return output_.set(active); }
    [[nodiscard]] Result<bool> driven() override { return output_.driven(); }

private:
    GpioOutput output_;
};

}  // namespace strongroom::pi
