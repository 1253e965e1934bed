#include "pattern.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rng.h"
#include "ridges.h"

namespace strongroom::fingerprint {

namespace {

constexpr int width = FingerPattern::width / 2;
constexpr int height = FingerPattern::height / 2;

struct Point {
    float x = 0;
    float y = 0;
};

// Where ridges end turning: loops around cores, triangles at deltas (zeros and poles of the
// direction, after Sherlock and Monro).
struct Singularities {
    std::array<Point, 2> cores;
    std::array<Point, 2> deltas;
    int count = 0;   // of each
    float arch = 0;  // how high an arch rises, without any
};

float drawn(Rng& rng, double low, double high) {
    return static_cast<float>(rng.uniform(low, high));
}

// Pattern classes about as frequent as in people.
Singularities draw_singularities(Rng rng) {
    const double kind = rng.uniform();
    const Point middle{width / 2.F + drawn(rng, -8, 8), height / 2.F + drawn(rng, -22, 2)};
    Singularities s;
    const float side = rng.uniform() < 0.5 ? -1.F : 1.F;
    if (kind < 0.28) {  // whorl
        s.count = 2;
        const float half = drawn(rng, 5, 15);
        s.cores = {Point{middle.x, middle.y - half},
                   Point{middle.x + drawn(rng, -6, 6), middle.y + half}};
        s.deltas = {Point{middle.x - drawn(rng, 42, 62), middle.y + drawn(rng, 48, 72)},
                    Point{middle.x + drawn(rng, 42, 62), middle.y + drawn(rng, 48, 72)}};
    } else if (kind < 0.93) {  // loop
        s.count = 1;
        s.cores[0] = middle;
        s.deltas[0] = {middle.x + side * drawn(rng, 32, 58), middle.y + drawn(rng, 48, 76)};
    } else if (kind < 0.96) {  // tented arch
        s.count = 1;
        s.cores[0] = middle;
        s.deltas[0] = {middle.x + drawn(rng, -4, 4), middle.y + drawn(rng, 30, 50)};
    } else {
        s.arch = drawn(rng, 0.7, 1.4);
    }
    return s;
}

Plane draw_directions(const Singularities& s, const Rng& rng) {
    const SmoothNoise bend(rng.fork("bend"), width, height, 44);
    const float strength = 0.22F;
    Plane directions(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto fx = static_cast<float>(x);
            const auto fy = static_cast<float>(y);
            float angle = 0;
            for (int i = 0; i < s.count; ++i) {
                const Point core = s.cores[static_cast<std::size_t>(i)];
                const Point delta = s.deltas[static_cast<std::size_t>(i)];
                angle += 0.5F * (std::atan2(core.y - fy, fx - core.x) -
                                 std::atan2(delta.y - fy, fx - delta.x));
            }
            if (s.count == 0) {
                const float from_middle = (fx - width / 2.F) / (width / 2.F);
                const float below = std::clamp((fy - 20) / 90, 0.F, 1.F) *
                                    std::clamp((height + 10 - fy) / 90, 0.F, 1.F);
                angle = -std::atan(s.arch * below * std::sin(pi * from_middle));
            }
            directions.at(x, y) = -angle + strength * bend(fx, fy);
        }
    }
    return directions;
}

// Catmull and Rom's curve through four values, half way.
float half_way(float a, float b, float c, float d) { return (9 * (b + c) - a - d) / 16; }

// Twice the resolution.
Plane doubled(const Plane& in) {
    Plane wide(in.width * 2, in.height);
    const auto column = [&](int x, int y) { return in.at(std::clamp(x, 0, in.width - 1), y); };
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            wide.at(2 * x, y) = in.at(x, y);
            wide.at(2 * x + 1, y) =
                half_way(column(x - 1, y), column(x, y), column(x + 1, y), column(x + 2, y));
        }
    }
    Plane out(in.width * 2, in.height * 2);
    const auto line = [&](int x, int y) { return wide.at(x, std::clamp(y, 0, in.height - 1)); };
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < wide.width; ++x) {
            out.at(x, 2 * y) = wide.at(x, y);
            out.at(x, 2 * y + 1) =
                half_way(line(x, y - 1), line(x, y), line(x, y + 1), line(x, y + 2));
        }
    }
    return out;
}

