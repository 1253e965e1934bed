#include "evaluation_json.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace strongroom::cli {

using Json = nlohmann::ordered_json;
using namespace biometrics;

Json bounds_of(const Interval& interval) { return {interval.lower, interval.upper}; }

std::string key_of(double rate) {
    std::ostringstream out;
    out << std::defaultfloat << std::setprecision(6) << rate;
    const std::string text = out.str();
    if (text.find('e') == std::string::npos) return text;
    std::ostringstream fixed;
    fixed << std::fixed << std::setprecision(8) << rate;
    std::string digits = fixed.str();
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

Json describe_rates(const Evaluation::AtThreshold& at) {
    return {{"threshold", at.threshold},
            {"fmr", at.fmr.value},
            {"fmr_bounds", bounds_of(at.fmr.bounds)},
            {"false_matches", at.false_matches.errors},
            {"impostor", at.false_matches.trials},
            {"fnmr", at.fnmr.value},
            {"fnmr_bounds", bounds_of(at.fnmr.bounds)},
            {"false_non_matches", at.false_non_matches.errors},
            {"genuine", at.false_non_matches.trials}};
}

void describe_evaluation(Json& json, const Evaluation& evaluation, const ErrorRates& rates) {
    json["eer"] = evaluation.equal_error.value;
    json["eer_threshold"] = evaluation.equal_error_threshold;
    json["best_accuracy"] = evaluation.best_accuracy;
    Json bounds{{"confidence", 0.95},
                {"method",
                 "eer and fnmr_at: bootstrap over persons; rates at a threshold: the wider of that "
                 "and Clopper-Pearson"},
                {"eer", bounds_of(evaluation.equal_error.bounds)}};
    for (const auto& at : evaluation.targets) {
        const std::string key = key_of(at.target);
        json["fnmr_at"][key] = at.fnmr_at_target.value;
        bounds["fnmr_at"][key] = bounds_of(at.fnmr_at_target.bounds);
        json["at_fmr"][key] = describe_rates(at.rates);
        json["at_fmr"][key]["too_few_impostors"] = at.too_few_impostors;
    }
    json["threshold"] = evaluation.own ? Json(evaluation.own->threshold) : Json(nullptr);
    if (evaluation.own) json["at_threshold"] = describe_rates(*evaluation.own);
    json["bounds"] = bounds;
    for (const auto& point : rates.trade_off(200)) {
        json["det"].push_back({point.threshold, point.fmr, point.fnmr});
    }
}

std::string percent(double rate) {
    std::ostringstream out;
    out << std::setprecision(3) << rate * 100 << " %";
    return out.str();
}

std::string percent(const Bounded& rate) {
    std::ostringstream out;
    out << std::setprecision(3) << rate.value * 100 << " % (" << rate.bounds.lower * 100 << " to "
        << rate.bounds.upper * 100 << ")";
    return out.str();
}

std::string number(double value) {
    std::ostringstream out;
    out.precision(4);
    out << value;
    return out.str();
}

void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i] + std::string(widths[i] + 2 - row[i].size(), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << "  " << line << "\n";
    }
}

std::string distribution_file(const std::string& model, const Json& provenance,
                              std::size_t templates, const Evaluation::AtThreshold& at,
                              const ErrorRates& rates) {
    const auto table = [](std::span<const double> rising) {
        Json json = Json::array();
        for (const auto& point : quantile_table(rising)) {
            // Six digits: the file is read by people too.
            json.push_back(
                {std::round(point.p * 1e7) / 1e7, std::round(point.distance * 1e6) / 1e6});
        }
        return json;
    };
    const Json json{{"model", model},
                    {"provenance", provenance},
                    {"templates", std::max<std::size_t>(templates, 1)},
                    {"threshold",
                     {{"distance", at.threshold},
                      {"fmr", at.fmr.value},
                      {"fmr_upper_bound", at.fmr.bounds.upper},
                      {"fnmr", at.fnmr.value}}},
                    {"genuine_quantiles", table(rates.genuine())},
                    {"impostor_quantiles", table(rates.impostor())}};
    std::string text = json.dump();
    // One point a line, so that a change of the file can be read.
    for (auto next = text.find("],["); next != std::string::npos; next = text.find("],[", next)) {
        text.replace(next, 3, "],\n[");
    }
    return text + "\n";
}

}  // namespace strongroom::cli
