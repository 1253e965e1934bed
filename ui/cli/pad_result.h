// What a campaign of presentation attacks found, and how it is told: table, JSON, HTML.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "biometrics/common_criteria.h"
#include "biometrics/pad.h"

namespace strongroom::cli {

struct CriteriaRow {
    std::string species;
    biometrics::SpeciesTrial trial;
};

// Of simulated people or of an evaluator's own files: `campaign.simulated` tells.
struct PadReport {
    biometrics::PadCampaign campaign;
    double threshold = 0.5;
    std::string source;  // "50 people of the test set ...", or the folder
    std::vector<std::pair<std::string, std::string>> facts;
    std::string command;
    biometrics::PadOptions options;
    std::vector<CriteriaRow> criteria;  // empty: another protocol
    double seconds = 0;
};

// Rates, computed once.
struct PadFindings {
    biometrics::PadRates rates;
    std::optional<biometrics::BpcerAt> bpcer20;
    std::optional<biometrics::BpcerAt> bpcer10;
    std::optional<biometrics::ErrorRates::EqualError> equal_error;
    std::vector<biometrics::ParameterEffect> effects;
};
[[nodiscard]] PadFindings findings_of(const PadReport& report);

void print_report(std::ostream& out, const PadReport& report, const PadFindings& findings);
[[nodiscard]] std::string json_of(const PadReport& report, const PadFindings& findings);
[[nodiscard]] std::string html_of(const PadReport& report, const PadFindings& findings);

// "0.52 % (0.41 to 0.66), 3 of 580".
[[nodiscard]] std::string rate_text(const biometrics::ClusteredRate& rate);
// "0.52 % at 0.1 to 0.4": the rate and the parameter's values.
[[nodiscard]] std::string part_text(const biometrics::ParameterEffect::Part& part);

}  // namespace strongroom::cli
