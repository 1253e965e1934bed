#include "biometrics/intervals.h"

#include <cmath>
#include <limits>

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

}  // namespace strongroom::biometrics
