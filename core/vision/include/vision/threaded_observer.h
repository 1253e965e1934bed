// A face observer whose work is done on a thread of its own, so that inference never delays a
// debounce or a re-lock.
//
// What the callers see is what hal::FaceObserver promises: they stay on the runner's thread, and no
// call waits for a frame. Destroying it waits for the frame under way.
#pragma once

#include <memory>

#include "hal/face_observer.h"

namespace strongroom::vision {

class ThreadedObserver final : public hal::FaceObserver {
public:
    // `inner` and what it uses outlive this and are touched by the thread alone from now on; the
    // clock that it reads must be safe from two threads, as the system's is. At most `waiting_max`
    // (1 or more) observations wait for the runner; then the oldest is dropped.
    explicit ThreadedObserver(hal::FaceObserver& inner, std::size_t waiting_max = 8);
    ThreadedObserver(const ThreadedObserver&) = delete;
    ThreadedObserver& operator=(const ThreadedObserver&) = delete;
    ~ThreadedObserver() override;

    // Errors: unsupported at once; what the camera says comes from poll().
    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::FaceObservation>> poll() override;
    // `never`: the runner looks at every tick.
    [[nodiscard]] Instant next_poll() const override;
    [[nodiscard]] hal::FaceModelId model() const override;

private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace strongroom::vision
