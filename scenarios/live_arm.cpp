#include "scenarios/live_arm.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "actor.h"
#include "arena.h"
#include "checkers/checker.h"
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
        if (kind == "event") {
            return fact.kind == sim::FactKind::sms_event && fact.what == what;
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

[[nodiscard]] config::Settings adjusted(config::Settings settings, const LiveArmOptions& options) {
    if (options.adjust) options.adjust(settings);
    return settings;
}

}  // namespace

struct LiveArm::Implementation {
    Implementation(const Scenario& played, const ArmPlan& arm, std::uint64_t seed,
                   const FaceSource& from, const LiveArmOptions& options)
        : scenario(played),
          plan(arm),
          faces(from),
          arena(played, from, adjusted(settings_for(played, arm, from), options),
                parts_for(played, arm), seed, options.faults),
          witness(arena),
          insider(arena) {
        add_actors();
        sim::FactLog& facts = arena.world().facts();
        // The world speaks on while it is taken down; nobody listens then.
        subscription = facts.subscribe([this](const sim::Fact& fact) {
            witness.see(fact);
            for (const auto& actor : actors) actor->see(fact);
        });
    }

    ~Implementation() { stop_listening(); }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;

    void add_actors() {
        std::map<std::string, std::vector<Step>> scripts;
        std::vector<std::string> order;  // of first appearance
        for (const Step& step : scenario.steps) {
            if (!scripts.contains(step.actor)) order.push_back(step.actor);
            scripts[step.actor].push_back(step);
        }
        for (const std::string& name : order) {
            actors.push_back(std::make_unique<Actor>(arena, insider, name, scripts[name]));
        }
    }

    void stop_listening() {
        if (!subscription) return;
        arena.world().facts().unsubscribe(*subscription);
        subscription.reset();
    }

    const Scenario& scenario;
    ArmPlan plan;
    const FaceSource& faces;
    Arena arena;
    Witness witness;
    Insider insider;
    std::vector<std::unique_ptr<Actor>> actors;
    std::optional<sim::FactLog::Subscription> subscription;
};

LiveArm::LiveArm(const Scenario& scenario, const ArmPlan& plan, std::uint64_t seed,
                 const FaceSource& faces, const LiveArmOptions& options)
    : implementation_(std::make_unique<Implementation>(scenario, plan, seed, faces, options)) {
    implementation_->arena.boot();
    for (const auto& actor : implementation_->actors) actor->start();
}

LiveArm::~LiveArm() = default;

sim::Scheduler& LiveArm::scheduler() { return implementation_->arena.scheduler(); }
sim::World& LiveArm::world() { return implementation_->arena.world(); }
sim::SmsNetwork& LiveArm::network() { return implementation_->arena.network(); }
const config::Settings& LiveArm::settings() const { return implementation_->arena.settings(); }
bool LiveArm::running() const { return implementation_->arena.running(); }
const std::string& LiveArm::refused() const { return implementation_->arena.refused(); }
void LiveArm::boot() { implementation_->arena.boot(); }
void LiveArm::die(bool power) { implementation_->arena.die(power); }
void LiveArm::power_up(sim::SiteId site) { implementation_->arena.power_up(site); }
terminal::Terminal* LiveArm::terminal(sim::SiteId site) {
    return implementation_->arena.terminal(site);
}
store::SqliteRecords* LiveArm::records() { return implementation_->arena.records(); }
store::Moment LiveArm::moment() const { return implementation_->arena.moment(); }
sim::FaultPlan* LiveArm::faults() { return implementation_->arena.faults(); }

void LiveArm::judge(ArmOutcome& outcome) {
    Implementation& live = *implementation_;
    const Instant end = live.arena.scheduler().now();
    live.stop_listening();
    live.witness.finish();
    const sim::FactLog& facts = live.arena.world().facts();
    checkers::Reference reference;
    reference.face_distance_max = live.faces.threshold().distance_max;
    reference.records_attacked = attacks_records(live.scenario);
    if (live.faces.level() == Level::images) reference.gestures = 0;  // photographs answer nothing
    if (live.scenario.false_match_rate) {
        measure_false_matches(live.scenario, live.arena, live.faces, outcome);
    }
    const std::vector<Violation> found = checkers::check(facts, reference, end);
    outcome.violations.insert(outcome.violations.end(), found.begin(), found.end());
    if (live.plan.kind == ArmKind::defended) {
        expect(live.scenario, facts, live.witness.audited(), outcome);
    }
    outcome.trace_hash = facts.hash();
    outcome.played = end.time_since_epoch();
    outcome.facts.assign(facts.begin(), facts.end());
}

}  // namespace strongroom::scenarios
