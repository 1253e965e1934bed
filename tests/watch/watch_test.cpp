#include "watch/watch.h"

#include "catch.h"
#include "watch/alarm_table.h"

using namespace strongroom;
using namespace strongroom::watch;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{std::chrono::hours(1)};

// Lets time pass as a terminal would: every deadline is handled when it is due.
void pass(Watch& watch, Instant& now, Duration span) {
    const Instant until = now + span;
    while (watch.next_deadline() <= until) {
        now = watch.next_deadline();
        watch.handle_deadline(now);
    }
    now = until;
}

}  // namespace

TEST_CASE("watch: a door that opens with no release before it is forced") {
    Watch watch({});
    watch.handle(start, DoorSensed{true});
    CHECK(watch.raised(Alarm::door_forced));
}

TEST_CASE("watch: a door that opens after a release is lawful, up to the grace and no longer") {
    Watch watch({});
    watch.handle(start, StrikePulsed{5s});
    watch.handle(start + 14s, DoorSensed{true});
    CHECK_FALSE(watch.raised(Alarm::door_forced));
    watch.handle(start + 20s, DoorSensed{false});
    watch.handle(start + 21s, DoorSensed{true});
    CHECK(watch.raised(Alarm::door_forced));
}

TEST_CASE("watch: the exit button explains an opening and releases nothing") {
    Watch watch({});
    watch.handle(start, ExitPressed{});
    watch.handle(start + 3s, DoorSensed{true});
    CHECK_FALSE(watch.raised(Alarm::door_forced));
}

TEST_CASE("watch: a door held open raises its alarm at the limit and clears it when closed") {
    Watch watch({});
    Instant now = start;
    watch.handle(now, StrikePulsed{5s});
    watch.handle(now, DoorSensed{true});
    pass(watch, now, 3min - 1s);
    CHECK_FALSE(watch.raised(Alarm::door_held));
    pass(watch, now, 1s);
    CHECK(watch.raised(Alarm::door_held));
    watch.handle(now, DoorSensed{false});
    CHECK_FALSE(watch.raised(Alarm::door_held));
}

TEST_CASE(
    "watch: a bolt that stays released after its pulse is stuck and takes the door out of "
    "service") {
    Watch watch({});
    Instant now = start;
    watch.handle(now, StrikePulsed{5s});
    watch.handle(now, BoltSensed{true});
    pass(watch, now, 5900ms);
    CHECK_FALSE(watch.raised(Alarm::strike_stuck));
    pass(watch, now, 100ms);
    CHECK(watch.raised(Alarm::strike_stuck));
    CHECK(watch.out_of_service());
    watch.handle(now, BoltSensed{false});
    CHECK_FALSE(watch.out_of_service());
}

TEST_CASE("watch: a bolt that is sensed before the pulse is told of does not count as stuck") {
    Watch watch({});
    Instant now = start;
    watch.handle(now, BoltSensed{true});
    watch.handle(now, StrikePulsed{5s});
    pass(watch, now, 5s);
    CHECK_FALSE(watch.raised(Alarm::strike_stuck));
}

TEST_CASE("watch: a bolt that is released with no pulse at all is stuck") {
    Watch watch({});
    Instant now = start;
    watch.handle(now, BoltSensed{true});
    pass(watch, now, 1s);
    CHECK(watch.raised(Alarm::strike_stuck));
}

TEST_CASE("watch: tamper lasts until it is acknowledged with the enclosure closed") {
    Watch watch({});
    watch.handle(start, TamperSensed{false});
    CHECK(watch.raised(Alarm::tamper));
    watch.handle(start, Acknowledged{Alarm::tamper});
    CHECK(watch.raised(Alarm::tamper));
    watch.handle(start, TamperSensed{true});
    CHECK(watch.raised(Alarm::tamper));
    watch.handle(start, Acknowledged{Alarm::tamper});
    CHECK_FALSE(watch.raised(Alarm::tamper));
}

TEST_CASE("watch: what others report is raised once and healed only where the table says so") {
    Watch watch({});
    watch.handle(start, Reported{Alarm::key_early});
    watch.handle(start, Reported{Alarm::key_early});
    int raised = 0;
    while (const auto effect = watch.poll_effect())
        raised += std::holds_alternative<Raise>(*effect);
    CHECK(raised == 1);
    watch.handle(start, Healed{Alarm::key_early});
    CHECK(watch.raised(Alarm::key_early));
    watch.handle(start, Reported{Alarm::camera_lost});
    watch.handle(start, Healed{Alarm::camera_lost});
    CHECK_FALSE(watch.raised(Alarm::camera_lost));
}

TEST_CASE("watch: the alarm table has a row for every alarm, in their order") {
    for (std::size_t i = 0; i < all_alarms.size(); ++i)
        CHECK(alarm_table.at(i).alarm == all_alarms.at(i));
}

TEST_CASE("watch: the product's rules are fit, and lenient ones are refused") {
    CHECK(Rules{}.check().empty());
    CHECK(Rules{.opening_grace = 24h}.check().size() == 1);
    CHECK(Rules{.held_open_after = 24h}.check().size() == 1);
    CHECK(Rules{.stuck_after = 1h}.check().size() == 1);
}
