// Error rates as JSON and as words: the same for photographs and for simulated people.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "biometrics/evaluation.h"

namespace strongroom::cli {

[[nodiscard]] nlohmann::ordered_json bounds_of(const biometrics::Interval& interval);

// "0.01", not "1e-2" nor "0.01000".
[[nodiscard]] std::string key_of(double rate);

[[nodiscard]] nlohmann::ordered_json describe_rates(const biometrics::Evaluation::AtThreshold& at);

// Adds EER, FNMR at each FMR, the rates at the model's own threshold, the bounds and the curve.
void describe_evaluation(nlohmann::ordered_json& json, const biometrics::Evaluation& evaluation,
                         const biometrics::ErrorRates& rates);

// "0.52 % (0.41 to 0.66)".
[[nodiscard]] std::string percent(const biometrics::Bounded& rate);
// "0.52 %".
[[nodiscard]] std::string percent(double rate);

// To four digits.
[[nodiscard]] std::string number(double value);

// Rows of text in columns.
void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

// A file of score quantiles, as sim::ScoreModel reads it: backends/sim/data. `at`: what a simulated
// door decides by.
[[nodiscard]] std::string distribution_file(const std::string& model,
                                            const nlohmann::ordered_json& provenance,
                                            std::size_t templates,
                                            const biometrics::Evaluation::AtThreshold& at,
                                            const biometrics::ErrorRates& rates);

}  // namespace strongroom::cli
