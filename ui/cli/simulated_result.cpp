#include "simulated_result.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "biometrics/pad.h"
#include "evaluation_json.h"
#include "home.h"
#include "report/page.h"

namespace strongroom::cli {

using Json = nlohmann::ordered_json;
using namespace biometrics;

namespace {

constexpr double deciding_target = 0.001;

const ChosenThreshold* deciding_choice(const ModelResult& model) {
    const ChosenThreshold* best = nullptr;
    for (const auto& chosen : model.chosen) {
        if (chosen.target >= deciding_target) best = &chosen;
    }
    return best;
}

Json describe_count(const Count& count, const Bounded& rate) {
    return {{"errors", count.errors},
            {"trials", count.trials},
            {"rate", rate.value},
            {"bounds", bounds_of(rate.bounds)}};
}

Json describe_range(const IdentityRange& range) { return {range.first, range.last}; }

Json describe_threshold(const ChosenThreshold& chosen) {
    const Provenance& from = chosen.provenance;
    return {{"target_fmr", chosen.target},
            {"distance", chosen.distance},
            {"provenance",
             {{"data_set", from.data_set},
              {"model", from.model},
              {"identities", describe_range(from.identities)},
              {"simulated", from.simulated},
              {"false_matches", from.false_matches.errors},
              {"impostor", from.false_matches.trials},
              {"false_non_matches", from.false_non_matches.errors},
              {"genuine", from.false_non_matches.trials},
              {"command", from.command}}}};
}

Json describe_model(const ModelResult& model) {
    const Evaluation& evaluation = model.evaluation;
    Json json{
        {"name", model.kind.name},
        {"model", model.kind.description},
        {"simulated", true},
        {"failure_to_enrol",
         describe_count({model.trials.not_enrolled, model.trials.people}, model.not_enrolled)},
        {"failure_to_acquire",
         describe_count({model.trials.not_acquired, model.trials.pictures}, model.not_acquired)},
        {"genuine", evaluation.genuine},
        {"impostor", evaluation.impostor},
        {"comparisons_lost", model.trials.lost}};
    describe_evaluation(json, evaluation, ErrorRates(scores_of(model.trials.comparisons())));
    json["thresholds"] = Json::array();
    for (std::size_t i = 0; i < model.chosen.size(); ++i) {
        Json threshold = describe_threshold(model.chosen[i]);
        threshold["test"] = describe_rates(evaluation.fixed[i]);
        threshold["test"]["fmr_support"] = support_of(evaluation.fixed[i].false_matches);
        threshold["test"]["fnmr_support"] = support_of(evaluation.fixed[i].false_non_matches);
        json["thresholds"].push_back(std::move(threshold));
    }
    return json;
}

Json provenance_of(const SimulatedResult& result, const ModelResult& model) {
    const SimulatedFaces& faces = result.options.faces;
    return {{"simulated", true},
            {"label", report::simulated_notice()},
            {"command", result.command},
            {"pack", model.kind.description},
            {"data_set",
             {{"name", "simulated people, " + std::string(people::to_string(faces.set)) + " set"},
              {"identities", describe_range(result.people)},
              {"pictures", model.trials.pictures},
              {"persons", model.trials.people},
              {"difficulty", faces.difficulty}}},
            {"protocol", "visits"},
            {"templates", faces.references},
            {"genuine", model.evaluation.genuine},
            {"impostor", model.evaluation.impostor},
            {"failures_to_enrol", model.trials.not_enrolled},
            {"failures_to_acquire", model.trials.not_acquired},
            {"comparisons_lost", model.trials.lost}};
}

}  // namespace

double ModelResult::deciding_threshold() const {
    if (const auto* choice = deciding_choice(*this)) return choice->distance;
    if (kind.threshold) return *kind.threshold;
    return evaluation.targets[1].rates.threshold;
}

std::string ModelResult::deciding_words() const {
    std::ostringstream out;
    out << std::setprecision(4) << deciding_threshold();
    if (const auto* choice = deciding_choice(*this)) {
        out << ", set for FMR " << percent(choice->target) << " on the development set";
    } else if (kind.threshold) {
        out << ", the model's own";
    } else {
        out << ", set on these people themselves";
    }
    return out.str();
}

std::string describe_people(const SimulatedResult& result) {
    const SimulatedFaces& faces = result.options.faces;
    std::ostringstream out;
    out << faces.people << " people of the " << people::to_string(faces.set) << " set ("
        << result.people.first << " to " << result.people.last << "), " << faces.references
        << " references and " << faces.renders << " visits each, a picture a visit, difficulty "
        << faces.difficulty << ", seed " << faces.seed;
    return out.str();
}

void print_result(std::ostream& out, const SimulatedResult& result) {
    out << report::simulated_notice() << "\n\n" << describe_people(result) << "\n";
    std::vector<std::vector<std::string>> rows{{"model", "genuine", "impostor", "not enrolled",
                                                "not acquired", "EER", "FNMR at FMR 1 %",
                                                "at 0.1 %", "at 0.01 %"}};
    for (const ModelResult& model : result.models) {
        std::vector<std::string> row{model.kind.name,
                                     std::to_string(model.evaluation.genuine),
                                     std::to_string(model.evaluation.impostor),
                                     percent(model.not_enrolled.value),
                                     percent(model.not_acquired.value),
                                     percent(model.evaluation.equal_error)};
        for (const auto& at : model.evaluation.targets) {
            row.push_back(percent(at.fnmr_at_target) + (at.too_few_impostors ? " ?" : ""));
        }
        rows.push_back(std::move(row));
    }
    print_columns(out, rows);
    bool any = false;
    rows = {{"model", "set for FMR", "distance", "FMR", "FNMR"}};
    for (const ModelResult& model : result.models) {
        for (std::size_t i = 0; i < model.chosen.size(); ++i) {
            any = true;
            std::ostringstream distance;
            distance << std::setprecision(4) << model.chosen[i].distance;
            rows.push_back({model.kind.name, percent(model.chosen[i].target), distance.str(),
                            percent(model.evaluation.fixed[i].fmr),
                            percent(model.evaluation.fixed[i].fnmr)});
        }
        if (model.evaluation.own) {
            std::ostringstream distance;
            distance << std::setprecision(4) << model.evaluation.own->threshold;
            rows.push_back({model.kind.name, "its own", distance.str(),
                            percent(model.evaluation.own->fmr),
                            percent(model.evaluation.own->fnmr)});
        }
    }
    if (rows.size() > 1) {
        out << "\nat thresholds from elsewhere"
            << (any ? " (set on other people: " +
                          (result.development
                               ? "the development set, " +
                                     std::to_string(result.development->first) + " to " +
                                     std::to_string(result.development->last)
                               : result.options.thresholds.string()) +
                          ")"
                    : "")
            << "\n";
        print_columns(out, rows);
    }
    for (const ModelResult& model : result.models) {
        if (!model.chosen.empty()) {
            out << model.kind.name << ", FMR at the strictest threshold: "
                << support_of(model.evaluation.fixed.back().false_matches) << "\n";
        }
    }
    out << "in brackets: 95 % bounds by drawing people; '?': too few impostor comparisons\n"
        << "measured in " << static_cast<long>(result.seconds + 0.5) << " s\n";
}

std::string json_of(const SimulatedResult& result) {
    const SimulatedFaces& faces = result.options.faces;
    Json json{
        {"format", 1},
        {"simulated", true},
        {"label", report::simulated_notice()},
        {"command", result.command},
        {"set", people::to_string(faces.set)},
        {"identities", describe_range(result.people)},
        {"people", faces.people},
        {"visits", faces.renders},
        {"references", faces.references},
        {"impostor_probes", faces.impostor_probes},
        {"difficulty", faces.difficulty},
        {"seed", faces.seed},
        {"development", result.development ? describe_range(*result.development) : Json(nullptr)},
        {"seconds", result.seconds}};
    json["models"] = Json::array();
    for (const ModelResult& model : result.models) json["models"].push_back(describe_model(model));
    return json.dump(2) + "\n";
}

std::string csv_of(const SimulatedResult& result) {
    std::ostringstream out;
    out << "source,model,set,claimed,subject,visit,same,distance,threshold,decision";
    for (const auto& name : shot_names()) out << ',' << name;
    out << '\n' << std::setprecision(7);
    for (const ModelResult& model : result.models) {
        const double threshold = model.deciding_threshold();
        for (const FaceTrial& trial : model.trials.trials) {
            const bool same = trial.claimed == trial.subject;
            out << "SIMULATED," << csv_cell(model.kind.name) << ','
                << people::to_string(result.options.faces.set) << ','
                << people::seed_in(result.options.faces.set, trial.claimed) << ','
                << people::seed_in(result.options.faces.set, trial.subject) << ',' << trial.visit
                << ',' << same << ',' << trial.distance << ',' << threshold << ','
                << (trial.distance <= threshold ? "match" : "no_match");
            for (std::size_t i = 0; i < shot_names().size(); ++i) {
                out << ',';
                // The same visit's other comparisons have the same values.
                if (same) out << result.visits[trial.subject][trial.visit][i];
            }
            out << '\n';
        }
    }
    return out.str();
}

std::string distribution_of(const SimulatedResult& result) {
    const ModelResult& model = result.models.front();
    const Evaluation::AtThreshold& at = model.evaluation.fixed.empty()
                                            ? model.evaluation.targets.back().rates
                                            : model.evaluation.fixed.back();
    return distribution_file(model.kind.name, provenance_of(result, model),
                             result.options.faces.references, at,
                             ErrorRates(scores_of(model.trials.comparisons())));
}

std::vector<ChosenThreshold> read_thresholds(const std::filesystem::path& file,
                                             const std::string& model) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(file.string() + " cannot be read: check --thresholds");
    const auto json = nlohmann::json::parse(in, nullptr, false);
    const auto refuse = [&](const std::string& why) {
        return InputError(file.string() + " " + why +
                          ": give the --json file of `strongroom face evaluate --simulated`");
    };
    if (!json.is_object() || !json.contains("models") || !json["models"].is_array()) {
        throw refuse("is no result of an evaluation");
    }
    std::vector<ChosenThreshold> thresholds;
    try {
        for (const auto& entry : json["models"]) {
            if (entry.value("name", "") != model) continue;
            for (const auto& item : entry.value("thresholds", nlohmann::json::array())) {
                ChosenThreshold chosen;
                chosen.target = item.at("target_fmr").get<double>();
                chosen.distance = item.at("distance").get<double>();
                // What is missing here is refused by expect_applicable(), with its name.
                const auto from = item.value("provenance", nlohmann::json::object());
                chosen.provenance.data_set = from.value("data_set", "");
                chosen.provenance.model = from.value("model", "");
                chosen.provenance.command = from.value("command", "");
                chosen.provenance.simulated = from.value("simulated", true);
                chosen.provenance.false_matches = {from.value("false_matches", std::int64_t{0}),
                                                   from.value("impostor", std::int64_t{0})};
                chosen.provenance.false_non_matches = {
                    from.value("false_non_matches", std::int64_t{0}),
                    from.value("genuine", std::int64_t{0})};
                const auto range = from.value("identities", std::vector<std::uint64_t>{});
                if (range.size() == 2) chosen.provenance.identities = {range[0], range[1]};
                thresholds.push_back(std::move(chosen));
            }
        }
    } catch (const nlohmann::json::exception& error) {
        throw refuse(std::string("holds a threshold that cannot be understood (") + error.what() +
                     ")");
    }
    if (thresholds.empty()) throw refuse("states no threshold for the model " + model);
    return thresholds;
}

}  // namespace strongroom::cli
