// Private: one V4L2 capture device, opened, asked and streamed from. Numbers below 0 are -errno.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "hal/camera.h"

namespace strongroom::pi {

struct V4l2Format {
    std::uint32_t pixels = 0;  // V4L2_PIX_FMT_...
    int width = 0;
    int height = 0;
    std::size_t stride = 0;  // bytes a row; 0 when compressed
};

// A frame as the driver gave it; the bytes are valid until give_back().
struct V4l2Picture {
    std::span<const std::uint8_t> bytes;
    std::uint32_t sequence = 0;
    Duration age{};  // since it was captured; zero when the driver does not tell
    bool damaged = false;
    std::uint32_t index = 0;
};

class V4l2Device {
public:
    explicit V4l2Device(const std::string& path);
    V4l2Device(const V4l2Device&) = delete;
    V4l2Device& operator=(const V4l2Device&) = delete;
    ~V4l2Device();

    // 0, or why it could not be opened: -errno; -ENOTTY for what is no camera.
    [[nodiscard]] int opened() const { return opened_; }
    [[nodiscard]] const hal::CameraIdentity& identity() const { return identity_; }
    [[nodiscard]] const std::string& name() const { return name_; }

    // The pixel formats that the device offers, in its own order.
    [[nodiscard]] std::vector<std::uint32_t> formats() const;
    // Negotiates; what the driver made of it stands in `format`.
    [[nodiscard]] int set_format(V4l2Format& format);
    // A wish, which not every camera can be told of.
    void set_rate(int frames_per_second);
    [[nodiscard]] int begin();
    // The oldest frame that waits, or -EAGAIN when none does.
    [[nodiscard]] int take(V4l2Picture& picture);
    [[nodiscard]] int give_back(const V4l2Picture& picture);

private:
    struct Mapping {
        void* start = nullptr;
        std::size_t size = 0;
    };
    [[nodiscard]] int map(std::uint32_t index);
    int descriptor_ = -1;
    int opened_ = 0;
    bool streaming_ = false;
    hal::CameraIdentity identity_;
    std::string name_;
    std::vector<Mapping> mappings_;
};

// "YUYV".
[[nodiscard]] std::string fourcc(std::uint32_t pixels);

}  // namespace strongroom::pi
