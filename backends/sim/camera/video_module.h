// Private: what the video module exports and its loader calls. Both are built together.
#pragma once

#include <cstddef>

#include "hal/camera.h"
#include "hal/clock.h"

namespace strongroom::sim {

// A camera that the caller deletes, or null with a sentence in `why` (cut to `why_size` - 1).
// `file` null: the webcam `number`.
using OpenVideo = hal::Camera* (*)(const char* file, int number, const hal::Clock* clock, char* why,
                                   std::size_t why_size);

inline constexpr const char* open_video_symbol = "strongroom_open_video_1";

}  // namespace strongroom::sim
