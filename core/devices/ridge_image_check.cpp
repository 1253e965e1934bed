#include "devices/ridge_image_check.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strongroom::devices {

namespace {

constexpr int width = static_cast<int>(FingerImage::width);
constexpr int height = static_cast<int>(FingerImage::height);
constexpr int block = 16;  // pixels: two ridges
constexpr int columns = width / block;
constexpr int rows = height / block;
constexpr float clear_deviation = 1.2F;  // of grey, of a block with ridges
constexpr float clear_coherence = 0.35F;
constexpr float pore_height = 0.9F;  // over its ridge, in deviations of the block
constexpr int shortest_period = 5;
constexpr int longest_period = 16;
constexpr float least_area = 0.15F;  // of the window, to be compared at all

// Grey between pixels; beyond the edge the nearest.
class Grey {
public:
    explicit Grey(const FingerImage& image) : image_(image) {}
    [[nodiscard]] float at(int x, int y) const {
        return image_.at(static_cast<std::size_t>(std::clamp(x, 0, width - 1)),
                         static_cast<std::size_t>(std::clamp(y, 0, height - 1)));
    }
    [[nodiscard]] float between(float x, float y) const {
        const auto left = static_cast<int>(std::floor(x));
        const auto top = static_cast<int>(std::floor(y));
        const float right_part = x - static_cast<float>(left);
        const float lower_part = y - static_cast<float>(top);
        const float upper = at(left, top) + (at(left + 1, top) - at(left, top)) * right_part;
        const float lower =
            at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * right_part;
        return upper + (lower - upper) * lower_part;
    }

private:
    const FingerImage& image_;
};

struct Block {
    float mean = 0;
    float deviation = 0;
    float coherence = 0;
    float along_x = 1;  // unit vector along the ridges
    float along_y = 0;
    float period = 0;
    [[nodiscard]] bool clear() const {
        return deviation >= clear_deviation && coherence >= clear_coherence;
    }
};

// Mean, deviation and direction (by the structure tensor) of the block at (left, top).
Block look_at(const Grey& grey, int left, int top) {
    float sum = 0;
    float squares = 0;
    float xx = 0;
    float yy = 0;
    float xy = 0;
    for (int y = top; y < top + block; ++y) {
        for (int x = left; x < left + block; ++x) {
            const float value = grey.at(x, y);
            sum += value;
            squares += value * value;
            const float dx = grey.at(x + 1, y) - grey.at(x - 1, y);
            const float dy = grey.at(x, y + 1) - grey.at(x, y - 1);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
    }
    constexpr float count = block * block;
    Block seen;
    seen.mean = sum / count;
    seen.deviation = std::sqrt(std::max(0.0F, squares / count - seen.mean * seen.mean));
    if (xx + yy > 0) seen.coherence = std::hypot(xx - yy, 2 * xy) / (xx + yy);
    // The gradient's direction is across the ridges.
    const float across = 0.5F * std::atan2(2 * xy, xx - yy);
    seen.along_x = -std::sin(across);
    seen.along_y = std::cos(across);
    return seen;
}

// The lag at which the block's profile across the ridges is most like itself; 0 when none is.
float period_of(const Grey& grey, const Block& seen, float centre_x, float centre_y) {
    constexpr int reach = 20;
    std::array<float, 2 * reach + 1> profile{};
    float mean = 0;
    for (int k = -reach; k <= reach; ++k) {
        float& sum = profile[static_cast<std::size_t>(k + reach)];
        for (int a = -4; a <= 4; ++a) {
            const auto step = static_cast<float>(k);
            const auto side = static_cast<float>(a);
            sum += grey.between(centre_x + step * seen.along_y + side * seen.along_x,
                                centre_y - step * seen.along_x + side * seen.along_y);
        }
        mean += sum / static_cast<float>(profile.size());
    }
    const auto likeness = [&](int lag) {
        float sum = 0;
        for (std::size_t i = 0; i + static_cast<std::size_t>(lag) < profile.size(); ++i) {
            sum += (profile[i] - mean) * (profile[i + static_cast<std::size_t>(lag)] - mean);
        }
        return sum / static_cast<float>(profile.size() - static_cast<std::size_t>(lag));
    };
    int best = 0;
    for (int lag = shortest_period; lag <= longest_period; ++lag) {
        const float here = likeness(lag);
        if (here <= likeness(lag - 1) || here < likeness(lag + 1) || here <= 0) continue;
        if (best == 0 || here > likeness(best)) best = lag;
    }
    if (best == 0) return 0;
    const float before = likeness(best - 1);
    const float after = likeness(best + 1);
    const float bend = before - 2 * likeness(best) + after;
    return static_cast<float>(best) + (bend < 0 ? 0.5F * (before - after) / bend : 0);
}

struct Texture {
    double grain = 0;
    int pixels = 0;
    int pores = 0;
};

// Grain and pores of one clear block.
void look_closely(const Grey& grey, const Block& seen, int left, int top, Texture& texture) {
    const auto ridge_at = [&](float x, float y) {  // the ridge's grey beside the place itself
        float sum = 0;
        for (const float step : {-5.0F, -4.0F, -3.0F, 3.0F, 4.0F, 5.0F}) {
            sum += grey.between(x + step * seen.along_x, y + step * seen.along_y);
        }
        return sum / 6;
    };
    for (int y = top; y < top + block; ++y) {
        for (int x = left; x < left + block; ++x) {
            const auto fx = static_cast<float>(x);
            const auto fy = static_cast<float>(y);
            const float here = grey.at(x, y);
            const float next = grey.between(fx + seen.along_x, fy + seen.along_y);
            const float last = grey.between(fx - seen.along_x, fy - seen.along_y);
            texture.grain += std::abs(next - 2 * here + last) / 2;
            ++texture.pixels;
            // A pore: bright, on a dark ridge, and brighter than all around it.
            const float ridge = ridge_at(fx, fy);
            if (ridge > seen.mean - 0.4F * seen.deviation) continue;
            if (here - ridge < pore_height * seen.deviation) continue;
            bool highest = true;
            for (int dy = -1; dy <= 1 && highest; ++dy) {
                for (int dx = -1; dx <= 1; ++dx) {
                    const float other = grey.at(x + dx, y + dy);
                    const bool before = dy < 0 || (dy == 0 && dx < 0);
                    if (other > here || (before && other == here)) highest = false;
                }
            }
            if (highest) ++texture.pores;
        }
    }
}

using Blocks = std::array<Block, static_cast<std::size_t>(columns) * rows>;

// Which blocks lie between clear ones, both in their row and in their column.
std::array<bool, std::tuple_size_v<Blocks>> within_outline(const Blocks& blocks) {
    std::array<bool, std::tuple_size_v<Blocks>> within{};
    const auto clear = [&](int c, int r) {
        return blocks[static_cast<std::size_t>(r * columns + c)].clear();
    };
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            bool left = false;
            bool right = false;
            bool above = false;
            bool below = false;
            for (int k = 0; k <= c; ++k) left = left || clear(k, r);
            for (int k = c; k < columns; ++k) right = right || clear(k, r);
            for (int k = 0; k <= r; ++k) above = above || clear(c, k);
            for (int k = r; k < rows; ++k) below = below || clear(c, k);
            within[static_cast<std::size_t>(r * columns + c)] = left && right && above && below;
        }
    }
    return within;
}

