#include "auth/counts.h"

namespace strongroom::auth {

namespace {

Duration drained(Duration remaining, Duration elapsed) {
    return remaining > elapsed ? remaining - elapsed : Duration::zero();
}

CustomerCounts with_penalty(CustomerCounts counts, const LockoutRule& rule) {
    counts.penalty = std::max(counts.penalty, penalty_for(counts.failures, rule));
    return counts;
}

}  // namespace

Duration penalty_for(std::int32_t failures, const LockoutRule& rule) {
    if (failures < rule.penalty_from) return Duration::zero();
    Duration penalty = rule.first_penalty;
    for (std::int32_t i = rule.penalty_from; i < failures && penalty < Duration::max() / 2; ++i) {
        penalty *= 2;
    }
    return penalty;
}

Admission admission(const CustomerCounts& counts, const LockoutRule& rule) {
    if (counts.failures >= rule.staff_only_from) return {Admission::Kind::staff_only, {}};
    if (counts.penalty > Duration::zero()) return {Admission::Kind::wait, counts.penalty};
    return {};
}

bool may_reserve(const CustomerCounts& counts, const LockoutRule& rule) {
    if (admission(counts, rule).kind != Admission::Kind::admitted) return false;
    if (counts.holds == 0) return true;
    // Suppose that every open hold is wrong: would she still be admitted?
    CustomerCounts supposed = counts;
    supposed.failures += supposed.holds;
    supposed.holds = 0;
    return admission(with_penalty(supposed, rule), rule).kind == Admission::Kind::admitted;
}

CustomerCounts after_reserve(CustomerCounts counts) {
    ++counts.holds;
    return counts;
}

CustomerCounts after_wrong(CustomerCounts counts, const LockoutRule& rule) {
    counts.holds = std::max(counts.holds - 1, 0);
    ++counts.failures;
    return with_penalty(counts, rule);
}

CustomerCounts after_right(CustomerCounts counts) {
    counts.holds = std::max(counts.holds - 1, 0);
    return counts;
}

CustomerCounts after_full_success(CustomerCounts counts) {
    counts.failures = 0;
    counts.penalty = Duration::zero();
    return counts;
}

CustomerCounts after_restart(CustomerCounts counts, const LockoutRule& rule) {
    if (counts.holds == 0) return counts;
    counts.failures += counts.holds;
    counts.holds = 0;
    return with_penalty(counts, rule);
}

CustomerCounts after_time(CustomerCounts counts, Duration elapsed) {
    elapsed = std::max(elapsed, Duration::zero());
    counts.penalty = drained(counts.penalty, elapsed);
    counts.unproven = after_time(counts.unproven, elapsed);
    counts.codes = after_time(counts.codes, elapsed);
    return counts;
}

CustomerCounts after_unproven(CustomerCounts counts) {
    counts.unproven = after_event(counts.unproven);
    return counts;
}

bool may_send(const CustomerCounts& counts, const SendLimits& limits) {
    return counts.codes.count < limits.per_customer_per_day;
}

CustomerCounts after_send(CustomerCounts counts) {
    counts.codes = after_event(counts.codes);
    return counts;
}

CustomerCounts after_release(CustomerCounts counts) {
    counts.failures = 0;
    counts.penalty = Duration::zero();
    return counts;
}

DayCount after_event(DayCount count) {
    if (count.remaining == Duration::zero()) count = {0, day};
    ++count.count;
    return count;
}

DayCount after_time(DayCount count, Duration elapsed) {
    count.remaining = drained(count.remaining, std::max(elapsed, Duration::zero()));
    if (count.remaining == Duration::zero()) count.count = 0;
    return count;
}

Duration Throttle::level(Instant now) const {
    const Duration passed = at_ ? std::max(now - *at_, Duration::zero()) : Duration::zero();
    const Duration grown = level_ + passed;
    return std::min(grown, rule_.refill * rule_.burst);
}

void Throttle::failed(Instant now) {
    const bool full = level(now) == rule_.refill * rule_.burst;
    failures_ = full ? 1 : std::min(failures_ + 1, rule_.burst);
    level_ = std::max(level(now) - rule_.refill, Duration::zero());
    at_ = now;
}

Duration Throttle::wait(Instant now) const {
    return std::max(rule_.refill - level(now), Duration::zero());
}

}  // namespace strongroom::auth
