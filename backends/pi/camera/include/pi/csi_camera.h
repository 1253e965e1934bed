// A camera on the board's CSI connector, through libcamera's element for GStreamer.
//
// OpenCV's V4L2 capture opens such a camera and reads nothing from it: the kernel shows raw sensor
// data there. This one is in a module of its own (libstrongroom_pipeline.so), loaded when the first
// is opened, beside the program or in ../lib/strongroom of an installation.
#pragma once

#include <memory>
#include <string>

#include "hal/camera.h"
#include "hal/clock.h"
#include "pi/camera_error.h"

namespace strongroom::pi {

struct CsiCameraConfig {
    // libcamera's own name for it (cam --list), for instance
    // "/base/axi/pcie@120000/rp1/i2c@88000/ov5647@36"; empty: the first.
    std::string camera;
    int width = 640;
    int height = 480;
    int frames_per_second = 30;
    Duration silence_max = std::chrono::seconds(2);  // no frame for longer is `timeout`
};

// What GStreamer is asked for. Throws CameraError for a name that could not be quoted, or numbers
// out of range (16 to 4096 pixels, 1 to 120 frames).
[[nodiscard]] std::string csi_pipeline(const CsiCameraConfig& config);

// Frames are taken by a thread inside. `clock` is thread-safe and outlives the camera. Throws
// CameraError: the module, OpenCV's GStreamer part, the libcamera element or the camera is missing.
[[nodiscard]] std::unique_ptr<hal::Camera> open_csi_camera(const CsiCameraConfig& config,
                                                           const hal::Clock& clock);

// The same for any pipeline that ends in "appsink" and delivers BGR; `identity` is what it tells of
// itself. Throws CameraError.
[[nodiscard]] std::unique_ptr<hal::Camera> open_pipeline(const std::string& pipeline,
                                                         const hal::CameraIdentity& identity,
                                                         Duration silence_max,
                                                         const hal::Clock& clock);

}  // namespace strongroom::pi
