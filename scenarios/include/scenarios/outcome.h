// What playing scenarios found: the one structure that the terminal table, the JSON, the JUnit file
// and the HTML report are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "sim/facts.h"

namespace strongroom::scenarios {

// I1 to I12 of docs/invariants.md.
enum class Invariant : std::uint8_t {
    no_open = 1,
    balance,
    audit,
    secret,
    service,
    alarm,
    locked,
    once,
    count,
    two,
    total,
    replay,
};

// "I1", "no-open", and one sentence.
[[nodiscard]] std::string_view short_name(Invariant invariant);
[[nodiscard]] std::string_view name(Invariant invariant);
[[nodiscard]] std::string_view sentence(Invariant invariant);

// An invariant that did not hold, as witnessed in the world.
struct Violation {
    Invariant invariant{};
    Instant at{};
    std::string what;  // one sentence, no secrets
};

// How vision was simulated.
enum class Level : std::uint8_t { scores, images, render };
[[nodiscard]] std::string_view to_string(Level level);

enum class ArmKind : std::uint8_t { defended, undefended, restored };
[[nodiscard]] std::string_view to_string(ArmKind kind);

// One way of playing a scenario.
struct ArmOutcome {
    ArmKind kind{};
    std::string restored;              // the defence put back alone, for restored arms
    std::vector<std::string> removed;  // the defences taken away
    std::vector<Violation> violations;
    std::vector<std::string> missing;  // expected observations that did not appear
    bool as_expected = false;          // held when it should hold, broke what it should break
    std::string error;                 // why it could not be played to its end; empty when it was
    Digest trace_hash{};
    Duration played{};             // virtual time
    std::vector<sim::Fact> facts;  // what the world showed, in order

    // "defended", "undefended", "restored: otp.ttl".
    [[nodiscard]] std::string label() const;
};

enum class Verdict : std::uint8_t {
    held,          // every arm behaved as the scenario says
    breached,      // an invariant broke although its defences were there
    toothless,     // the attack failed although its defences had been taken away
    inconclusive,  // an arm could not be played, or an expected observation is missing
};
[[nodiscard]] std::string_view to_string(Verdict verdict);

struct Reference {
    std::string scheme;  // "attack", "iso_30107_1", "nist", "rfc", ...
    std::string value;
};

struct ScenarioOutcome {
    std::string id;
    std::string title;
    std::string story;
    Invariant attacks{};  // the scenario's class
    bool honest = false;  // no attack: a visit that has to succeed
    std::string file;     // as given on the command line
    Level level{};
    std::uint64_t seed = 0;
    std::vector<Reference> references;
    std::vector<std::string> defences;
    Verdict verdict{};
    std::string reason;  // one sentence: why this verdict
    std::vector<ArmOutcome> arms;
    std::string replay;   // the command that plays it again
    Digest trace_hash{};  // over the arms' hashes, in order
    // For attacks that are not staged: the computed chance that they open, with its derivation.
    std::optional<double> chance;
    std::string chance_note;
};

struct Summary {
    int scenarios = 0;
    int held = 0;
    int breached = 0;
    int toothless = 0;
    int inconclusive = 0;
};

struct RunOutcome {
    std::vector<ScenarioOutcome> scenarios;  // in the order of their files
    // What the run rested on: model pack, threshold, measured error rates, how liveness was known.
    std::vector<std::pair<std::string, std::string>> facts;

    [[nodiscard]] Summary summary() const;
    // 0 when every scenario held, 1 otherwise.
    [[nodiscard]] int exit_code() const;
};

}  // namespace strongroom::scenarios
