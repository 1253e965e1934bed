// An outcome with every verdict and with hostile texts, for the report's tests. Its facts are the
// checkers' recorded traces.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "scenarios/outcome.h"
#include "sim/facts.h"

namespace strongroom::tests {

inline constexpr const char* hostile =
    "</title><script>alert('x')</script> & \"quotes\" \x01\x1b[31m \xff\xfe ]]>";

inline std::vector<sim::Fact> facts_of(const std::string& trace) {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    if (source == nullptr) throw std::runtime_error("STRONGROOM_SOURCE_DIR is not set");
    const auto file = std::filesystem::path(source) / "tests/checkers/traces" / (trace + ".jsonl");
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + " cannot be read");
    sim::FactLog log;
    sim::read_json_lines(in, file.string(), log);
    return {log.begin(), log.end()};
}

inline scenarios::ArmOutcome arm(scenarios::ArmKind kind, const std::string& trace,
                                 bool as_expected) {
    scenarios::ArmOutcome arm;
    arm.kind = kind;
    arm.as_expected = as_expected;
    arm.facts = facts_of(trace);
    arm.played = arm.facts.back().at.time_since_epoch();
    arm.trace_hash[0] = std::byte{0xab};
    return arm;
}

inline scenarios::ScenarioOutcome scenario(const std::string& id, const std::string& title,
                                           scenarios::Invariant attacks,
                                           scenarios::Verdict verdict) {
    scenarios::ScenarioOutcome scenario;
    scenario.id = id;
    scenario.title = title;
    scenario.attacks = attacks;
    scenario.verdict = verdict;
    scenario.file = "scenarios/catalogue/" + id + ".yaml";
    scenario.seed = 7;
    scenario.story = "What the attacker does, and what it would gain.";
    scenario.references = {{"nist", "SP 800-63B 5.1.3"}, {"attack", "T1110.001"}};
    scenario.replay = "strongroom play " + scenario.file + " --seed 7";
    return scenario;
}

inline scenarios::RunOutcome sample() {
    using namespace scenarios;
    RunOutcome run;
    run.facts = {{"model pack", "dlib-densenet"},
                 {"threshold", "0.48 (distance)"},
                 {"false match rate", "0.1 % (at most 0.3 %)"},
                 {"evidence", "{\"data_set\":{\"name\":\"<b>faces</b>\"}}"},
                 {"liveness", "NOT MEASURED: declared by the scenario"}};

    ScenarioOutcome honest =
        scenario("H01", "Alice opens her locker", Invariant::service, Verdict::held);
    honest.honest = true;
    honest.reason = "The visit succeeded and no invariant broke.";
    honest.arms = {arm(ArmKind::defended, "honest-visit", true)};
    run.scenarios.push_back(honest);

    ScenarioOutcome held =
        scenario("T02", "Another person after the face", Invariant::no_open, Verdict::held);
    held.reason = "Held with its defences, broke I1 without them, and held with each alone.";
    held.defences = {"presence", "one subject"};
    ArmOutcome undefended = arm(ArmKind::undefended, "I1a-another-person-at-the-end", true);
    undefended.removed = held.defences;
    undefended.violations = {
        {Invariant::no_open, Instant(std::chrono::milliseconds(21900)),
         "the bolt was withdrawn for mallory, who is not entitled to this locker"},
        {Invariant::no_open, Instant(std::chrono::milliseconds(23400)),
         "mallory, who is not the willing customer of this locker, pulled the door open"}};
    ArmOutcome restored = arm(ArmKind::restored, "honest-after-a-stranger", true);
    restored.restored = "presence";
    restored.removed = {"one subject"};
    held.arms = {arm(ArmKind::defended, "honest-after-an-early-key", true), undefended, restored};
    run.scenarios.push_back(held);

    ScenarioOutcome breached = scenario("O03", hostile, Invariant::no_open, Verdict::breached);
    breached.reason = "I1 broke in the defended arm.";
    breached.story = hostile;
    breached.defences = {hostile};
    ArmOutcome broken = arm(ArmKind::defended, "I1b-code-older-than-120-s", false);
    broken.violations = {{Invariant::no_open, Instant(std::chrono::milliseconds(139900)), hostile}};
    broken.missing = {hostile};
    breached.arms = {broken};
    breached.chance = 3e-6;
    breached.chance_note = "Three tries at one code of a million.";
    run.scenarios.push_back(breached);

    ScenarioOutcome toothless =
        scenario("K01", "The key first", Invariant::no_open, Verdict::toothless);
    toothless.reason = "Nothing broke although its defences had been taken away.";
    toothless.arms = {arm(ArmKind::defended, "honest-after-an-early-key", true),
                      arm(ArmKind::undefended, "honest-after-an-early-key", false)};
    run.scenarios.push_back(toothless);

    ScenarioOutcome unknown = scenario("S07", "Disk full", Invariant::audit, Verdict::inconclusive);
    unknown.reason = "An arm could not be played.";
    ArmOutcome failed;
    failed.error = "the mutant store-fail-open is not built";
    unknown.arms = {failed};
    run.scenarios.push_back(unknown);
    return run;
}

}  // namespace strongroom::tests
