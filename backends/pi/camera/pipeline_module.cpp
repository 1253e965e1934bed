// libstrongroom_pipeline.so: the only place of the Pi's that links OpenCV's video library.
#include "pipeline_module.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>

namespace strongroom::pi {
namespace {

constexpr auto patience = std::chrono::seconds(10);  // for the first picture

// What the thread and the camera share. Opening and reading wait, without end where an element is
// missing or a sensor hangs: a pipeline that never answers keeps its thread, not its caller.
struct Capture {
    Capture(std::string wanted, const hal::Clock& its, std::uint64_t so_far)
        : pipeline(std::move(wanted)), clock(&its), last_frame(its.now()), sequence(so_far) {}

    const std::string pipeline;
    std::mutex mutex;
    std::condition_variable changed;
    // Null once nobody wants frames any more: the camera may be gone, and its clock with it.
    const hal::Clock* clock;
    bool lost = false;
    bool ended = false;
    std::optional<hal::Frame> newest;
    Instant last_frame;
    std::uint64_t sequence;
};

// Under the lock.
void take(Capture& capture, const cv::Mat& image) {
    const cv::Mat whole = image.isContinuous() ? image : image.clone();
    hal::Frame frame;
    frame.captured = capture.clock->now();
    frame.width = whole.cols;
    frame.height = whole.rows;
    frame.pixels =
        std::make_shared<const std::vector<std::uint8_t>>(whole.datastart, whole.dataend);
    frame.sequence = ++capture.sequence;
    capture.last_frame = frame.captured;
    capture.newest = std::move(frame);
}

// The thread.
void take_frames(const std::shared_ptr<Capture>& capture) {
    {
        cv::VideoCapture video;
        cv::Mat image;
        // What isOpened() says is no proof; a frame in colour is.
        const auto next = [&] {
            try {
                if (!video.isOpened() && !video.open(capture->pipeline, cv::CAP_GSTREAMER)) {
                    return false;
                }
                return video.read(image) && image.type() == CV_8UC3;
            } catch (const cv::Exception&) {
                return false;
            }
        };
        for (bool going = true; going;) {
            const bool read = next();
            const std::lock_guard held(capture->mutex);
            going = read && capture->clock != nullptr;
            if (going) take(*capture, image);
            capture->lost = !read;
            capture->changed.notify_all();
        }
    }
    const std::lock_guard held(capture->mutex);
    capture->ended = true;
    capture->changed.notify_all();
}

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

    // Opens to see whether it can be, and waits for one frame.
    [[nodiscard]] bool tried(std::string& why) {
        (void)start();
        const std::shared_ptr<Capture> capture = capture_;
        std::unique_lock held(capture->mutex);
        const bool answered = capture->changed.wait_for(
            held, patience, [&] { return capture->lost || capture->newest.has_value(); });
        const bool good = answered && capture->newest.has_value();
        held.unlock();
        stop();
        if (good) return true;
        why = answered ? "cannot be opened, or delivers no picture in colour"
                       : "gives no picture within ten seconds";
        why +=
            ": is the element there (Debian: gstreamer1.0-libcamera), the camera connected and no "
            "other program using it? gst-launch-1.0 with this pipeline says more";
        return false;
    }

    Result<void> start() override {
        if (capture_ != nullptr && !lost()) return {};
        stop();
        capture_ = std::make_shared<Capture>(pipeline_, clock_, sequence_);
        std::thread(take_frames, capture_).detach();
        return {};
    }

    void stop() override {
        if (capture_ == nullptr) return;
        std::unique_lock held(capture_->mutex);
        capture_->clock = nullptr;
        sequence_ = capture_->sequence;
        // The next start would find the camera in use; but who hangs is not waited for.
        capture_->changed.wait_for(held, std::chrono::seconds(1), [&] { return capture_->ended; });
        held.unlock();
        capture_.reset();
    }

    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }

    Result<std::optional<hal::Frame>> poll() override {
        if (capture_ == nullptr) return fail(Errc::denied);
        const std::lock_guard held(capture_->mutex);
        if (capture_->newest) return std::exchange(capture_->newest, std::nullopt);
        if (capture_->lost) return fail(Errc::disconnected);
        if (clock_.now() - capture_->last_frame > silence_max_) return fail(Errc::timeout);
        return std::nullopt;
    }

private:
    [[nodiscard]] bool lost() {
        const std::lock_guard held(capture_->mutex);
        return capture_->lost;
    }

    const std::string pipeline_;
    const hal::CameraIdentity identity_;
    const Duration silence_max_;
    const hal::Clock& clock_;
    std::shared_ptr<Capture> capture_;  // while started
    std::uint64_t sequence_ = 0;        // of the last frame before that
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
