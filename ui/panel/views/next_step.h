// What a person at the panel could usefully do next, so that somebody who has never seen it gets a
// locker open: told from the snapshot alone, as the screen of the terminal would lead her. Advice
// and no rule: the terminal decides by itself. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "panel/orders.h"
#include "panel/snapshot.h"

namespace strongroom::panel {

struct NextStep {
    // Which of the panel's controls does it, so that it can be marked.
    enum class Control : std::uint8_t {
        none,  // wait, or look
        time,
        process,
        power,
        network,
        light,
        arrive,
        leave,
        claim,
        face,
        gesture,
        code,
        finger,
        key,
        pull,
        close,
    };
    Control control = Control::none;
    std::string words;   // "Ada types the code from her phone"
    std::string button;  // "Type the code"; empty: there is nothing to do but to wait
    std::variant<std::monostate, Order, TimeOrder> order;
    Gesture gesture{};  // with Control::gesture
};

// `chosen` is the person whom the panel drives; empty, or unknown: whoever is most likely wanted.
[[nodiscard]] NextStep next_step(const Snapshot& snapshot, std::string_view chosen);

// Whoever is meant by `chosen`: that person; otherwise who stands there, who holds the locker of
// this door, or the first. Null when there are no people.
[[nodiscard]] const PersonSnapshot* person_meant(const Snapshot& snapshot, std::string_view chosen);
// Null when there is none of that name.
[[nodiscard]] const PersonSnapshot* person_named(const Snapshot& snapshot, std::string_view name);
// The newest message with digits on a phone that is in her hand; null when there is none.
[[nodiscard]] const MessageRow* newest_code(const Snapshot& snapshot, const PersonSnapshot& person);
// Whose number she gives at the keypad: her own, or of who holds this locker when she is a
// stranger. 0 when nobody holds it.
[[nodiscard]] CustomerId likely_claim(const Snapshot& snapshot, const PersonSnapshot& person);

}  // namespace strongroom::panel
