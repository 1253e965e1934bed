// Attacks on what the camera is shown, at the level of scores: each defence stops what it claims to
// stop, and without the set the attack succeeds.
#include "catch.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

// Somebody with the customer's phone and key who needs her face, too.
ScenarioOutcome played(const std::string& attacks, const std::string& steps,
                       const std::string& defences, const std::string& observed,
                       const std::string& holds = "keys: [alice], phones: [alice]") {
    const Scenario scenario = parse_scenario(R"(
id: P1
title: An attack before the camera
class: )" + attacks + R"(
story: As the test says.
cast:
  - {name: alice, customer: 1, locker: 7}
  - {name: mallory, holds: {)" + holds + R"(}}
steps:
)" + steps + "defences:\n" + defences + R"(
expect:
  defended: {observed: [)" + observed + R"(]}
until: 6min
)",
                                             "planted.yaml");
    const auto faces = score_source(STRONGROOM_SCORES);
    Options options;
    options.faces = faces.get();
    return play({scenario}, options).scenarios.front();
}

void holds(const ScenarioOutcome& outcome) {
    INFO(outcome.reason);
    CHECK(outcome.verdict == Verdict::held);
}

const std::string no_challenge =
    "  - {name: face.challenge, removed_by: {value: {challenge.required: false}}}\n";

}  // namespace

TEST_CASE("scenarios: a print is stopped by liveness and by the challenge, each alone") {
    holds(played("I1 no-open",
                 "  - {at: 30s, actor: mallory, does: visit, as: alice, face_of: alice, how: "
                 "artefact, species: print_matte, quality: 0.7}\n",
                 "  - {name: face.pad, removed_by: {part: naive-liveness}}\n" + no_challenge,
                 "\"audit:liveness_failed\", instrument_shown"));
}

TEST_CASE("scenarios: a mask that blinks passes a challenge that asks for nothing else") {
    holds(played("I1 no-open",
                 "  - {at: 30s, actor: mallory, does: visit, as: alice, face_of: alice, how: "
                 "compromised, species: paper_mask, blinks: true}\n",
                 "  - {name: face.challenge, removed_by: {value: {challenge.allowed: blink, "
                 "challenge.count: 1}}}\n",
                 "\"audit:challenge_failed\", gesture_performed"));
}

TEST_CASE("scenarios: a sleeping customer is stopped by intent and by the challenge, each alone") {
    holds(played(
        "I1 no-open",
        "  - {at: 30s, actor: mallory, does: visit, as: alice, face_of: alice, how: "
        "asleep}\n",
        "  - {name: face.intent, removed_by: {value: {face.eyes_open_min: 0}}}\n" + no_challenge,
        "\"audit:no_intent\", \"prompt:open_eyes\""));
}

TEST_CASE("scenarios: a deepfake on another device is stopped by the pinned camera") {
    holds(played("I1 no-open",
                 "  - {at: 20s, actor: mallory, does: replace_camera, by: virtual_device, of: "
                 "alice}\n  - {at: 30s, actor: mallory, does: visit, as: alice}\n",
                 "  - {name: cam.allowlist, removed_by: {part: any-camera}}\n",
                 "\"audit:camera_untrusted\", \"alarm:camera_untrusted\", camera_replaced"));
}

TEST_CASE("scenarios: an earlier visit's frames are stopped by freshness and by the challenge") {
    holds(played("I1 no-open",
                 "  - {at: 20s, actor: mallory, does: replace_camera, by: recording, of: alice}\n"
                 "  - {at: 30s, actor: mallory, does: visit, as: alice}\n",
                 "  - {name: cam.freshness, removed_by: {part: old-frames}}\n" + no_challenge,
                 "\"audit:frame_stale\", \"alarm:camera_untrusted\""));
}

TEST_CASE("scenarios: a second person before the release is told to the guards") {
    holds(played("I6 alarm",
                 "  - {at: 30s, actor: alice, does: visit}\n"
                 "  - {on: {prompt: turn_key}, actor: mallory, does: stand_beside}\n"
                 "  - {after: 8s, actor: mallory, does: leave}\n",
                 "  - {name: scene.count, removed_by: {value: {presence.count_faces: false}}}\n",
                 "\"audit:two_persons\", \"alarm:two_persons\", \"prompt:one_person_only\"", ""));
}

TEST_CASE("scenarios: who does not answer is not let in, however well she is known") {
    const ScenarioOutcome outcome =
        played("I1 no-open", "  - {at: 30s, actor: alice, does: visit, answers: false, tries: 1}\n",
               "  - {name: otp.ttl, removed_by: {value: {code.lifetime: 9min}}}\n",
               "\"audit:challenge_failed\", \"prompt:not_recognised\"", "");
    CHECK(outcome.verdict == Verdict::toothless);  // nothing opens in either arm
    CHECK(outcome.arms.front().as_expected);
}
