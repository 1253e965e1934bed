// The observer on a thread of its own, over an inner one that the test feeds.
#include "vision/threaded_observer.h"

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "catch.h"

using namespace strongroom;

namespace {

constexpr FaceModelId model{7};

// Answers what the test has put in; used from the worker's thread.
class Fed final : public hal::FaceObserver {
public:
    Result<void> start(std::span<const hal::FaceTemplate>) override {
        const std::lock_guard guard(mutex_);
        if (refusal_) return tl::unexpected(*refusal_);
        running_ = true;
        return {};
    }
    void stop() override {
        const std::lock_guard guard(mutex_);
        running_ = false;
        answers_.clear();
    }
    Result<std::optional<hal::FaceObservation>> poll() override {
        const std::lock_guard guard(mutex_);
        threads_.push_back(std::this_thread::get_id());
        if (!running_) return fail(Errc::denied);
        if (answers_.empty()) return std::optional<hal::FaceObservation>();
        const auto answer = answers_.front();
        answers_.pop_front();
        if (!answer) running_ = answer.error().code == Errc::corrupt;
        return answer;
    }
    [[nodiscard]] Instant next_poll() const override { return never; }
    [[nodiscard]] FaceModelId model() const override { return ::model; }

    void see(std::uint64_t sequence) {
        hal::FaceObservation seen;
        seen.sequence = sequence;
        const std::lock_guard guard(mutex_);
        answers_.emplace_back(std::optional(seen));
    }
    void break_with(Errc code) {
        const std::lock_guard guard(mutex_);
        answers_.emplace_back(tl::unexpected(Error{code}));
    }
    void refuse(std::optional<Error> error) {
        const std::lock_guard guard(mutex_);
        refusal_ = error;
    }
    [[nodiscard]] bool running() {
        const std::lock_guard guard(mutex_);
        return running_;
    }
    [[nodiscard]] bool drained() {
        const std::lock_guard guard(mutex_);
        return answers_.empty();
    }
    [[nodiscard]] std::vector<std::thread::id> threads() {
        const std::lock_guard guard(mutex_);
        return threads_;
    }

private:
    std::mutex mutex_;
    bool running_ = false;
    std::optional<Error> refusal_;
    std::deque<Result<std::optional<hal::FaceObservation>>> answers_;
    std::vector<std::thread::id> threads_;
};

const std::vector<hal::FaceTemplate> hers{{model, {1.0F, 2.0F}}};

// The next answer that is not "nothing yet"; gives up after ten seconds.
Result<std::optional<hal::FaceObservation>> await(vision::ThreadedObserver& observer) {
    for (int i = 0; i < 5000; ++i) {
        auto answer = observer.poll();
        if (!answer || *answer) return answer;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return fail(Errc::timeout, -1);
}

template <class Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 5000 && !condition(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return condition();
}

}  // namespace

TEST_CASE("vision: observations of the thread arrive in order on the runner's") {
    Fed inner;
    vision::ThreadedObserver observer(inner);
    CHECK(observer.model() == model);
    CHECK(observer.poll().error().code == Errc::denied);
    REQUIRE(observer.start(hers));
    REQUIRE(eventually([&] { return inner.running(); }));
    inner.see(1);
    inner.see(2);
    for (const std::uint64_t sequence : {1U, 2U}) {
        const auto answer = await(observer);
        REQUIRE(answer);
        CHECK((*answer)->sequence == sequence);
    }
    for (const std::thread::id thread : inner.threads())
        CHECK(thread != std::this_thread::get_id());
}

TEST_CASE("vision: templates of another model, or none, are refused at once") {
    Fed inner;
    vision::ThreadedObserver observer(inner);
    const std::vector<hal::FaceTemplate> others{{FaceModelId{8}, {1.0F}}};
    CHECK(observer.start(others).error().code == Errc::unsupported);
    CHECK(observer.start({}).error().code == Errc::unsupported);
    CHECK_FALSE(inner.running());
}

TEST_CASE("vision: nothing seen before a new start or a stop is returned after it") {
    Fed inner;
    vision::ThreadedObserver observer(inner);
    REQUIRE(observer.start(hers));
    REQUIRE(eventually([&] { return inner.running(); }));
    inner.see(1);
    REQUIRE(eventually([&] { return inner.drained(); }));
    REQUIRE(observer.start(hers));
    inner.see(2);
    const auto answer = await(observer);
    REQUIRE(answer);
    CHECK((*answer)->sequence == 2);
    observer.stop();
    CHECK(observer.poll().error().code == Errc::denied);
    CHECK(eventually([&] { return !inner.running(); }));
}

TEST_CASE("vision: a lost camera stays lost for the runner until it starts again") {
    Fed inner;
    vision::ThreadedObserver observer(inner);
    REQUIRE(observer.start(hers));
    REQUIRE(eventually([&] { return inner.running(); }));
    inner.see(1);
    inner.break_with(Errc::disconnected);
    // The observation may be taken before the error comes, and never after it.
    auto answer = await(observer);
    if (answer) answer = await(observer);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::disconnected);
    CHECK(observer.poll().error().code == Errc::disconnected);
    REQUIRE(observer.start(hers));
    REQUIRE(eventually([&] { return inner.running(); }));
    inner.see(3);
    answer = await(observer);
    REQUIRE(answer);
    CHECK((*answer)->sequence == 3);
}

TEST_CASE("vision: a damaged frame is told once, and the observer goes on") {
    Fed inner;
    vision::ThreadedObserver observer(inner);
    REQUIRE(observer.start(hers));
    REQUIRE(eventually([&] { return inner.running(); }));
    inner.break_with(Errc::corrupt);
    const auto damaged = await(observer);
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().code == Errc::corrupt);
    inner.see(4);
    const auto answer = await(observer);
    REQUIRE(answer);
    CHECK((*answer)->sequence == 4);
}

TEST_CASE("vision: a camera that cannot be started is told by the next poll") {
    Fed inner;
    inner.refuse(Error{Errc::busy, 16});
    vision::ThreadedObserver observer(inner);
    REQUIRE(observer.start(hers));
    const auto answer = await(observer);
    REQUIRE_FALSE(answer);
    CHECK(answer.error() == Error{Errc::busy, 16});
}
