// What the tests of simulated people share: parts of pictures, compared.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "people/renderer.h"

namespace strongroom::test {

// Mean of all channels in a square around `centre`; what lies outside of the picture is left out.
inline double mean_around(const people::Picture& picture, vision::Point centre, int reach) {
    double sum = 0;
    int count = 0;
    const int cx = static_cast<int>(std::lround(centre.x));
    const int cy = static_cast<int>(std::lround(centre.y));
    for (int y = std::max(0, cy - reach); y <= std::min(picture.height - 1, cy + reach); ++y) {
        for (int x = std::max(0, cx - reach); x <= std::min(picture.width - 1, cx + reach); ++x) {
            for (int k = 0; k < 3; ++k) {
                sum += picture.pixels[static_cast<std::size_t>((y * picture.width + x) * 3 + k)];
                ++count;
            }
        }
    }
    return count == 0 ? 0 : sum / count;
}

// Mean absolute difference of two pictures in that square.
inline double difference_around(const people::Picture& a, const people::Picture& b,
                                vision::Point centre, int reach) {
    double sum = 0;
    int count = 0;
    const int cx = static_cast<int>(std::lround(centre.x));
    const int cy = static_cast<int>(std::lround(centre.y));
    for (int y = std::max(0, cy - reach); y <= std::min(a.height - 1, cy + reach); ++y) {
        for (int x = std::max(0, cx - reach); x <= std::min(a.width - 1, cx + reach); ++x) {
            for (int k = 0; k < 3; ++k) {
                const auto i = static_cast<std::size_t>((y * a.width + x) * 3 + k);
                sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
                ++count;
            }
        }
    }
    return count == 0 ? 0 : sum / count;
}

inline vision::Point point_of(const people::Picture& picture, people::Point point) {
    return picture.face->points[static_cast<std::size_t>(point)];
}

}  // namespace strongroom::test
