#include "pi/gpio_strike.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace strongroom::pi {

using Monotonic = std::chrono::steady_clock;

// The line, and the thread that ends its pulses. All members under the mutex.
class GpioStrike::Relay {
public:
    explicit Relay(const GpioStrikeConfig& config)
        : max_hold_(checked(config)), output_(config.relay, "strongroom strike") {
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
        if (hold <= Duration::zero() || hold > max_hold_) return fail(Errc::out_of_range);
        {
            const std::lock_guard held(mutex_);
            // A line that came back is locked: its request says so, whatever was under way.
            if (pulsing_ && output_.driven()) return fail(Errc::busy);
            pulsing_ = false;
            if (const auto open = output_.reopen(); !open) return open;
            // Armed before it is released, so that nothing between the two can keep it so.
            pulsing_ = true;
            ends_ = Monotonic::now() + hold;
            if (const auto set = output_.set(true); !set) {
                pulsing_ = false;
                return set;
            }
        }
        changed_.notify_one();
        return {};
    }

    [[nodiscard]] Result<void> lock() {
        const std::lock_guard held(mutex_);
        return lock_now();
    }

    [[nodiscard]] Duration max_hold() const { return max_hold_; }

private:
    static Duration checked(const GpioStrikeConfig& config) {
        if (config.max_hold > Duration::zero()) return config.max_hold;
        throw GpioError({Errc::out_of_range, EINVAL},
                        to_string(config.relay) + ": the strike's longest hold is above zero");
    }

    Result<void> lock_now() {
        pulsing_ = false;
        if (const auto open = output_.reopen(); !open) return open;
        return output_.set(false);
    }

    void end_pulses() {
        std::unique_lock held(mutex_);
        while (!leaving_) {
            if (!pulsing_) {
                changed_.wait(held);
            } else if (Monotonic::now() < ends_) {
                changed_.wait_until(held, ends_);
            } else if (!lock_now()) {
                // The line is gone. It is locked by the request that gets it back.
                pulsing_ = true;
                ends_ = Monotonic::now() + retry_interval;
            }
        }
        static_cast<void>(lock_now());
    }

    static constexpr Duration retry_interval = std::chrono::milliseconds(20);
    const Duration max_hold_;
    GpioOutput output_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread thread_;
    bool pulsing_ = false;
    bool leaving_ = false;
    Monotonic::time_point ends_{};
};

GpioStrike::GpioStrike(const GpioStrikeConfig& config)
    : relay_(std::make_unique<Relay>(config)), monitor_(config.monitor, "strongroom bolt") {}

GpioStrike::~GpioStrike() = default;

Result<void> GpioStrike::pulse(Duration hold) { return relay_->pulse(hold); }

Result<void> GpioStrike::lock() { return relay_->lock(); }

Result<hal::BoltState> GpioStrike::sense() {
    return monitor_.active().map(
        [](bool secured) { return secured ? hal::BoltState::secured : hal::BoltState::released; });
}

Duration GpioStrike::max_hold() const { return relay_->max_hold(); }

}  // namespace strongroom::pi
