#include "face_simulated.h"

#include <algorithm>
#include <iostream>
#include <sstream>
#include <utility>

#include "biometrics/evaluation.h"
#include "biometrics/split.h"
#include "evaluation_json.h"
#include "face_model/embedded_pack.h"
#include "home.h"
#include "report/report.h"
#include "simulated_result.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

using namespace biometrics;

const std::vector<double>& targets() {
    static const std::vector<double> all{0.01, 0.001, 0.0001};
    return all;
}

IdentityRange range_of(people::Set set, std::size_t people) {
    return {people::seed_in(set, 0), people::seed_in(set, people - 1)};
}

// Every pack that compares and whose files are there; those that cannot be loaded are named.
std::vector<MatcherKind> every_pack(const PackChoice& choice) {
    std::vector<MatcherKind> kinds;
    std::vector<std::string> problems;
    const auto places = vision::PackPlaces::find(choice.models);
    for (const auto& listing : vision::list_packs(places, problems)) {
        if (!listing.manifest.embedder) continue;
        try {
            kinds.push_back(pack_matcher({listing.manifest.name, choice.models, {}}));
        } catch (const InputError& error) {
            problems.push_back(error.what());
        }
    }
    for (const auto& problem : problems) std::cerr << "not compared: " << problem << "\n";
    return kinds;
}

std::vector<MatcherKind> choose_matchers(const SimulatedEvaluation& options) {
    if (!options.baseline.empty() && options.baseline != "lbph") {
        throw InputError("there is no baseline '" + options.baseline +
                         "': the one there is is lbph");
    }
    PackChoice pack = options.pack;
    if (!options.pack_given) pack = {std::string(face_model::pack_name), options.pack.models, {}};
    std::vector<MatcherKind> kinds;
    if (!options.compare) {
        if (options.pack_given || options.baseline.empty()) kinds.push_back(pack_matcher(pack));
        if (!options.baseline.empty()) kinds.push_back(baseline_matcher());
        return kinds;
    }
    kinds.push_back(pack_matcher(pack));
    kinds.push_back(baseline_matcher());
    if (options.packs.empty()) {
        for (MatcherKind& kind : every_pack(options.pack)) kinds.push_back(std::move(kind));
    } else {
        for (const auto& name : options.packs) {
            kinds.push_back(pack_matcher({name, options.pack.models, {}}));
        }
    }
    // A pack that is named twice is measured once.
    std::vector<MatcherKind> once;
    for (MatcherKind& kind : kinds) {
        const bool there = std::any_of(once.begin(), once.end(),
                                       [&](const MatcherKind& k) { return k.name == kind.name; });
        if (!there) once.push_back(std::move(kind));
    }
    return once;
}

std::string command_of(const SimulatedEvaluation& options) {
    std::ostringstream out;
    out << "strongroom face evaluate --simulated " << options.faces.people;
    if (options.pack_given) out << " --pack " << options.pack.pack;
    if (!options.baseline.empty()) out << " --baseline " << options.baseline;
    if (options.compare) out << " --compare";
    for (std::size_t i = 0; i < options.packs.size(); ++i) {
        out << (i == 0 ? " --packs " : ",") << options.packs[i];
    }
    if (options.faces.set != people::Set::test) {
        out << " --set " << people::to_string(options.faces.set);
    }
    out << " --renders " << options.faces.renders << " --references " << options.faces.references
        << " --impostor-probes " << options.faces.impostor_probes << " --difficulty "
        << options.faces.difficulty;
    if (options.thresholds.empty()) {
        out << " --development " << options.development;
    } else {
        out << " --thresholds " << options.thresholds.string();
    }
    out << " --rounds " << options.rounds << " --seed " << options.faces.seed;
    return out.str();
}

// One list a matcher: a threshold for each FMR that the development set is large enough for.
std::vector<std::vector<ChosenThreshold>> develop(const std::vector<MatcherKind>& kinds,
                                                  const SimulatedResult& result) {
    SimulatedFaces faces = result.options.faces;
    faces.set = people::Set::development;
    faces.people = result.options.development;
    const FacesMeasured measured = measure_faces(kinds, faces);
    std::vector<std::vector<ChosenThreshold>> chosen(kinds.size());
    for (std::size_t m = 0; m < kinds.size(); ++m) {
        const auto comparisons = measured.matchers[m].comparisons();
        expect_comparisons(comparisons, "development");
        const auto impostors = static_cast<double>(scores_of(comparisons).impostor.size());
        Provenance from;
        from.data_set = "simulated people, development set";
        from.model = kinds[m].model;
        from.command = result.command;
        from.identities = range_of(people::Set::development, faces.people);
        from.simulated = true;
        for (const double target : targets()) {
            if (impostors * target >= 1) {
                chosen[m].push_back(choose_threshold(comparisons, target, from));
            }
        }
    }
    return chosen;
}

