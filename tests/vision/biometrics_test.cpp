#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "biometrics/evaluation.h"
#include "biometrics/intervals.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::biometrics;

namespace {

// Ten genuine and ten impostor distances, counted by hand below.
ErrorRates sample() {
    return ErrorRates({{0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.6, 0.9},
                       {0.35, 0.5, 0.7, 0.8, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3}});
}

}  // namespace

TEST_CASE("biometrics: rates at a threshold are counts, equality included") {
    const auto rates = sample();
    CHECK(rates.fmr(0.5).errors == 2);
    CHECK(rates.fmr(0.5).trials == 10);
    CHECK(rates.fnmr(0.5).errors == 2);
    CHECK(rates.fnmr(0.49).errors == 3);
    CHECK(rates.fmr(0.34).errors == 0);
    CHECK(rates.fmr(99).rate() == 1);
    CHECK(rates.fnmr(0.05).rate() == 1);
}

TEST_CASE("biometrics: the equal error rate is where both rates meet") {
    const auto equal = sample().equal_error();
    CHECK(equal.rate == Approx(0.2));
    CHECK(equal.threshold == Approx(0.5));
    // Apart everywhere: nothing is ever wrong.
    CHECK(ErrorRates({{0.1, 0.2}, {0.8, 0.9}}).equal_error().rate == 0);
    // Reversed: everything is.
    CHECK(ErrorRates({{0.8, 0.9}, {0.1, 0.2}}).equal_error().rate == 1);
    // They jump past one another: the mean of the closest.
    CHECK(ErrorRates({{1, 1, 1, 1}, {1, 1, 1, 1}}).equal_error().rate == Approx(0.5));
}

TEST_CASE("biometrics: the threshold for a target never exceeds it") {
    const auto rates = sample();
    CHECK(rates.threshold_at_fmr(0.1) == Approx(0.4));
    CHECK(rates.fmr(rates.threshold_at_fmr(0.1)).errors == 1);
    CHECK(rates.fnmr(rates.threshold_at_fmr(0.1)).errors == 3);
    CHECK(rates.threshold_at_fmr(0) == Approx(0.3));
    CHECK(rates.threshold_at_fmr(1) == Approx(1.3));
    const ErrorRates hopeless({{0.5}, {0.1, 0.1}});
    CHECK(hopeless.fnmr(hopeless.threshold_at_fmr(0.4)).rate() == 1);
    CHECK(hopeless.fmr(hopeless.threshold_at_fmr(0.4)).rate() == 0);
}

TEST_CASE("biometrics: an infinite distance is never accepted") {
    const double infinity = std::numeric_limits<double>::infinity();
    const ErrorRates rates({{0.1, infinity}, {0.9, infinity}});
    CHECK(rates.fnmr(infinity).errors == 1);
    CHECK(rates.fmr(infinity).errors == 1);
    CHECK(std::isfinite(rates.equal_error().threshold));
}

TEST_CASE("biometrics: the trade-off curve runs from all refused to all accepted") {
    const auto points = sample().trade_off(50);
    REQUIRE(points.size() >= 2);
    CHECK(points.front().fnmr == 1);
    CHECK(points.front().fmr == 0);
    CHECK(points.back().fnmr == 0);
    CHECK(points.back().fmr == 1);
    for (std::size_t i = 1; i < points.size(); ++i) {
        CHECK(points[i].threshold > points[i - 1].threshold);
        CHECK(points[i].fmr >= points[i - 1].fmr);
        CHECK(points[i].fnmr <= points[i - 1].fnmr);
    }
    CHECK(sample().trade_off(5).size() == 5);
    CHECK(sample().best_accuracy() == Approx(0.85));  // at 0.6: two impostors in, one genuine out
}

TEST_CASE("biometrics: quantiles interpolate as type 7") {
    const std::vector<double> values{1, 2, 3, 4};
    CHECK(quantile(values, 0) == 1);
    CHECK(quantile(values, 1) == 4);
    CHECK(quantile(values, 0.5) == Approx(2.5));
    CHECK(quantile(values, 0.1) == Approx(1.3));
    CHECK(quantile(std::vector<double>{7}, 0.3) == 7);
}

TEST_CASE("biometrics: exact binomial bounds agree with published values") {
    // Clopper and Pearson 1934 and the tables made since: 95 %, 1 of 10, 5 of 10, 0 and 10 of 10.
    const auto bounds = [](std::int64_t errors, std::int64_t trials) {
        return clopper_pearson({errors, trials});
    };
    CHECK(bounds(1, 10).lower == Approx(0.00252858).epsilon(1e-5));
    CHECK(bounds(1, 10).upper == Approx(0.44501612).epsilon(1e-6));
    CHECK(bounds(5, 10).lower == Approx(0.18708603).epsilon(1e-6));
    CHECK(bounds(5, 10).upper == Approx(0.81291397).epsilon(1e-6));
    CHECK(bounds(0, 10).lower == 0);
    CHECK(bounds(0, 10).upper == Approx(0.30849711).epsilon(1e-6));
    CHECK(bounds(10, 10).lower == Approx(1 - 0.30849711).epsilon(1e-6));
    CHECK(bounds(10, 10).upper == 1);
    CHECK(bounds(0, 0).upper == 1);
    // No error in many trials: 1 - 0.025^(1/n).
    CHECK(bounds(0, 156000).upper == Approx(1 - std::pow(0.025, 1.0 / 156000)).epsilon(1e-9));
    CHECK(clopper_pearson({2, 100}, 0.99).upper > bounds(2, 100).upper);
}

