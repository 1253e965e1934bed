// libstrongroom_pipeline.so: the only place of the Pi's that links OpenCV's video library.
#include "pipeline_module.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>

namespace strongroom::pi {
namespace {

// read() waits for the next frame, so a thread does the waiting. It owns the capture from start()
// until it has ended; a camera that never answers again keeps its thread, not its caller.
class Pipeline final : public hal::Camera {
public:
    explicit Pipeline(const PipelineRequest& request)
        : pipeline_(request.pipeline),
          identity_(*request.identity),
          silence_max_(request.silence_max),
          clock_(*request.clock) {}
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;
    ~Pipeline() override { stop(); }

    // Opens to see whether it can be: what isOpened() says is no proof, a frame is.
    [[nodiscard]] bool tried(std::string& why) {
        cv::VideoCapture capture;
        cv::Mat image;
        if (!capture.open(pipeline_, cv::CAP_GSTREAMER) || !capture.isOpened()) {
            why =
                "cannot be opened: is the element there (Debian: gstreamer1.0-libcamera), the "
                "camera connected and no other program using it? gst-launch-1.0 with this "
                "pipeline says more";
            return false;
        }
        if (!capture.read(image) || image.type() != CV_8UC3) {
            why =
                "opens but delivers no picture in colour: look at the camera's cable and at dmesg";
            return false;
        }
        return true;
    }

    Result<void> start() override {
        if (running_ && !lost_) return {};
        stop();
        if (!capture_.open(pipeline_, cv::CAP_GSTREAMER)) {
            capture_.release();
            started_ = true;
            lost_ = true;
            return fail(Errc::disconnected);
        }
        lost_ = false;
        running_ = true;
        started_ = true;
        newest_.reset();
        last_frame_ = clock_.now();
        thread_ = std::thread([this] { take_frames(); });
        return {};
    }

    void stop() override {
        running_ = false;
        started_ = false;
        if (thread_.joinable()) thread_.join();
        capture_.release();
    }

    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }

    Result<std::optional<hal::Frame>> poll() override {
        if (!started_) return fail(Errc::denied);
        if (lost_) return fail(Errc::disconnected);
        const std::lock_guard held(mutex_);
        if (newest_) return std::exchange(newest_, std::nullopt);
        if (clock_.now() - last_frame_ > silence_max_) return fail(Errc::timeout);
        return std::nullopt;
    }

private:
    void take_frames() {
        cv::Mat image;
        while (running_) {
            bool read = false;
            try {
                read = capture_.read(image) && image.type() == CV_8UC3;
            } catch (const cv::Exception&) {
                read = false;
            }
            if (!read) {
                lost_ = true;
                return;
            }
            const cv::Mat whole = image.isContinuous() ? image : image.clone();
            hal::Frame frame;
            frame.captured = clock_.now();
            frame.width = whole.cols;
            frame.height = whole.rows;
            frame.pixels =
                std::make_shared<const std::vector<std::uint8_t>>(whole.datastart, whole.dataend);
            const std::lock_guard held(mutex_);
            frame.sequence = ++sequence_;
            last_frame_ = frame.captured;
            newest_ = std::move(frame);
        }
    }

    const std::string pipeline_;
    const hal::CameraIdentity identity_;
    const Duration silence_max_;
    const hal::Clock& clock_;
    cv::VideoCapture capture_;  // of the thread while it runs
    std::thread thread_;
    bool started_ = false;
    std::atomic<bool> running_ = false;
    std::atomic<bool> lost_ = false;
    std::mutex mutex_;
    std::optional<hal::Frame> newest_;
    Instant last_frame_{};
    std::uint64_t sequence_ = 0;
};

void say(char* why, std::size_t size, const std::string& text) {
    if (size == 0) return;
    const std::size_t length = std::min(text.size(), size - 1);
    std::memcpy(why, text.data(), length);
    why[length] = '\0';
}

}  // namespace
}  // namespace strongroom::pi

extern "C" __attribute__((visibility("default"))) strongroom::hal::Camera*
strongroom_open_pipeline_1(const strongroom::pi::PipelineRequest* request, char* why,
                           std::size_t why_size) {
    using namespace strongroom::pi;
    // OpenCV writes its trials of each backend to the terminal otherwise.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    try {
        if (!cv::videoio_registry::hasBackend(cv::CAP_GSTREAMER)) {
            say(why, why_size, "cannot be opened: this OpenCV was built without GStreamer");
            return nullptr;
        }
        auto camera = std::make_unique<Pipeline>(*request);
        std::string reason;
        if (!camera->tried(reason)) {
            say(why, why_size, reason);
            return nullptr;
        }
        return camera.release();
    } catch (const std::exception&) {
        say(why, why_size, "cannot be opened: OpenCV failed on it");
        return nullptr;
    }
}
