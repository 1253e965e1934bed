// A finger's ridges at rest.
#pragma once

#include <cstdint>
#include <vector>

namespace strongroom::fingerprint {

struct FingerPattern {
    // 500 pixels an inch, larger than the window so that a finger may lie beside its middle.
    static constexpr int width = 384;
    static constexpr int height = 432;
    std::vector<std::int8_t> ridge;   // -127 the bottom of a valley, 127 the top of a ridge
    std::vector<std::uint8_t> pores;  // 0 none, 255 the middle of a wide one
    double half_width = 120;          // of the part that touches, in pixels
    double half_height = 150;
};

// The same seed grows the same pattern; some 40 ms.
[[nodiscard]] FingerPattern grow_pattern(std::uint64_t seed);

}  // namespace strongroom::fingerprint
