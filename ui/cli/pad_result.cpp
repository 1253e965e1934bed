#include "pad_result.h"

#include <algorithm>
#include <ostream>

#include "evaluation_json.h"
#include "report/page.h"

namespace strongroom::cli {

using Json = nlohmann::ordered_json;
using namespace biometrics;

namespace {

constexpr std::size_t effects_printed = 8;

Json describe(const ClusteredRate& rate) {
    Json json{{"errors", rate.count.errors},
              {"trials", rate.count.trials},
              {"rate", rate.rate.value},
              {"bounds", bounds_of(rate.rate.bounds)},
              {"clopper_pearson", bounds_of(rate.exact)},
              {"by_subject", bounds_of(rate.by_subject)},
              {"subjects", rate.subjects}};
    if (rate.artefacts > 0) {
        json["by_artefact"] = bounds_of(rate.by_artefact);
        json["artefacts"] = rate.artefacts;
    }
    json["support"] = support_of(rate.count);
    return json;
}

Json describe(const std::optional<BpcerAt>& at) {
    if (!at) return nullptr;
    return {{"apcer", at->target},        {"threshold", at->threshold},
            {"bpcer", at->bpcer.value},   {"bounds", bounds_of(at->bpcer.bounds)},
            {"errors", at->count.errors}, {"trials", at->count.trials}};
}

Json describe(const ParameterEffect& effect, const PadCampaign& campaign) {
    Json json{{"species", campaign.species[effect.species]},
              {"parameter", effect.parameter},
              {"effect", effect.effect},
              {"clear", effect.clear},
              {"parts", Json::array()}};
    for (const auto& part : effect.parts) {
        json["parts"].push_back({{"from", part.low},
                                 {"to", part.high},
                                 {"errors", part.errors.errors},
                                 {"trials", part.errors.trials},
                                 {"bounds", bounds_of(part.bounds)}});
    }
    return json;
}

Json describe_quality(const PadReport& report) {
    Json json = Json::object();
    if (!report.campaign.simulated) return json;  // nobody knows it of other people's artefacts
    for (std::size_t i = 1; i < report.campaign.species.size(); ++i) {
        Json bins = Json::array();
        for (const auto& bin : by_quality(report.campaign, i, report.threshold, 5)) {
            bins.push_back({{"from", bin.low},
                            {"to", bin.high},
                            {"apcer", {bin.apcer.errors, bin.apcer.trials}},
                            {"iapar", {bin.iapar.errors, bin.iapar.trials}}});
        }
        json[report.campaign.species[i]] = std::move(bins);
    }
    return json;
}

void print_species(std::ostream& out, const PadFindings& findings) {
    const bool system = findings.rates.all_iapar.has_value();
    std::vector<std::vector<std::string>> rows{{"species", "APCER", "no response"}};
    if (system) rows[0].push_back("IAPAR (whole system)");
    for (const auto& species : findings.rates.species) {
        std::vector<std::string> row{species.species, rate_text(species.apcer),
                                     percent(species.nonresponse.rate.value)};
        if (system) row.push_back(species.iapar ? rate_text(*species.iapar) : "");
        rows.push_back(std::move(row));
    }
    print_columns(out, rows);
}

std::string effect_text(const ParameterEffect& effect, const PadCampaign& campaign) {
    std::string text = campaign.species[effect.species] + " by " + effect.parameter + ":";
    for (const auto& part : effect.parts) {
        text += " " + part_text(part) + (&part == &effect.parts.back() ? "" : ",");
    }
    return text;
}

}  // namespace

std::string rate_text(const ClusteredRate& rate) {
    if (rate.count.trials == 0) return "no answer";
    return percent(rate.rate) + ", " + std::to_string(rate.count.errors) + " of " +
           std::to_string(rate.count.trials);
}

std::string part_text(const ParameterEffect::Part& part) {
    return percent(part.errors.rate()) + " at " + number(part.low) + " to " + number(part.high);
}

PadFindings findings_of(const PadReport& report) {
    PadFindings findings;
    findings.rates = pad_rates(report.campaign, report.threshold, report.options);
    findings.bpcer20 = bpcer_at_apcer(report.campaign, 0.05, report.options);
    findings.bpcer10 = bpcer_at_apcer(report.campaign, 0.1, report.options);
    findings.equal_error = pad_equal_error(report.campaign);
    findings.effects = parameter_effects(report.campaign, report.threshold);
    return findings;
}

void print_report(std::ostream& out, const PadReport& report, const PadFindings& findings) {
    if (report.campaign.simulated) out << report::simulated_notice() << "\n\n";
    out << report.source << "\n";
    for (const auto& [name, value] : report.facts) out << name << ": " << value << "\n";
    const PadRates& rates = findings.rates;
    out << "\n";
    if (!rates.species.empty()) print_species(out, findings);
    if (rates.worst) {
        const auto& worst = rates.species[*rates.worst];
        out << "worst species: " << worst.species << ", APCER " << rate_text(worst.apcer) << "\n";
    } else {
        out << "no attack gave a score: no APCER\n";
    }
    if (rates.bpcer.count.trials > 0) {
        out << "BPCER: " << rate_text(rates.bpcer) << " (" << rates.bpcer.subjects
            << " people); no response: " << percent(rates.bona_fide_nonresponse.rate.value) << "\n";
    } else {
        out << "no bona fide presentation gave a score: no BPCER\n";
    }
    if (findings.bpcer20) {
        out << "BPCER at APCER 5 % (BPCER20): " << percent(findings.bpcer20->bpcer) << " at score "
            << number(findings.bpcer20->threshold) << "\n";
    }
    if (findings.bpcer10) {
        out << "BPCER at APCER 10 % (BPCER10): " << percent(findings.bpcer10->bpcer) << " at score "
            << number(findings.bpcer10->threshold) << "\n";
    }
    if (rates.worst_iapar) {
        const auto& worst = rates.species[*rates.worst_iapar];
        out << "worst IAPAR: " << worst.species << ", " << rate_text(*worst.iapar) << "; "
            << support_of(worst.iapar->count) << "\n";
    }
    if (rates.all_iapar) {
        out << "all attacks together: " << rate_text(*rates.all_iapar) << " accepted\n";
    }
    if (rates.rejected) {
        out << "living people not accepted by the whole system: " << rate_text(*rates.rejected)
            << "\n";
    }
    for (const auto& row : report.criteria) {
        const Count count = row.trial.count();
        out << "Common Criteria protocol, " << row.species << ": " << to_string(row.trial.verdict())
            << ", " << count.errors << " of " << count.trials << " accepted\n";
    }
    std::size_t shown = 0;
    for (const auto& effect : findings.effects) {
        if (!effect.clear || shown == effects_printed) continue;
        out << (++shown == 1 ? "what breaks it (differences beyond chance):\n" : "") << "  "
            << effect_text(effect, report.campaign) << "\n";
    }
    out << "in brackets: 95 % bounds, the widest of Clopper-Pearson and of drawing people or "
           "artefacts\n";
}

std::string json_of(const PadReport& report, const PadFindings& findings) {
    const PadRates& rates = findings.rates;
    Json json{{"format", 1}, {"simulated", report.campaign.simulated}};
    if (report.campaign.simulated) json["label"] = report::simulated_notice();
    json["command"] = report.command;
    json["source"] = report.source;
    for (const auto& [name, value] : report.facts) json["facts"][name] = value;
    json["threshold"] = report.threshold;
    json["presentations"] = report.campaign.presentations.size();
    json["species"] = Json::array();
    for (const auto& species : rates.species) {
        Json row{{"species", species.species},
                 {"apcer", describe(species.apcer)},
                 {"nonresponse", describe(species.nonresponse)}};
        row["iapar"] = species.iapar ? describe(*species.iapar) : Json(nullptr);
        json["species"].push_back(std::move(row));
    }
    json["worst_apcer"] = rates.worst ? Json(rates.species[*rates.worst].species) : Json(nullptr);
    json["worst_iapar"] =
        rates.worst_iapar ? Json(rates.species[*rates.worst_iapar].species) : Json(nullptr);
    json["all_attacks_iapar"] = rates.all_iapar ? describe(*rates.all_iapar) : Json(nullptr);
    json["bpcer"] = describe(rates.bpcer);
    json["bona_fide_nonresponse"] = describe(rates.bona_fide_nonresponse);
    json["bona_fide_rejected"] = rates.rejected ? describe(*rates.rejected) : Json(nullptr);
    json["bpcer20"] = describe(findings.bpcer20);
    json["bpcer10"] = describe(findings.bpcer10);
    json["equal_error"] = findings.equal_error
                              ? Json{{"rate", findings.equal_error->rate},
                                     {"threshold", findings.equal_error->threshold}}
                              : Json(nullptr);
    json["by_quality"] = describe_quality(report);
    json["parameters"] = Json::array();
    for (const auto& effect : findings.effects) {
        json["parameters"].push_back(describe(effect, report.campaign));
    }
    if (!report.criteria.empty()) {
        json["common_criteria"] = Json::array();
        for (const auto& row : report.criteria) {
            Json entry{{"species", row.species}, {"verdict", to_string(row.trial.verdict())}};
            for (std::size_t s = 0; s < row.trial.subjects(); ++s) {
                for (std::size_t a = 0; a < row.trial.artefacts(); ++a) {
                    const ArtefactTrial& trial = row.trial.artefact(s, a);
                    entry["artefacts"].push_back({{"subject", s},
                                                  {"artefact", a},
                                                  {"accepted", trial.count().errors},
                                                  {"presented", trial.count().trials},
                                                  {"verdict", to_string(trial.verdict())}});
                }
            }
            json["common_criteria"].push_back(std::move(entry));
        }
    }
    json["seconds"] = report.seconds;
    return json.dump(2) + "\n";
}

}  // namespace strongroom::cli
