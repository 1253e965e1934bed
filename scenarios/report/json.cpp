#include <nlohmann/json.hpp>

#include "report/report.h"
#include "sim/facts.h"
#include "report/words.h"

namespace strongroom::report {

using Json = nlohmann::ordered_json;
using namespace scenarios;

namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

Json arm_json(const ArmOutcome& arm) {
    Json violations = Json::array();
    for (const Violation& violation : arm.violations) {
        violations.push_back({{"invariant", short_name(violation.invariant)},
                              {"name", name(violation.invariant)},
                              {"at_s", seconds(violation.at.time_since_epoch())},
                              {"what", violation.what}});
    }
    return {{"arm", arm.label()},
            {"kind", to_string(arm.kind)},
            {"restored", arm.restored},
            {"removed", arm.removed},
            {"as_expected", arm.as_expected},
            {"result", result_of(arm)},
            {"violations", std::move(violations)},
            {"missing", arm.missing},
            {"error", arm.error},
            {"trace_hash", sim::to_hex(arm.trace_hash)},
            {"played_s", seconds(arm.played)},
            {"facts", arm.facts.size()}};
}

Json scenario_json(const ScenarioOutcome& scenario) {
    Json references = Json::array();
    for (const Reference& reference : scenario.references) {
        references.push_back({{"scheme", reference.scheme}, {"value", reference.value}});
    }
    Json arms = Json::array();
    for (const ArmOutcome& arm : scenario.arms) arms.push_back(arm_json(arm));
    Json json{{"id", scenario.id},
              {"title", scenario.title},
              {"class", class_of(scenario)},
              {"honest", scenario.honest},
              {"verdict", to_string(scenario.verdict)},
              {"reason", scenario.reason},
              {"seed", scenario.seed},
              {"trace_hash", sim::to_hex(scenario.trace_hash)},
              {"level", to_string(scenario.level)},
              {"file", scenario.file},
              {"replay", scenario.replay},
              {"story", scenario.story},
              {"references", std::move(references)},
              {"defences", scenario.defences},
              {"arms", std::move(arms)}};
    if (scenario.chance) {
        json["chance"] = {{"probability", *scenario.chance}, {"derivation", scenario.chance_note}};
    }
    return json;
}

}  // namespace

std::string to_json(const RunOutcome& outcome, const Context& context) {
    const Summary summary = outcome.summary();
    Json rests_on = Json::object();
    for (const auto& [fact, value] : outcome.facts) rests_on[fact] = value;
    Json all = Json::array();
    for (const ScenarioOutcome& scenario : outcome.scenarios)
        all.push_back(scenario_json(scenario));
    const Json json{{"format", 1},
                    {"complete", context.complete(outcome)},
                    {"asked", context.asked},
                    {"summary",
                     {{"scenarios", summary.scenarios},
                      {"held", summary.held},
                      {"breached", summary.breached},
                      {"toothless", summary.toothless},
                      {"inconclusive", summary.inconclusive}}},
                    {"rests_on", std::move(rests_on)},
                    {"scenarios", std::move(all)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace strongroom::report