float ratio(double part, double whole) {
    return whole > 0 ? static_cast<float>(part / whole) : 0.0F;
}

}  // namespace

RidgeFeatures measure_ridges(const FingerImage& image) {
    const Grey grey(image);
    Blocks blocks;
    Texture texture;
    int clear = 0;
    double contrast = 0;
    double mean = 0;
    double coherence = 0;
    std::vector<float> periods;
    for (int i = 0; i < columns * rows; ++i) {
        const int left = i % columns * block;
        const int top = i / columns * block;
        Block& seen = blocks[static_cast<std::size_t>(i)];
        seen = look_at(grey, left, top);
        if (!seen.clear()) continue;
        ++clear;
        contrast += seen.deviation;
        mean += seen.mean;
        coherence += seen.coherence;
        const float half = block / 2.0F;
        const float period =
            period_of(grey, seen, static_cast<float>(left) + half, static_cast<float>(top) + half);
        if (period > 0) periods.push_back(period);
        look_closely(grey, seen, left, top, texture);
    }
    const auto within = within_outline(blocks);
    int outline = 0;
    int outside = 0;
    double background = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (within[i]) {
            ++outline;
        } else {
            ++outside;
            background += blocks[i].deviation;
        }
    }
    RidgeFeatures features;
    if (clear == 0) return features;
    features.area = ratio(clear, columns * rows);
    features.contrast = ratio(contrast, clear);
    features.darkness = 15 - ratio(mean, clear);
    features.coherence = ratio(coherence, clear);
    features.grain = ratio(texture.grain, texture.pixels);
    constexpr float millimetre = FingerImage::pixels_per_millimetre;
    features.pores = ratio(texture.pores, texture.pixels) * millimetre * millimetre;
    features.gaps = 1 - ratio(clear, outline);
    features.background = ratio(background, outside);
    double sum = 0;
    double squares = 0;
    for (const float period : periods) {
        sum += period;
        squares += static_cast<double>(period) * period;
    }
    features.period = ratio(sum, static_cast<double>(periods.size()));
    if (features.period > 0) {
        const double variance = squares / static_cast<double>(periods.size()) -
                                static_cast<double>(features.period) * features.period;
        features.irregularity = ratio(std::sqrt(std::max(0.0, variance)), features.period);
    }
    return features;
}

FingerImageResult RidgeImageCheck::check(const FingerImage& image) {
    const RidgeFeatures features = measure_ridges(image);
    if (features.area < least_area) return {0, FingerQuality::sparse};
    const auto values = features.values();
    float sum = weights_.bias;
    for (std::size_t i = 0; i < values.size(); ++i) {
        // No single feature far outside of what was measured decides alone.
        const float standard =
            std::clamp((values[i] - weights_.mean[i]) / weights_.deviation[i], -4.0F, 4.0F);
        sum += weights_.weight[i] * standard;
    }
    return {1 / (1 + std::exp(-sum)), FingerQuality::good};
}

}  // namespace strongroom::devices
