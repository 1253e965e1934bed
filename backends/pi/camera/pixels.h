// Private: what cameras deliver, into what the face pipeline takes. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "v4l2_device.h"

namespace strongroom::pi {

// Convertible formats, the best first: uncompressed colour, then compressed, then grey.
[[nodiscard]] std::span<const std::uint32_t> convertible_formats();

// Blue, green, red of every pixel, without padding. None for what is too short for its format, does
// not decode, or decodes to another size.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> to_bgr(const V4l2Format& format,
                                                              std::span<const std::uint8_t> bytes);

}  // namespace strongroom::pi
