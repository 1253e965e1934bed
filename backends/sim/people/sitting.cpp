#include "people/sitting.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace strongroom::people {

namespace {

// How far through a performance `time` is: 0 before and after, 1 in its middle.
double progress(const Performance& performance, double time) {
    const double share = (time - performance.begins) / performance.duration;
    if (share <= 0 || share >= 1) return 0;
    return std::sin(std::numbers::pi * share) * performance.strength;
}

}  // namespace

Sitting::Sitting(Renderer& renderer, AttackRenderer& attacks, SittingSetup setup)
    : renderer_(renderer), attacks_(attacks), setup_(std::move(setup)) {
    const Rng visit(setup_.seed);
    Rng scene = visit.fork("scene");
    base_ = random_shot(scene, setup_.difficulty);
    base_.lens.width = setup_.width;
    base_.lens.height = setup_.height;
    // The same field of view at any size.
    base_.lens.focal_length *= static_cast<double>(setup_.width) / Lens{}.width;
    motion_.seed = visit.fork("motion").fork("own").next();
    motion_.asleep = setup_.asleep;
    if (!setup_.instrument) return;

    std::vector<std::string> problems = check(*setup_.instrument);
    if (!problems.empty()) throw RenderError(problems.front());
    // The picture was taken elsewhere and by day: what it shows is the instrument's, not the
    // visit's.
    Rng source = Rng(setup_.instrument->seed).fork("source");
    source_ = random_shot(source, 0.2);
    source_motion_.seed = source.next();
}

void Sitting::perform(const Performance& performance) {
    const bool swapped = setup_.instrument && setup_.instrument->species == Species::injection;
    (swapped ? source_motion_ : motion_).performances.push_back(performance);
}

Picture Sitting::at(double time) {
    Shot shot = base_;
    shot.time = time;
    // Thousandths of a second tell two frames of any camera apart.
    shot.noise_seed = Rng(setup_.seed ^ static_cast<std::uint64_t>(std::llround(time * 1000)))
                          .fork("noise")
                          .next();
    move(shot, motion_, time);
    if (setup_.turned_away) shot.pose.yaw += shot.pose.yaw < 0 ? -65 : 65;
    if (setup_.instrument) return attack_at(time, shot);
    if (setup_.company) return together(shot);
    return renderer_.render(setup_.face, shot);
}

// Two people stand beside each other: one picture of each before the same background, cut where one
// ends and the other begins.
Picture Sitting::together(const Shot& shot) {
    Shot left = shot;
    left.place.distance = std::min(3.0, shot.place.distance * 1.3);
    Shot right = left;
    const double apart = 0.24 * left.place.distance;
    left.place.right = -apart;
    right.place.right = apart;
    right.pose.yaw = -shot.pose.yaw;
    right.appearance = {};
    right.noise_seed = shot.noise_seed + 1;
    Picture picture = renderer_.render(setup_.face, left);
    const Picture other = renderer_.render(*setup_.company, right);
    const auto row = static_cast<std::ptrdiff_t>(picture.width) * 3;
    const auto half = static_cast<std::ptrdiff_t>(picture.width / 2) * 3;
    for (std::ptrdiff_t y = 0; y < picture.height; ++y) {
        std::copy(other.pixels.begin() + y * row + half, other.pixels.begin() + (y + 1) * row,
                  picture.pixels.begin() + y * row + half);
    }
    return picture;
}

Picture Sitting::attack_at(double time, const Shot& shot) {
    Shot source = source_;
    source.time = time;
    source.noise_seed = shot.noise_seed + 1;
    if (setup_.instrument->video || setup_.instrument->species == Species::injection) {
        move(source, source_motion_, time);
    }
    return attacks_.render(*setup_.instrument, setup_.face, setup_.attacker, shot, source,
                           presentation_at(time));
}

Presentation Sitting::presentation_at(double time) {
    if (!held_) {
        Rng hand = Rng(setup_.seed).fork("hand");
        held_ = make_presentation(*setup_.instrument, base_, hand);
    }
    Presentation held = hold(*held_, motion_.seed, time);
    for (const Performance& performance : motion_.performances) {
        const double share = progress(performance, time);
        switch (performance.gesture) {
            case Gesture::turn_left: held.tilt += 30 * share; break;
            case Gesture::turn_right: held.tilt -= 30 * share; break;
            case Gesture::nod: held.lean -= 25 * share; break;
            case Gesture::blink:
            case Gesture::smile: break;  // nothing that can be done with a picture in the hand
        }
    }
    return held;
}

}  // namespace strongroom::people
