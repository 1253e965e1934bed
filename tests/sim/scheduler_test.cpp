#include "sim/scheduler.h"

#include <string>
#include <vector>

#include "catch.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

Instant at(Duration d) { return Instant(d); }

TEST_CASE("scheduler: actions run in order of time, and of one instant in the order given") {
    Scheduler scheduler(1);
    std::string order;
    scheduler.at(at(2s), [&] { order += 'c'; });
    scheduler.at(at(1s), [&] { order += 'a'; });
    scheduler.at(at(2s), [&] { order += 'd'; });
    scheduler.at(at(1s), [&] {
        order += 'b';
        scheduler.after(0s, [&] { order += 'x'; });
    });
    CHECK(scheduler.next() == at(1s));
    scheduler.run_until(at(1s));
    CHECK(order == "abx");
    CHECK(scheduler.now() == at(1s));
    CHECK(scheduler.run_next());
    CHECK(scheduler.now() == at(2s));
    CHECK(order == "abxc");
    CHECK(scheduler.run_next());
    CHECK_FALSE(scheduler.run_next());
    CHECK(order == "abxcd");
    CHECK(scheduler.next() == never);
    CHECK(scheduler.actions_run() == 5);
}

TEST_CASE("scheduler: what lies in the past runs now, and never runs never") {
    Scheduler scheduler(1);
    scheduler.run_until(at(10s));
    int runs = 0;
    scheduler.at(at(3s), [&] { ++runs; });
    CHECK(scheduler.next() == at(10s));
    CHECK_FALSE(scheduler.pending(scheduler.at(never, [&] { ++runs; })));
    CHECK_FALSE(scheduler.pending(scheduler.after(Duration::max(), [&] { ++runs; })));
    while (scheduler.run_next()) {
    }
    CHECK(runs == 1);
    CHECK(scheduler.now() == at(10s));
}

TEST_CASE("scheduler: a cancelled action does not run and its handle stays inert") {
    Scheduler scheduler(1);
    int runs = 0;
    const auto first = scheduler.after(1s, [&] { ++runs; });
    CHECK(scheduler.pending(first));
    CHECK(scheduler.cancel(first));
    CHECK_FALSE(scheduler.cancel(first));
    CHECK_FALSE(scheduler.cancel({}));
    // The place is used again: the old handle must not reach the new action.
    const auto second = scheduler.after(1s, [&] { ++runs; });
    CHECK(second.slot == first.slot);
    CHECK_FALSE(scheduler.cancel(first));
    CHECK(scheduler.next() == at(1s));
    CHECK(scheduler.run_next());
    CHECK(runs == 1);
    CHECK_FALSE(scheduler.cancel(second));
}

TEST_CASE("scheduler: an action may cancel another of the same instant, and itself is past") {
    Scheduler scheduler(1);
    int runs = 0;
    Scheduler::Handle self;
    Scheduler::Handle other;
    bool self_pending = true;
    self = scheduler.after(1s, [&] {
        self_pending = scheduler.cancel(self);
        scheduler.cancel(other);
    });
    other = scheduler.after(1s, [&] { ++runs; });
    scheduler.run_until(at(5s));
    CHECK(runs == 0);
    CHECK_FALSE(self_pending);
}

TEST_CASE("scheduler: numbers depend on the seed and the purpose alone") {
    const Scheduler a(7);
    const Scheduler b(7);
    const Scheduler c(8);
    CHECK(a.rng("x").next() == b.rng("x").next());
    CHECK(a.rng("x").next() != a.rng("y").next());
    CHECK(a.rng("x").next() != c.rng("x").next());
}

TEST_CASE("virtual clock: each boot has its own origin and the calendar goes on") {
    Scheduler scheduler(1);
    VirtualClock clock(scheduler, at(100s));
    CHECK(clock.now() == at(100s));
    scheduler.run_for(5s);
    CHECK(clock.now() == at(105s));
    CHECK(clock.wall() == VirtualClock::default_start + 5s);
    clock.reboot(at(2s));
    CHECK(clock.now() == at(2s));
    CHECK(clock.wall() == VirtualClock::default_start + 5s);
    scheduler.run_for(1s);
    CHECK(clock.to_scheduler(at(10s)) == at(13s));
    CHECK(clock.from_scheduler(at(13s)) == at(10s));
    CHECK(clock.to_scheduler(never) == never);
    clock.jump_wall(-1h);
    CHECK(clock.now() == at(3s));
    CHECK(clock.wall() == VirtualClock::default_start + 6s - 1h);
}

}  // namespace
}  // namespace strongroom::sim
