#include "auth/counts.h"

#include "base/rng.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace std::chrono_literals;

namespace {

const LockoutRule rule;

CustomerCounts with_failures(std::int32_t failures) {
    CustomerCounts counts;
    counts.failures = failures;
    return counts;
}

}  // namespace

TEST_CASE(
    "counts: the penalty is five minutes at three failures and doubles with each further one") {
    const Duration expected[] = {0s,    0s,    0s,     5min,   10min, 20min,
                                 40min, 80min, 160min, 320min, 640min};
    for (std::int32_t failures = 0; failures <= 10; ++failures) {
        CHECK(penalty_for(failures, rule) == expected[failures]);
    }
    CHECK(penalty_for(1'000'000, rule) > 24h * 365);  // saturates instead of overflowing
}

TEST_CASE("counts: a customer is admitted, waits, or needs staff") {
    for (std::int32_t failures = 0; failures <= 12; ++failures) {
        CustomerCounts counts = with_failures(failures);
        counts.penalty = penalty_for(failures, rule);
        const Admission now = admission(counts, rule);
        if (failures >= 10) {
            CHECK(now.kind == Admission::Kind::staff_only);
        } else if (failures >= 3) {
            CHECK(now.kind == Admission::Kind::wait);
            CHECK(now.wait == penalty_for(failures, rule));
        } else {
            CHECK(now.kind == Admission::Kind::admitted);
        }
        // Waiting helps below ten, and never at ten or above.
        const Admission later = admission(after_time(counts, 24h * 1000), rule);
        CHECK((later.kind == Admission::Kind::admitted) == (failures < 10));
    }
}

TEST_CASE(
    "counts: a penalty ends exactly when its time has passed, and time never runs backwards") {
    const CustomerCounts counts = after_wrong(with_failures(2), rule);
    CHECK(after_time(counts, 5min - 1ns).penalty == 1ns);
    CHECK(after_time(counts, 5min).penalty == 0s);
    CHECK(after_time(counts, -1h) == counts);
    CHECK(after_time(counts, 5min).failures == 3);  // waiting forgives nothing
}

TEST_CASE("counts: open holds are taken for failures before another try is allowed") {
    for (std::int32_t failures = 0; failures <= 10; ++failures) {
        for (std::int32_t holds = 0; holds <= 4; ++holds) {
            CustomerCounts counts = with_failures(failures);
            counts.holds = holds;
            // No penalty is running. One try is allowed at any count below ten; a further one only
            // if all of those under way may fail without starting a penalty.
            const bool allowed = failures < 10 && (holds == 0 || failures + holds < 3);
            CHECK(may_reserve(counts, rule) == allowed);
            counts.penalty = 1s;
            CHECK_FALSE(may_reserve(counts, rule));
        }
    }
}

TEST_CASE("counts: a restart makes failures of open holds and starts their penalty") {
    CustomerCounts counts = with_failures(2);
    counts.holds = 2;
    const CustomerCounts after = after_restart(counts, rule);
    CHECK(after.failures == 4);
    CHECK(after.holds == 0);
    CHECK(after.penalty == 10min);
    CHECK(after_restart(after, rule) == after);  // nothing was open: nothing changes
    CustomerCounts partly = with_failures(5);
    partly.penalty = 7min;  // what remained when the power went
    CHECK(after_restart(partly, rule).penalty == 7min);
}

TEST_CASE("counts: a longer penalty that runs is never shortened") {
    CustomerCounts counts = with_failures(2);
    counts.penalty = 3h;
    CHECK(after_wrong(counts, rule).penalty == 3h);
}

TEST_CASE("counts: full success and staff clear failures but no try under way elsewhere") {
    CustomerCounts counts = with_failures(9);
    counts.penalty = 1h;
    counts.holds = 1;
    for (const CustomerCounts& after : {after_full_success(counts), after_release(counts)}) {
        CHECK(after.failures == 0);
        CHECK(after.penalty == 0s);
        CHECK(after.holds == 1);
    }
}

