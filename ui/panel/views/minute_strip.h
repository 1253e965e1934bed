// A low curve of the last minute with its threshold: for a narrow column, where a whole plot
// (widgets.h) has no room. The window's thread, within a frame.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "panel/snapshot.h"

namespace strongroom::panel {

struct MinuteStrip {
    std::string_view label;
    std::string_view better;  // which way is better: "lower is more alike"
    double threshold = 0;
    bool pass_below = false;                      // at or below the threshold is a pass
    std::optional<float> (*value)(const Score&);  // none: the curve has a gap there
};

// As wide as the window's content, `height` pixels besides its label; `scores` oldest first, `now`
// at the right edge. What the pointer points at is read out.
void draw_strip(const MinuteStrip& strip, const std::vector<Score>& scores, Instant now,
                float height);

}  // namespace strongroom::panel
