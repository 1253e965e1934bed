#include <cmath>
#include <limits>
#include <vector>

#include "biometrics/bootstrap.h"
#include "biometrics/evaluation.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::biometrics;

namespace {

// Normal distances of unit variance, `apart` from each other, one at the middle of each of `count`
// equal shares: no chance in it.
Scores normal_scores(double apart, int count) {
    Scores scores;
    for (int i = 0; i < count; ++i) {
        const double deviate = normal_deviate((i + 0.5) / count);
        scores.genuine.push_back(deviate);
        scores.impostor.push_back(deviate + apart);
    }
    return scores;
}

std::vector<Comparison> random_comparisons(std::uint64_t seed) {
    Rng rng(seed);
    std::vector<Comparison> comparisons;
    for (std::uint32_t a = 0; a < 12; ++a) {
        for (std::uint32_t b = 0; b < 12; ++b) {
            // Rounded, so that many are equal.
            const double distance = std::round(rng.normal(a == b ? 0.4 : 0.7, 0.15) * 20) / 20;
            comparisons.push_back({a, b, distance});
            comparisons.push_back({a, a, std::round(rng.normal(0.4, 0.15) * 20) / 20});
        }
    }
    comparisons.push_back({3, 3, std::numeric_limits<double>::infinity()});
    return comparisons;
}

}  // namespace

TEST_CASE("statistics: normal deviates agree with the tables") {
    CHECK(normal_deviate(0.5) == Approx(0).margin(1e-12));
    CHECK(normal_deviate(0.975) == Approx(1.959963985).epsilon(1e-8));
    CHECK(normal_deviate(0.001) == Approx(-3.090232306).epsilon(1e-8));
    CHECK(normal_deviate(1e-6) == Approx(-4.753424309).epsilon(1e-8));
}

TEST_CASE("statistics: the equal error rate of two normal distributions is that of theory") {
    // Unit variance, d apart: the rates are equal in the middle, at the share beyond d / 2.
    CHECK(ErrorRates(normal_scores(2, 20000)).equal_error().rate ==
          Approx(0.158655254).margin(1e-4));
    CHECK(ErrorRates(normal_scores(4, 20000)).equal_error().rate ==
          Approx(0.022750132).margin(1e-4));
    const ErrorRates rates(normal_scores(4, 20000));
    // FNMR at FMR 1 %: the share beyond 4 - 2.3263.
    CHECK(rates.fnmr(rates.threshold_at_fmr(0.01)).rate() ==
          Approx(0.5 * std::erfc((4 - 2.326347874) / std::sqrt(2.0))).margin(2e-4));
}

TEST_CASE("statistics: a detection error trade-off of normal distributions is straight") {
    const ErrorRates rates(normal_scores(3, 20000));
    int inner = 0;
    for (const auto& point : rates.det_curve(40)) {
        if (point.fmr < 1e-3 || point.fnmr < 1e-3 || point.fmr > 0.999 || point.fnmr > 0.999) {
            continue;
        }
        ++inner;
        CHECK(normal_deviate(point.fmr) + normal_deviate(point.fnmr) == Approx(-3).margin(0.02));
    }
    CHECK(inner > 40);
}

TEST_CASE("statistics: curves for plots begin with all refused, end with all accepted, and rise") {
    const ErrorRates rates(normal_scores(1, 500));
    const auto points = rates.det_curve(30);
    CHECK(points.front().fmr == 0);
    CHECK(points.front().fnmr == 1);
    CHECK(points.back().fmr == 1);
    CHECK(points.back().fnmr == 0);
    for (std::size_t i = 1; i < points.size(); ++i) {
        CHECK(points[i].threshold > points[i - 1].threshold);
    }
}

TEST_CASE("statistics: a resample that draws everybody once has the rates of the sample") {
    const auto comparisons = random_comparisons(3);
    const ErrorRates sample(scores_of(comparisons));
    ResampledRates resampled(comparisons);
    const std::vector<std::uint32_t> once(resampled.persons(), 1);
    REQUIRE(resampled.draw(once));
    for (const double threshold : {-1.0, 0.3, 0.5, 0.55, 0.7, 5.0}) {
        CHECK(resampled.fmr(threshold) == sample.fmr(threshold).rate());
        CHECK(resampled.fnmr(threshold) == sample.fnmr(threshold).rate());
    }
    CHECK(resampled.equal_error() == Approx(sample.equal_error().rate));
    for (const double target : {0.0, 0.01, 0.1, 0.5, 1.0}) {
        CHECK(resampled.fnmr_at_fmr(target) == sample.fnmr(sample.threshold_at_fmr(target)).rate());
    }
}

