#include "devices/finger_image.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::devices {

FingerImage::FingerImage(std::span<const std::byte, packed_size> packed) : FingerImage() {
    for (std::size_t i = 0; i < packed.size(); ++i) {
        const auto pair = std::to_integer<unsigned>(packed[i]);
        pixels_[2 * i] = static_cast<std::uint8_t>(pair >> 4U);
        pixels_[2 * i + 1] = static_cast<std::uint8_t>(pair & 0x0FU);
    }
}

FingerImage::FingerImage(std::span<const std::uint8_t> pixels)
    : pixels_(pixels.begin(), pixels.end()) {
    STRONGROOM_ASSERT(pixels.size() == width * height);
    STRONGROOM_ASSERT(std::all_of(pixels.begin(), pixels.end(), [](auto p) { return p <= 15; }));
}

}  // namespace strongroom::devices
