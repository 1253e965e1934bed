#include "v4l2_device.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace strongroom::pi {
namespace {

constexpr std::uint32_t buffers_wanted = 4;
constexpr std::uint32_t capture = V4L2_BUF_TYPE_VIDEO_CAPTURE;

template <class Argument>
[[nodiscard]] int control(int descriptor, unsigned long request, Argument& argument) {
    int done = 0;
    do {
        done = ::ioctl(descriptor, request, &argument);
    } while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : 0;
}

template <std::size_t size>
[[nodiscard]] std::string text_of(const std::uint8_t (&field)[size]) {
    const auto* first = reinterpret_cast<const char*>(field);
    return {first, ::strnlen(first, size)};
}

// The maker's number, of the USB device of which the camera is an interface.
[[nodiscard]] std::string serial_of(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return {};
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path device =
        fs::canonical("/sys/dev/char/" + std::to_string(major(status.st_rdev)) + ":" +
                          std::to_string(minor(status.st_rdev)) + "/device",
                      error);
    if (error) return {};
    std::ifstream in(device.parent_path() / "serial");
    std::string serial;
    std::getline(in, serial);
    return serial;
}

[[nodiscard]] Duration age_of(const v4l2_buffer& buffer) {
    if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) != V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
        return {};
    }
    timespec now{};
    if (::clock_gettime(CLOCK_MONOTONIC, &now) != 0) return {};
    const Duration age = std::chrono::seconds(now.tv_sec - buffer.timestamp.tv_sec) +
                         std::chrono::nanoseconds(now.tv_nsec) -
                         std::chrono::microseconds(buffer.timestamp.tv_usec);
    return age > Duration::zero() ? age : Duration::zero();
}

}  // namespace

V4l2Device::V4l2Device(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)) {
    if (descriptor_ < 0) {
        opened_ = -errno;
        return;
    }
    v4l2_capability told{};
    opened_ = control(descriptor_, VIDIOC_QUERYCAP, told);
    if (opened_ < 0) return;
    const std::uint32_t abilities =
        (told.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? told.device_caps : told.capabilities;
    constexpr std::uint32_t needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    if ((abilities & needed) != needed) opened_ = -ENOTTY;
    identity_ = {text_of(told.driver), text_of(told.bus_info), serial_of(descriptor_)};
    name_ = text_of(told.card);
}

V4l2Device::~V4l2Device() {
    if (streaming_) {
        auto type = capture;
        static_cast<void>(control(descriptor_, VIDIOC_STREAMOFF, type));
    }
    for (const Mapping& mapping : mappings_) ::munmap(mapping.start, mapping.size);
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::uint32_t> V4l2Device::formats() const {
    std::vector<std::uint32_t> all;
    v4l2_fmtdesc description{};
    description.type = capture;
    while (control(descriptor_, VIDIOC_ENUM_FMT, description) == 0) {
        all.push_back(description.pixelformat);
        ++description.index;
    }
    return all;
}

int V4l2Device::set_format(V4l2Format& format) {
    v4l2_format wanted{};
    wanted.type = capture;
    wanted.fmt.pix.width = static_cast<std::uint32_t>(format.width);
    wanted.fmt.pix.height = static_cast<std::uint32_t>(format.height);
    wanted.fmt.pix.pixelformat = format.pixels;
    wanted.fmt.pix.field = V4L2_FIELD_NONE;
    if (const int done = control(descriptor_, VIDIOC_S_FMT, wanted); done < 0) return done;
    format.pixels = wanted.fmt.pix.pixelformat;
    format.width = static_cast<int>(wanted.fmt.pix.width);
    format.height = static_cast<int>(wanted.fmt.pix.height);
    format.stride = wanted.fmt.pix.bytesperline;
    return 0;
}

void V4l2Device::set_rate(int frames_per_second) {
    v4l2_streamparm wanted{};
    wanted.type = capture;
    wanted.parm.capture.timeperframe = {1, static_cast<std::uint32_t>(frames_per_second)};
    static_cast<void>(control(descriptor_, VIDIOC_S_PARM, wanted));
}

int V4l2Device::map(std::uint32_t index) {
    v4l2_buffer buffer{};
    buffer.type = capture;
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.index = index;
    if (const int done = control(descriptor_, VIDIOC_QUERYBUF, buffer); done < 0) return done;
    void* start =
        ::mmap(nullptr, buffer.length, PROT_READ, MAP_SHARED, descriptor_, buffer.m.offset);
    if (start == MAP_FAILED) return -errno;
    mappings_.push_back({start, buffer.length});
    return control(descriptor_, VIDIOC_QBUF, buffer);
}

int V4l2Device::begin() {
    v4l2_requestbuffers request{};
    request.count = buffers_wanted;
    request.type = capture;
    request.memory = V4L2_MEMORY_MMAP;
    if (const int done = control(descriptor_, VIDIOC_REQBUFS, request); done < 0) return done;
    if (request.count < 2) return -ENOMEM;
    for (std::uint32_t index = 0; index < request.count; ++index) {
        if (const int done = map(index); done < 0) return done;
    }
    auto type = capture;
    const int done = control(descriptor_, VIDIOC_STREAMON, type);
    streaming_ = done == 0;
    return done;
}

int V4l2Device::take(V4l2Picture& picture) {
    v4l2_buffer buffer{};
    buffer.type = capture;
    buffer.memory = V4L2_MEMORY_MMAP;
    if (const int done = control(descriptor_, VIDIOC_DQBUF, buffer); done < 0) return done;
    if (buffer.index >= mappings_.size()) return -EPROTO;
    const Mapping& mapping = mappings_[buffer.index];
    const std::size_t used = std::min<std::size_t>(buffer.bytesused, mapping.size);
    picture = {{static_cast<const std::uint8_t*>(mapping.start), used},
               buffer.sequence,
               age_of(buffer),
               (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0,
               buffer.index};
    return 0;
}

int V4l2Device::give_back(const V4l2Picture& picture) {
    v4l2_buffer buffer{};
    buffer.type = capture;
    buffer.memory = V4L2_MEMORY_MMAP;
    buffer.index = picture.index;
    return control(descriptor_, VIDIOC_QBUF, buffer);
}

std::string fourcc(std::uint32_t pixels) {
    std::string text;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        text += static_cast<char>((pixels >> shift) & 0x7fU);
    }
    return text;
}

}  // namespace strongroom::pi
