// Bounds that respect who was compared: comparisons of the same people are not independent, so
// people are drawn with replacement, not comparisons.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/rng.h"
#include "biometrics/error_rates.h"
#include "biometrics/intervals.h"

namespace strongroom::biometrics {

// One comparison between files of persons `a` and `b`; the same number means genuine.
struct Comparison {
    std::uint32_t person_a = 0;
    std::uint32_t person_b = 0;
    double distance = 0;
    [[nodiscard]] bool genuine() const { return person_a == person_b; }
};

[[nodiscard]] Scores scores_of(const std::vector<Comparison>& comparisons);

// Comparisons with the number of times that each counts in one resample.
struct Resample {
    const std::vector<Comparison>& comparisons;
    std::vector<std::uint32_t> weights;
    [[nodiscard]] Scores scores() const;
};

// Draws as many persons as there are, with replacement, `rounds` times; a genuine comparison counts
// as often as its person was drawn, an impostor comparison as the product of the two (the two-way
// bootstrap over subjects; Poh and Bengio 2007, ISO/IEC 19795-1 annex). Gives the percentile
// interval of each of the values that `measure` returns; always as many. Resamples without either
// kind of comparison are drawn again. The same seed gives the same bounds. Asserts rounds >= 20,
// two persons or more, and a comparison of either kind.
[[nodiscard]] std::vector<Interval> subject_bootstrap(
    const std::vector<Comparison>& comparisons, int rounds, Rng rng,
    const std::function<std::vector<double>(const ErrorRates&)>& measure, double confidence = 0.95);

}  // namespace strongroom::biometrics
