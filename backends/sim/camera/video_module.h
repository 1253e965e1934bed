// Private: what the video module exports and its loaders call. All are built together.
#pragma once

#include <cstddef>

#include "hal/camera.h"
#include "hal/clock.h"
#include "sim_camera/picture_files.h"

namespace strongroom::sim {

// A camera that the caller deletes, or null with a sentence in `why` (cut to `why_size` - 1).
using OpenVideo = hal::Camera* (*)(const char* file, const hal::Clock* clock, char* why,
                                   std::size_t why_size);

inline constexpr const char* open_video_symbol = "strongroom_open_video_2";

// A film that the caller deletes.
using WriteFilm = Film* (*)(const char* file, double rate);
inline constexpr const char* write_film_symbol = "strongroom_write_film_1";

// The module's symbol, found where the program came from. Throws VideoError. The module stays
// loaded: what it made has its code in it.
[[nodiscard]] void* video_symbol(const char* name);

}  // namespace strongroom::sim
