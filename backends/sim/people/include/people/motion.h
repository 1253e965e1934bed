// Motion: how a living person holds still, blinks, looks about, and answers when she is asked to
// turn or smile. A function of time and a seed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/gesture.h"
#include "people/shot.h"

namespace strongroom::people {

// What she does on request. turn_left is towards her own left hand: the yaw rises (base/gesture.h).
struct Performance {
    Gesture gesture{};
    double begins = 0;    // seconds on the shot's clock
    double duration = 1;  // there and back, seconds
    double strength = 1;  // 1: a clear one (25 degrees; eyes shut; a broad smile)
};

// Pose and expression at `time` seconds: small sways, a blink every two to six seconds, and the
// performances. The same seed gives the same person on the same day. `asleep`: eyes shut, head
// limp, no performance.
struct Motion {
    std::uint64_t seed = 1;
    double restlessness = 1;  // of the sways and glances, 0 to 2
    bool asleep = false;
    std::vector<Performance> performances;
};
void move(Shot& shot, const Motion& motion, double time);

}  // namespace strongroom::people