TEST_CASE("biometrics: the incomplete beta function has its closed forms") {
    CHECK(incomplete_beta(1, 1, 0.3) == Approx(0.3));
    CHECK(incomplete_beta(2, 1, 0.3) == Approx(0.09));
    CHECK(incomplete_beta(1, 3, 0.3) == Approx(1 - std::pow(0.7, 3)));
    CHECK(incomplete_beta(0.5, 0.5, 0.5) == Approx(0.5));  // arcsine distribution
    CHECK(incomplete_beta(200, 300, 0.4) == Approx(0.5).margin(0.01));
    CHECK(incomplete_beta(3, 4, 0) == 0);
    CHECK(incomplete_beta(3, 4, 1) == 1);
}

TEST_CASE("biometrics: bounds over persons are wider than those over comparisons") {
    // Twenty persons; one of them fails in all of her forty genuine comparisons.
    std::vector<Comparison> comparisons;
    for (std::uint32_t a = 0; a < 20; ++a) {
        for (int i = 0; i < 40; ++i) comparisons.push_back({a, a, a == 0 ? 0.9 : 0.1});
        for (std::uint32_t b = a + 1; b < 20; ++b) comparisons.push_back({a, b, 0.8});
    }
    EvaluationOptions options;
    options.threshold = 0.5;
    options.rounds = 400;
    const auto evaluation = evaluate(comparisons, options);
    REQUIRE(evaluation.own);
    CHECK(evaluation.own->fnmr.value == Approx(0.05));
    const Interval exact = clopper_pearson({40, 800});
    CHECK(evaluation.own->fnmr.bounds.upper > exact.upper + 0.03);
    CHECK(evaluation.own->fnmr.bounds.lower < exact.lower);
    CHECK(evaluation.own->fmr.value == 0);
    CHECK(evaluation.own->fmr.bounds.upper >= clopper_pearson({0, 190}).upper);
    CHECK(evaluation.targets[1].too_few_impostors);  // 190 cannot tell 0.001
}

TEST_CASE("biometrics: the same seed gives the same bounds and another seed others") {
    Rng rng(5);
    std::vector<Comparison> comparisons;
    for (std::uint32_t a = 0; a < 15; ++a) {
        for (std::uint32_t b = a; b < 15; ++b) {
            for (int i = 0; i < 4; ++i) {
                comparisons.push_back({a, b, rng.normal(a == b ? 0.4 : 0.7, 0.1)});
            }
        }
    }
    EvaluationOptions options;
    options.rounds = 100;
    const auto first = evaluate(comparisons, options);
    const auto second = evaluate(comparisons, options);
    CHECK(first.equal_error.bounds.lower == second.equal_error.bounds.lower);
    CHECK(first.equal_error.bounds.upper == second.equal_error.bounds.upper);
    options.seed = 2;
    CHECK(evaluate(comparisons, options).equal_error.bounds.upper !=
          first.equal_error.bounds.upper);
    CHECK(first.equal_error.bounds.lower <= first.equal_error.value);
    CHECK(first.equal_error.bounds.upper >= first.equal_error.value);
}

TEST_CASE("biometrics: the bootstrap covers the true rate about as often as it says") {
    // Persons differ: each has her own chance of a genuine failure, uniform in 0 to 0.4, mean 0.2.
    Rng rng(11);
    int covered = 0;
    constexpr int worlds = 60;
    for (int world = 0; world < worlds; ++world) {
        std::vector<Comparison> comparisons;
        for (std::uint32_t a = 0; a < 30; ++a) {
            const double chance = rng.uniform(0, 0.4);
            for (int i = 0; i < 20; ++i)
                comparisons.push_back({a, a, rng.uniform() < chance ? 1.0 : 0.0});
            comparisons.push_back({a, (a + 1) % 30, 2.0});
        }
        const auto bounds = subject_bootstrap(
            comparisons, 200, Rng(static_cast<std::uint64_t>(world)),
            [](const ResampledRates& rates) { return std::vector{rates.fnmr(0.5)}; });
        if (bounds[0].lower <= 0.2 && 0.2 <= bounds[0].upper) ++covered;
    }
    CHECK(covered >= 50);  // 95 % of 60 is 57; the chance of fewer than 50 is below 1e-4 at 93 %
    CHECK(covered < 60);   // bounds that always cover would be too wide to say anything
}

TEST_CASE("biometrics: the simulator's table rises and ends at the extremes") {
    std::vector<double> rising(1000);
    std::iota(rising.begin(), rising.end(), 0.0);
    const auto table = quantile_table(rising);
    CHECK(table.front().p == 0);
    CHECK(table.front().distance == 0);
    CHECK(table.back().p == 1);
    CHECK(table.back().distance == 999);
    for (std::size_t i = 1; i < table.size(); ++i) {
        CHECK(table[i].p > table[i - 1].p);
        CHECK(table[i].distance >= table[i - 1].distance);
    }
    CHECK(table[1].p == Approx(0.001));  // no finer than the sample
}
