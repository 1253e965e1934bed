#include "pi/line_guard.h"

#include <algorithm>

namespace strongroom::pi {

LineGuard::LineGuard(Duration max_hold, GuardedLine& line, GuardDuties& duties)
    : max_hold_(max_hold), line_(line), duties_(duties) {
    if (max_hold_ <= Duration::zero() || max_hold_ > max_hold_limit) {
        throw GuardError("the longest hold is above zero and 30 s at most");
    }
    if (const auto set = line_.set(false); !set) {
        throw GuardError("the strike's line cannot be driven inactive");
    }
}

GuardAnswer LineGuard::answer(Instant now, const GuardQuestion& question) noexcept {
    Result<void> done;
    switch (question.ask) {
        case GuardAsk::hello: break;
        case GuardAsk::pulse: done = pulse(now, Duration(question.hold)); break;
        case GuardAsk::lock: done = lock(Why::asked); break;
        default: done = fail(Errc::unsupported); break;
    }
    GuardAnswer answer;
    answer.done = done ? 1 : 0;
    answer.number = question.number;
    answer.max_hold = max_hold_.count();
    if (!done) {
        answer.error = static_cast<std::uint32_t>(done.error().code);
        answer.vendor_code = done.error().vendor_code;
    }
    return answer;
}

void LineGuard::controller_gone() noexcept { static_cast<void>(lock(Why::controller_gone)); }

bool LineGuard::stop() noexcept { return lock(Why::stopping).has_value(); }

Result<void> LineGuard::pulse(Instant now, Duration hold) noexcept {
    if (hold <= Duration::zero() || hold > max_hold_) return fail(Errc::out_of_range);
    const auto driven = line_.driven();
    if (!driven) {
        static_cast<void>(lock(Why::not_obeying));
        lost_ = true;
        return fail(Errc::disconnected, driven.error().vendor_code);
    }
    if (pulsing_) return fail(Errc::busy);
    // Bounded before it is released, so that nothing between the two can leave it so.
    duties_.before_release(max_hold_);
    pulsing_ = true;
    pulse_ends_ = saturating_add(now, hold);
    if (const auto set = line_.set(true); !set) {
        static_cast<void>(lock(Why::not_obeying));
        return fail(Errc::disconnected, set.error().vendor_code);
    }
    duties_.released(hold);
    return {};
}

Result<void> LineGuard::lock(Why why) noexcept {
    const auto set = line_.set(false);
    if (!set) {
        lost_ = true;
        return set;
    }
    duties_.locked(why, pulsing_);
    pulsing_ = false;
    pulse_ends_ = never;
    return {};
}

void LineGuard::handle_deadline(Instant now) noexcept {
    if (pulsing_ && now >= pulse_ends_) static_cast<void>(lock(Why::pulse_over));
    check_health(now);
}

Instant LineGuard::next_deadline() const noexcept { return std::min(pulse_ends_, next_check_); }

void LineGuard::check_health(Instant now) noexcept {
    if (lost_ || now < next_check_) return;
    next_check_ = now + health_interval;
    const auto driven = line_.driven();
    if (!driven || *driven != pulsing_) {
        static_cast<void>(lock(Why::not_obeying));
        lost_ = true;
        return;
    }
    duties_.healthy();
}

}  // namespace strongroom::pi
