// A USB camera (or any that the kernel shows as V4L2), spoken to directly.
//
// The kernel's own interface rather than OpenCV's VideoCapture: the identity is asked of the very
// descriptor that delivers the frames, capture times and sequence numbers are the driver's, and a
// read that would wait does not wait, so that no thread is needed. OpenCV converts the pixels.
//
// Threading as hal::Camera: one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "hal/camera.h"
#include "hal/clock.h"

namespace strongroom::pi {

struct V4l2CameraConfig {
    std::string device;  // "/dev/video0", or better a link that stays: "/dev/v4l/by-id/..."
    int width = 640;     // wished; the camera takes the nearest that it has
    int height = 480;
    int frames_per_second = 0;  // wished; 0: as the camera likes
    // No frame for so long is `timeout`; for twice as long, `disconnected`: start() again.
    Duration silence_max = std::chrono::seconds(2);
};

class V4l2Camera final : public hal::Camera {
public:
    // Looks at the device, without capturing. `clock` runs at the speed of the machine's and
    // outlives the camera. Throws CameraError: not there, not allowed, in use, no camera, no format
    // that can be converted (YUYV, MJPEG, UYVY, RGB, BGR and grey can).
    V4l2Camera(V4l2CameraConfig config, const hal::Clock& clock);
    V4l2Camera(const V4l2Camera&) = delete;
    V4l2Camera& operator=(const V4l2Camera&) = delete;
    ~V4l2Camera() override;

    [[nodiscard]] Result<void> start() override;
    void stop() override;
    // Converts the newest frame: a few milliseconds for a compressed one.
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override;
    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }

private:
    class Stream;  // an open, capturing device
    [[nodiscard]] Error lose(int number);

    V4l2CameraConfig config_;
    const hal::Clock& clock_;
    std::unique_ptr<Stream> stream_;
    hal::CameraIdentity identity_;
    bool started_ = false;
    Instant last_frame_{};        // or the start
    std::uint64_t sequence_ = 0;  // of the last frame that was returned
    std::uint64_t base_ = 0;      // what this start's frames count from
};

// "/dev/video0: \"HD Webcam\" (uvcvideo, usb-0000:01:00.0-1.2)", a line for each camera there is.
[[nodiscard]] std::string list_v4l2_cameras();

}  // namespace strongroom::pi
