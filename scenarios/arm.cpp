// Plays one arm and judges it.
#include <algorithm>

#include "scenarios/live_arm.h"
#include "scenarios/player.h"

namespace strongroom::scenarios {

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
        LiveArm arm(scenario, plan, seed, *options.faces);
        arm.scheduler().run_until(Instant(scenario.until));
        arm.judge(outcome);
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
