// The kinds of presentation, each from the attacker's place to the finished picture.
#pragma once

#include "attack_source.h"

namespace strongroom::people::attack {

// What render() was asked for.
struct Attempt {
    const Instrument& instrument;
    const Head& victim;
    const Head& attacker;
    const Shot& shot;
    const Shot& source;
    const Presentation& presentation;
};

// Prints and screens in the hand.
[[nodiscard]] Picture show_held(Renderer& renderer, Studio& studio, const Attempt& attempt);
// A print, whole or a part of it, on the attacker's own head.
[[nodiscard]] Picture show_paper_mask(Renderer& renderer, Studio& studio, const Attempt& attempt);
[[nodiscard]] Picture show_injection(Renderer& renderer, const Attempt& attempt);

// Pixels across the shown face that are worth taking the source in.
[[nodiscard]] double finest_for(const Instrument& instrument, const Shot& shot, bool film);

}  // namespace strongroom::people::attack