TEST_CASE("statistics: a resample has the rates of the comparisons repeated as often as drawn") {
    const auto comparisons = random_comparisons(4);
    ResampledRates resampled(comparisons);
    std::vector<std::uint32_t> drawn(resampled.persons());
    Rng rng(9);
    for (int round = 0; round < 5; ++round) {
        std::fill(drawn.begin(), drawn.end(), 0U);
        for (std::size_t i = 0; i < drawn.size(); ++i) ++drawn[rng.below(drawn.size())];
        Scores repeated;
        for (const auto& c : comparisons) {
            const auto times =
                c.genuine() ? drawn[c.person_a] : drawn[c.person_a] * drawn[c.person_b];
            auto& to = c.genuine() ? repeated.genuine : repeated.impostor;
            to.insert(to.end(), times, c.distance);
        }
        REQUIRE(resampled.draw(drawn));
        const ErrorRates rates(repeated);
        CHECK(resampled.fmr(0.5) == rates.fmr(0.5).rate());
        CHECK(resampled.fnmr(0.5) == rates.fnmr(0.5).rate());
        CHECK(resampled.equal_error() == Approx(rates.equal_error().rate));
        CHECK(resampled.fnmr_at_fmr(0.1) == rates.fnmr(rates.threshold_at_fmr(0.1)).rate());
    }
    std::fill(drawn.begin(), drawn.end(), 0U);
    drawn[2] = static_cast<std::uint32_t>(drawn.size());
    CHECK_FALSE(resampled.draw(drawn));  // one person alone meets nobody
}

TEST_CASE("statistics: bounds at thresholds from elsewhere are reported beside the sample's own") {
    EvaluationOptions options;
    options.fixed = {0.45, 0.6};
    options.rounds = 50;
    const auto evaluation = evaluate(random_comparisons(5), options);
    REQUIRE(evaluation.fixed.size() == 2);
    CHECK(evaluation.fixed[0].threshold == 0.45);
    CHECK(evaluation.fixed[0].fnmr.value > evaluation.fixed[1].fnmr.value);
    for (const auto& at : evaluation.fixed) {
        CHECK(at.fmr.bounds.lower <= at.fmr.value);
        CHECK(at.fmr.value <= at.fmr.bounds.upper);
        CHECK(at.fmr.bounds.upper >= clopper_pearson(at.false_matches).upper);
    }
}

TEST_CASE("statistics: whole clusters are drawn, so that one bad subject widens the bounds") {
    std::vector<Count> even(20, Count{1, 10});
    std::vector<Count> one(20, Count{0, 10});
    one[7] = {10, 10};
    one[8] = {10, 10};
    const auto narrow = cluster_bootstrap(even, 200, Rng(1));
    const auto wide = cluster_bootstrap(one, 200, Rng(1));
    CHECK(narrow.lower == Approx(0.1));
    CHECK(narrow.upper == Approx(0.1));
    CHECK(wide.lower == 0);
    CHECK(wide.upper >= 0.2);
    CHECK(cluster_bootstrap({}, 20, Rng(1)).upper == 1);
}

TEST_CASE("statistics: the rules of 3 and of 30 say what a count can carry") {
    CHECK(rule_of_three(30000) == Approx(0.0001));
    CHECK(rule_of_three(0) == 1);
    CHECK(rule_of_three(2) == 1);
    CHECK(trials_to_show(0.0001) == 30000);
    CHECK(trials_to_show(0.07) == 43);
    // The exact one-sided bound is a little lower: 1 - 0.05^(1/n).
    CHECK(rule_of_three(100) >= 1 - std::pow(0.05, 1.0 / 100));
    CHECK(support_of({0, 30000}).find("below 0.01 %") != std::string::npos);
    CHECK(support_of({1, 50}).find("1 error in 50 trials: fewer than the 30") == 0);
    CHECK(support_of({29, 5000}).find("rule of 30") != std::string::npos);
    CHECK(support_of({30, 5000}).find("within 30 % of the true rate") != std::string::npos);
    CHECK(support_of({0, 0}) == "no trials: nothing is known");
}

TEST_CASE("statistics: exact bounds agree with the tables for small and large counts") {
    // Two-sided 95 %: 3 of 30, 10 of 100, and 1 of 90 presentations.
    CHECK(clopper_pearson({3, 30}).lower == Approx(0.0211).margin(5e-5));
    CHECK(clopper_pearson({3, 30}).upper == Approx(0.2653).margin(5e-5));
    CHECK(clopper_pearson({10, 100}).lower == Approx(0.0490).margin(5e-5));
    CHECK(clopper_pearson({10, 100}).upper == Approx(0.1762).margin(5e-5));
    CHECK(clopper_pearson({0, 90}).upper == Approx(0.0402).margin(5e-5));
}
