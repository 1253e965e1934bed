// Gateways with a protocol: the production drivers play against emulated providers.
#include <algorithm>

#include "action_table.h"
#include "catch.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

struct Run {
    Run() : faces(score_source(STRONGROOM_SCORES)) { options.faces = faces.get(); }
    ArmOutcome play(const Scenario& scenario, ArmKind kind = ArmKind::defended) {
        ArmPlan plan{kind, {}, {}};
        if (kind == ArmKind::undefended) {
            for (const Defence& defence : scenario.defences) plan.removed.push_back(defence.name);
        }
        return play_arm(scenario, plan, scenario.seed, options);
    }
    std::unique_ptr<FaceSource> faces;
    Options options;
};

Scenario honest(const std::string& steps, const std::string& observed) {
    return parse_scenario(R"(
id: P1
title: Alice comes for her locker
class: honest
story: What happens to the first provider is the step before her visit.
gateways:
  - {name: primary, protocol: twilio}
  - {name: secondary, protocol: fast2sms}
cast:
  - {name: alice, customer: 1, locker: 7}
steps:
)" + steps + R"(
  - {at: 30s, actor: alice, does: visit, tries: 3}
expect:
  defended: {observed: [)" + observed +
                              R"(], not_observed: [leak_found, alarm_raised]}
until: 6min
)",
                          "planted.yaml");
}

bool breaks(const ArmOutcome& arm, Invariant invariant) {
    return std::any_of(arm.violations.begin(), arm.violations.end(),
                       [&](const Violation& v) { return v.invariant == invariant; });
}

int seen(const ArmOutcome& arm, sim::FactKind kind, std::string_view what) {
    return static_cast<int>(std::count_if(
        arm.facts.begin(), arm.facts.end(),
        [&](const sim::Fact& fact) { return fact.kind == kind && fact.what == what; }));
}

}  // namespace

TEST_CASE("providers: whatever the first provider answers, a customer opens with the second's") {
    const ActionRule* rule = action_named("provider_behaves");
    REQUIRE(rule != nullptr);
    const auto argument =
        std::find_if(rule->arguments.begin(), rule->arguments.end(),
                     [](const ArgumentRule& one) { return one.name == "behaviour"; });
    REQUIRE(argument != rule->arguments.end());
    REQUIRE(argument->choices.size() == 15);
    Run run;
    for (const std::string& behaviour : argument->choices) {
        INFO(behaviour);
        const ArmOutcome arm =
            run.play(honest("  - {at: 1s, actor: world, does: provider_behaves, gateway: primary, "
                            "behaviour: " +
                                behaviour + ", lasts: 6min}",
                            "sms_event, sms_failed_over, door_opened"));
        CHECK(arm.error.empty());
        CHECK(arm.missing.empty());
        CHECK(arm.as_expected);
    }
}

TEST_CASE("providers: a provider that works is the only one that is asked") {
    Run run;
    const ArmOutcome arm = run.play(honest("", "sms_submitted, sms_delivered, door_opened"));
    CHECK(arm.as_expected);
    CHECK(seen(arm, sim::FactKind::sms_submitted, "primary") == 1);
    CHECK(seen(arm, sim::FactKind::sms_submitted, "secondary") == 0);
    CHECK(std::none_of(arm.facts.begin(), arm.facts.end(), [](const sim::Fact& fact) {
        return fact.kind == sim::FactKind::sms_event;
    }));
}

TEST_CASE("providers: a terminal that dies while its message is under way sends another one") {
    Run run;
    const ArmOutcome arm =
        run.play(honest("  - {on: {fact: sms_submitted}, actor: world, does: kill_terminal}\n"
                        "  - {actor: world, does: start_terminal, after: 5s}",
                        "terminal_died, door_opened"));
    CHECK(arm.error.empty());
    CHECK(arm.as_expected);
    CHECK(seen(arm, sim::FactKind::sms_submitted, "primary") >= 2);
}

TEST_CASE("providers: who stands in the middle of an unverified connection reads the code") {
    Run run;
    const std::filesystem::path catalogue = std::filesystem::path(STRONGROOM_SCENARIOS);
    const Scenario n01 = load_scenario(catalogue / "catalogue" / "N01-man-in-the-middle.yaml");
    const ArmOutcome undefended = run.play(n01, ArmKind::undefended);
    CHECK(breaks(undefended, Invariant::no_open));
    // He has it all: what opens the door, whose it is, and the account it was sent with.
    for (const char* what : {"code", "phone number", "credentials of an account"}) {
        INFO(what);
        CHECK(seen(undefended, sim::FactKind::leak_found,
                   std::string(what) + " in what mallory read on the way to a provider") == 1);
    }
    CHECK(breaks(undefended, Invariant::secret));
    const ArmOutcome defended = run.play(n01);
    CHECK(defended.violations.empty());
    // One event from each driver: each of the two certificates was refused.
    for (const double gateway : {1.0, 2.0}) {
        CHECK(std::any_of(defended.facts.begin(), defended.facts.end(), [&](const sim::Fact& f) {
            return f.kind == sim::FactKind::sms_event && f.what == "sms.tls_fail" &&
                   f.value == gateway;
        }));
    }
}