Bounded bounded(const Count& count) { return {count.rate(), clopper_pearson(count)}; }

ModelResult evaluate_model(const MatcherKind& kind, MatcherTrials trials,
                           std::vector<ChosenThreshold> chosen, const SimulatedResult& result) {
    ModelResult model;
    model.kind = kind;
    model.trials = std::move(trials);
    model.chosen = std::move(chosen);
    const auto comparisons = model.trials.comparisons();
    try {
        expect_comparisons(comparisons, std::string(people::to_string(result.options.faces.set)));
    } catch (const EvaluationError& error) {
        throw EvaluationError(kind.name + ": " + error.what() + " (" +
                              std::to_string(model.trials.not_enrolled) + " of " +
                              std::to_string(model.trials.people) + " people not enrolled, " +
                              std::to_string(model.trials.not_acquired) + " of " +
                              std::to_string(model.trials.pictures) + " pictures not acquired)");
    }
    EvaluationOptions settings;
    settings.fmr_targets = targets();
    settings.threshold = kind.threshold;
    for (const auto& threshold : model.chosen) {
        expect_applicable(threshold, result.people);
        settings.fixed.push_back(threshold.distance);
    }
    settings.rounds = result.options.rounds;
    settings.seed = result.options.faces.seed;
    model.evaluation = evaluate(comparisons, settings);
    model.not_enrolled = bounded({model.trials.not_enrolled, model.trials.people});
    model.not_acquired = bounded({model.trials.not_acquired, model.trials.pictures});
    const Interval by_person = cluster_bootstrap(model.trials.acquisition, settings.rounds,
                                                 Rng(settings.seed).fork("acquisition"));
    Interval& bounds = model.not_acquired.bounds;
    bounds = {std::min(bounds.lower, by_person.lower), std::max(bounds.upper, by_person.upper)};
    return model;
}

}  // namespace

int evaluate_simulated(const SimulatedEvaluation& options) {
    vision::use_one_thread();
    for (const auto& target : {options.json, options.scores, options.html, options.distribution}) {
        if (!target.empty()) report::expect_writable(target);
    }
    SimulatedResult result;
    result.options = options;
    result.command = command_of(options);
    if (options.faces.people < 2 || options.faces.people > people::people_in_set) {
        throw InputError("--simulated must be from 2 to " + std::to_string(people::people_in_set) +
                         " people");
    }
    result.people = range_of(options.faces.set, options.faces.people);
    const auto kinds = choose_matchers(options);
    std::vector<std::vector<ChosenThreshold>> chosen(kinds.size());
    if (!options.thresholds.empty()) {
        for (std::size_t m = 0; m < kinds.size(); ++m) {
            chosen[m] = read_thresholds(options.thresholds, kinds[m].name);
            // Before minutes of work, not after them.
            for (const auto& threshold : chosen[m]) expect_applicable(threshold, result.people);
        }
    } else if (options.development > 0 && options.faces.set != people::Set::development) {
        result.development = range_of(people::Set::development, options.development);
        chosen = develop(kinds, result);
    }
    FacesMeasured measured = measure_faces(kinds, options.faces);
    for (std::size_t m = 0; m < kinds.size(); ++m) {
        result.models.push_back(evaluate_model(kinds[m], std::move(measured.matchers[m]),
                                               std::move(chosen[m]), result));
    }
    result.visits = std::move(measured.visits);
    result.seconds = measured.seconds;
    print_result(std::cout, result);
    if (!options.scores.empty()) report::write_whole(options.scores, csv_of(result));
    if (!options.distribution.empty()) {
        report::write_whole(options.distribution, distribution_of(result));
    }
    if (!options.html.empty()) report::write_whole(options.html, html_of(result));
    if (!options.json.empty()) report::write_whole(options.json, json_of(result));
    return 0;
}

}  // namespace strongroom::cli
