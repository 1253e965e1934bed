#include "camera_feed.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace strongroom::test {

namespace {

namespace fs = std::filesystem;

// The node of the virtual camera whose name ends so; empty: none.
std::string node_of(const std::string& end) {
    std::error_code error;
    for (const auto& entry :
         fs::directory_iterator("/sys/devices/platform/vivid.0/video4linux", error)) {
        std::ifstream in(entry.path() / "name");
        std::string name;
        std::getline(in, name);
        if (name.ends_with(end)) return "/dev/" + entry.path().filename().string();
    }
    return {};
}

template <class Argument>
void ask(int descriptor, unsigned long request, Argument& argument, const char* what) {
    while (::ioctl(descriptor, request, &argument) < 0) {
        if (errno == EINTR) continue;
        throw std::runtime_error(std::string("the virtual camera: ") + what + ": " +
                                 std::strerror(errno));
    }
}

// By its name: the driver's own numbers are its own business.
void set_control(int descriptor, const std::string& name, int value) {
    v4l2_queryctrl control{};
    control.id = V4L2_CTRL_FLAG_NEXT_CTRL;
    while (::ioctl(descriptor, VIDIOC_QUERYCTRL, &control) == 0) {
        if (reinterpret_cast<const char*>(control.name) == name) {
            v4l2_control wanted{control.id, value};
            ask(descriptor, VIDIOC_S_CTRL, wanted, name.c_str());
            return;
        }
        control.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
    }
    throw std::runtime_error("the virtual camera has no control \"" + name + "\"");
}

class Descriptor {
public:
    Descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags)) {
        if (number_ < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
    }
    ~Descriptor() { ::close(number_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

constexpr std::uint32_t video_out = V4L2_BUF_TYPE_VIDEO_OUTPUT;

}  // namespace

struct CameraFeed::Output {
    Output() : device(node_of("vid-out"), O_RDWR | O_NONBLOCK | O_CLOEXEC) {
        v4l2_format format{};
        format.type = video_out;
        ask(device.number(), VIDIOC_G_FMT, format, "its format");
        format.fmt.pix.width = film_width;
        format.fmt.pix.height = film_height;
        format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
        ask(device.number(), VIDIOC_S_FMT, format, "the film's format");
        if (format.fmt.pix.width != film_width || format.fmt.pix.height != film_height ||
            format.fmt.pix.sizeimage != film_picture) {
            throw std::runtime_error("the virtual camera takes no pictures of the film's size");
        }
        v4l2_requestbuffers request{};
        request.count = 4;
        request.type = video_out;
        request.memory = V4L2_MEMORY_MMAP;
        ask(device.number(), VIDIOC_REQBUFS, request, "buffers");
        for (std::uint32_t i = 0; i < request.count; ++i) {
            v4l2_buffer buffer = empty(i);
            ask(device.number(), VIDIOC_QUERYBUF, buffer, "a buffer");
            void* start = ::mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED,
                                 device.number(), buffer.m.offset);
            if (start == MAP_FAILED) throw std::runtime_error("a buffer cannot be mapped");
            pictures.push_back(static_cast<std::uint8_t*>(start));
        }
    }
    ~Output() {
        auto type = video_out;
        static_cast<void>(::ioctl(device.number(), VIDIOC_STREAMOFF, &type));
        for (std::uint8_t* picture : pictures) ::munmap(picture, film_picture);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    static v4l2_buffer empty(std::uint32_t index) {
        v4l2_buffer buffer{};
        buffer.type = video_out;
        buffer.memory = V4L2_MEMORY_MMAP;
        buffer.index = index;
        buffer.field = V4L2_FIELD_INTERLACED;
        buffer.bytesused = static_cast<std::uint32_t>(film_picture);
        return buffer;
    }

    Descriptor device;
    std::vector<std::uint8_t*> pictures;
};

std::string CameraFeed::absent() {
    if (!node_of("vid-out").empty()) return {};
    return "this kernel's virtual camera has no output; tests/hil/run --visit boots one that has";
}

CameraFeed::CameraFeed(const fs::path& folder)
    : scenes_(read_scenes(folder)), output_(std::make_unique<Output>()) {
    const Descriptor file(folder / "film.yuyv", O_RDONLY | O_CLOEXEC);
    film_size_ = fs::file_size(folder / "film.yuyv");
    void* start = ::mmap(nullptr, film_size_, PROT_READ, MAP_PRIVATE, file.number(), 0);
    if (start == MAP_FAILED) throw std::runtime_error("the film cannot be mapped");
    film_ = static_cast<const std::uint8_t*>(start);
    {
        const Descriptor camera(device(), O_RDWR | O_CLOEXEC);
        set_control(camera.number(), "OSD Text Mode", 2);  // no text in the picture
        set_control(camera.number(), "Loop Video", 1);
    }
    show("nobody");
    thread_ = std::thread([this] { feed(); });
}

CameraFeed::~CameraFeed() {
    stop_ = true;
    thread_.join();
    ::munmap(const_cast<std::uint8_t*>(film_), film_size_);
}

std::string CameraFeed::device() const { return node_of("vid-cap"); }

void CameraFeed::show(const std::string& scene) {
    const std::lock_guard lock(mutex_);
    shown_ = scenes_.at(scene);
    once_ = {};
    at_ = 0;
}

void CameraFeed::perform(const std::string& scene) {
    const std::lock_guard lock(mutex_);
    once_ = scenes_.at(scene);
}

std::size_t CameraFeed::next_picture() {
    const std::lock_guard lock(mutex_);
    if (once_.count > 0) {
        --once_.count;
        return once_.first++;
    }
    const std::size_t turn = std::max<std::size_t>(2 * shown_.count - 2, 1);
    const std::size_t phase = at_++ % turn;
    return shown_.first + std::min(phase, turn - phase);
}

// The kernel takes a picture from the queue at every tick of the output, and so sets the pace.
void CameraFeed::feed() {
    const int device = output_->device.number();
    const auto queue = [&](std::uint32_t index) {
        std::uint8_t* picture = output_->pictures[index];
        std::memcpy(picture, film_ + next_picture() * film_picture, film_picture);
        // A sensor never takes the same picture twice, and the door would refuse one that did:
        // a number in the last bits of the first pixels tells each from all before.
        ++pictures_;
        for (unsigned bit = 0; bit < 32; ++bit) {
            const auto last = static_cast<std::uint8_t>((pictures_ >> bit) & 1U);
            std::uint8_t& luma = picture[std::size_t{2} * bit];
            luma = static_cast<std::uint8_t>((luma & 0xfeU) | last);
        }
        v4l2_buffer buffer = Output::empty(index);
        ask(device, VIDIOC_QBUF, buffer, "a picture");
    };
    for (std::uint32_t i = 0; i < output_->pictures.size(); ++i) queue(i);
    auto type = video_out;
    ask(device, VIDIOC_STREAMON, type, "the stream");
    while (!stop_) {
        pollfd ready{device, POLLOUT, 0};
        if (::poll(&ready, 1, 100) <= 0) continue;
        v4l2_buffer buffer = Output::empty(0);
        if (::ioctl(device, VIDIOC_DQBUF, &buffer) == 0) queue(buffer.index);
    }
}

}  // namespace strongroom::test