// Ridges appear out of noise as the filters of their directions are applied again and again.
Plane grow_ridges(const Plane& directions, const Rng& rng) {
    static const RidgeFilters filters(1.9F, 2.3F);
    Rng seeds = rng.fork("seeds");
    const auto period = static_cast<float>(rng.fork("period").uniform(4.2, 4.9));
    const SmoothNoise vary(rng.fork("vary"), width, height, 56);
    Plane periods(width, height);
    Plane grown(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            periods.at(x, y) = period + 0.35F * vary(static_cast<float>(x), static_cast<float>(y));
            grown.at(x, y) = static_cast<float>(seeds.uniform(-1, 1));
        }
    }
    Plane real(width, height);
    Plane imaginary(width, height);
    constexpr int rounds = 9;
    for (int i = 0; i < rounds; ++i) {
        filters.apply(grown, directions, periods, {}, real, nullptr);
        for (std::size_t k = 0; k < grown.values.size(); ++k) {
            grown.values[k] = std::clamp(3.5F * real.values[k], -1.F, 1.F);
        }
    }
    filters.apply(grown, directions, periods, {}, real, &imaginary);
    for (std::size_t k = 0; k < grown.values.size(); ++k) {
        const float length = std::hypot(real.values[k], imaginary.values[k]);
        grown.values[k] = real.values[k] / (length + 0.12F);
    }
    return grown;
}

// Pores sit on the middle of ridges, about nine pixels apart.
std::vector<std::uint8_t> draw_pores(const std::vector<std::int8_t>& ridge, Rng rng) {
    constexpr int cell = 8;
    std::vector<std::uint8_t> pores(ridge.size(), 0);
    const auto at = [](int x, int y) {
        return static_cast<std::size_t>(y) * FingerPattern::width + static_cast<std::size_t>(x);
    };
    for (int cy = 2; cy + cell + 2 < FingerPattern::height; cy += cell) {
        for (int cx = 2; cx + cell + 2 < FingerPattern::width; cx += cell) {
            int best_x = cx;
            int best_y = cy;
            for (int i = 0; i < 6; ++i) {
                const int x = cx + static_cast<int>(rng.below(cell));
                const int y = cy + static_cast<int>(rng.below(cell));
                if (ridge[at(x, y)] > ridge[at(best_x, best_y)]) {
                    best_x = x;
                    best_y = y;
                }
            }
            const auto size = static_cast<float>(rng.uniform(0.9, 1.5));
            if (ridge[at(best_x, best_y)] < 95 || rng.uniform() < 0.25) continue;
            for (int dy = -2; dy <= 2; ++dy) {
                for (int dx = -2; dx <= 2; ++dx) {
                    const float near =
                        1.4F - std::hypot(static_cast<float>(dx), static_cast<float>(dy)) / size;
                    std::uint8_t& value = pores[at(best_x + dx, best_y + dy)];
                    value = std::max(value,
                                     static_cast<std::uint8_t>(255 * std::clamp(near, 0.F, 1.F)));
                }
            }
        }
    }
    return pores;
}

}  // namespace

FingerPattern grow_pattern(std::uint64_t seed) {
    const Rng rng(seed);
    const Singularities singularities = draw_singularities(rng.fork("class"));
    const Plane directions = draw_directions(singularities, rng);
    const Plane ridges = doubled(grow_ridges(directions, rng));
    FingerPattern pattern;
    pattern.ridge.reserve(ridges.values.size());
    for (const float value : ridges.values) {
        pattern.ridge.push_back(static_cast<std::int8_t>(127 * std::clamp(value, -1.F, 1.F)));
    }
    pattern.pores = draw_pores(pattern.ridge, rng.fork("pores"));
    Rng size = rng.fork("size");
    pattern.half_width = size.uniform(112, 128);
    pattern.half_height = size.uniform(140, 160);
    return pattern;
}

}  // namespace strongroom::fingerprint
