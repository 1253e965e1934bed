// Bounds that respect who was compared: comparisons of the same people are not independent, so
// people are drawn with replacement, not comparisons.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
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

// The rates of one resample, in which some comparisons count several times and others not at all.
// The same definitions as ErrorRates, but a million comparisons are weighed in milliseconds: they
// are sorted once, for all resamples.
class ResampledRates {
public:
    // Asserts that no distance is NaN.
    explicit ResampledRates(std::vector<Comparison> comparisons);

    // `drawn[person]` is how often she was drawn. A genuine comparison counts as often as its
    // person, an impostor comparison as the product of the two. False when nothing of either kind
    // is left; the rates are then those of no trials.
    bool draw(std::span<const std::uint32_t> drawn);

    [[nodiscard]] double fmr(double threshold) const;
    [[nodiscard]] double fnmr(double threshold) const;
    [[nodiscard]] double equal_error() const;
    // FNMR at the largest observed distance at which FMR is not above `target`.
    [[nodiscard]] double fnmr_at_fmr(double target) const;
    [[nodiscard]] std::uint32_t persons() const { return persons_; }

private:
    struct Persons {
        std::uint32_t a;
        std::uint32_t b;
    };
    // How many distances are at or below `threshold`: a position in the sums below.
    [[nodiscard]] std::size_t position(double threshold) const;
    [[nodiscard]] double fmr_at(std::size_t position) const;
    [[nodiscard]] double fnmr_at(std::size_t position) const;

    std::uint32_t persons_ = 0;
    std::vector<double> distances_;       // rising, each once, without the infinite
    std::vector<std::size_t> ends_;       // of each distance in sorted_
    std::vector<Persons> sorted_;         // by distance; the infinite at the end
    std::vector<std::uint64_t> genuine_;  // weight at or below; [0] is below all
    std::vector<std::uint64_t> impostor_;
    std::uint64_t genuine_total_ = 0;
    std::uint64_t impostor_total_ = 0;
};

// Draws as many persons as there are, with replacement, `rounds` times (the two-way bootstrap over
// subjects; Poh and Bengio 2007, ISO/IEC 19795-1 annex). Gives the percentile interval of each of
// the values that `measure` returns; always as many. Resamples without either kind of comparison
// are drawn again. The same seed gives the same bounds. Asserts rounds >= 20, two persons or more,
// and a comparison of either kind.
[[nodiscard]] std::vector<Interval> subject_bootstrap(
    const std::vector<Comparison>& comparisons, int rounds, Rng rng,
    const std::function<std::vector<double>(const ResampledRates&)>& measure,
    double confidence = 0.95);

// The percentile interval of errors over trials when whole clusters (the presentations of one
// subject, or of one artefact) are drawn with replacement, as many as there are. [0, 1] without
// trials. Asserts rounds >= 20.
[[nodiscard]] Interval cluster_bootstrap(std::span<const Count> clusters, int rounds, Rng rng,
                                         double confidence = 0.95);

// Of values in any order, one a round. Asserts that there is one.
[[nodiscard]] Interval percentile_interval(std::vector<double> values, double confidence);

}  // namespace strongroom::biometrics
