// What a camera makes of the light that reaches it.
#pragma once

#include "people/renderer.h"

namespace strongroom::people {

// Blur, gain, white balance, vignette, tone curve, noise and compression.
[[nodiscard]] std::vector<std::uint8_t> develop(LinearImage light, const Shot& shot);

}  // namespace strongroom::people
