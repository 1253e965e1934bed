// The counting rules, as pure functions over a customer's counts.
//
// A try is reserved (a hold) before it is compared and settled afterwards; a hold that nobody
// settled, because the power went, becomes a failure. So the count that limits an attacker,
// failures + holds, is never lower than the number of wrong tries, whatever happens in between
// (invariant I9). It falls only by the customer's own full success or by two staff.
// ADR 0003 says why holds and failures are kept apart.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace strongroom::auth {

struct LockoutRule {
    int penalty_from = 3;                              // failures at which the first penalty starts
    Duration first_penalty = std::chrono::minutes(5);  // doubles with each further failure
    int staff_only_from = 10;                          // failures that only two staff release
};

// Codes cost money and patience: how many are sent, and how fast.
struct SendLimits {
    Duration interval_min = std::chrono::seconds(30);  // between two codes of one visit
    int per_customer_per_day = 10;
    int per_terminal_per_day = 200;
};

// Failures before any factor succeeded slow the terminal: a bucket of `burst` tokens, one failure
// each, refilled at one a `refill`. An empty bucket makes the next claim wait, never longer than
// `refill`, which therefore is at most 60 s.
struct ThrottleRule {
    int burst = 6;
    Duration refill = std::chrono::seconds(30);
    int alarm_per_customer_per_day = 10;
};

// A window of 24 hours of running time that opens with its first event. Time switched off does not
// count.
struct DayCount {
    std::int32_t count = 0;
    Duration remaining{};  // of the window; zero means no window is open
    friend bool operator==(const DayCount&, const DayCount&) = default;
};

inline constexpr Duration day = std::chrono::hours(24);

// What the store keeps of one customer. Durations are what remains, not deadlines.
struct CustomerCounts {
    std::int32_t failures = 0;  // customer failures since her last full success
    std::int32_t holds = 0;     // tries reserved and not settled
    Duration penalty{};         // remaining; no try is compared while it runs
    DayCount unproven;          // failures before any factor succeeded; never lock her
    DayCount codes;             // codes issued
    friend bool operator==(const CustomerCounts&, const CustomerCounts&) = default;
};

// Whether a customer may try now.
struct Admission {
    enum class Kind : std::uint8_t { admitted, wait, staff_only };
    Kind kind = Kind::admitted;
    Duration wait{};
};

[[nodiscard]] Admission admission(const CustomerCounts& counts, const LockoutRule& rule);

// The penalty that `failures` failures earn; zero below rule.penalty_from. Saturates.
[[nodiscard]] Duration penalty_for(std::int32_t failures, const LockoutRule& rule);

// Whether one more try may be compared, counting every open hold as if it had failed: two
// terminals cannot share one last try.
[[nodiscard]] bool may_reserve(const CustomerCounts& counts, const LockoutRule& rule);

[[nodiscard]] CustomerCounts after_reserve(CustomerCounts counts);
[[nodiscard]] CustomerCounts after_wrong(CustomerCounts counts, const LockoutRule& rule);
[[nodiscard]] CustomerCounts after_right(CustomerCounts counts);
// All factors succeeded and the grant is recorded.
[[nodiscard]] CustomerCounts after_full_success(CustomerCounts counts);
// Holds that nobody settled become failures.
[[nodiscard]] CustomerCounts after_restart(CustomerCounts counts, const LockoutRule& rule);
// `elapsed` of running time has passed; negative values are treated as zero.
[[nodiscard]] CustomerCounts after_time(CustomerCounts counts, Duration elapsed);
[[nodiscard]] CustomerCounts after_unproven(CustomerCounts counts);

// Whether another code may be issued, and what it costs.
[[nodiscard]] bool may_send(const CustomerCounts& counts, const SendLimits& limits);
[[nodiscard]] CustomerCounts after_send(CustomerCounts counts);

// Two staff have released the customer; the caller has checked that they are two.
[[nodiscard]] CustomerCounts after_release(CustomerCounts counts);

[[nodiscard]] DayCount after_event(DayCount count);
// As above: negative values are treated as zero.
[[nodiscard]] DayCount after_time(DayCount count, Duration elapsed);

// The terminal's bucket; see ThrottleRule. Kept in memory: it starts with a single token, so that
// switching the terminal off and on gains nothing. It fills from the first call of start() on.
class Throttle {
public:
    explicit Throttle(const ThrottleRule& rule) : rule_(rule) {}
    // Only the first call counts; before it the bucket does not fill.
    void start(Instant now) {
        if (!at_) at_ = now;
    }
    void failed(Instant now);
    // How long the next claim has to wait; zero to rule.refill.
    [[nodiscard]] Duration wait(Instant now) const;
    // The bucket is empty and `burst` failures or more made it so, without a pause long enough to
    // fill it: for the alarm rules. One failure just after a start is no attack.
    [[nodiscard]] bool drained(Instant now) const {
        return failures_ >= rule_.burst && wait(now) > Duration::zero();
    }

private:
    [[nodiscard]] Duration level(Instant now) const;
    ThrottleRule rule_;
    std::optional<Instant> at_;      // when level_ was right
    std::int32_t failures_ = 0;      // since it was full, or since the start
    Duration level_ = rule_.refill;  // tokens, each worth rule_.refill
};

}  // namespace strongroom::auth
