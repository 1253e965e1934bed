#include "biometrics/evaluation.h"

#include <algorithm>
#include <array>

namespace strongroom::biometrics {

namespace {

Evaluation::AtThreshold rates_at(const ErrorRates& rates, double threshold) {
    Evaluation::AtThreshold at;
    at.threshold = threshold;
    at.false_matches = rates.fmr(threshold);
    at.false_non_matches = rates.fnmr(threshold);
    at.fmr = {at.false_matches.rate(), clopper_pearson(at.false_matches)};
    at.fnmr = {at.false_non_matches.rate(), clopper_pearson(at.false_non_matches)};
    return at;
}

void widen(Bounded& rate, const Interval& other) {
    rate.bounds.lower = std::min(rate.bounds.lower, other.lower);
    rate.bounds.upper = std::max(rate.bounds.upper, other.upper);
}

}  // namespace

Evaluation evaluate(const std::vector<Comparison>& comparisons, const EvaluationOptions& options) {
    const ErrorRates rates(scores_of(comparisons));
    Evaluation result;
    result.genuine = static_cast<std::int64_t>(rates.genuine().size());
    result.impostor = static_cast<std::int64_t>(rates.impostor().size());
    const auto crossing = rates.equal_error();
    result.equal_error.value = crossing.rate;
    result.equal_error_threshold = crossing.threshold;
    result.best_accuracy = rates.best_accuracy();
    for (const double target : options.fmr_targets) {
        Evaluation::AtTarget at;
        at.target = target;
        at.rates = rates_at(rates, rates.threshold_at_fmr(target));
        at.fnmr_at_target.value = at.rates.fnmr.value;
        at.too_few_impostors = static_cast<double>(result.impostor) * target < 1;
        result.targets.push_back(at);
    }
    if (options.threshold) result.own = rates_at(rates, *options.threshold);
    for (const double threshold : options.fixed) {
        result.fixed.push_back(rates_at(rates, threshold));
    }

    const auto measure = [&](const ResampledRates& drawn) {
        std::vector<double> values{drawn.equal_error()};
        for (const auto& at : result.targets) {
            values.push_back(drawn.fnmr_at_fmr(at.target));
            values.push_back(drawn.fmr(at.rates.threshold));
            values.push_back(drawn.fnmr(at.rates.threshold));
        }
        if (result.own) {
            values.push_back(drawn.fmr(result.own->threshold));
            values.push_back(drawn.fnmr(result.own->threshold));
        }
        for (const auto& at : result.fixed) {
            values.push_back(drawn.fmr(at.threshold));
            values.push_back(drawn.fnmr(at.threshold));
        }
        return values;
    };
    const auto bounds = subject_bootstrap(comparisons, options.rounds,
                                          Rng(options.seed).fork("bootstrap"), measure);
    std::size_t next = 0;
    result.equal_error.bounds = bounds[next++];
    for (auto& at : result.targets) {
        at.fnmr_at_target.bounds = bounds[next++];
        widen(at.rates.fmr, bounds[next++]);
        widen(at.rates.fnmr, bounds[next++]);
    }
    if (result.own) {
        widen(result.own->fmr, bounds[next++]);
        widen(result.own->fnmr, bounds[next++]);
    }
    for (auto& at : result.fixed) {
        widen(at.fmr, bounds[next++]);
        widen(at.fnmr, bounds[next++]);
    }
    return result;
}

std::vector<QuantilePoint> quantile_table(std::span<const double> rising) {
    std::vector<double> ps;
    const double finest = 1.0 / static_cast<double>(rising.size());
    for (const double decade : {1e-6, 1e-5, 1e-4, 1e-3}) {
        for (const double step : {1.0, 2.0, 5.0}) {
            const double p = decade * step;
            if (p < finest) continue;
            ps.push_back(p);
            ps.push_back(1 - p);
        }
    }
    for (int percent = 1; percent <= 99; ++percent) ps.push_back(percent / 100.0);
    ps.push_back(0);
    ps.push_back(1);
    std::sort(ps.begin(), ps.end());
    std::vector<QuantilePoint> table;
    for (const double p : ps) table.push_back({p, quantile(rising, p)});
    return table;
}

}  // namespace strongroom::biometrics
