// Motion: how a living person holds still, blinks, looks about, and answers when she is asked to
// turn or smile. A function of time and a seed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/prompt.h"
#include "people/shot.h"

namespace strongroom::people {

// What she does on request; each begins `delay` after it was asked.
enum class Gesture : std::uint8_t { turn_left, turn_right, nod, blink, smile };

struct Performance {
    Gesture gesture{};
    double begins = 0;    // seconds on the shot's clock
    double duration = 1;  // there and back, seconds
    double strength = 1;  // 1: a clear one (25 degrees; eyes shut; a broad smile)
};

// Pose and expression at `time` seconds: small sways, a blink every two to six seconds, and the
// performances. The same seed gives the same person on the same day. `asleep`: eyes shut, head
// limp, no performance. Directions are the image's: turn_left moves the nose to the image's left.
struct Motion {
    std::uint64_t seed = 1;
    double restlessness = 1;  // of the sways and glances, 0 to 2
    bool asleep = false;
    std::vector<Performance> performances;
};
void move(Shot& shot, const Motion& motion, double time);

}  // namespace strongroom::people
