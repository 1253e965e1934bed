// A video file as a camera. (A webcam is a real one: pi/v4l2_camera.h.)
//
// OpenCV's video library takes hundreds of milliseconds to load, so it is in a module of its own
// (libstrongroom_video.so), loaded when the first video is opened. The module lies beside the
// program, or in ../lib/strongroom of an installation.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "hal/camera.h"
#include "hal/clock.h"

namespace strongroom::sim {

// Names the source, what is wrong, and what to do.
class VideoError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Plays the file at its own rate by `clock`, which outlives the camera; after the last frame it is
// `disconnected`, and start() begins again. Throws VideoError.
[[nodiscard]] std::unique_ptr<hal::Camera> open_video(const std::filesystem::path& file,
                                                      const hal::Clock& clock);

}  // namespace strongroom::sim
