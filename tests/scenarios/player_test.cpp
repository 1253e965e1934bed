#include "scenarios/player.h"

#include <set>

#include "catch.h"
#include "scenarios/loader.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

const std::filesystem::path catalogue = std::filesystem::path(STRONGROOM_SCENARIOS) / "catalogue";

struct Run {
    Run() : faces(score_source(STRONGROOM_SCORES)) {
        options.faces = faces.get();
        options.score_file = STRONGROOM_SCORES;
        options.mutants = STRONGROOM_MUTANTS;
    }
    std::unique_ptr<FaceSource> faces;
    Options options;
};

Scenario person_switch(const std::string& defence) {
    return parse_scenario(R"(
id: P1
title: Another person finishes the visit
class: I1 no-open
story: As T02 of the catalogue.
cast:
  - {name: alice, customer: 1, locker: 7}
  - {name: mallory, holds: {keys: [alice], phones: [alice]}}
steps:
  - {at: 30s, actor: alice, does: visit, stops_at: enter_code}
  - {on: {fact: person_left, who: alice}, actor: mallory, does: visit, as: alice, claims: false, tries: 1}
defences:
  - )" + defence + R"(
until: 3min
)",
                          "planted.yaml");
}

}  // namespace

TEST_CASE("scenarios: an honest visit leaves the same trace twenty times, alone or beside others") {
    Run run;
    const std::vector<Scenario> honest{load_scenario(catalogue / "H1-locker.yaml"),
                                       load_scenario(catalogue / "H2-keyless.yaml"),
                                       load_scenario(catalogue / "T02-person-switch.yaml")};
    std::set<std::string> hashes;
    for (int i = 0; i < 20; ++i) {
        run.options.jobs = 1 + i % 2;
        std::string all;
        for (const ScenarioOutcome& outcome : play(honest, run.options).scenarios) {
            all += sim::to_hex(outcome.trace_hash);
        }
        hashes.insert(all);
    }
    CHECK(hashes.size() == 1);
}

TEST_CASE("scenarios: another seed tells another story of the same visit") {
    Run run;
    const std::vector<Scenario> honest{load_scenario(catalogue / "H1-locker.yaml")};
    const Digest first = play(honest, run.options).scenarios.front().trace_hash;
    run.options.seed = 2;
    const RunOutcome second = play(honest, run.options);
    CHECK(second.scenarios.front().trace_hash != first);
    CHECK(second.scenarios.front().seed == 2);
    CHECK(second.scenarios.front().replay.find("--seed 2") != std::string::npos);
}

TEST_CASE("scenarios: an attack that fails without the defence it names is toothless") {
    Run run;
    const RunOutcome outcome =
        play({person_switch("{name: otp.ttl, removed_by: {value: {code.lifetime: 9min}}}")},
             run.options);
    CHECK(outcome.scenarios.front().verdict == Verdict::toothless);
    CHECK(outcome.exit_code() == 1);
}

TEST_CASE("scenarios: a set of defences of which one alone does not hold is breached") {
    Run run;
    const RunOutcome outcome = play({person_switch("{name: presence, removed_by: {value: "
                                                   "{presence.required: false}}}\n"
                                                   "  - {name: otp.ttl, removed_by: {value: "
                                                   "{code.lifetime: 9min}}}")},
                                    run.options);
    const ScenarioOutcome& scenario = outcome.scenarios.front();
    CHECK(scenario.verdict == Verdict::breached);
    CHECK(scenario.reason.find("restored: otp.ttl") != std::string::npos);
}

TEST_CASE("scenarios: what gets through all defences is breached") {
    Run run;
    const Scenario coerced = parse_scenario(R"(
id: P2
title: A customer who does not want to
class: I1 no-open
story: No factor tells whether she wants to.
cast:
  - {name: alice, customer: 1, locker: 7, willing: false}
steps:
  - {at: 30s, actor: alice, does: visit}
defences:
  - {name: presence, removed_by: {value: {presence.required: false}}}
until: 3min
)",
                                            "planted.yaml");
    const RunOutcome outcome = play({coerced}, run.options);
    CHECK(outcome.scenarios.front().verdict == Verdict::breached);
}

