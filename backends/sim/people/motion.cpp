#include "people/motion.h"

#include <numbers>

#include "maths.h"

namespace strongroom::people {
namespace {

// How far through a performance `time` is: 0 before and after, 1 in its middle; `hold` above 1
// keeps it there for a while.
double progress(const Performance& performance, double time, double hold) {
    const double share = (time - performance.begins) / performance.duration;
    if (!(share > 0 && share < 1)) return 0;
    return std::min(1.0, hold * std::sin(std::numbers::pi * share)) * performance.strength;
}

// A slow wandering of about unit variance; `which` tells several apart.
double sway(std::uint64_t seed, int which, double time, double per_second) {
    // The noise repeats after 256 cells: minutes, and then from another row.
    const double along = time * per_second;
    const double lap = std::floor(along / noise_lattice);
    const float row = 200 * unit_of(scramble(seed) + static_cast<std::uint64_t>(which) +
                                    static_cast<std::uint64_t>(lap) * 64) +
                      static_cast<float>(which);
    return double{noise(to_float(along - lap * noise_lattice), row)};
}

// Lids fall within 80 ms, stay for 60, rise within 140. Blinks lie two to six seconds apart.
double open_between_blinks(std::uint64_t seed, double time) {
    constexpr double slot = 4;
    double open = 1;
    const double now = std::floor(time / slot);
    for (const double index : {now - 1, now}) {
        if (index < 0) continue;
        const auto number = static_cast<std::uint64_t>(index);
        const double begins =
            index * slot + 0.3 + 2 * double{unit_of(scramble(seed) + 7 * number + 3)};
        const double t = time - begins;
        if (t <= 0 || t >= 0.28) continue;
        open = std::min(open, t < 0.08 ? 1 - t / 0.08 : t < 0.14 ? 0 : (t - 0.14) / 0.14);
    }
    return open;
}

void glance(Expression& e, const Motion& motion, double time) {
    const auto number = static_cast<std::uint64_t>(std::floor(time / 1.7));
    const std::uint64_t key = scramble(motion.seed + 0x9a2eU) + 3 * number;
    const double strength = 0.30 * motion.restlessness;
    e.gaze_x += strength * (double{unit_of(key)} - 0.5);
    e.gaze_y += 0.6 * strength * (double{unit_of(key + 1)} - 0.5);
}

void perform(Shot& shot, const Motion& motion, double time) {
    Expression& e = shot.expression;
    for (const Performance& p : motion.performances) {
        switch (p.gesture) {
            case Gesture::turn_left: shot.pose.yaw += 25 * progress(p, time, 1.15); break;
            case Gesture::turn_right: shot.pose.yaw -= 25 * progress(p, time, 1.15); break;
            case Gesture::nod: shot.pose.pitch -= 20 * progress(p, time, 1.1); break;
            case Gesture::blink: e.eyes_open *= 1 - std::min(1.0, progress(p, time, 2.5)); break;
            case Gesture::smile: {
                const double broad = progress(p, time, 1.4);
                e.smile = std::max(e.smile, broad);
                e.mouth_open = std::max(e.mouth_open, 0.25 * broad);
                e.eyes_open *= 1 - 0.15 * broad;
                break;
            }
        }
    }
}

void keep_possible(Shot& shot) {
    const auto keep = [](double& value, double low, double high) {
        value = std::clamp(value, low, high);
    };
    keep(shot.pose.yaw, -90, 90);
    keep(shot.pose.pitch, -60, 60);
    keep(shot.pose.roll, -60, 60);
    Expression& e = shot.expression;
    keep(e.gaze_x, -1, 1);
    keep(e.gaze_y, -1, 1);
    keep(e.eyes_open, 0, 1);
    keep(e.mouth_open, 0, 1);
    keep(e.smile, 0, 1);
}

}  // namespace

void move(Shot& shot, const Motion& motion, double time) {
    time = std::max(0.0, time);
    shot.time = time;
    const double r = motion.restlessness;
    shot.pose.yaw += r * 1.5 * sway(motion.seed, 1, time, 0.45);
    shot.pose.pitch += r * 1.1 * sway(motion.seed, 2, time, 0.40);
    shot.pose.roll += r * 0.8 * sway(motion.seed, 3, time, 0.35);
    shot.place.right += r * 0.003 * sway(motion.seed, 4, time, 0.5);
    shot.place.up += r * 0.002 * sway(motion.seed, 5, time, 0.5);
    shot.place.distance =
        std::clamp(shot.place.distance + r * 0.004 * sway(motion.seed, 6, time, 0.4), 0.2, 3.0);
    if (motion.asleep) {
        shot.expression = {};
        shot.expression.eyes_open = 0;
        shot.expression.mouth_open = 0.10;
        shot.pose.pitch -= 4;
        shot.pose.roll += 3;
    } else {
        glance(shot.expression, motion, time);
        shot.expression.eyes_open *= open_between_blinks(motion.seed, time);
        perform(shot, motion, time);
    }
    keep_possible(shot);
}

}  // namespace strongroom::people
