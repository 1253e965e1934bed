// Words for facts and outcomes, and what each format has to escape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/outcome.h"
#include "sim/facts.h"

namespace strongroom::report {

// Where a fact belongs in a timeline, top to bottom.
enum class Lane : std::uint8_t {
    people,
    camera,
    hands,
    screen,
    messages,
    strike,
    bolt,
    door,
    alarms,
    surroundings,
    records
};
inline constexpr int lanes = 11;
[[nodiscard]] std::string_view title_of(Lane lane);
[[nodiscard]] Lane lane_of(sim::FactKind kind);
// Who is who, told before anything happens.
[[nodiscard]] bool is_cast(sim::FactKind kind);

// "alice typed the code of message 2".
[[nodiscard]] std::string in_words(const sim::Fact& fact);
// The same in one to three words, for a mark in a drawing.
[[nodiscard]] std::string in_short(const sim::Fact& fact);

// Facts that repeat each other (frames of one face) taken together.
struct Happening {
    sim::Fact fact;   // the first
    Instant until{};  // the last
    int times = 1;
};
[[nodiscard]] std::vector<Happening> happenings(const std::vector<sim::Fact>& facts);

// What an arm did, in words: "held", "broke I1", "could not be played".
[[nodiscard]] std::string result_of(const scenarios::ArmOutcome& arm);
// Every arm: "defended held; undefended broke I1, I8; 2 restored held".
[[nodiscard]] std::string arms_in_words(const scenarios::ScenarioOutcome& scenario);
// "I1 no-open", or "honest visit".
[[nodiscard]] std::string class_of(const scenarios::ScenarioOutcome& scenario);

[[nodiscard]] std::string seconds_text(Duration duration, int decimals);
// Valid UTF-8: what is not becomes U+FFFD, and control characters become spaces.
[[nodiscard]] std::string clean(std::string_view text);
// For XML and HTML, in text and in quoted attributes; clean()ed first.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace strongroom::report
