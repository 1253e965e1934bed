// The HTML page of an evaluation on simulated people.
#include <algorithm>
#include <cmath>

#include "biometrics/pad.h"
#include "evaluation_json.h"
#include "pad_result.h"
#include "report/page.h"
#include "report/plots.h"
#include "simulated_result.h"

namespace strongroom::cli {

using namespace biometrics;
using namespace report;

namespace {

constexpr std::size_t curve_points = 90;
constexpr std::size_t effects_shown = 20;

// The lowest rate that the axes show: what one error among the comparisons would be.
double smallest_rate(const SimulatedResult& result) {
    std::int64_t most = 1;
    for (const auto& model : result.models) most = std::max(most, model.evaluation.impostor);
    return std::clamp(1 / static_cast<double>(most), 1e-6, 1e-2);
}

PageSection curves(const SimulatedResult& result) {
    PageSection section;
    section.heading = "All models on the same pictures";
    section.text = describe_people(result) + ".";
    std::vector<Curve> all;
    PageTable table;
    table.caption = "error rates, thresholds chosen on these people themselves";
    table.columns = {"model", "genuine",         "impostor", "not enrolled", "not acquired",
                     "EER",   "FNMR at FMR 1 %", "at 0.1 %", "at 0.01 %"};
    for (const ModelResult& model : result.models) {
        const ErrorRates rates(scores_of(model.trials.comparisons()));
        all.push_back({model.kind.name, rates.det_curve(curve_points)});
        std::vector<std::string> row{model.kind.name,
                                     std::to_string(model.evaluation.genuine),
                                     std::to_string(model.evaluation.impostor),
                                     percent(model.not_enrolled),
                                     percent(model.not_acquired),
                                     percent(model.evaluation.equal_error)};
        for (const auto& at : model.evaluation.targets) {
            row.push_back(at.too_few_impostors ? "too few impostors" : percent(at.fnmr_at_target));
        }
        table.rows.push_back(std::move(row));
    }
    const double smallest = smallest_rate(result);
    section.drawings = {draw_det(all, smallest), draw_roc(all, smallest)};
    section.tables = {std::move(table)};
    return section;
}

PageSection thresholds(const SimulatedResult& result) {
    PageSection section;
    section.heading = "Thresholds set on other people";
    section.text =
        "Set on the development set and reported on people who are not in it; and the thresholds "
        "that models bring along.";
    PageTable table;
    table.caption = "error rates at given thresholds";
    table.columns = {"model", "set for FMR", "distance", "FMR", "FNMR", "what FMR rests on"};
    const auto add = [&](const ModelResult& model, const std::string& origin,
                         const Evaluation::AtThreshold& at) {
        table.rows.push_back({model.kind.name, origin, number(at.threshold), percent(at.fmr),
                              percent(at.fnmr), support_of(at.false_matches)});
    };
    for (const ModelResult& model : result.models) {
        for (std::size_t i = 0; i < model.chosen.size(); ++i) {
            add(model, percent(model.chosen[i].target), model.evaluation.fixed[i]);
        }
        if (model.evaluation.own) add(model, "its own", *model.evaluation.own);
    }
    section.tables = {std::move(table)};
    return section;
}

// Genuine visits as presentations whose error is to be refused.
PadCampaign genuine_visits(const SimulatedResult& result, const ModelResult& model) {
    PadCampaign campaign;
    campaign.simulated = true;
    campaign.parameters = shot_names();
    const double threshold = model.deciding_threshold();
    for (const FaceTrial& trial : model.trials.trials) {
        if (trial.claimed != trial.subject) continue;
        Presentation visit;
        visit.subject = trial.subject;
        visit.parameters = result.visits[trial.subject][trial.visit];
        visit.accepted = trial.distance <= threshold;
        campaign.presentations.push_back(std::move(visit));
    }
    return campaign;
}

PageSection model_section(const SimulatedResult& result, const ModelResult& model) {
    PageSection section;
    section.heading = "Scores of " + model.kind.name;
    section.text = "Threshold " + model.deciding_words() + ".";
    const Scores scores = scores_of(model.trials.comparisons());
    const std::vector<Distribution> distributions{{"genuine", scores.genuine},
                                                  {"impostor", scores.impostor}};
    const std::vector<Mark> marks{
        {"threshold " + number(model.deciding_threshold()), model.deciding_threshold()}};
    section.drawings = {draw_histogram(distributions, marks, "distance")};
    PageTable table;
    table.caption =
        "what makes the right person be refused: FNMR in the lower, middle and upper "
        "third of each condition, the largest effect first";
    table.columns = {"condition", "low", "middle", "high", "effect", "clear"};
    const PadCampaign visits = genuine_visits(result, model);
    for (const auto& effect : parameter_effects(visits, 0)) {
        if (table.rows.size() == effects_shown) break;
        std::vector<std::string> row{effect.parameter};
        for (const auto& part : effect.parts) {
            row.push_back(part_text(part));
        }
        while (row.size() < 4) row.insert(row.end() - 1, "");
        row.push_back(percent(effect.effect));
        row.push_back(effect.clear ? "yes" : "no");
        table.rows.push_back(std::move(row));
    }
    section.tables = {std::move(table)};
    return section;
}

}  // namespace

std::string html_of(const SimulatedResult& result) {
    const ModelResult& first = result.models.front();
    Page page;
    page.title = "strongroom · face evaluation on simulated people";
    page.headline = first.kind.name + ": EER " + percent(first.evaluation.equal_error.value) +
                    ", FNMR " + percent(first.evaluation.targets[1].fnmr_at_target.value) +
                    " at FMR 0.1 %";
    page.lead = describe_people(result) +
                ". A comparison is of one picture with all references of "
                "the claimed person, of which the least distance counts.";
    page.simulated = true;
    page.sections.push_back(curves(result));
    page.sections.push_back(thresholds(result));
    for (const ModelResult& model : result.models) {
        page.sections.push_back(model_section(result, model));
    }
    page.facts = {{"people", describe_people(result)},
                  {"development set", result.development
                                          ? std::to_string(result.development->first) + " to " +
                                                std::to_string(result.development->last)
                                          : "none"}};
    for (const ModelResult& model : result.models) {
        page.facts.push_back({model.kind.name, model.kind.model});
    }
    page.command = result.command;
    return to_html(page);
}

}  // namespace strongroom::cli
