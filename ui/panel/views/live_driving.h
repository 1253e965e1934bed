// The right column of the live view: who is there, and what one of them does. The window's thread,
// within a frame.
#pragma once

#include <string>

#include "panel/view.h"
#include "next_step.h"

namespace strongroom::panel {

// Everybody, with where they are and what they have in their hands; one of them is driven. `actor`
// is who that is now (may be null); a row that is pressed makes its name the `chosen` one.
void draw_people(const Snapshot& snapshot, const PersonSnapshot* actor, std::string& chosen);

// What stands above draw_phones().
[[nodiscard]] std::string phone_title(const Snapshot& snapshot, const PersonSnapshot& actor);
// The phones in her hand and what arrived on them, newest first.
void draw_phones(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                 const NextStep& next);

// What the person who is driven can do.
class Driving {
public:
    void draw(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
              const NextStep& next);

private:
    void draw_place(Context& context, const PersonSnapshot& actor, const NextStep& next);
    void draw_claim(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                    const NextStep& next);
    void draw_face(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                   const NextStep& next);
    void draw_finger(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                     const NextStep& next);

    int claimed_ = -1;         // of the people with a number; -1: whoever is likely
    std::string claimed_for_;  // whose choice that was
    int locker_ = -1;
    int instrument_ = 0;  // 0: her own face; then the species
    int whose_ = 0;       // of the people
    double quality_ = 0.5;
    int look_ = 0;    // seen well, from afar, turned away, blurred, eyes shut
    int finger_ = 0;  // 0: her own; then casts of people's
};

}  // namespace strongroom::panel
