// Private: a chip of this machine, by libgpiod. Of gpio_v1.cpp or gpio_v2.cpp.
#pragma once

#include <memory>
#include <string>

#include "pi/gpio_chip.h"

namespace strongroom::pi {

// Throws std::system_error.
[[nodiscard]] std::unique_ptr<GpioChip> open_kernel_chip(const std::string& device);

}  // namespace strongroom::pi
