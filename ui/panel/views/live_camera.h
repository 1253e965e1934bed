// The left column of the live view: what the camera sees, what was measured in it, and how that
// went over the last minute. The window's thread, within a frame.
#pragma once

#include "panel/view.h"

namespace strongroom::panel {

// Fills the width of the window that is begun. The picture is at most `picture_height` pixels high.
void draw_camera(const Snapshot& snapshot, Context& context, float picture_height);
// Two curves, `height` pixels high together.
void draw_last_minute(const Snapshot& snapshot, float height);

}  // namespace strongroom::panel
