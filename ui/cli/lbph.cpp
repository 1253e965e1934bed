#include "lbph.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "base/assert.h"

namespace strongroom::cli {

namespace {

constexpr float rounding = 1e-3F;  // of a grey value

struct Grey {
    int size = 0;
    std::vector<float> pixels;
    [[nodiscard]] float at(int x, int y) const {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(size) +
                      static_cast<std::size_t>(x)];
    }
};

Grey grey_of(const vision::FaceChip& chip) {
    Grey grey{chip.size, {}};
    grey.pixels.reserve(chip.pixels.size() / 3);
    for (std::size_t i = 0; i + 2 < chip.pixels.size(); i += 3) {
        // ITU-R BT.601, rounded as 8-bit grey is.
        grey.pixels.push_back(std::round(0.114F * static_cast<float>(chip.pixels[i]) +
                                         0.587F * static_cast<float>(chip.pixels[i + 1]) +
                                         0.299F * static_cast<float>(chip.pixels[i + 2])));
    }
    return grey;
}

// One of the eight neighbours on the circle, between pixels.
struct Neighbour {
    int x0 = 0;
    int y0 = 0;
    int x1 = 0;
    int y1 = 0;
    std::array<float, 4> weights{};
};

std::array<Neighbour, 8> neighbours() {
    std::array<Neighbour, 8> all;
    for (std::size_t n = 0; n < all.size(); ++n) {
        const double angle = 2 * 3.14159265358979323846 * static_cast<double>(n) / 8;
        const auto x = static_cast<float>(-std::sin(angle));
        const auto y = static_cast<float>(std::cos(angle));
        Neighbour& at = all[n];
        at.x0 = static_cast<int>(std::floor(x));
        at.y0 = static_cast<int>(std::floor(y));
        at.x1 = static_cast<int>(std::ceil(x));
        at.y1 = static_cast<int>(std::ceil(y));
        const float tx = x - static_cast<float>(at.x0);
        const float ty = y - static_cast<float>(at.y0);
        at.weights = {(1 - tx) * (1 - ty), tx * (1 - ty), (1 - tx) * ty, tx * ty};
    }
    return all;
}

}  // namespace

int lbph_cell_pixels(int size) {
    const int side = (size - 2) / lbph_grid;
    return side * side;
}

std::vector<std::uint8_t> lbph(const vision::FaceChip& chip) {
    STRONGROOM_ASSERT(chip.size >= 26 && lbph_cell_pixels(chip.size) <= 255);
    static const std::array<Neighbour, 8> circle = neighbours();
    const Grey grey = grey_of(chip);
    const int side = (chip.size - 2) / lbph_grid;
    std::vector<std::uint8_t> counts(static_cast<std::size_t>(lbph_grid) * lbph_grid *
                                     lbph_patterns);
    for (int y = 0; y < side * lbph_grid; ++y) {
        for (int x = 0; x < side * lbph_grid; ++x) {
            // The border of one pixel has no pattern.
            const float centre = grey.at(x + 1, y + 1);
            unsigned pattern = 0;
            for (std::size_t n = 0; n < circle.size(); ++n) {
                const Neighbour& at = circle[n];
                const int cx = x + 1;
                const int cy = y + 1;
                const float value = at.weights[0] * grey.at(cx + at.x0, cy + at.y0) +
                                    at.weights[1] * grey.at(cx + at.x1, cy + at.y0) +
                                    at.weights[2] * grey.at(cx + at.x0, cy + at.y1) +
                                    at.weights[3] * grey.at(cx + at.x1, cy + at.y1);
                // Weights of floats do not add up to 1 exactly: what is equal counts as above.
                const bool above = value > centre - rounding;
                if (above) pattern |= 1U << n;
            }
            const auto cell = static_cast<std::size_t>(y / side * lbph_grid + x / side);
            ++counts[cell * lbph_patterns + pattern];
        }
    }
    return counts;
}

double chi_square(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b,
                  int cell_pixels) {
    STRONGROOM_ASSERT(a.size() == b.size());
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int x = a[i];
        const int y = b[i];
        const auto apart = static_cast<float>(x - y);
        // Both empty: 0 / 1.
        const auto both = static_cast<float>(x + y == 0 ? 1 : x + y);
        sum += apart * apart / both;
    }
    return 2 * static_cast<double>(sum) / cell_pixels;
}

}  // namespace strongroom::cli
