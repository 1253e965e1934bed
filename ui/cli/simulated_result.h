// What an evaluation on simulated people found, and how it is told: table, JSON, CSV, HTML.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "biometrics/evaluation.h"
#include "biometrics/split.h"
#include "face_simulated.h"
#include "matcher.h"

namespace strongroom::cli {

struct ModelResult {
    MatcherKind kind;
    MatcherTrials trials;
    biometrics::Evaluation evaluation;  // `fixed` belongs to `chosen`, one each
    std::vector<biometrics::ChosenThreshold> chosen;
    biometrics::Bounded not_enrolled;  // FTE
    biometrics::Bounded not_acquired;  // FTA

    // What decides in the list of scores: the threshold chosen for FMR 0.1 % or the last one before
    // it, else the model's own, else that of FMR 0.1 % on the test set itself.
    [[nodiscard]] double deciding_threshold() const;
    [[nodiscard]] std::string deciding_words() const;
};

struct SimulatedResult {
    SimulatedEvaluation options;
    std::string command;
    biometrics::IdentityRange people;
    std::optional<biometrics::IdentityRange> development;
    std::vector<ModelResult> models;
    std::vector<std::vector<std::vector<double>>> visits;  // see FacesMeasured
    double seconds = 0;
};

// "500 people of the test set (3000001 to 3000500), 40 visits each, ...".
[[nodiscard]] std::string describe_people(const SimulatedResult& result);

void print_result(std::ostream& out, const SimulatedResult& result);
[[nodiscard]] std::string json_of(const SimulatedResult& result);
// A line a comparison: docs/evaluation.md lists the columns.
[[nodiscard]] std::string csv_of(const SimulatedResult& result);
[[nodiscard]] std::string html_of(const SimulatedResult& result);
// Of the first model.
[[nodiscard]] std::string distribution_of(const SimulatedResult& result);

// The thresholds of `model` in the JSON of an earlier run. Throws InputError: not such a file, or
// none for this model.
[[nodiscard]] std::vector<biometrics::ChosenThreshold> read_thresholds(
    const std::filesystem::path& file, const std::string& model);

}  // namespace strongroom::cli
