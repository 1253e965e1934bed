// The attacks on the strike's line, on the production rules of strike and guard: every arm, by
// several seeds.
#include <algorithm>
#include <set>

#include "catch.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

const std::filesystem::path catalogue = std::filesystem::path(STRONGROOM_SCENARIOS) / "catalogue";

struct Run {
    Run() : faces(score_source(STRONGROOM_SCORES)) { options.faces = faces.get(); }
    std::unique_ptr<FaceSource> faces;
    Options options;
};

std::vector<sim::Fact> facts_of(const ArmOutcome& arm, sim::FactKind kind) {
    std::vector<sim::Fact> found;
    for (const sim::Fact& fact : arm.facts) {
        if (fact.kind == kind) found.push_back(fact);
    }
    return found;
}

}  // namespace

TEST_CASE("scenarios: the attacks on the strike's line hold and bite with every seed") {
    Run run;
    for (const char* name : {"K05-boot-glitch", "K05-late-value", "K06-killed-in-pulse"}) {
        const Scenario scenario = load_scenario(catalogue / std::string(name).append(".yaml"));
        std::set<std::string> hashes;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            run.options.seed = seed;
            const ScenarioOutcome first = play({scenario}, run.options).scenarios.front();
            INFO(name << ", seed " << seed << ": " << first.reason);
            CHECK(first.verdict == Verdict::held);
            CHECK(first.arms.size() == 2 + scenario.defences.size());
            const Digest again = play({scenario}, run.options).scenarios.front().trace_hash;
            CHECK(first.trace_hash == again);
            hashes.insert(sim::to_hex(first.trace_hash));
        }
        CHECK(hashes.size() == 3);
    }
}

TEST_CASE("scenarios: a relay on a pin that is pulled the wrong way is energised until the guard") {
    Run run;
    const Scenario scenario = load_scenario(catalogue / "K05-boot-glitch.yaml");
    const ArmOutcome defended = play_arm(scenario, {ArmKind::defended, {}, {}}, 1, run.options);
    const auto quiet = facts_of(defended, sim::FactKind::no_pulse);
    REQUIRE(quiet.size() == 1);
    CHECK(quiet.front().number == 10000);
    const ArmOutcome open =
        play_arm(scenario, {ArmKind::undefended, {}, {"relay.safe_init"}}, 1, run.options);
    CHECK(facts_of(open, sim::FactKind::no_pulse).empty());
    const auto doors = facts_of(open, sim::FactKind::door_opened);
    REQUIRE_FALSE(doors.empty());
    CHECK(doors.front().who == "mallory");
    const auto on = facts_of(open, sim::FactKind::strike_energised);
    const auto off = facts_of(open, sim::FactKind::strike_released);
    const auto at_boot = std::find_if(on.begin(), on.end(), [](const sim::Fact& fact) {
        return fact.at == Instant(std::chrono::seconds(66));
    });
    REQUIRE(at_boot != on.end());
    CHECK(at_boot->what == "glitch");
    const auto ended = std::find_if(off.begin(), off.end(),
                                    [&](const sim::Fact& fact) { return fact.at > at_boot->at; });
    REQUIRE(ended != off.end());
    // The whole boot, and until the program says its value.
    CHECK(ended->at - at_boot->at == std::chrono::milliseconds(6400));
}

TEST_CASE("scenarios: a pulse of a dead controller is cut by guard or kernel, else by nothing") {
    Run run;
    const Scenario scenario = load_scenario(catalogue / "K06-killed-in-pulse.yaml");
    const std::string guard = "relay.watchdog";
    const std::string kernel = "relay.strict_gpiod";
    for (const ArmPlan& plan :
         {ArmPlan{ArmKind::defended, {}, {}}, ArmPlan{ArmKind::restored, guard, {kernel}},
          ArmPlan{ArmKind::restored, kernel, {guard}}}) {
        const ArmOutcome arm = play_arm(scenario, plan, 1, run.options);
        INFO(arm.label() << " " << arm.error);
        CHECK(arm.violations.empty());
        const auto cut = facts_of(arm, sim::FactKind::pulse_cut);
        REQUIRE(cut.size() == 1);
        CHECK(cut.front().number == 200);
    }
    const ArmOutcome open =
        play_arm(scenario, {ArmKind::undefended, {}, {guard, kernel}}, 1, run.options);
    CHECK(facts_of(open, sim::FactKind::pulse_cut).empty());
    const auto broken = [&](Invariant invariant) {
        return std::any_of(open.violations.begin(), open.violations.end(),
                           [&](const Violation& v) { return v.invariant == invariant; });
    };
    CHECK(broken(Invariant::no_open));
    CHECK(broken(Invariant::locked));
    const auto taken = facts_of(open, sim::FactKind::contents_taken);
    CHECK(std::any_of(taken.begin(), taken.end(),
                      [](const sim::Fact& fact) { return fact.who == "mallory"; }));
    // It is the restart that locks: the request of the line says inactive.
    const auto off = facts_of(open, sim::FactKind::strike_released);
    REQUIRE_FALSE(off.empty());
    CHECK(off.front().at == Instant(std::chrono::minutes(6)));
}
