// Motion: people hold still as the living do, and do what they are asked.
#include "people/motion.h"

#include <cmath>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::people;

namespace {

Motion seeded(std::uint64_t seed) {
    Motion motion;
    motion.seed = seed;
    return motion;
}

Shot moved(const Motion& motion, double time) {
    Shot shot;
    move(shot, motion, time);
    return shot;
}

}  // namespace

TEST_CASE("people motion: the same seed and time give the same pose") {
    const Motion motion = seeded(6);
    const Shot a = moved(motion, 3.25);
    const Shot b = moved(motion, 3.25);
    CHECK(a.pose.yaw == b.pose.yaw);
    CHECK(a.expression.gaze_x == b.expression.gaze_x);
    CHECK(a.time == 3.25);
    CHECK(moved(seeded(7), 3.25).pose.yaw != a.pose.yaw);
}

TEST_CASE("people motion: blinks come two to six seconds apart") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        double last = -1;
        int blinks = 0;
        bool shut = false;
        for (int frame = 0; frame < 60 * 60; ++frame) {
            const double time = frame / 60.0;
            const bool now = moved(seeded(seed), time).expression.eyes_open < 0.1;
            if (now && !shut) {
                if (last >= 0) {
                    CHECK(time - last > 1.9);
                    CHECK(time - last < 6.1);
                }
                last = time;
                ++blinks;
            }
            shut = now;
        }
        CHECK(blinks >= 12);
        CHECK(blinks <= 18);
    }
}

TEST_CASE("people motion: nobody holds quite still, and nobody leaps") {
    const Motion motion = seeded(2);
    double range = 0;
    for (int frame = 1; frame < 600; ++frame) {
        const double now = moved(motion, frame / 30.0).pose.yaw;
        const double before = moved(motion, (frame - 1) / 30.0).pose.yaw;
        CHECK(std::abs(now - before) < 0.6);
        range = std::max(range, std::abs(now));
    }
    CHECK(range > 0.5);
    CHECK(range < 9);
}

TEST_CASE("people motion: gestures are clear in their middle and over at their end") {
    const double middle = 10.5;
    const auto with = [&](Gesture gesture) {
        Motion motion = seeded(3);
        motion.restlessness = 0;
        motion.performances.push_back({gesture, 10, 1, 1});
        return motion;
    };
    CHECK(moved(with(Gesture::turn_left), middle).pose.yaw > 20);
    CHECK(moved(with(Gesture::turn_right), middle).pose.yaw < -20);
    CHECK(std::abs(moved(with(Gesture::nod), middle).pose.pitch) > 15);
    CHECK(moved(with(Gesture::blink), middle).expression.eyes_open < 0.1);
    CHECK(moved(with(Gesture::smile), middle).expression.smile > 0.9);
    CHECK(moved(with(Gesture::turn_left), 11.01).pose.yaw == 0);
    CHECK(moved(with(Gesture::turn_left), 9.99).pose.yaw == 0);
}

TEST_CASE("people motion: a sleeper's eyes stay shut whatever is asked") {
    Motion motion = seeded(5);
    motion.asleep = true;
    motion.performances.push_back({Gesture::turn_left, 1, 2, 1});
    motion.performances.push_back({Gesture::smile, 1, 2, 1});
    for (int i = 0; i < 40; ++i) {
        const Shot shot = moved(motion, i * 0.1);
        CHECK(shot.expression.eyes_open == 0);
        CHECK(shot.expression.smile == 0);
        CHECK(std::abs(shot.pose.yaw) < 10);
    }
}

TEST_CASE("people motion: what comes out is possible, however wild the performance") {
    Motion motion = seeded(5);
    motion.restlessness = 2;
    for (const Gesture gesture : all_gestures) motion.performances.push_back({gesture, 0, 3, 4});
    Shot wild;
    wild.pose.yaw = 80;
    wild.pose.pitch = -55;
    for (int i = 0; i < 100; ++i) {
        Shot shot = wild;
        move(shot, motion, i * 0.03);
        CHECK(check(shot).empty());
    }
}
