// One camera: frames with the time at which they were captured.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace strongroom::hal {

enum class PixelFormat : std::uint8_t {
    bgr8,   // three bytes a pixel: blue, green, red
    gray8,  // one byte a pixel
};

[[nodiscard]] constexpr int bytes_per_pixel(PixelFormat format) {
    return format == PixelFormat::bgr8 ? 3 : 1;
}

// Rows from the top, left to right, without padding: pixels->size() is
// width * height * bytes_per_pixel(format). The pixels are shared and immutable, so that a frame
// can be handed to a worker without copying.
struct Frame {
    Instant captured{};
    std::uint64_t sequence = 0;  // rises by one a frame taken; a gap means dropped frames
    int width = 0;               // pixels, 1 or more
    int height = 0;              // pixels, 1 or more
    PixelFormat format = PixelFormat::bgr8;
    std::shared_ptr<const std::vector<std::uint8_t>> pixels;
};

// Which camera it is: what a pin in the configuration is compared with. Empty parts are unknown.
struct CameraIdentity {
    std::string driver;  // of the kernel, or the backend's own name
    std::string bus;     // where it is plugged in, as the driver tells
    std::string serial;  // the maker's
    friend bool operator==(const CameraIdentity&, const CameraIdentity&) = default;
};

// One thread at a time: whichever owns the face pipeline. Never blocks. A camera that is closed,
// destroyed or faulted delivers nothing: there is no last frame to fall back on.
class Camera {
public:
    virtual ~Camera() = default;
    // Begins to capture; on a capturing camera it changes nothing. Also the way back after
    // `disconnected`. Errors: disconnected, busy (another program holds it), denied.
    [[nodiscard]] virtual Result<void> start() = 0;
    // Stops; idempotent; never fails.
    virtual void stop() = 0;
    // The newest frame that has not been returned yet, or none. Capture times and sequence numbers
    // never decrease and no frame comes twice. Errors: denied (not started), disconnected (gone;
    // start() again), corrupt (a frame arrived damaged and was dropped; polling goes on), timeout
    // (no frame for longer than the backend's stated limit).
    [[nodiscard]] virtual Result<std::optional<Frame>> poll() = 0;
    // Of the camera that the frames come from: asked of the driver when start() opened it, so that
    // another one in its place tells another. Before the first start() it may be empty. Valid until
    // the next call that is not const.
    [[nodiscard]] virtual const CameraIdentity& identity() const = 0;
};

}  // namespace strongroom::hal
