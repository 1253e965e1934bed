#include "vision/threaded_observer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace strongroom::vision {

namespace {

using Answer = Result<std::optional<hal::FaceObservation>>;

void forget(std::vector<hal::FaceTemplate>& templates) {
    for (hal::FaceTemplate& face : templates) std::ranges::fill(face.features, 0.0F);
    templates.clear();
}

}  // namespace

class ThreadedObserver::Worker {
public:
    Worker(hal::FaceObserver& inner, std::size_t waiting_max)
        : inner_(inner), model_(inner.model()), waiting_max_(waiting_max) {
        STRONGROOM_ASSERT(waiting_max > 0);
        thread_ = std::thread([this] { work(); });
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() {
        order({}, false, true);
        thread_.join();
    }

    [[nodiscard]] hal::FaceModelId model() const { return model_; }

    void start(std::span<const hal::FaceTemplate> templates) {
        order({templates.begin(), templates.end()}, true, false);
    }
    void stop() { order({}, false, false); }

    [[nodiscard]] Answer poll() {
        const std::lock_guard guard(mutex_);
        if (!running_) return fail(Errc::denied);
        if (!waiting_.empty()) {
            const hal::FaceObservation oldest = waiting_.front();
            waiting_.pop_front();
            return std::optional(oldest);
        }
        // An error is told until somebody starts again: a poll that did not come must not lose it.
        if (failed_) return tl::unexpected(*failed_);
        if (hiccup_) return tl::unexpected(*std::exchange(hiccup_, std::nullopt));
        return std::optional<hal::FaceObservation>();
    }

private:
    void order(std::vector<hal::FaceTemplate> templates, bool running, bool end) {
        {
            const std::lock_guard guard(mutex_);
            forget(templates_);
            templates_ = std::move(templates);
            running_ = running;
            ended_ = end;
            ++generation_;
            waiting_.clear();
            failed_.reset();
            hiccup_.reset();
        }
        changed_.notify_one();
    }

    // The thread: what is ordered under the lock is done outside it.
    void work() {
        std::uint64_t generation = 0;
        bool running = false;
        std::unique_lock lock(mutex_);
        while (true) {
            if (generation != generation_) {
                generation = generation_;
                running = running_;
                if (ended_) break;
                std::vector<hal::FaceTemplate> templates = templates_;
                lock.unlock();
                running = begin(generation, running, templates);
                forget(templates);
                lock.lock();
                continue;
            }
            if (!running) {
                changed_.wait(lock, [&] { return generation != generation_; });
                continue;
            }
            lock.unlock();
            const Answer answer = inner_.poll();
            lock.lock();
            if (generation != generation_) continue;  // of an order that has been withdrawn
            running = take(answer);
            if (running && answer && !*answer) changed_.wait_for(lock, idle);
        }
        lock.unlock();
        inner_.stop();
    }

    // Returns whether there is something to poll.
    bool begin(std::uint64_t generation, bool running, std::span<const hal::FaceTemplate> faces) {
        if (!running) {
            inner_.stop();
            return false;
        }
        const Result<void> started = inner_.start(faces);
        if (started) return true;
        const std::lock_guard guard(mutex_);
        if (generation == generation_) failed_ = started.error();
        return false;
    }

    // Under the lock. Returns whether polling goes on.
    bool take(const Answer& answer) {
        if (!answer) {
            waiting_.clear();  // no observation of an earlier frame follows an error
            if (answer.error().code == Errc::corrupt) {
                hiccup_ = answer.error();
                return true;
            }
            failed_ = answer.error();
            return false;
        }
        if (!*answer) return true;
        if (waiting_.size() == waiting_max_) waiting_.pop_front();
        waiting_.push_back(**answer);
        return true;
    }

    // Between two polls that found nothing.
    static constexpr auto idle = std::chrono::milliseconds(5);

    hal::FaceObserver& inner_;
    const hal::FaceModelId model_;
    const std::size_t waiting_max_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t generation_ = 0;  // of the latest order
    bool running_ = false;
    bool ended_ = false;
    std::vector<hal::FaceTemplate> templates_;
    std::deque<hal::FaceObservation> waiting_;
    std::optional<Error> failed_;  // the inner observer has stopped
    std::optional<Error> hiccup_;  // and goes on after this one
    std::thread thread_;
};

ThreadedObserver::ThreadedObserver(hal::FaceObserver& inner, std::size_t waiting_max)
    : worker_(std::make_unique<Worker>(inner, waiting_max)) {}

ThreadedObserver::~ThreadedObserver() = default;

Result<void> ThreadedObserver::start(std::span<const hal::FaceTemplate> templates) {
    const bool ours =
        !templates.empty() && std::ranges::all_of(templates, [&](const hal::FaceTemplate& face) {
            return face.model == worker_->model();
        });
    if (!ours) return fail(Errc::unsupported);
    worker_->start(templates);
    return {};
}

void ThreadedObserver::stop() { worker_->stop(); }

Result<std::optional<hal::FaceObservation>> ThreadedObserver::poll() { return worker_->poll(); }

Instant ThreadedObserver::next_poll() const { return never; }

hal::FaceModelId ThreadedObserver::model() const { return worker_->model(); }

}  // namespace strongroom::vision
