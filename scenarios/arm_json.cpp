// An arm's outcome as text: what a mutant's executable hands back.
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "scenarios/player.h"

namespace strongroom::scenarios {
namespace {

[[nodiscard]] Digest digest_from(const std::string& hex) {
    Digest digest{};
    if (hex.size() != digest.size() * 2) throw std::runtime_error("a hash of the wrong length");
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::byte>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
    }
    return digest;
}

}  // namespace

std::string to_json(const ArmOutcome& outcome) {
    nlohmann::ordered_json json;
    json["kind"] = to_string(outcome.kind);
    json["restored"] = outcome.restored;
    json["removed"] = outcome.removed;
    json["violations"] = nlohmann::json::array();
    for (const Violation& v : outcome.violations) {
        json["violations"].push_back({{"invariant", static_cast<int>(v.invariant)},
                                      {"at", v.at.time_since_epoch().count()},
                                      {"what", v.what}});
    }
    json["missing"] = outcome.missing;
    json["as_expected"] = outcome.as_expected;
    json["error"] = outcome.error;
    json["trace_hash"] = sim::to_hex(outcome.trace_hash);
    json["played"] = outcome.played.count();
    json["facts"] = nlohmann::json::array();
    for (const sim::Fact& fact : outcome.facts) json["facts"].push_back(to_json_line(fact));
    return json.dump();
}

ArmOutcome arm_from_json(std::string_view text) {
    try {
        const auto json = nlohmann::json::parse(text);
        ArmOutcome outcome;
        const std::string kind = json.at("kind");
        outcome.kind = kind == "defended"     ? ArmKind::defended
                       : kind == "undefended" ? ArmKind::undefended
                                              : ArmKind::restored;
        outcome.restored = json.at("restored");
        outcome.removed = json.at("removed").get<std::vector<std::string>>();
        for (const auto& v : json.at("violations")) {
            outcome.violations.push_back({static_cast<Invariant>(v.at("invariant").get<int>()),
                                          Instant(Duration(v.at("at").get<std::int64_t>())),
                                          v.at("what")});
        }
        outcome.missing = json.at("missing").get<std::vector<std::string>>();
        outcome.as_expected = json.at("as_expected");
        outcome.error = json.at("error");
        outcome.trace_hash = digest_from(json.at("trace_hash"));
        outcome.played = Duration(json.at("played").get<std::int64_t>());
        std::size_t number = 0;
        for (const auto& line : json.at("facts")) {
            outcome.facts.push_back(
                sim::from_json_line(line.get<std::string>(), "fact " + std::to_string(++number)));
        }
        return outcome;
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(std::string("not the outcome of an arm: ") + error.what());
    }
}

}  // namespace strongroom::scenarios
