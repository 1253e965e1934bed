#include "biometrics/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/assert.h"

namespace strongroom::biometrics {

namespace {

// Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method; converges
// fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    constexpr double epsilon = 1e-15;
    const auto away_from_zero = [](double value) { return std::abs(value) < tiny ? tiny : value; };
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m <= 10'000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < epsilon) break;
    }
    return fraction;
}

// The x at which I_x(a, b) = p. Bisection: it cannot fail, and 200 halvings cost nothing here.
double inverse_beta(double a, double b, double p) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 200 && high - low > std::numeric_limits<double>::epsilon() * high; ++i) {
        const double middle = (low + high) / 2;
        (incomplete_beta(a, b, middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

double incomplete_beta(double a, double b, double x) {
    STRONGROOM_ASSERT(a > 0 && b > 0 && x >= 0 && x <= 1);
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                  a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

Interval clopper_pearson(Count count, double confidence) {
    STRONGROOM_ASSERT(confidence > 0 && confidence < 1);
    STRONGROOM_ASSERT(count.errors >= 0 && count.errors <= count.trials);
    const auto errors = static_cast<double>(count.errors);
    const auto rest = static_cast<double>(count.trials - count.errors);
    const double tail = (1 - confidence) / 2;
    Interval interval;
    if (count.errors > 0) interval.lower = inverse_beta(errors, rest + 1, tail);
    if (count.errors < count.trials) interval.upper = inverse_beta(errors + 1, rest, 1 - tail);
    return interval;
}

double normal_deviate(double p) {
    STRONGROOM_ASSERT(p > 0 && p < 1);
    double low = -40;
    double high = 40;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        // erfc keeps the small shares of the lower tail exact.
        (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

double rule_of_three(std::int64_t trials) {
    return trials <= 0 ? 1 : std::min(1.0, 3 / static_cast<double>(trials));
}

std::int64_t trials_to_show(double rate) {
    STRONGROOM_ASSERT(rate > 0 && rate <= 1);
    // The quotient may end a hair above a whole number: 3 / 0.0001 is 30 000.
    return static_cast<std::int64_t>(std::ceil(3 / rate - 1e-6));
}

std::string support_of(Count count) {
    if (count.trials == 0) return "no trials: nothing is known";
    std::ostringstream out;
    if (count.errors == 0) {
        out << "no error in " << count.trials << " trials: below "
            << rule_of_three(count.trials) * 100
            << " % with 95 % confidence if they were independent (rule of 3)";
    } else if (count.errors < errors_for_thirty_percent) {
        out << count.errors << (count.errors == 1 ? " error" : " errors") << " in " << count.trials
            << " trials: fewer than the 30 that fix a rate to within 30 % (rule of 30)";
    } else {
        out << count.errors << " errors in " << count.trials
            << " trials: within 30 % of the true rate with 90 % confidence if they were "
               "independent (rule of 30)";
    }
    return out.str();
}

}  // namespace strongroom::biometrics
