// One situation of an exploration. Private to explorer.cpp and explorer_key.cpp.
#pragma once

#include <optional>

#include "explorer.h"

namespace strongroom::auth::testing {

struct Explorer::Node {
    Session session;
    Witness witness;
    CustomerCounts counts{};
    Instant now{};
    std::optional<Store> pending_store{};
    EffectId pending_load{};
    EffectId pending_observe{};
    EffectId pending_finger{};
    EffectId pending_pulse{};
    EffectId pending_send{};
    Stimulus tried{};     // what the try that is being counted was made with
    EffectId answered{};  // some effect that was answered already
    std::uint64_t sequence = 1;
    Instant last_frame{};
    std::uint64_t fingers = 1;
    std::uint64_t track = 1;
    int visit = 0;
    int prolonged = 0;       // how often a deadline has moved the end of this visit's step
    bool elsewhere = false;  // a try is counted at another terminal, and not yet compared
    TimeStep step{1000};     // of the calendar
    TimeStep used{};         // of her authenticator, as the store has it
    TimeStep loaded_used{};  // and as it was when this visit began
    TimeStep typed{};        // of the code that is being counted; none: 0
    CodeDigits newest{};     // of this visit
    CodeDigits previous{};   // of this visit, before a resend
};

}  // namespace strongroom::auth::testing