TEST_CASE("counts: failures and holds never fall below the wrong tries in any order of steps") {
    Rng rng(20261120);
    for (int run = 0; run < 2000; ++run) {
        CustomerCounts counts;
        int wrong = 0;
        int open = 0;
        int compared_in_penalty = 0;
        for (int step = 0; step < 60; ++step) {
            switch (rng.below(6)) {
                case 0:
                    if (may_reserve(counts, rule)) {
                        counts = after_reserve(counts);
                        ++open;
                    }
                    break;
                case 1:
                case 2:
                    if (open > 0) {
                        --open;
                        compared_in_penalty += counts.penalty > 0s ? 1 : 0;
                        counts = after_wrong(counts, rule);
                        ++wrong;
                    }
                    break;
                case 3:
                    if (open > 0) {
                        --open;
                        counts = after_right(counts);
                    }
                    break;
                case 4:
                    counts = after_restart(counts, rule);
                    open = 0;
                    break;
                default: counts = after_time(counts, std::chrono::minutes(rng.below(40))); break;
            }
            REQUIRE(counts.failures + counts.holds >= wrong);
        }
        CHECK(compared_in_penalty == 0);
        CHECK(wrong <= 10);
    }
}

TEST_CASE("counts: a day's window opens with its first event and lasts twenty-four hours") {
    DayCount count = after_event({});
    CHECK(count == DayCount{1, 24h});
    count = after_event(after_time(count, 23h));
    CHECK(count == DayCount{2, 1h});  // later events do not move it
    CHECK(after_time(count, 1h) == DayCount{});
    CHECK(after_time(count, -1h) == count);
    CHECK(after_event(after_time(count, 1h)) == DayCount{1, 24h});
}

TEST_CASE("counts: ten codes a day, then none until the window ends") {
    const SendLimits limits;
    CustomerCounts counts;
    for (int i = 0; i < 10; ++i) {
        CHECK(may_send(counts, limits));
        counts = after_send(counts);
    }
    CHECK_FALSE(may_send(counts, limits));
    CHECK_FALSE(may_send(after_time(counts, 24h - 1ns), limits));
    CHECK(may_send(after_time(counts, 24h), limits));
}

TEST_CASE("counts: failures before any factor lock nobody") {
    CustomerCounts counts;
    for (int i = 0; i < 1000; ++i) counts = after_unproven(counts);
    CHECK(counts.unproven.count == 1000);
    CHECK(admission(counts, rule).kind == Admission::Kind::admitted);
    CHECK(may_reserve(counts, rule));
}

TEST_CASE("throttle: a full bucket takes six failures before anybody waits") {
    const ThrottleRule slow;
    Throttle throttle(slow);
    throttle.start(Instant{});
    Instant now{1h};
    for (int i = 0; i < 6; ++i) {
        CHECK(throttle.wait(now) == 0s);
        throttle.failed(now);
    }
    CHECK(throttle.wait(now) == 30s);
    CHECK(throttle.drained(now));
    CHECK(throttle.wait(now + 29s) == 1s);
    CHECK(throttle.wait(now + 30s) == 0s);
}

TEST_CASE("throttle: a restart gains no failures, however long the machine has been up") {
    Throttle throttle{ThrottleRule{}};
    const Instant up{1000h};
    throttle.start(up);
    CHECK(throttle.wait(up) == 0s);
    throttle.failed(up);
    CHECK(throttle.wait(up) == 30s);
    CHECK_FALSE(throttle.drained(up));  // one failure is no attack
    throttle.start(up - 500h);          // only the first start counts
    CHECK(throttle.wait(up) == 30s);
}

TEST_CASE("throttle: a stranger delays nobody by more than a minute, whatever he does") {
    ThrottleRule slowest;
    slowest.refill = 60s;  // the most that Policy::check allows
    Throttle throttle(slowest);
    Rng rng(7);
    Instant now{};
    throttle.start(now);
    for (int i = 0; i < 100'000; ++i) {
        if (rng.below(4) != 0) throttle.failed(now);
        const Duration wait = throttle.wait(now);
        REQUIRE(wait >= 0s);
        REQUIRE(wait <= 60s);
        REQUIRE(throttle.wait(now + wait) == 0s);  // she who waits that long is served
        now += std::chrono::milliseconds(rng.below(20'000));
    }
}

TEST_CASE("throttle: over a day a stranger gets no more tries than the rate allows") {
    const ThrottleRule slow;
    Throttle throttle(slow);
    Instant now{};
    throttle.start(now);
    int failures = 0;
    while (now < Instant{24h}) {
        if (throttle.wait(now) == 0s) {
            throttle.failed(now);
            ++failures;
        }
        now += 1s;
    }
    CHECK(failures <= 24 * 60 * 2 + slow.burst);
    CHECK(failures >= 24 * 60 * 2 - 1);
}
