#include "ridges.h"

#include <algorithm>
#include <cmath>

namespace strongroom::fingerprint {

SmoothNoise::SmoothNoise(Rng rng, int width, int height, float cell)
    : per_cell_(1 / cell),
      lattice_(static_cast<int>(static_cast<float>(width) / cell) + 3,
               static_cast<int>(static_cast<float>(height) / cell) + 3) {
    for (float& value : lattice_.values) value = static_cast<float>(rng.uniform(-1, 1));
}

namespace {

// One direction of the box, by a running sum: `step` apart, `count` values.
void blur_line(const float* in, float* out, int count, std::ptrdiff_t step, int radius) {
    const auto value = [&](int i) { return in[std::clamp(i, 0, count - 1) * step]; };
    float sum = 0;
    for (int i = -radius; i <= radius; ++i) sum += value(i);
    const float scale = 1 / static_cast<float>(2 * radius + 1);
    for (int i = 0; i < count; ++i) {
        out[i * step] = sum * scale;
        sum += value(i + radius + 1) - value(i - radius);
    }
}

}  // namespace

Plane box_blur(const Plane& in, int radius) {
    Plane middle(in.width, in.height);
    Plane out(in.width, in.height);
    for (int y = 0; y < in.height; ++y) {
        const auto start = static_cast<std::size_t>(y) * static_cast<std::size_t>(in.width);
        blur_line(&in.values[start], &middle.values[start], in.width, 1, radius);
    }
    for (int x = 0; x < in.width; ++x) {
        const auto start = static_cast<std::size_t>(x);
        blur_line(&middle.values[start], &out.values[start], in.height, in.width, radius);
    }
    return out;
}

RidgeFilters::RidgeFilters(float across, float along) {
    bank_.resize(static_cast<std::size_t>(directions_of_bank * periods_of_bank));
    std::size_t index = 0;
    for (int d = 0; d < directions_of_bank; ++d) {
        const float direction = pi * static_cast<float>(d) / directions_of_bank;
        const float c = std::cos(direction);
        const float s = std::sin(direction);
        for (int p = 0; p < periods_of_bank; ++p) {
            const float wave = 2 * pi / (shortest_period + period_step * static_cast<float>(p));
            Pair& pair = bank_[index++];
            Kernel envelope{};
            float total = 0;
            float offset = 0;
            const auto each = [&](auto&& visit) {
                for (int y = -radius; y <= radius; ++y) {
                    for (int x = -radius; x <= radius; ++x) {
                        const auto fx = static_cast<float>(x);
                        const auto fy = static_cast<float>(y);
                        visit(static_cast<std::size_t>((y + radius) * row + x + radius),
                              fx * c + fy * s, -fx * s + fy * c);
                    }
                }
            };
            each([&](std::size_t i, float u, float v) {
                envelope[i] =
                    std::exp(-u * u / (2 * along * along) - v * v / (2 * across * across));
                total += envelope[i];
                offset += envelope[i] * std::cos(wave * v);
            });
            offset /= total;  // so that an even grey gives nothing
            float gain = 0;
            each([&](std::size_t i, float, float v) {
                pair.real[i] = envelope[i] * (std::cos(wave * v) - offset);
                pair.imaginary[i] = envelope[i] * std::sin(wave * v);
                gain += pair.real[i] * std::cos(wave * v);
            });
            for (std::size_t i = 0; i < pair.real.size(); ++i) {
                pair.real[i] /= gain;
                pair.imaginary[i] /= gain;
            }
        }
    }
}

void RidgeFilters::apply(const Plane& in, const Plane& directions, const Plane& periods,
                         const std::vector<unsigned char>& wanted, Plane& real,
                         Plane* imaginary) const {
    Plane padded(in.width + 2 * radius + 1, in.height + 2 * radius);
    for (int y = 0; y < in.height; ++y) {
        std::copy_n(&in.values[static_cast<std::size_t>(y * in.width)], in.width,
                    &padded.at(radius, y + radius));
    }
    const auto respond = [&](const Kernel& kernel, int x, int y) {
        std::array<float, row> sums{};
        for (int k = 0; k < rows; ++k) {
            const float* from =
                &padded.values[static_cast<std::size_t>((y + k) * padded.width + x)];
            const float* with = &kernel[static_cast<std::size_t>(k * row)];
            for (std::size_t i = 0; i < row; ++i) sums[i] += from[i] * with[i];
        }
        float sum = 0;
        for (const float part : sums) sum += part;
        return sum;
    };
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            const auto at = static_cast<std::size_t>(y * in.width + x);
            if (!wanted.empty() && wanted[at] == 0) {
                real.values[at] = 0;
                if (imaginary != nullptr) imaginary->values[at] = 0;
                continue;
            }
            const float turn = directions.values[at] / pi;
            const int d =
                static_cast<int>(std::lround((turn - std::floor(turn)) * directions_of_bank)) %
                directions_of_bank;
            const int p = std::clamp(
                static_cast<int>(std::lround((periods.values[at] - shortest_period) / period_step)),
                0, periods_of_bank - 1);
            const Pair& pair = bank_[static_cast<std::size_t>(d * periods_of_bank + p)];
            real.values[at] = respond(pair.real, x, y);
            if (imaginary == nullptr) continue;
            // The bank ends at pi: a direction beyond it runs the other way, and so does its phase.
            const bool turned = std::cos(directions.values[at]) *
                                        std::cos(pi * static_cast<float>(d) / directions_of_bank) +
                                    std::sin(directions.values[at]) *
                                        std::sin(pi * static_cast<float>(d) / directions_of_bank) <
                                0;
            const float response = respond(pair.imaginary, x, y);
            imaginary->values[at] = turned ? -response : response;
        }
    }
}

}  // namespace strongroom::fingerprint
