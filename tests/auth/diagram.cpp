#include "diagram.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <vector>

namespace strongroom::auth::testing {

namespace {

const FaceThreshold any_threshold{0.5, 0.0001, 0.001};

std::size_t stage_of(const Policy& policy, Factor factor) {
    const auto found = std::find(policy.factors.begin(), policy.factors.end(), factor);
    return static_cast<std::size_t>(found - policy.factors.begin());
}

// Where an advancing row may lead under this policy.
std::vector<State> advances_of(const Policy& policy, State from) {
    const auto after = [&](Factor factor) {
        return first_state(policy, stage_of(policy, factor) + 1);
    };
    switch (from) {
        case State::loading: return {first_state(policy, 0)};
        case State::face:
        case State::challenge: return {after(Factor::face)};
        case State::settling:
            if (!policy.asks_for(Factor::fingerprint)) return {after(Factor::code)};
            return {after(Factor::fingerprint), after(Factor::code)};
        default: return {after(Factor::key)};
    }
}

struct Arrow {
    State to{};
    std::string_view label;
};

// The arrows of one row, without those that stay.
std::vector<Arrow> arrows_of(const Policy& policy, const Transition& row) {
    std::vector<Arrow> arrows;
    const bool challenged = row.from == State::face && policy.challenge.required;
    const bool advances = row.advances && !challenged;
    bool named = advances;
    if (advances) {
        for (const State to : advances_of(policy, row.from)) arrows.push_back({to, row.what});
    }
    for (const State to : row.to) {
        if (to == row.from) continue;
        if (to == State::finger && !policy.asks_for(Factor::fingerprint)) continue;
        std::string_view label = row.what;
        if (to == State::challenge) {
            if (!challenged) continue;
        } else if (to == State::recording && row.from == State::face) {
            label = row.otherwise;
        } else if (to == State::idle) {
            label = row.ends.empty() ? row.what : row.ends;
        } else if (named) {
            label = row.otherwise.empty() ? row.what : row.otherwise;
        } else {
            named = true;
        }
        arrows.push_back({to, label});
    }
    return arrows;
}

std::string node(State state) { return std::string(to_string(state)); }

}  // namespace

std::string mermaid(const Policy& policy) {
    // Walk from idle, so that only what this policy can reach is drawn.
    std::string text = "```mermaid\nstateDiagram-v2\n";
    std::set<State> known{State::idle};
    std::deque<State> next{State::idle};
    while (!next.empty()) {
        const State from = next.front();
        next.pop_front();
        // One arrow for each target, with all its labels.
        std::vector<std::pair<State, std::vector<std::string_view>>> merged;
        for (const Transition& row : transitions()) {
            if (row.from != from) continue;
            for (const Arrow& arrow : arrows_of(policy, row)) {
                auto found = std::find_if(merged.begin(), merged.end(),
                                          [&](const auto& m) { return m.first == arrow.to; });
                if (found == merged.end()) found = merged.insert(merged.end(), {arrow.to, {}});
                auto& labels = found->second;
                if (std::find(labels.begin(), labels.end(), arrow.label) == labels.end()) {
                    labels.push_back(arrow.label);
                }
            }
        }
        // The endings last: what goes on reads from top to bottom.
        std::stable_partition(merged.begin(), merged.end(),
                              [](const auto& m) { return m.first != State::idle; });
        for (const auto& [to, labels] : merged) {
            std::string joined;
            for (const std::string_view label : labels) {
                if (!joined.empty()) joined += " / ";
                joined += label;
            }
            std::replace(joined.begin(), joined.end(), ';', ',');  // ends a statement in Mermaid
            text += "    " + (from == State::idle ? "[*]" : node(from)) + " --> " +
                    (to == State::idle ? "[*]" : node(to)) + ": " + joined + "\n";
            if (known.insert(to).second) next.push_back(to);
        }
    }
    return text + "```\n";
}

namespace {

std::string seconds(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) +
           " s";
}

// The policies of the product share their windows.
std::string window_table() {
    const Policy policy = locker(any_threshold);
    return "| Window | Length | Starts |\n|---|---|---|\n| face | " + seconds(policy.face.window) +
           " | with the step |\n| a gesture | " + seconds(policy.challenge.gesture_window) +
           " | when it is demanded; all of them within the face's window |\n| code | " +
           seconds(policy.code.window) +
           " | with the step, also when another code is sent |\n| a code's life | " +
           seconds(policy.code.lifetime) + " | when it is sent |\n| finger | " +
           seconds(policy.finger.window) + " | with the step |\n| key | " +
           seconds(policy.key.window) + " | with the step |\n| presence | " +
           seconds(policy.presence.window) + " | with the step |\n| the visit | " +
           seconds(policy.session_limit) + " | with the claim |\n| the released strike | " +
           seconds(policy.release_hold) + " | with the pulse |\n";
}

std::string staying_table() {
    std::string text = "| State | Event | What happens |\n|---|---|---|\n";
    for (const Transition& row : transitions()) {
        const bool stays = std::find(row.to.begin(), row.to.end(), row.from) != row.to.end();
        if (!stays) continue;
        std::string_view what = row.stays.empty() ? row.what : row.stays;
        if (row.from == State::idle && !row.ends.empty()) what = row.ends;
        text += "| " + node(row.from) + " | " + std::string(to_string(row.on)) + " | " +
                std::string(what) + " |\n";
    }
    return text;
}

std::string refusal_table() {
    std::map<State, std::set<EventKind>> answered;
    for (const Transition& row : transitions()) answered[row.from].insert(row.on);
    std::string text = "| State | Refused |\n|---|---|\n";
    for (std::size_t i = 0; i < states; ++i) {
        const auto state = static_cast<State>(i);
        std::string refused;
        for (std::size_t k = 0; k < event_kinds; ++k) {
            const auto kind = static_cast<EventKind>(k);
            if (kind == EventKind::deadline || answered[state].contains(kind)) continue;
            if (!refused.empty()) refused += ", ";
            refused += to_string(kind);
        }
        text += "| " + node(state) + " | " + refused + " |\n";
    }
    return text;
}

}  // namespace

std::string generated_part() {
    std::string text;
    for (const Policy& policy :
         {locker(any_threshold), locker_keyless(any_threshold), atm_access(any_threshold)}) {
        text += "\n### Policy `" + std::string(policy.name) + "`\n\n" + mermaid(policy);
    }
    text += "\n### Windows\n\n" + window_table();
    text += "\n### What stays in its state\n\n" + staying_table();
    text += "\n### What is refused\n\n" + refusal_table() + "\n";
    return text;
}

}  // namespace strongroom::auth::testing
