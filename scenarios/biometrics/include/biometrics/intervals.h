// How far a measured rate may be from the true one.
#pragma once

#include <cstdint>
#include <string>

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

// The rule of 3 (ISO/IEC 19795-1): without an error in n independent trials the rate is below 3 / n
// with 95 % confidence. 1 without trials.
[[nodiscard]] double rule_of_three(std::int64_t trials);

// How many independent trials without an error show a rate below `rate`, by the rule of 3. Asserts
// 0 < rate <= 1.
[[nodiscard]] std::int64_t trials_to_show(double rate);

// With so many errors the true rate is within 30 % of the measured one, at 90 % confidence, if the
// trials were independent (the rule of 30; ISO/IEC 19795-1).
inline constexpr std::int64_t errors_for_thirty_percent = 30;

// What a count can carry, in words: by the rule of 3 without errors, by the rule of 30 with some.
[[nodiscard]] std::string support_of(Count count);

// The standard normal deviate below which a share `p` lies: the axes of a DET plot. Asserts
// 0 < p < 1.
[[nodiscard]] double normal_deviate(double p);

// Regularised incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1.
[[nodiscard]] double incomplete_beta(double a, double b, double x);

}  // namespace strongroom::biometrics