TEST_CASE("scenarios: what was to be seen and was not makes a run inconclusive") {
    Run run;
    Scenario honest = load_scenario(catalogue / "H1-locker.yaml");
    honest.defended.observed.emplace_back("alarm:tamper");
    const RunOutcome outcome = play({honest}, run.options);
    CHECK(outcome.scenarios.front().verdict == Verdict::inconclusive);
    CHECK(outcome.scenarios.front().arms.front().missing ==
          std::vector<std::string>{"alarm:tamper"});
}

TEST_CASE("scenarios: a mutant that was not built is said to be missing") {
    Run run;
    run.options.mutants = "no-such-directory";
    const RunOutcome outcome = play({load_scenario(catalogue / "K01-key-first.yaml")}, run.options);
    CHECK(outcome.scenarios.front().verdict == Verdict::inconclusive);
    CHECK(outcome.scenarios.front().reason.find("build the target 'mutants'") != std::string::npos);
}

TEST_CASE("scenarios: a scenario that is not for this level is refused") {
    Run run;
    Scenario other = load_scenario(catalogue / "H1-locker.yaml");
    other.levels = {Level::images};
    CHECK_THROWS_AS(play({other}, run.options), PlayError);
}

TEST_CASE("scenarios: an outcome survives the way from a mutant's program") {
    Run run;
    const Scenario scenario =
        person_switch("{name: presence, removed_by: {value: {presence.required: false}}}");
    const ArmPlan plan{ArmKind::undefended, {}, {"presence"}};
    const ArmOutcome before = play_arm(scenario, plan, 1, run.options);
    const ArmOutcome after = arm_from_json(to_json(before));
    CHECK_FALSE(before.violations.empty());
    CHECK(after.kind == before.kind);
    CHECK(after.removed == before.removed);
    CHECK(after.as_expected == before.as_expected);
    CHECK(after.trace_hash == before.trace_hash);
    CHECK(after.facts == before.facts);
    CHECK(after.violations.size() == before.violations.size());
    CHECK_THROWS_AS(arm_from_json("{}"), std::runtime_error);
}

TEST_CASE("scenarios: the defended arm refuses a policy that a door would refuse") {
    class Lax final : public FaceSource {
    public:
        explicit Lax(const FaceSource& inner) : inner_(inner) {}
        [[nodiscard]] Level level() const override { return inner_.level(); }
        [[nodiscard]] std::unique_ptr<hal::FaceObserver> observer(
            sim::World& world, sim::SiteId site, const sim::VirtualClock& clock,
            const Scenario& scenario, const FaceParts& parts) const override {
            return inner_.observer(world, site, clock, scenario, parts);
        }
        [[nodiscard]] Enrolment enrol_shown(const sim::ShownFace& shown, std::uint64_t identity,
                                            std::uint64_t presenter,
                                            const FaceParts& parts) const override {
            return inner_.enrol_shown(shown, identity, presenter, parts);
        }
        [[nodiscard]] std::vector<hal::FaceTemplate> enrol(const CastMember& member,
                                                           std::uint64_t who) const override {
            return inner_.enrol(member, who);
        }
        [[nodiscard]] auth::FaceThreshold threshold() const override { return {0.6, 0.2, 0.3}; }
        [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override {
            return inner_.facts();
        }

    private:
        const FaceSource& inner_;
    };
    Run run;
    const Lax lax(*run.faces);
    run.options.faces = &lax;
    const RunOutcome outcome = play({load_scenario(catalogue / "H1-locker.yaml")}, run.options);
    CHECK(outcome.scenarios.front().verdict == Verdict::inconclusive);
    CHECK(outcome.scenarios.front().reason.find("not fit for a door") != std::string::npos);
}
