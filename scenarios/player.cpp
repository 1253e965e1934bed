#include "scenarios/player.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <sstream>
#include <thread>

#include "mutant_process.h"

namespace strongroom::scenarios {
namespace {

// One arm of one scenario, to be played by whichever worker is free.
struct Task {
    std::size_t scenario = 0;
    std::size_t arm = 0;
    ArmPlan plan;
};

[[nodiscard]] std::string_view to_text(ArmChoice choice) {
    switch (choice) {
        case ArmChoice::all: return "all";
        case ArmChoice::defended: return "defended";
        case ArmChoice::undefended: return "undefended";
        case ArmChoice::restored: return "restored";
    }
    return "all";
}

// The first violation of the invariant that is attacked, or else of any.
[[nodiscard]] std::string first_violation(const ArmOutcome& arm, Invariant attacked) {
    if (arm.violations.empty()) return "nothing broke";
    auto found = std::find_if(arm.violations.begin(), arm.violations.end(),
                              [&](const Violation& v) { return v.invariant == attacked; });
    if (found == arm.violations.end()) found = arm.violations.begin();
    return std::string(short_name(found->invariant)) + ": " + found->what;
}

// The verdict over the arms that were played, the worst first.
void judge(ScenarioOutcome& outcome) {
    const auto conclude = [&](Verdict verdict, std::string reason) {
        outcome.verdict = verdict;
        outcome.reason = std::move(reason);
    };
    for (const ArmOutcome& arm : outcome.arms) {
        if (!arm.error.empty()) {
            conclude(Verdict::inconclusive, arm.label() + " could not be played: " + arm.error);
            return;
        }
    }
    for (const ArmOutcome& arm : outcome.arms) {
        const bool breached = arm.kind == ArmKind::defended   ? !arm.violations.empty()
                              : arm.kind == ArmKind::restored ? !arm.as_expected
                                                              : false;
        if (breached) {
            conclude(Verdict::breached,
                     arm.label() + " broke " + first_violation(arm, outcome.attacks));
            return;
        }
    }
    for (const ArmOutcome& arm : outcome.arms) {
        if (arm.kind == ArmKind::undefended && !arm.as_expected) {
            conclude(Verdict::toothless, "without its defences the attack does not break " +
                                             std::string(short_name(outcome.attacks)) + " (" +
                                             first_violation(arm, outcome.attacks) + ")");
            return;
        }
    }
    for (const ArmOutcome& arm : outcome.arms) {
        if (!arm.missing.empty()) {
            conclude(Verdict::inconclusive,
                     arm.label() + ": expected to be seen, and was not: " + arm.missing.front());
            return;
        }
    }
    conclude(Verdict::held, outcome.honest ? "the honest visits succeeded"
                                           : "every arm behaved as the scenario says");
}

// What guesses are left to whoever never knows a code: see ARCHITECTURE, section 7.
void compute_chance_of_codes(const FaceSource& faces, ScenarioOutcome& outcome) {
    const auth::Policy policy = auth::locker(faces.threshold());
    const double codes = std::pow(10.0, policy.code.digits);
    const int guesses = policy.lockout.staff_only_from;
    outcome.chance = 1 - std::pow(1 - 1 / codes, guesses);
    std::ostringstream note;
    note << "not staged: " << guesses << " wrong codes are compared before only two staff release "
         << "the customer, each against a code of " << policy.code.digits
         << " uniform digits: 1 - (1 - 1/" << static_cast<std::int64_t>(codes) << ")^" << guesses;
    outcome.chance_note = note.str();
}

// With so many pairs a false match is to be expected once in so many seeds; the bound is the
// measurement's.
void compute_chance_of_faces(const FaceSource& faces, const Scenario& scenario,
                             ScenarioOutcome& outcome) {
    const auto people = static_cast<double>(
        std::count_if(scenario.cast.begin(), scenario.cast.end(),
                      [](const CastMember& member) { return member.locker.has_value(); }));
    const double pairs = people * (people - 1);
    const auth::FaceThreshold threshold = faces.threshold();
    outcome.chance = 1 - std::pow(1 - threshold.fmr, pairs);
    std::ostringstream note;
    note.precision(3);
    note << "that one of " << pairs << " ordered pairs matches although they are two people, at a "
         << "false match rate of " << threshold.fmr << ": 1 - (1 - FMR)^" << pairs
         << "; at the rate's upper bound " << threshold.fmr_upper_bound << ": "
         << 1 - std::pow(1 - threshold.fmr_upper_bound, pairs);
    outcome.chance_note = note.str();
}

[[nodiscard]] ScenarioOutcome outline(const Scenario& scenario, const Options& options,
                                      std::size_t arms) {
    ScenarioOutcome outcome;
    outcome.id = scenario.id;
    outcome.title = scenario.title;
    outcome.story = scenario.story;
    outcome.attacks = scenario.attacks;
    outcome.honest = scenario.honest;
    outcome.file = scenario.file;
    outcome.level = options.faces->level();
    outcome.seed = options.seed.value_or(scenario.seed);
    outcome.references = scenario.references;
    for (const Defence& defence : scenario.defences) outcome.defences.push_back(defence.name);
    outcome.arms.resize(arms);
    outcome.replay = options.program + " play " + scenario.file + " --arm " +
                     std::string(to_text(options.arms)) + " --seed " +
                     std::to_string(outcome.seed) + " --level " +
                     std::string(to_string(outcome.level));
    switch (scenario.chance) {
        case Scenario::Chance::none: break;
        case Scenario::Chance::codes: compute_chance_of_codes(*options.faces, outcome); break;
        case Scenario::Chance::faces:
            compute_chance_of_faces(*options.faces, scenario, outcome);
            break;
    }
    return outcome;
}

void conclude(ScenarioOutcome& outcome) {
    judge(outcome);
    std::vector<std::byte> hashes;
    for (const ArmOutcome& arm : outcome.arms) {
        hashes.insert(hashes.end(), arm.trace_hash.begin(), arm.trace_hash.end());
    }
    outcome.trace_hash = keyed_hash({}, hashes);
}

[[nodiscard]] ArmOutcome play_task(const Scenario& scenario, const ArmPlan& plan,
                                   std::uint64_t seed, const Options& options) {
    const std::string mutant = mutant_for(scenario, plan);
    return mutant.empty() ? play_arm(scenario, plan, seed, options)
                          : play_in_mutant(mutant, scenario, plan, seed, options);
}

}  // namespace

RunOutcome play(const std::vector<Scenario>& scenarios, const Options& options) {
    RunOutcome run;
    run.facts = options.faces->facts();
    std::vector<Task> tasks;
    std::vector<std::size_t> left;  // arms to be played, for each scenario
    for (const Scenario& scenario : scenarios) {
        if (!scenario.available(options.faces->level())) {
            throw PlayError(scenario.file + ": cannot be played at level " +
                            std::string(to_string(options.faces->level())) + ": it is for " +
                            std::string(to_string(scenario.levels.front())));
        }
        std::vector<ArmPlan> plans = plan_arms(scenario, options.arms);
        run.scenarios.push_back(outline(scenario, options, plans.size()));
        left.push_back(plans.size());
        for (std::size_t i = 0; i < plans.size(); ++i) {
            tasks.push_back({run.scenarios.size() - 1, i, std::move(plans[i])});
        }
    }

    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    const auto work = [&] {
        for (std::size_t i = next++; i < tasks.size(); i = next++) {
            const Task& task = tasks[i];
            const Scenario& scenario = scenarios[task.scenario];
            ScenarioOutcome& outcome = run.scenarios[task.scenario];
            ArmOutcome arm = play_task(scenario, task.plan, outcome.seed, options);
            const std::lock_guard guard(mutex);
            outcome.arms[task.arm] = std::move(arm);
            if (--left[task.scenario] > 0) continue;
            conclude(outcome);
            if (options.finished) options.finished(outcome);
        }
    };
    std::vector<std::thread> others;
    for (int i = 1; i < options.jobs; ++i) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    // An arm that no plan asked for leaves a scenario without any: there is nothing to say of it.
    for (ScenarioOutcome& outcome : run.scenarios) {
        if (outcome.arms.empty()) conclude(outcome);
    }
    return run;
}

}  // namespace strongroom::scenarios
