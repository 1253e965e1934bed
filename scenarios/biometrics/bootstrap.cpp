#include "biometrics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace strongroom::biometrics {

Scores scores_of(const std::vector<Comparison>& comparisons) {
    Scores scores;
    for (const auto& comparison : comparisons) {
        (comparison.genuine() ? scores.genuine : scores.impostor).push_back(comparison.distance);
    }
    return scores;
}

ResampledRates::ResampledRates(std::vector<Comparison> comparisons) {
    for (const auto& comparison : comparisons) {
        STRONGROOM_ASSERT(!std::isnan(comparison.distance));
        persons_ = std::max({persons_, comparison.person_a + 1, comparison.person_b + 1});
    }
    std::stable_sort(
        comparisons.begin(), comparisons.end(),
        [](const Comparison& a, const Comparison& b) { return a.distance < b.distance; });
    sorted_.reserve(comparisons.size());
    for (const auto& comparison : comparisons) {
        sorted_.push_back({comparison.person_a, comparison.person_b});
        if (comparison.distance > std::numeric_limits<double>::max()) continue;
        if (distances_.empty() || distances_.back() < comparison.distance) {
            distances_.push_back(comparison.distance);
            ends_.push_back(sorted_.size());
        } else {
            ends_.back() = sorted_.size();
        }
    }
    genuine_.resize(distances_.size() + 1);
    impostor_.resize(distances_.size() + 1);
}

bool ResampledRates::draw(std::span<const std::uint32_t> drawn) {
    STRONGROOM_ASSERT(drawn.size() == persons_);
    std::uint64_t genuine = 0;
    std::uint64_t impostor = 0;
    const auto count = [&](std::size_t i) {
        const Persons persons = sorted_[i];
        const std::uint64_t a = drawn[persons.a];
        if (persons.a == persons.b) {
            genuine += a;
        } else {
            impostor += a * drawn[persons.b];
        }
    };
    std::size_t i = 0;
    for (std::size_t at = 0; at < ends_.size(); ++at) {
        for (; i < ends_[at]; ++i) count(i);
        genuine_[at + 1] = genuine;
        impostor_[at + 1] = impostor;
    }
    for (; i < sorted_.size(); ++i) count(i);
    genuine_total_ = genuine;
    impostor_total_ = impostor;
    return genuine > 0 && impostor > 0;
}

std::size_t ResampledRates::position(double threshold) const {
    return static_cast<std::size_t>(
        std::upper_bound(distances_.begin(), distances_.end(), threshold) - distances_.begin());
}

double ResampledRates::fmr_at(std::size_t position) const {
    if (impostor_total_ == 0) return 0;
    return static_cast<double>(impostor_[position]) / static_cast<double>(impostor_total_);
}

double ResampledRates::fnmr_at(std::size_t position) const {
    if (genuine_total_ == 0) return 0;
    return static_cast<double>(genuine_total_ - genuine_[position]) /
           static_cast<double>(genuine_total_);
}

double ResampledRates::fmr(double threshold) const { return fmr_at(position(threshold)); }
double ResampledRates::fnmr(double threshold) const { return fnmr_at(position(threshold)); }

double ResampledRates::equal_error() const {
    // The first position at which FMR is not below FNMR; closest there, or one before.
    std::size_t low = 0;
    std::size_t high = distances_.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (fmr_at(middle) < fnmr_at(middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const auto apart = [&](std::size_t at) { return std::abs(fmr_at(at) - fnmr_at(at)); };
    const std::size_t best = low > 0 && apart(low - 1) <= apart(low) ? low - 1 : low;
    return (fmr_at(best) + fnmr_at(best)) / 2;
}

double ResampledRates::fnmr_at_fmr(double target) const {
    std::size_t low = 0;  // here FMR is 0
    std::size_t high = distances_.size();
    while (low < high) {
        const std::size_t middle = (low + high + 1) / 2;
        if (fmr_at(middle) <= target) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return fnmr_at(low);
}

std::vector<Interval> subject_bootstrap(
    const std::vector<Comparison>& comparisons, int rounds, Rng rng,
    const std::function<std::vector<double>(const ResampledRates&)>& measure, double confidence) {
    STRONGROOM_ASSERT(rounds >= 20 && confidence > 0 && confidence < 1);
    ResampledRates rates(comparisons);
    const std::uint32_t persons = rates.persons();
    STRONGROOM_ASSERT(persons >= 2);
    const std::vector<std::uint32_t> everybody(persons, 1);
    STRONGROOM_ASSERT(rates.draw(everybody));

    std::vector<std::vector<double>> values;  // one list a measure
    std::vector<std::uint32_t> drawn(persons);
    for (int round = 0; round < rounds;) {
        std::fill(drawn.begin(), drawn.end(), 0U);
        for (std::uint32_t i = 0; i < persons; ++i) ++drawn[rng.below(persons)];
        if (!rates.draw(drawn)) continue;
        const auto measured = measure(rates);
        values.resize(measured.size());
        for (std::size_t i = 0; i < measured.size(); ++i) values[i].push_back(measured[i]);
        ++round;
    }
    std::vector<Interval> intervals;
    for (auto& list : values) {
        intervals.push_back(percentile_interval(std::move(list), confidence));
    }
    return intervals;
}

Interval cluster_bootstrap(std::span<const Count> clusters, int rounds, Rng rng,
                           double confidence) {
    STRONGROOM_ASSERT(rounds >= 20);
    Count all;
    for (const Count& cluster : clusters) {
        all.errors += cluster.errors;
        all.trials += cluster.trials;
    }
    if (all.trials == 0) return {};
    std::vector<double> values;
    while (values.size() < static_cast<std::size_t>(rounds)) {
        Count drawn;
        for (std::size_t i = 0; i < clusters.size(); ++i) {
            const Count& cluster = clusters[rng.below(clusters.size())];
            drawn.errors += cluster.errors;
            drawn.trials += cluster.trials;
        }
        if (drawn.trials > 0) values.push_back(drawn.rate());
    }
    return percentile_interval(std::move(values), confidence);
}

Interval percentile_interval(std::vector<double> values, double confidence) {
    std::sort(values.begin(), values.end());
    const double tail = (1 - confidence) / 2;
    return {quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace strongroom::biometrics
