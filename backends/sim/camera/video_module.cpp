// libstrongroom_video.so: the only place that links OpenCV's video library.
#include "video_module.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

namespace strongroom::sim {
namespace {

[[nodiscard]] hal::Frame frame_of(const cv::Mat& image) {
    const cv::Mat whole = image.isContinuous() ? image : image.clone();
    hal::Frame frame;
    frame.width = whole.cols;
    frame.height = whole.rows;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        whole.data, whole.data + whole.total() * whole.elemSize());
    return frame;
}

// At the file's own rate by the clock. Frames whose time has passed are skipped.
class VideoFile final : public hal::Camera {
public:
    VideoFile(std::string file, const cv::VideoCapture& capture, const hal::Clock& clock)
        : file_(std::move(file)),
          identity_{"strongroom-film", file_, {}},
          capture_(capture),
          clock_(clock) {
        const double rate = capture_.get(cv::CAP_PROP_FPS);
        const double usable = rate > 0.1 && rate < 1000 ? rate : 25;
        interval_ = Duration(static_cast<std::int64_t>(1e9 / usable));
    }

    Result<void> start() override {
        if (state_ == State::running) return {};
        if (used_) {  // from the beginning
            if (!capture_.open(file_)) return fail(Errc::disconnected);
            position_ = 0;
        }
        used_ = true;
        state_ = State::running;
        started_ = clock_.now();
        return {};
    }

    void stop() override { state_ = State::stopped; }

    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }

    Result<std::optional<hal::Frame>> poll() override {
        if (state_ == State::stopped) return fail(Errc::denied);
        if (state_ == State::ended) return fail(Errc::disconnected);
        const auto due = static_cast<std::uint64_t>((clock_.now() - started_) / interval_);
        if (due <= position_) return std::nullopt;
        bool grabbed = true;
        while (grabbed && position_ < due) {
            grabbed = capture_.grab();
            if (grabbed) {
                ++position_;
                ++sequence_;
            }
        }
        cv::Mat image;
        if (!grabbed || !capture_.retrieve(image) || image.type() != CV_8UC3) {
            state_ = State::ended;
            warn_if_short();
            return fail(Errc::disconnected);
        }
        hal::Frame frame = frame_of(image);
        frame.captured = clock_.now();
        frame.sequence = sequence_;
        return frame;
    }

private:
    // What is left of a film that was cut off is played, and scored, like any other.
    void warn_if_short() const {
        const double stated = capture_.get(cv::CAP_PROP_FRAME_COUNT);
        const auto played = static_cast<double>(position_);
        // Some containers only estimate how many there are.
        if (!(stated > 0) || played + 1 >= stated * 0.95) return;
        std::cerr << "warning: " << file_ << " breaks off after " << position_ << " of "
                  << static_cast<std::uint64_t>(stated)
                  << " frames: what is left of it is used; copy or record it again\n";
    }

    enum class State : std::uint8_t { stopped, running, ended };
    std::string file_;
    hal::CameraIdentity identity_;
    cv::VideoCapture capture_;
    const hal::Clock& clock_;
    Duration interval_{};
    State state_ = State::stopped;
    bool used_ = false;
    Instant started_{};
    std::uint64_t position_ = 0;  // frames of the file taken
    std::uint64_t sequence_ = 0;
};

class MotionJpeg final : public Film {
public:
    MotionJpeg(std::string file, double rate) : file_(std::move(file)), rate_(rate) {}

    void add(const hal::Frame& frame) override {
        const cv::Size size(frame.width, frame.height);
        if (!writer_.isOpened()) {
            size_ = size;
            const int code = cv::VideoWriter::fourcc('M', 'J', 'P', 'G');
            if (!writer_.open(file_, cv::CAP_OPENCV_MJPEG, code, rate_, size)) {
                throw PictureError(file_ +
                                   ": cannot be written as a film; does its name end in .avi, and "
                                   "is the directory there and writable?");
            }
        }
        if (size != size_) throw PictureError(file_ + ": frames of a film are of one size");
        // OpenCV has no view of constant pixels; nothing here writes through it.
        writer_.write(cv::Mat(size, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels->data())));
    }

    void close() override {
        if (!writer_.isOpened()) throw PictureError(file_ + ": a film needs at least one frame");
        writer_.release();
        std::error_code error;
        if (std::filesystem::file_size(file_, error) == 0 || error) {
            throw PictureError(file_ + ": cannot be written; is the disk full?");
        }
    }

private:
    std::string file_;
    double rate_;
    cv::Size size_;
    cv::VideoWriter writer_;
};

void say(char* why, std::size_t size, const char* text) {
    if (size == 0) return;
    const std::size_t length = std::min(std::strlen(text), size - 1);
    std::copy_n(text, length, why);
    why[length] = '\0';
}

}  // namespace
}  // namespace strongroom::sim

extern "C" __attribute__((visibility("default"))) strongroom::hal::Camera* strongroom_open_video_2(
    const char* file, const strongroom::hal::Clock* clock, char* why, std::size_t why_size) {
    using namespace strongroom::sim;
    // OpenCV writes its trials of each backend to the terminal otherwise.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    try {
        cv::VideoCapture capture;
        if (!capture.open(std::string(file), cv::CAP_FFMPEG)) {
            say(why, why_size,
                "cannot be decoded as a video: convert it, for instance to MP4 with "
                "H.264");
            return nullptr;
        }
        return std::make_unique<VideoFile>(file, capture, *clock).release();
    } catch (const std::exception&) {
        say(why, why_size, "cannot be opened: OpenCV failed on it");
        return nullptr;
    }
}

extern "C" __attribute__((visibility("default"))) strongroom::sim::Film* strongroom_write_film_1(
    const char* file, double rate) {
    using namespace strongroom::sim;
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return std::make_unique<MotionJpeg>(file, rate).release();
}
