// Plays one arm and judges it.
#include <algorithm>
#include <map>
#include <sstream>

#include "actor.h"
#include "arena.h"
#include "checkers/checker.h"
#include "scenarios/player.h"
#include "witness.h"

namespace strongroom::scenarios {
namespace {

[[nodiscard]] bool removes(const ArmPlan& plan, const Defence& defence) {
    return std::find(plan.removed.begin(), plan.removed.end(), defence.name) != plan.removed.end();
}

[[nodiscard]] auth::Policy policy_named(PolicyName name, auth::FaceThreshold threshold) {
    switch (name) {
        case PolicyName::locker: return auth::locker(threshold);
        case PolicyName::locker_keyless: return auth::locker_keyless(threshold);
        case PolicyName::atm_access: return auth::atm_access(threshold);
    }
    return auth::locker(threshold);
}

[[nodiscard]] config::Settings settings_for(const Scenario& scenario, const ArmPlan& plan,
                                            const FaceSource& faces) {
    config::Settings settings{policy_named(scenario.policy, faces.threshold()), {}};
    for (const Defence& defence : scenario.defences) {
        if (!removes(plan, defence)) continue;
        for (const auto& [name, value] : defence.removed_by.values) {
            config::change_setting(settings, name, value);
        }
    }
    if (plan.kind == ArmKind::defended) {
        // Only an arm that takes something away may play what a door would refuse.
        std::vector<std::string> problems = settings.policy.check();
        for (std::string& problem : settings.rules.check()) problems.push_back(std::move(problem));
        if (!problems.empty()) {
            throw PlayError("the policy is not fit for a door: " + problems.front());
        }
    }
    // Photographs answer nothing; said in the run's facts. Everywhere else gestures are demanded.
    if (faces.level() == Level::images) settings.policy.challenge.required = false;
    return settings;
}

[[nodiscard]] std::set<std::string, std::less<>> parts_for(const Scenario& scenario,
                                                           const ArmPlan& plan) {
    std::set<std::string, std::less<>> parts;
    for (const Defence& defence : scenario.defences) {
        if (!removes(plan, defence)) continue;
        parts.insert(defence.removed_by.parts.begin(), defence.removed_by.parts.end());
        // What a mutant assumes of the world around it.
        if (!defence.removed_by.mutant.empty()) parts.insert(defence.removed_by.mutant);
    }
    return parts;
}

[[nodiscard]] bool attacks_records(const Scenario& scenario) {
    return std::any_of(scenario.steps.begin(), scenario.steps.end(), [](const Step& step) {
        return step.does == "delete_own_rows" || step.does == "restore_database" ||
               step.does == "put_own_face";
    });
}

[[nodiscard]] bool observed(const std::string& wanted, const sim::FactLog& facts,
                            const std::set<std::string>& audited) {
    const std::size_t colon = wanted.find(':');
    const std::string kind = colon == std::string::npos ? wanted : wanted.substr(0, colon);
    const std::string what = colon == std::string::npos ? "" : wanted.substr(colon + 1);
    if (kind == "audit") return audited.contains(what);
    return std::any_of(facts.begin(), facts.end(), [&](const sim::Fact& fact) {
        if (kind == "alarm") {
            return fact.kind == sim::FactKind::alarm_raised && fact.what == what;
        }
        if (kind == "prompt") {
            return fact.kind == sim::FactKind::prompt_shown && fact.what == what;
        }
        return to_string(fact.kind) == kind;
    });
}

void expect(const Scenario& scenario, const sim::FactLog& facts,
            const std::set<std::string>& audited, ArmOutcome& outcome) {
    for (const std::string& wanted : scenario.defended.observed) {
        if (!observed(wanted, facts, audited)) outcome.missing.push_back(wanted);
    }
    for (const std::string& unwanted : scenario.defended.not_observed) {
        if (observed(unwanted, facts, audited)) outcome.missing.push_back("no " + unwanted);
    }
}

// Nobody has to get in for a rate to be too high.
void measure_false_matches(const Scenario& scenario, Arena& arena, const FaceSource& faces,
                           ArmOutcome& outcome) {
    const auto measured = faces.false_matches(arena.settings().policy.face.threshold.distance_max,
                                              scenario.false_match_rate->people);
    if (!measured) throw PlayError("false matches cannot be measured at this level");
    arena.world().witness(sim::FactKind::false_matches_measured, {}, {},
                          std::to_string(measured->comparisons), measured->matches,
                          measured->upper);
    if (measured->upper <= scenario.false_match_rate->target) return;
    std::ostringstream what;
    what.precision(3);
    what << measured->matches << " of " << measured->comparisons
         << " comparisons of different people match: the false match rate may be "
         << measured->upper << ", over the target of " << scenario.false_match_rate->target
         << " (SIMULATED)";
    outcome.violations.push_back(
        {Invariant::no_open, arena.scheduler().now(), std::move(what).str()});
}

// Played to its end, in a world of its own.
void run(const Scenario& scenario, const ArmPlan& plan, std::uint64_t seed, const FaceSource& faces,
         ArmOutcome& outcome) {
    Arena arena(scenario, faces, settings_for(scenario, plan, faces), parts_for(scenario, plan),
                seed);
    Witness witness(arena);
    Insider insider(arena);
    std::map<std::string, std::vector<Step>> scripts;
    std::vector<std::string> order;  // of first appearance
    for (const Step& step : scenario.steps) {
        if (!scripts.contains(step.actor)) order.push_back(step.actor);
        scripts[step.actor].push_back(step);
    }
    std::vector<std::unique_ptr<Actor>> actors;
    for (const std::string& name : order) {
        actors.push_back(std::make_unique<Actor>(arena, insider, name, scripts[name]));
    }
    sim::FactLog& facts = arena.world().facts();
    // The world speaks on while it is taken down; nobody listens then, however this ends.
    const auto listening = std::make_shared<bool>(true);
    const std::unique_ptr<bool, void (*)(bool*)> until_here(listening.get(),
                                                            [](bool* on) { *on = false; });
    facts.subscribe([&, listening](const sim::Fact& fact) {
        if (!*listening) return;
        witness.see(fact);
        for (const auto& actor : actors) actor->see(fact);
    });
    arena.boot();
    for (const auto& actor : actors) actor->start();
    const Instant end = Instant(scenario.until);
    arena.scheduler().run_until(end);
    *listening = false;
    witness.finish();

    checkers::Reference reference;
    reference.face_distance_max = faces.threshold().distance_max;
    reference.records_attacked = attacks_records(scenario);
    if (faces.level() == Level::images) reference.gestures = 0;  // photographs answer nothing
    if (scenario.false_match_rate) measure_false_matches(scenario, arena, faces, outcome);
    const std::vector<Violation> found = checkers::check(facts, reference, end);
    outcome.violations.insert(outcome.violations.end(), found.begin(), found.end());
    if (plan.kind == ArmKind::defended) expect(scenario, facts, witness.audited(), outcome);
    outcome.trace_hash = facts.hash();
    outcome.played = scenario.until;
    outcome.facts.assign(facts.begin(), facts.end());
}

}  // namespace

std::vector<ArmPlan> plan_arms(const Scenario& scenario, ArmChoice choice) {
    std::vector<ArmPlan> plans;
    const auto wanted = [choice](ArmChoice one) {
        return choice == ArmChoice::all || choice == one;
    };
    std::vector<std::string> all;
    for (const Defence& defence : scenario.defences) all.push_back(defence.name);
    if (wanted(ArmChoice::defended)) plans.push_back({ArmKind::defended, {}, {}});
    if (scenario.honest) return plans;
    if (wanted(ArmChoice::undefended)) plans.push_back({ArmKind::undefended, {}, all});
    if (!wanted(ArmChoice::restored)) return plans;
    for (const std::string& restored : all) {
        std::vector<std::string> others = all;
        std::erase(others, restored);
        plans.push_back({ArmKind::restored, restored, std::move(others)});
    }
    return plans;
}

ArmOutcome play_arm(const Scenario& scenario, const ArmPlan& plan, std::uint64_t seed,
                    const Options& options, bool) {
    ArmOutcome outcome;
    outcome.kind = plan.kind;
    outcome.restored = plan.restored;
    outcome.removed = plan.removed;
    try {
        run(scenario, plan, seed, *options.faces, outcome);
    } catch (const std::exception& error) {
        outcome.error = error.what();
    }
    const bool broken =
        std::any_of(outcome.violations.begin(), outcome.violations.end(),
                    [&](const Violation& v) { return v.invariant == scenario.attacks; });
    // With some defences away other invariants may well break; one that is put back answers for the
    // invariant that is attacked.
    switch (plan.kind) {
        case ArmKind::defended:
            outcome.as_expected = outcome.violations.empty() && outcome.missing.empty();
            break;
        case ArmKind::undefended: outcome.as_expected = broken; break;
        case ArmKind::restored: outcome.as_expected = !broken; break;
    }
    if (!outcome.error.empty()) outcome.as_expected = false;
    return outcome;
}

}  // namespace strongroom::scenarios
