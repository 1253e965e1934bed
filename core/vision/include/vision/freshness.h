// Whether a frame was taken now: somebody who gets between the camera and the pipeline can give it
// the frames of an honest visit again.
//
// What it finds: sequence numbers that do not rise, capture times that fall or lie in the future,
// and pictures that are equal, pixel for pixel, to one that it remembers. A sensor never takes the
// same picture twice; an attacker who alters the frames passes, and meets the challenge. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "hal/camera.h"

namespace strongroom::vision {

struct FreshnessRules {
    // Whether pictures are remembered: not where a camera shows photographs over and over.
    bool refuse_repeated = true;
    std::size_t frames_remembered = 20'000;  // 1 or more; 8 bytes each
};

class FreshnessGuard {
public:
    enum class Verdict : std::uint8_t {
        fresh,
        early,         // taken before begin(): what a camera had still to deliver
        out_of_order,  // the sequence has not risen since the frame before, or the time has fallen
        of_the_future,
        repeated,  // this picture was seen before
    };
    // Asserts that something can be remembered.
    explicit FreshnessGuard(const FreshnessRules& rules);

    // The camera was started at `now`; its sequence numbers may begin anew. What was seen is
    // remembered on.
    void begin(Instant now);
    // Each frame once, in the order in which they come. `now` is the time of asking.
    [[nodiscard]] Verdict judge(const hal::Frame& frame, Instant now);

private:
    // A picture of one value all over (a covered or blinded lens) holds no face, and may repeat.
    [[nodiscard]] bool seen_before(const hal::Frame& frame);

    FreshnessRules rules_;
    Instant begun_{};
    Instant captured_{};
    std::uint64_t sequence_ = 0;
    bool first_ = true;
    std::vector<std::uint64_t> seen_;  // digests, a ring
    std::size_t next_ = 0;             // where the oldest is, once the ring is full
};

}  // namespace strongroom::vision
