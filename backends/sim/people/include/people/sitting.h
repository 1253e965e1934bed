// Sitting: one visit to a camera as a film: a living person, or an attacker with an instrument.
//
// It draws light, place and looks of the visit from a seed, and then gives the picture for any
// time. Equal setup, gestures and time give equal pictures, in whatever order they are asked for.
// One thread at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "people/attack.h"
#include "people/motion.h"
#include "people/renderer.h"

namespace strongroom::people {

struct SittingSetup {
    Head face;                             // whose face the camera is to see
    std::optional<Instrument> instrument;  // none: she is there herself
    Head attacker;                         // who holds or wears the instrument
    std::uint64_t seed = 1;                // of the visit
    double difficulty = 0.5;               // see random_shot()
    int width = 640;
    int height = 480;
    bool asleep = false;
    bool turned_away = false;
    std::optional<Head> company;  // who stands beside her, in the same picture
};

class Sitting {
public:
    // Both renderers outlive it. Throws RenderError for an impossible instrument or size.
    Sitting(Renderer& renderer, AttackRenderer& attacks, SittingSetup setup);

    // The visit's light, place, camera and looks, before anybody moves: to be changed before the
    // first picture is taken.
    [[nodiscard]] Shot& base() { return base_; }
    // She does it from `time` seconds on, there and back in `duration` seconds: a living person and
    // who wears a mask with the head, who holds a picture by turning it. Who was filmed earlier did
    // not hear the request; whose face is swapped in as it is injected did.
    void perform(const Performance& performance);
    // The picture at `time` seconds, 0 or more. Throws RenderError.
    [[nodiscard]] Picture at(double time);

private:
    [[nodiscard]] Picture attack_at(double time, const Shot& shot);
    [[nodiscard]] Picture together(const Shot& shot);
    [[nodiscard]] Presentation presentation_at(double time);

    Renderer& renderer_;
    AttackRenderer& attacks_;
    SittingSetup setup_;
    Shot base_;
    Shot source_;
    Motion motion_;
    Motion source_motion_;
    std::optional<Presentation> held_;  // drawn with the first picture
};

}  // namespace strongroom::people
