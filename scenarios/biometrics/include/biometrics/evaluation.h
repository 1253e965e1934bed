// What is reported of a set of comparisons: every rate with 95 % bounds, none tighter than the
// people behind it allow.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/rng.h"
#include "biometrics/bootstrap.h"

namespace strongroom::biometrics {

struct Bounded {
    double value = 0;
    Interval bounds;
};

struct EvaluationOptions {
    std::vector<double> fmr_targets{0.01, 0.001};
    std::optional<double> threshold;  // a pack's own
    std::vector<double> fixed;        // further thresholds, such as those of a development set
    int rounds = 500;                 // of the bootstrap
    std::uint64_t seed = 1;
};

struct Evaluation {
    std::int64_t genuine = 0;  // comparisons made
    std::int64_t impostor = 0;
    Bounded equal_error;
    double equal_error_threshold = 0;
    double best_accuracy = 0;

    // Both rates at one threshold. Bounds: the wider of Clopper-Pearson and subject bootstrap, on
    // either side.
    struct AtThreshold {
        double threshold = 0;
        Count false_matches;
        Count false_non_matches;
        Bounded fmr;
        Bounded fnmr;
    };
    // At the threshold for each target. `fnmr_at_target`'s bounds come from choosing the threshold
    // anew in each resample; they answer "how good is the method", those of `rates` "how good is
    // this threshold".
    struct AtTarget {
        double target = 0;
        Bounded fnmr_at_target;
        AtThreshold rates;
        // Fewer than one impostor comparison in 1 / target: the threshold is a guess.
        bool too_few_impostors = false;
    };
    std::vector<AtTarget> targets;
    std::optional<AtThreshold> own;  // at EvaluationOptions::threshold
    std::vector<AtThreshold> fixed;  // at EvaluationOptions::fixed, as many
};

// Asserts a comparison of either kind and two persons. The same input gives the same output.
[[nodiscard]] Evaluation evaluate(const std::vector<Comparison>& comparisons,
                                  const EvaluationOptions& options);

// An inverse distribution for a simulator: [p, distance] with p rising from 0 to 1, finer towards
// both ends, no finer than the sample. Asserts a sample; `rising` must be sorted.
struct QuantilePoint {
    double p = 0;
    double distance = 0;
};
[[nodiscard]] std::vector<QuantilePoint> quantile_table(std::span<const double> rising);

}  // namespace strongroom::biometrics
