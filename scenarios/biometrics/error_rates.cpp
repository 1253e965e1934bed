#include "biometrics/error_rates.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "base/assert.h"

namespace strongroom::biometrics {

namespace {

// How many of `rising` are at or below `threshold`.
std::int64_t at_or_below(std::span<const double> rising, double threshold) {
    return std::upper_bound(rising.begin(), rising.end(), threshold) - rising.begin();
}

void sort_finite_or_infinite(std::vector<double>& values) {
    for (const double value : values) STRONGROOM_ASSERT(!std::isnan(value));
    std::sort(values.begin(), values.end());
}

}  // namespace

double Count::rate() const {
    return trials == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(trials);
}

ErrorRates::ErrorRates(Scores scores) : scores_(std::move(scores)) {
    sort_finite_or_infinite(scores_.genuine);
    sort_finite_or_infinite(scores_.impostor);
}

Count ErrorRates::fmr(double threshold) const {
    // Infinite distances are never accepted, whatever the threshold.
    const double limit = std::min(threshold, std::numeric_limits<double>::max());
    return {at_or_below(scores_.impostor, limit),
            static_cast<std::int64_t>(scores_.impostor.size())};
}

Count ErrorRates::fnmr(double threshold) const {
    const double limit = std::min(threshold, std::numeric_limits<double>::max());
    const auto trials = static_cast<std::int64_t>(scores_.genuine.size());
    return {trials - at_or_below(scores_.genuine, limit), trials};
}

std::vector<double> ErrorRates::thresholds() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    double lowest = infinity;
    for (const auto* side : {&scores_.genuine, &scores_.impostor}) {
        if (!side->empty()) lowest = std::min(lowest, side->front());
    }
    if (std::isinf(lowest)) lowest = 0;
    std::vector<double> all;
    all.reserve(scores_.genuine.size() + scores_.impostor.size() + 1);
    // One below them all, where nothing is accepted.
    all.push_back(std::nextafter(lowest, -infinity));
    std::merge(scores_.genuine.begin(), scores_.genuine.end(), scores_.impostor.begin(),
               scores_.impostor.end(), std::back_inserter(all));
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (std::isinf(all.back())) all.pop_back();
    return all;
}

ErrorRates::EqualError ErrorRates::equal_error() const {
    const auto all = thresholds();
    // FMR rises and FNMR falls with the threshold: they are closest on one side of the crossing or
    // the other.
    const auto crossed = std::partition_point(all.begin(), all.end(), [&](double threshold) {
        return fmr(threshold).rate() < fnmr(threshold).rate();
    });
    EqualError best;
    double closest = std::numeric_limits<double>::infinity();
    const auto begin = crossed == all.begin() ? crossed : crossed - 1;
    const auto end = crossed == all.end() ? crossed : crossed + 1;
    for (auto threshold = begin; threshold != end; ++threshold) {
        const double false_match = fmr(*threshold).rate();
        const double false_non_match = fnmr(*threshold).rate();
        const double apart = std::abs(false_match - false_non_match);
        if (apart < closest) {
            closest = apart;
            best = {(false_match + false_non_match) / 2, *threshold};
        }
    }
    return best;
}

double ErrorRates::threshold_at_fmr(double target) const {
    const auto all = thresholds();
    // FMR rises with the threshold: the last that still keeps the target.
    const auto above = std::partition_point(
        all.begin(), all.end(), [&](double threshold) { return fmr(threshold).rate() <= target; });
    return above == all.begin() ? all.front() : *(above - 1);
}

std::vector<ErrorRates::Point> ErrorRates::trade_off(std::size_t count) const {
    STRONGROOM_ASSERT(count >= 2);
    const auto all = thresholds();
    const std::size_t kept = std::min(count, all.size());
    std::vector<Point> points;
    for (std::size_t i = 0; i < kept; ++i) {
        const std::size_t at = kept == 1 ? 0 : i * (all.size() - 1) / (kept - 1);
        points.push_back({all[at], fmr(all[at]).rate(), fnmr(all[at]).rate()});
    }
    return points;
}

std::vector<ErrorRates::Point> ErrorRates::det_curve(std::size_t count) const {
    STRONGROOM_ASSERT(count >= 2);
    const auto all = thresholds();
    std::vector<std::size_t> chosen{0, all.size() - 1};
    const auto last = static_cast<double>(all.size() - 1);
    for (std::size_t i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count - 1);
        chosen.push_back(static_cast<std::size_t>(share * last));
        // Six decades: no set of comparisons here is much larger than a million.
        const double rate = std::pow(10.0, -6 * share);
        const auto falls = std::partition_point(
            all.begin(), all.end(), [&](double threshold) { return fmr(threshold).rate() < rate; });
        const auto rises = std::partition_point(all.begin(), all.end(), [&](double threshold) {
            return fnmr(threshold).rate() > rate;
        });
        for (const auto found : {falls, rises}) {
            if (found != all.end()) chosen.push_back(static_cast<std::size_t>(found - all.begin()));
        }
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    std::vector<Point> points;
    for (const std::size_t at : chosen) {
        points.push_back({all[at], fmr(all[at]).rate(), fnmr(all[at]).rate()});
    }
    return points;
}

double ErrorRates::best_accuracy() const {
    const auto trials = static_cast<double>(scores_.genuine.size() + scores_.impostor.size());
    std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
    for (const double threshold : thresholds()) {
        fewest = std::min(fewest, fmr(threshold).errors + fnmr(threshold).errors);
    }
    return trials > 0 ? 1 - static_cast<double>(fewest) / trials : 0;
}

double quantile(std::span<const double> rising, double p) {
    STRONGROOM_ASSERT(!rising.empty() && p >= 0 && p <= 1);
    const double position = p * static_cast<double>(rising.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, rising.size() - 1);
    const double share = position - static_cast<double>(below);
    if (share <= 0) return rising[below];
    return rising[below] * (1 - share) + rising[above] * share;
}

}  // namespace strongroom::biometrics
