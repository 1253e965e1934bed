#include "biometrics/bootstrap.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::biometrics {

Scores scores_of(const std::vector<Comparison>& comparisons) {
    Scores scores;
    for (const auto& comparison : comparisons) {
        (comparison.genuine() ? scores.genuine : scores.impostor).push_back(comparison.distance);
    }
    return scores;
}

Scores Resample::scores() const {
    Scores drawn;
    for (std::size_t i = 0; i < comparisons.size(); ++i) {
        auto& to = comparisons[i].genuine() ? drawn.genuine : drawn.impostor;
        to.insert(to.end(), weights[i], comparisons[i].distance);
    }
    return drawn;
}

std::vector<Interval> subject_bootstrap(
    const std::vector<Comparison>& comparisons, int rounds, Rng rng,
    const std::function<std::vector<double>(const ErrorRates&)>& measure, double confidence) {
    STRONGROOM_ASSERT(rounds >= 20 && confidence > 0 && confidence < 1);
    std::uint32_t persons = 0;
    for (const auto& comparison : comparisons) {
        persons = std::max({persons, comparison.person_a + 1, comparison.person_b + 1});
    }
    STRONGROOM_ASSERT(persons >= 2);
    const Scores all = scores_of(comparisons);
    STRONGROOM_ASSERT(!all.genuine.empty() && !all.impostor.empty());

    std::vector<std::vector<double>> values;  // one list a measure
    std::vector<std::uint32_t> drawn(persons);
    Resample resample{comparisons, std::vector<std::uint32_t>(comparisons.size())};
    for (int round = 0; round < rounds;) {
        std::fill(drawn.begin(), drawn.end(), 0U);
        for (std::uint32_t i = 0; i < persons; ++i) ++drawn[rng.below(persons)];
        for (std::size_t i = 0; i < comparisons.size(); ++i) {
            const auto& comparison = comparisons[i];
            resample.weights[i] = comparison.genuine()
                                      ? drawn[comparison.person_a]
                                      : drawn[comparison.person_a] * drawn[comparison.person_b];
        }
        Scores scores = resample.scores();
        if (scores.genuine.empty() || scores.impostor.empty()) continue;
        const auto measured = measure(ErrorRates(std::move(scores)));
        values.resize(measured.size());
        for (std::size_t i = 0; i < measured.size(); ++i) values[i].push_back(measured[i]);
        ++round;
    }
    std::vector<Interval> intervals;
    const double tail = (1 - confidence) / 2;
    for (auto& list : values) {
        std::sort(list.begin(), list.end());
        intervals.push_back({quantile(list, tail), quantile(list, 1 - tail)});
    }
    return intervals;
}

}  // namespace strongroom::biometrics
