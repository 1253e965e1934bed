// What actors can do: names and arguments. The loader checks against this table, the schema lists
// the same names (a test compares), and actor.cpp carries them out. Private to scenarios.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::scenarios {

enum class ArgumentKind : std::uint8_t {
    text,     // one of `choices`, or anything when there are none
    person,   // of the cast
    site,     // of the sites
    gateway,  // of the gateways
    duration,
    number,    // 0 or more
    fraction,  // more than 0, at most 1
    flag,
};

struct ArgumentRule {
    std::string name;
    ArgumentKind kind{};
    bool required = false;
    std::vector<std::string> choices{};
};

enum class DoneBy : std::uint8_t { person, world };

struct ActionRule {
    std::string name;
    DoneBy by{};
    std::vector<ArgumentRule> arguments;
};

[[nodiscard]] const std::vector<ActionRule>& action_table();
// Null when there is none.
[[nodiscard]] const ActionRule* action_named(std::string_view name);

// What can be done to an emulated fingerprint sensor alone.
[[nodiscard]] bool attacks_sensor(std::string_view action);

}  // namespace strongroom::scenarios
