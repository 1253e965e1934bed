// Private: the heart's beat in the colour of the skin (remote photoplethysmography), over the
// frames of a track. Include opencv2/core.hpp before it.
#pragma once

#include <deque>

#include "base/time.h"
#include "liveness_view.h"

namespace strongroom::vision {

// Blood takes more green light than red or blue, and there is a little more of it with each beat:
// in the cheeks, and in the neck below them. A mask has no blood, though who wears it has a neck.
class LivenessPulse {
public:
    void forget();
    // Adds the same numbers for every frame; `no_history` until a beat can have been seen. Frames
    // come in the order of their times.
    void measure(const LivenessView& view, Instant captured, FeatureSink& sink);

private:
    // Logs of the mean red, green and blue light of a piece of skin.
    struct Glow {
        double red = 0;
        double green = 0;
        double blue = 0;
    };
    struct Look {
        double seconds = 0;
        Glow face;
        Glow neck;
    };
    [[nodiscard]] static Glow cheeks(const LivenessView& view);
    [[nodiscard]] static Glow neck(const LivenessView& view);

    std::deque<Look> looks_;
    cv::Size size_;
};

}  // namespace strongroom::vision
