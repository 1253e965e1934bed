// How far a measured rate may be from the true one.
#pragma once

#include <cstdint>

#include "biometrics/error_rates.h"

namespace strongroom::biometrics {

struct Interval {
    double lower = 0;
    double upper = 1;
};

// Exact two-sided bounds of Clopper and Pearson (Biometrika 26, 1934) for independent trials. With
// no error the upper bound is 1 - (alpha / 2)^(1 / n): near 3.7 / n at 95 %. Without trials [0, 1].
// Asserts 0 < confidence < 1 and 0 <= errors <= trials.
[[nodiscard]] Interval clopper_pearson(Count count, double confidence = 0.95);

// Regularised incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1.
[[nodiscard]] double incomplete_beta(double a, double b, double x);

}  // namespace strongroom::biometrics
