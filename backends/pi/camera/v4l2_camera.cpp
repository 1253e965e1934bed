#include "pi/v4l2_camera.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "pi/camera_error.h"
#include "pixels.h"
#include "v4l2_device.h"

namespace strongroom::pi {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] Errc code_of(int number) {
    switch (number) {
        case EBUSY: return Errc::busy;
        case EACCES:
        case EPERM: return Errc::denied;
        default: return Errc::disconnected;
    }
}

[[nodiscard]] std::string remedy_for(int number) {
    switch (number) {
        case ENOENT:
        case ENODEV:
        case ENXIO: {
            const std::string there = list_v4l2_cameras();
            return there.empty() ? "there is no camera on this machine: plug one in"
                                 : "there are:\n" + there;
        }
        case EACCES:
        case EPERM:
            return "add the user to the group video, or give the service "
                   "SupplementaryGroups=video";
        case EBUSY: return "another program captures from it: end that one";
        case ENOTTY:
            return "it is no camera that streams to memory; of a camera with several devices take "
                   "the first. A camera on the CSI connector needs libcamera: type csi";
        default: return "look at what the kernel says of it (dmesg)";
    }
}

[[noreturn]] void give_up(const std::string& device, int number) {
    throw CameraError(device + ": " + std::generic_category().message(number) + ": " +
                      remedy_for(number));
}

}  // namespace

class V4l2Camera::Stream {
public:
    explicit Stream(const std::string& path) : device(path) {}

    // Chooses among what camera and conversion both know. 0 or -errno.
    [[nodiscard]] int negotiate(int width, int height) {
        const auto offered = device.formats();
        for (const std::uint32_t pixels : convertible_formats()) {
            if (std::find(offered.begin(), offered.end(), pixels) == offered.end()) continue;
            format = {pixels, width, height, 0};
            if (const int done = device.set_format(format); done < 0) return done;
            if (format.pixels == pixels) return 0;
        }
        return -EMEDIUMTYPE;
    }

    V4l2Device device;
    V4l2Format format;
    Instant started{};
};

V4l2Camera::V4l2Camera(V4l2CameraConfig config, const hal::Clock& clock)
    : config_(std::move(config)), clock_(clock) {
    Stream trial(config_.device);
    if (trial.device.opened() < 0) give_up(config_.device, -trial.device.opened());
    const int number = trial.negotiate(config_.width, config_.height);
    if (number == -EMEDIUMTYPE) {
        std::string offered;
        for (const std::uint32_t pixels : trial.device.formats()) offered += " " + fourcc(pixels);
        throw CameraError(config_.device + ": none of its formats can be converted (it offers" +
                          (offered.empty() ? " none" : offered) +
                          "); a camera on the CSI connector needs libcamera: type csi");
    }
    if (number < 0) give_up(config_.device, -number);
    identity_ = trial.device.identity();
}

V4l2Camera::~V4l2Camera() = default;

Result<void> V4l2Camera::start() {
    if (stream_) return {};
    auto stream = std::make_unique<Stream>(config_.device);
    int done = stream->device.opened();
    if (done == 0) done = stream->negotiate(config_.width, config_.height);
    if (done == 0 && config_.frames_per_second > 0) {
        stream->device.set_rate(config_.frames_per_second);
    }
    if (done == 0) done = stream->device.begin();
    started_ = true;  // also when it could not: polling says `disconnected`, not `denied`
    if (done < 0) return fail(code_of(-done), -done);
    identity_ = stream->device.identity();
    stream->started = clock_.now();
    last_frame_ = std::max(last_frame_, stream->started);
    base_ = sequence_ + 1;
    stream_ = std::move(stream);
    return {};
}

void V4l2Camera::stop() {
    stream_.reset();
    started_ = false;
}

Error V4l2Camera::lose(int number) {
    stream_.reset();
    return {Errc::disconnected, number};
}

Result<std::optional<hal::Frame>> V4l2Camera::poll() {
    if (!started_) return fail(Errc::denied);
    if (!stream_) return fail(Errc::disconnected);
    std::optional<V4l2Picture> newest;
    bool damaged = false;
    for (;;) {
        V4l2Picture next;
        const int done = stream_->device.take(next);
        if (done == -EAGAIN) break;
        if (done == -EIO) {  // one frame was lost on the way; the stream goes on
            damaged = true;
            break;
        }
        if (done < 0) return tl::unexpected(lose(-done));
        if (newest) {
            if (const int back = stream_->device.give_back(*newest); back < 0) {
                return tl::unexpected(lose(-back));
            }
        }
        newest = next;
    }
    const Instant now = clock_.now();
    if (!newest) {
        if (damaged) return fail(Errc::corrupt, EIO);
        if (now - last_frame_ > 2 * config_.silence_max) return tl::unexpected(lose(ETIMEDOUT));
        if (now - last_frame_ > config_.silence_max) return fail(Errc::timeout);
        return std::nullopt;
    }
    auto pixels = newest->damaged ? std::nullopt : to_bgr(stream_->format, newest->bytes);
    if (const int back = stream_->device.give_back(*newest); back < 0) {
        return tl::unexpected(lose(-back));
    }
    if (!pixels) return fail(Errc::corrupt);
    hal::Frame frame;
    // Not before the start: a driver may count from the beginning of an exposure.
    frame.captured = std::clamp(now - newest->age, std::min(last_frame_, now), now);
    frame.sequence = std::max(base_ + newest->sequence, sequence_ + 1);
    frame.width = stream_->format.width;
    frame.height = stream_->format.height;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(*pixels));
    last_frame_ = frame.captured;
    sequence_ = frame.sequence;
    return frame;
}

std::string list_v4l2_cameras() {
    std::vector<fs::path> nodes;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/dev", error)) {
        if (entry.path().filename().string().starts_with("video")) nodes.push_back(entry.path());
    }
    std::sort(nodes.begin(), nodes.end());
    std::string text;
    for (const fs::path& node : nodes) {
        const V4l2Device device(node.string());
        if (device.opened() < 0) continue;
        const hal::CameraIdentity& identity = device.identity();
        text += "  " + node.string() + ": \"" + device.name() + "\" (" + identity.driver + ", " +
                identity.bus + (identity.serial.empty() ? "" : ", serial " + identity.serial) +
                ")\n";
    }
    return text;
}

}  // namespace strongroom::pi
