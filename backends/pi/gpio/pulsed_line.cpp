#include "pi/pulsed_line.h"

#include <cerrno>
#include <chrono>

namespace strongroom::pi {
namespace {

constexpr Duration retry_interval = std::chrono::milliseconds(20);

[[nodiscard]] Duration checked(const GpioLineConfig& line, Duration max_hold) {
    if (max_hold > Duration::zero()) return max_hold;
    throw GpioError({Errc::out_of_range, EINVAL},
                    to_string(line) + ": the strike's longest hold is above zero");
}

}  // namespace

PulsedLine::PulsedLine(const GpioLineConfig& line, Duration max_hold, GpioChips& chips)
    : max_hold_(checked(line, max_hold)), output_(line, "strongroom strike", chips) {}

Result<void> PulsedLine::pulse(Instant now, Duration hold) {
    if (hold <= Duration::zero() || hold > max_hold_) return fail(Errc::out_of_range);
    // A line that came back is locked: its request says so, whatever was under way.
    if (pulsing_ && output_.driven()) return fail(Errc::busy);
    pulsing_ = false;
    if (const auto open = output_.reopen(); !open) return open;
    // Armed before it is released, so that nothing between the two can keep it so.
    pulsing_ = true;
    ends_ = saturating_add(now, hold);
    if (const auto set = output_.set(true); !set) {
        pulsing_ = false;
        return set;
    }
    return {};
}

Result<void> PulsedLine::lock() {
    pulsing_ = false;
    if (const auto open = output_.reopen(); !open) return open;
    return output_.set(false);
}

void PulsedLine::handle_deadline(Instant now) {
    if (!pulsing_ || now < ends_) return;
    if (lock()) return;
    // The line is gone. It is locked by the request that gets it back.
    pulsing_ = true;
    ends_ = now + retry_interval;
}

}  // namespace strongroom::pi
