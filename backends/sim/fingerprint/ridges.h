// Planes of numbers, and filters tuned to ridges: what growing a pattern and reading an image
// share. Both work at half the sensor's resolution, where a ridge and its valley take about 4.5
// pixels.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/rng.h"

namespace strongroom::fingerprint {

inline constexpr float pi = 3.14159265F;

struct Plane {
    Plane() = default;
    Plane(int w, int h, float value = 0)
        : width(w),
          height(h),
          values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}
    [[nodiscard]] float& at(int x, int y) {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    [[nodiscard]] float at(int x, int y) const {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    int width = 0;
    int height = 0;
    std::vector<float> values;
};

// Seeded smooth noise: values of a lattice of `cell` pixels, -1 to 1, joined smoothly.
class SmoothNoise {
public:
    SmoothNoise(Rng rng, int width, int height, float cell);
    // For 0 <= x <= width and 0 <= y <= height.
    [[nodiscard]] float operator()(float x, float y) const {
        x *= per_cell_;
        y *= per_cell_;
        const int cx = static_cast<int>(x);
        const int cy = static_cast<int>(y);
        float tx = x - static_cast<float>(cx);
        float ty = y - static_cast<float>(cy);
        tx = tx * tx * (3 - 2 * tx);
        ty = ty * ty * (3 - 2 * ty);
        const float a = lattice_.at(cx, cy);
        const float b = lattice_.at(cx + 1, cy);
        const float c = lattice_.at(cx, cy + 1);
        const float d = lattice_.at(cx + 1, cy + 1);
        const float top = a + (b - a) * tx;
        return top + (c + (d - c) * tx - top) * ty;
    }

private:
    float per_cell_;
    Plane lattice_;
};

// Averages over a square of 2 * radius + 1; the edge is repeated.
[[nodiscard]] Plane box_blur(const Plane& in, int radius);

// Complex filters, one for each direction and ridge period: the answer's angle is the phase of the
// ridges across their direction, its length how clear they are (1 for a perfect wave).
class RidgeFilters {
public:
    // `along` and `across` are the envelope's deviations in pixels.
    RidgeFilters(float across, float along);

    static constexpr float shortest_period = 3.6F;
    static constexpr float period_step = 0.3F;

    // `directions` are those of the ridges, radians, y downward; `periods` in pixels. Outside the
    // plane is 0. A pixel where `wanted` is 0 gives 0; an empty `wanted` wants all. `imaginary` may
    // be null.
    void apply(const Plane& in, const Plane& directions, const Plane& periods,
               const std::vector<unsigned char>& wanted, Plane& real, Plane* imaginary) const;

private:
    static constexpr int radius = 5;
    static constexpr int row = 12;  // 11 taps and a zero, for whole vectors
    static constexpr int rows = 2 * radius + 1;
    static constexpr int directions_of_bank = 32;
    static constexpr int periods_of_bank = 7;
    using Kernel = std::array<float, static_cast<std::size_t>(row* rows)>;
    struct Pair {
        Kernel real{};
        Kernel imaginary{};
    };
    std::vector<Pair> bank_;
};

}  // namespace strongroom::fingerprint
