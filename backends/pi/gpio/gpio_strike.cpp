#include "pi/gpio_strike.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pi/pulsed_line.h"

namespace strongroom::pi {
namespace {

using Monotonic = std::chrono::steady_clock;

[[nodiscard]] Instant now() { return Instant(Monotonic::now().time_since_epoch()); }

}  // namespace

// The line, and the thread that ends its pulses. All members under the mutex.
class GpioStrike::Relay {
public:
    explicit Relay(const GpioStrikeConfig& config) : line_(config.relay, config.max_hold) {
        thread_ = std::thread([this] { end_pulses(); });
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;
    ~Relay() {
        {
            const std::lock_guard hold(mutex_);
            leaving_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    [[nodiscard]] Result<void> pulse(Duration hold) {
        {
            const std::lock_guard held(mutex_);
            if (const auto taken = line_.pulse(now(), hold); !taken) return taken;
        }
        changed_.notify_one();
        return {};
    }

    [[nodiscard]] Result<void> lock() {
        const std::lock_guard held(mutex_);
        return line_.lock();
    }

    [[nodiscard]] Duration max_hold() const { return line_.max_hold(); }

private:
    void end_pulses() {
        std::unique_lock held(mutex_);
        while (!leaving_) {
            line_.handle_deadline(now());
            const Instant next = line_.next_deadline();
            if (next == never) {
                changed_.wait(held);
            } else {
                changed_.wait_until(held, Monotonic::time_point(next.time_since_epoch()));
            }
        }
        static_cast<void>(line_.lock());
    }

    PulsedLine line_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread thread_;
    bool leaving_ = false;
};

GpioStrike::GpioStrike(const GpioStrikeConfig& config)
    : relay_(std::make_unique<Relay>(config)), monitor_(config.monitor, "strongroom bolt") {}

GpioStrike::~GpioStrike() = default;

Result<void> GpioStrike::pulse(Duration hold) { return relay_->pulse(hold); }

Result<void> GpioStrike::lock() { return relay_->lock(); }

Result<hal::BoltState> GpioStrike::sense() { return bolt_state(monitor_); }

Duration GpioStrike::max_hold() const { return relay_->max_hold(); }

}  // namespace strongroom::pi
