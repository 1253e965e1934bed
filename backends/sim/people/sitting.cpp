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

void Sitting::perform(Gesture gesture, double time) {
    Performance performance;
    performance.gesture = gesture;
    performance.begins = time;
    if (gesture == Gesture::blink) performance.duration = 0.4;
    if (gesture == Gesture::smile) performance.duration = 1.6;
    motion_.performances.push_back(performance);
}

Picture Sitting::at(double time) {
    Shot shot = base_;
    shot.time = time;
    // Thousandths of a second tell two frames of any camera apart.
    shot.noise_seed = Rng(setup_.seed ^ static_cast<std::uint64_t>(std::llround(time * 1000)))
                          .fork("noise")
                          .next();
    move(shot, motion_, time);
    if (setup_.instrument) return attack_at(time, shot);
    return renderer_.render(setup_.face, shot);
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
