// Director: lets a stage's time pass on a thread of its own, carries out what is posted, and
// publishes how it looks. The window asks for the newest snapshot and never waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "panel/stage.h"
#include "panel/view.h"

namespace strongroom::panel {

class Director final : public Feed {
public:
    // Builds the stage on the director's thread: latest() is null until it stands. `published` is
    // called from that thread after each snapshot (to wake a window that waits); may be empty.
    explicit Director(StageSetup setup, std::function<void()> published = {});
    ~Director() override;
    Director(const Director&) = delete;
    Director& operator=(const Director&) = delete;

    // Any thread. Null while the first stage is being built.
    [[nodiscard]] std::shared_ptr<const Snapshot> latest() const override;
    // Why the stage could not be built, or could not go on; empty while all is well. Any thread.
    [[nodiscard]] std::string failure() const override;

    // Any thread.
    void post(Order order) override;
    void post(TimeOrder order) override;

private:
    void work();
    void carry_out(std::unique_ptr<Stage>& stage, const std::variant<Order, TimeOrder>& order);
    void obey(Stage& stage, const TimeOrder& order);
    void open(std::unique_ptr<Stage>& stage, const OpenScenario& order);
    // Lets time pass for some milliseconds of the clock on the wall.
    void pass(Stage& stage);
    void publish(Stage& stage);

    StageSetup setup_;
    std::function<void()> published_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::variant<Order, TimeOrder>> inbox_;
    std::shared_ptr<const Snapshot> latest_;
    std::string failure_;
    bool ends_ = false;

    // The director's thread alone.
    std::uint64_t serial_ = 0;
    std::string complaint_;  // about a scenario that could not be opened
    bool running_ = true;
    double speed_ = 1;
    double achieved_ = 0;
    std::chrono::steady_clock::time_point paced_from_;  // when `from_` was, on the wall
    Instant from_{};
    std::chrono::steady_clock::time_point tables_due_;
    std::chrono::steady_clock::time_point measured_at_;
    Instant measured_from_{};

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace strongroom::panel
