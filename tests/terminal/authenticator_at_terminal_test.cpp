// A terminal whose gateways are down, and a customer with an authenticator on her phone.
#include "catch.h"
#include "room.h"

using namespace strongroom;
using namespace strongroom::testing;

namespace {

const std::array<std::byte, auth::AuthenticatorSeed::size> seed_bytes{std::byte{9}};
const auth::AuthenticatorSeed seed{seed_bytes};

void enrol(Room& room) {
    REQUIRE(room.records->set_authenticator(room.moment(), alice, {seed, {0}}));
}

void gateway_down(Room& room, sim::SmsOutage kind = sim::SmsOutage::refusing) {
    room.network.outage("primary", kind, room.scheduler.now(), room.scheduler.now() + 1h);
}

// What her phone shows so many steps from now.
std::string shown(Room& room, std::int64_t later = 0) {
    auth::TimeStep step = auth::time_step(room.devices->clock().wall());
    step.number += later;
    return std::string(auth::authenticator_code(seed, step, 6).reveal());
}

void finish(Room& room) {
    REQUIRE(room.until("turn_key"));
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    REQUIRE(room.until("open_door"));
}

}  // namespace

TEST_CASE("terminal: with the gateway down she opens with her authenticator") {
    Room room;
    enrol(room);
    gateway_down(room);
    room.claim(room.ada);
    REQUIRE(room.until("enter_authenticator_code"));
    room.world.type_code(room.ada, room.site, shown(room));
    finish(room);
    CHECK(room.audited(auth::AuditKind::authenticator_right));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    CHECK(room.records->load(room.moment(), alice, locker)->authenticator->last_step ==
          auth::time_step(room.devices->clock().wall()));
}

TEST_CASE("terminal: with the gateway down and no authenticator it is out of service") {
    Room room;
    gateway_down(room);
    room.claim(room.ada);
    REQUIRE(room.until("out_of_service"));
}

TEST_CASE("terminal: a message that is reported undelivered makes way for the authenticator") {
    Room room;
    enrol(room);
    gateway_down(room, sim::SmsOutage::losing);
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    REQUIRE(room.until("enter_authenticator_code"));
    room.world.type_code(room.ada, room.site, shown(room));
    finish(room);
}

TEST_CASE("terminal: a code of her authenticator opens once, also after a restart") {
    Room room;
    enrol(room);
    gateway_down(room);
    room.claim(room.ada);
    REQUIRE(room.until("enter_authenticator_code"));
    // Of the step to come, so that it would be good for a minute and more.
    const std::string code = shown(room, 1);
    room.world.type_code(room.ada, room.site, code);
    REQUIRE(room.until("turn_key"));
    room.world.press_cancel(room.ada, room.site);
    REQUIRE(room.until("cancelled"));
    room.terminal.reset();
    room.start();
    room.world.leave(room.ada);
    room.claim(room.ada);
    REQUIRE(room.until("enter_authenticator_code"));
    room.world.type_code(room.ada, room.site, code);
    REQUIRE(room.until("code_not_accepted"));
    CHECK(room.audited(auth::AuditKind::authenticator_used));
    CHECK(room.counts().failures == 1);
}

TEST_CASE("terminal: a calendar that nobody has set takes no authenticator's code") {
    Room room;
    enrol(room);
    gateway_down(room);
    room.devices->clock().set_wall(false);
    room.claim(room.ada);
    REQUIRE(room.until("out_of_service"));
    CHECK(room.audited(auth::AuditKind::clock_not_set));
    CHECK(room.counts().failures == 0);
}

TEST_CASE("terminal: a calendar that was set back takes no authenticator's code") {
    Room room;
    enrol(room);
    room.visit();
    gateway_down(room);
    room.devices->clock().jump_wall(-10min);
    room.claim(room.ada);
    REQUIRE(room.until("out_of_service"));
    CHECK(room.audited(auth::AuditKind::clock_not_set));
    // Put right, it is good again.
    room.devices->clock().jump_wall(10min);
    room.world.leave(room.ada);
    room.claim(room.ada);
    REQUIRE(room.until("enter_authenticator_code"));
}
