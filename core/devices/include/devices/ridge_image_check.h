// RidgeImageCheck: presentation attack detection on one image of an optical fingerprint sensor.
//
// A cast of a finger differs from skin in what its material does to the ridges: grain of the
// surface, missing pores, flat contrast, bubbles, an edge where the cast ends, ridges that are too
// smooth. Each is measured where ridges are, and a weighted sum gives the score. The numbers are in
// RidgeFeatures, so that weights can be measured on images and reported. No other library is used.
#pragma once

#include <array>
#include <string_view>

#include "devices/finger_image.h"

namespace strongroom::devices {

// What one image shows. Grey values are 0 to 15.
struct RidgeFeatures {
    float area = 0;       // part of the window with clear ridges, 0 to 1
    float contrast = 0;   // standard deviation of grey there
    float darkness = 0;   // 15 - mean grey there
    float coherence = 0;  // of the ridges' direction, 0 (none) to 1 (parallel lines)
    float grain = 0;      // mean change of grey from pixel to pixel along the ridges
    float pores = 0;      // bright spots on ridges, per square millimetre of ridged area
    float gaps = 0;       // part of the finger's outline that has no clear ridges (bubbles, smears)
    float period = 0;     // of the ridges, pixels; 0 where it cannot be measured
    float irregularity = 0;  // standard deviation of that period over the image, by the period
    float background = 0;    // standard deviation of grey outside of the finger

    static constexpr std::size_t count = 10;
    [[nodiscard]] std::array<float, count> values() const {
        return {area,  contrast, darkness, coherence,    grain,
                pores, gaps,     period,   irregularity, background};
    }
    static constexpr std::array<std::string_view, count> names{
        "area",  "contrast", "darkness", "coherence",    "grain",
        "pores", "gaps",     "period",   "irregularity", "background"};
};

[[nodiscard]] RidgeFeatures measure_ridges(const FingerImage& image);

// A logistic score over features: each is first brought to mean 0 and deviation 1.
struct RidgeWeights {
    std::array<float, RidgeFeatures::count> mean{};
    std::array<float, RidgeFeatures::count> deviation{};  // > 0
    std::array<float, RidgeFeatures::count> weight{};
    float bias = 0;
    // Measured on simulated fingers and casts: docs/fingerprint.md has the figures. SIMULATED.
    [[nodiscard]] static RidgeWeights simulated();
};

class RidgeImageCheck final : public FingerImageCheck {
public:
    explicit RidgeImageCheck(const RidgeWeights& weights = RidgeWeights::simulated())
        : weights_(weights) {}
    [[nodiscard]] FingerImageResult check(const FingerImage& image) override;

private:
    RidgeWeights weights_;
};

}  // namespace strongroom::devices
