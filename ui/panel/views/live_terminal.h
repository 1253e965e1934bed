// The middle of the live view: the steps of the policy, the screen of the terminal and its keypad.
// The window's thread, within a frame.
#pragma once

#include <string>

#include "panel/view.h"

namespace strongroom::panel {

// The factors of the policy as a row, with what remains of the one under way.
void draw_steps(const Snapshot& snapshot);

class ScreenAndKeypad {
public:
    // `actor`: whose hand is at the keypad; null: nobody's.
    void draw(const Snapshot& snapshot, Context& context, const PersonSnapshot* actor);

private:
    void draw_keypad(const Snapshot& snapshot, Context& context, const PersonSnapshot* actor);
    std::string digits_;  // typed, and not entered yet
};

}  // namespace strongroom::panel
