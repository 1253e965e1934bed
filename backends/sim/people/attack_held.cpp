#include "attack_scene.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

struct Arrangement {
    Shot attacker;  // where she herself is
    V3 centre;      // of the thing
};

Arrangement arrange_before_face(const Attempt& attempt) {
    const Shot& shot = attempt.shot;
    const Presentation& held = attempt.presentation;
    const View view(shot.lens);
    Arrangement out{shot, {}};
    const double distance = shot.place.distance;
    // The direction in which her own face would be.
    out.centre = V3{to_float(shot.place.right / distance + held.shake_x / shot.lens.focal_length),
                    to_float(shot.place.up / distance - held.shake_y / shot.lens.focal_length), 1} *
                 to_float(held.distance);
    Rng rng = Rng(attempt.instrument.seed).fork("stand");
    const double behind = std::max(distance, held.distance + rng.uniform(0.2, 0.35));
    // The less practised look past the thing.
    const double careless = 1.3 - attempt.instrument.quality;
    out.attacker.place.distance = std::min(behind, 3.0);
    const double further = out.attacker.place.distance / distance;
    out.attacker.place.right =
        shot.place.right * further + std::clamp(rng.normal(0, 0.05), -0.1, 0.1) * careless;
    out.attacker.place.up =
        shot.place.up * further + std::clamp(rng.normal(0, 0.025), -0.05, 0.05) * careless;
    return out;
}

Arrangement arrange_beside_face(const Attempt& attempt) {
    const Shot& shot = attempt.shot;
    const Instrument& instrument = attempt.instrument;
    Arrangement out{shot, {}};
    const double side = static_cast<double>(side_of_photo(instrument));
    const double focal = shot.lens.focal_length;
    // Both must be in the frame: the photograph is moved back until they are.
    constexpr double half_head = 0.095;
    const double head = half_head * focal / shot.place.distance;
    const double room_left = 0.48 * shot.lens.width - head;
    const double sheet_half = instrument.width / 2;
    const double distance =
        std::max(attempt.presentation.distance,
                 room_left > 10 ? sheet_half * focal / room_left : attempt.presentation.distance);
    const double sheet = sheet_half * focal / distance;
    const double gap = 0.01 * focal / shot.place.distance;
    const double middle = shot.place.right / shot.place.distance * focal;
    const double whole = 2 * head + 2 * sheet + gap;
    const double head_at = middle - side * (whole / 2 - head);
    const double sheet_at = middle + side * (whole / 2 - sheet);
    out.attacker.place.right = head_at / focal * shot.place.distance;
    out.centre =
        V3{to_float((sheet_at + attempt.presentation.shake_x) / focal),
           to_float(shot.place.up / shot.place.distance - attempt.presentation.shake_y / focal),
           1} *
        to_float(distance);
    return out;
}

}  // namespace

float side_of_photo(const Instrument& instrument) {
    return Rng(instrument.seed).fork("side").uniform() < 0.5 ? 1.0F : -1.0F;
}

double finest_for(const Instrument& instrument, const Shot& shot, bool film) {
    // At the distance where it is about life-size; nearer than a hand's breadth nobody holds it.
    // A film is taken anew for each frame: as fine as can be seen must do.
    const double distance = std::clamp(0.5 * instrument.face_width / 0.145, 0.19, 1.0);
    return (film ? 1.0 : 1.3) * shot.lens.focal_length * instrument.face_width / distance;
}

Picture show_held(Renderer& renderer, Studio& studio, const Attempt& attempt) {
    const Instrument& instrument = attempt.instrument;
    const bool screen = is_screen(instrument.species);
    const Arrangement arrangement = instrument.species == Species::photo_beside
                                        ? arrange_beside_face(attempt)
                                        : arrange_before_face(attempt);
    const double letterbox = screen ? instrument.letterbox : 0;
    const double aspect = instrument.height * (1 - letterbox) / instrument.width;
    const bool film = screen && instrument.video;
    const SourcePicture& picture =
        studio.picture(instrument, attempt.victim, attempt.source, aspect, film,
                       finest_for(instrument, attempt.shot, film));
    Renderer::Scene scene = renderer.render_scene(attempt.attacker, arrangement.attacker);

    const View view(attempt.shot.lens);
    const Presentation& held = attempt.presentation;
    const Surface surface = surface_at(arrangement.centre, held.tilt, held.lean, held.spin,
                                       screen ? 0.0 : instrument.bend);
    Placed placed{&picture, to_float(instrument.width) / to_float(picture.width()), 0,
                  to_float(picture.width() - 1) / 2, to_float(picture.height() - 1) / 2};
    placed.level = picture.level_for(footprint_of(view, surface).s / placed.metres);
    const Room room(attempt.shot);
    if (instrument.hand) {
        paint_hands_behind(scene.light, view, room, surface, instrument, attempt.attacker);
    }
    if (instrument.species == Species::laptop_replay) {
        paint_keyboard(scene.light, view, room, surface, instrument);
    }
    if (screen) {
        paint_screen(scene.light, view, room, surface, instrument, placed, attempt.shot.time);
    } else {
        paint_print(scene.light, view, room, surface, instrument, placed);
    }
    if (instrument.hand) {
        paint_hands_before(scene.light, view, room, surface, instrument, attempt.attacker);
    }
    scene.face = truth_on(surface, view, placed, held.spin);
    return renderer.expose(std::move(scene), attempt.shot);
}

}  // namespace strongroom::people::attack
