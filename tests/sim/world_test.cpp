#include "sim/world.h"

#include "catch.h"
#include "setting.h"
#include "sim/devices.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

TEST_CASE(
    "world: a keyed bolt needs the strike and a fitting key, a keyless one the strike alone") {
    const bool keyless = GENERATE(false, true);
    Town town(1, keyless);
    const Site& site = town.world.site(town.site);
    REQUIRE(town.world.pulse_relay(town.site, 5s));
    CHECK(site.bolt_withdrawn == keyless);
    CHECK(town.world.turn_key(town.mallory, town.site, town.wrong_key, 1s));
    CHECK(site.bolt_withdrawn == keyless);
    CHECK(town.last(FactKind::key_turned)->number == 0);
    CHECK(town.world.turn_key(town.alice, town.site, town.key, 1s));
    CHECK(site.bolt_withdrawn);
    CHECK(town.last(FactKind::key_turned)->number == (keyless ? 0 : 1));
    CHECK(town.world.pull_door(town.alice, town.site));
    CHECK(town.last(FactKind::door_opened)->what == "pulled");
    CHECK(town.last(FactKind::door_opened)->who == "alice");
}

TEST_CASE("world: a key alone, or a closed strike, moves no bolt") {
    Town town;
    CHECK(town.world.turn_key(town.alice, town.site, town.key, 2s));
    CHECK_FALSE(town.world.site(town.site).bolt_withdrawn);
    CHECK_FALSE(town.world.pull_door(town.alice, town.site));
    CHECK_FALSE(town.world.take_contents(town.alice, town.site));
    CHECK(town.story() == "person_arrived key_turned door_resisted");
    // The key turned first, the strike released while it is held: the bolt moves.
    REQUIRE(town.world.pulse_relay(town.site, 1s));
    CHECK(town.world.site(town.site).bolt_withdrawn);
    CHECK(town.last(FactKind::bolt_withdrawn)->who == "alice");
}

TEST_CASE("world: the bolt stays back while the door is open and is thrown when it is closed") {
    Town town(1, true);
    REQUIRE(town.world.pulse_relay(town.site, 2s));
    REQUIRE(town.world.pull_door(town.alice, town.site));
    CHECK(town.world.take_contents(town.alice, town.site));
    town.scheduler.run_for(10s);
    CHECK(town.world.site(town.site).bolt_withdrawn);
    CHECK(town.world.close_door(town.alice, town.site));
    CHECK_FALSE(town.world.close_door(town.alice, town.site));
    CHECK_FALSE(town.world.site(town.site).bolt_withdrawn);
    CHECK_FALSE(town.world.pull_door(town.mallory, town.site));
    CHECK(town.story() ==
          "strike_energised bolt_withdrawn person_arrived door_opened contents_taken "
          "strike_released door_closed bolt_thrown person_arrived door_resisted");
    // Closed within the pulse, the bolt is thrown when the strike holds again.
    REQUIRE(town.world.pulse_relay(town.site, 2s));
    REQUIRE(town.world.pull_door(town.alice, town.site));
    REQUIRE(town.world.close_door(town.alice, town.site));
    CHECK(town.world.site(town.site).bolt_withdrawn);
    town.scheduler.run_for(2s);
    CHECK_FALSE(town.world.site(town.site).bolt_withdrawn);
}

TEST_CASE("world: a crowbar and a push from inside open the door without the bolt") {
    Town town;
    CHECK(town.world.force_door(town.mallory, town.site));
    CHECK(town.last(FactKind::door_opened)->what == "forced");
    CHECK(town.count(FactKind::bolt_withdrawn) == 0);
    REQUIRE(town.world.close_door(town.mallory, town.site));
    CHECK(town.world.push_door(town.alice, town.site));
    CHECK(town.last(FactKind::door_opened)->what == "pushed");
    CHECK(town.count(FactKind::bolt_withdrawn) == 0);
}

TEST_CASE("world: a welded relay stays energised after the pulse until it is repaired") {
    Town town(1, true);
    const Site& site = town.world.site(town.site);
    town.world.weld_relay(town.site);
    CHECK_FALSE(site.energised);
    REQUIRE(town.world.pulse_relay(town.site, 1s));
    town.scheduler.run_for(5s);
    town.world.release_relay(town.site);
    town.world.release_relay(town.site);
    CHECK(site.energised);
    CHECK(site.bolt_withdrawn);
    CHECK_FALSE(town.world.pulse_relay(town.site, 1s));
    CHECK(town.last(FactKind::strike_energised)->what == "weld");
    CHECK(town.last(FactKind::strike_energised)->at == Instant(1s));
    CHECK(town.count(FactKind::strike_energised) == 2);
    CHECK(town.count(FactKind::strike_released) == 0);
    SECTION("repaired") {
        town.world.repair_relay(town.site);
        CHECK_FALSE(site.energised);
        CHECK_FALSE(site.bolt_withdrawn);
        CHECK(town.world.pulse_relay(town.site, 1s));
    }
    SECTION("without power even a weld holds the bolt, and with it releases again") {
        town.world.cut_power(town.site);
        CHECK_FALSE(site.energised);
        CHECK_FALSE(site.bolt_withdrawn);
        town.world.restore_power(town.site);
        CHECK(site.energised);
        CHECK(town.last(FactKind::strike_energised)->what == "weld");
    }
    SECTION("repaired during a pulse, the pulse ends as it should") {
        town.world.repair_relay(town.site);
        town.world.weld_relay(town.site);
        REQUIRE(town.world.pulse_relay(town.site, 2s));
        town.scheduler.run_for(1s);
        town.world.repair_relay(town.site);
        CHECK(site.energised);
        town.scheduler.run_for(1s);
        CHECK_FALSE(site.energised);
    }
}

TEST_CASE("world: a relay on a pin follows its level, and its pull while nothing drives it") {
    Town town(1, true);
    const Site& site = town.world.site(town.site);
    for (const RelayPin& pin : {RelayPin{false, false}, RelayPin{true, true}}) {
        town.world.wire_relay(town.site, pin);
        CHECK_FALSE(site.energised);
        town.world.drive_pin(town.site, !pin.active_low, "pulse");
        CHECK(site.energised);
        CHECK(town.last(FactKind::strike_energised)->what == "pulse");
        town.scheduler.run_for(1h);  // no timer of its own ends it
        CHECK(site.bolt_withdrawn);
        town.world.drive_pin(town.site, std::nullopt, "glitch");
        CHECK_FALSE(site.energised);
        town.world.drive_pin(town.site, pin.active_low, "glitch");
        CHECK_FALSE(site.energised);
    }
    CHECK(town.count(FactKind::strike_energised) == 2);
    CHECK(town.count(FactKind::strike_released) == 2);
}

TEST_CASE("world: a relay on a pin that is pulled the wrong way is energised from power-on") {
    Town town(1, true);
    const Site& site = town.world.site(town.site);
    town.world.wire_relay(town.site, {true, true});
    town.world.drive_pin(town.site, true, "glitch");
    town.world.cut_power(town.site);
    town.world.drive_pin(town.site, false, "glitch");  // by nobody: there is no power
    town.world.restore_power(town.site);
    CHECK_FALSE(site.energised);
    town.world.cut_power(town.site);
    town.world.wire_relay(town.site, {true, false});
    CHECK_FALSE(site.energised);
    town.world.restore_power(town.site);
    CHECK(site.energised);
    CHECK(town.last(FactKind::strike_energised)->what == "glitch");
    town.world.drive_pin(town.site, true, "glitch");
    CHECK_FALSE(site.energised);
}

TEST_CASE("world: a door that somebody leans on opens in the moment its bolt is withdrawn") {
    Town town(1, true);
    town.world.wire_relay(town.site, {});
    town.world.lean_on_door(town.mallory, town.site, 10s);
    CHECK(town.count(FactKind::door_resisted) == 1);
    SECTION("while she leans") {
        town.scheduler.run_for(9s);
        town.world.drive_pin(town.site, true, "glitch");
        CHECK(town.world.site(town.site).door_open);
        CHECK(town.last(FactKind::door_opened)->who == "mallory");
    }
    SECTION("not afterwards") {
        town.scheduler.run_for(11s);
        town.world.drive_pin(town.site, true, "glitch");
        CHECK_FALSE(town.world.site(town.site).door_open);
    }
    SECTION("nor when she has left") {
        town.world.leave(town.mallory);
        town.world.drive_pin(town.site, true, "glitch");
        CHECK_FALSE(town.world.site(town.site).door_open);
    }
}

TEST_CASE("world: a power cut locks, empties keypad and screen, and reads as broken wires") {
    Town town;
    Strike strike(town.world, town.site);
    KeySwitch key(town.world, town.site);
    DoorContact door(town.world, town.site);
    TamperLoop tamper(town.world, town.site);
    Keypad keypad(town.world, town.site);
    Siren siren(town.world, town.site);
    REQUIRE(strike.pulse(5s));
    REQUIRE(town.world.turn_key(town.alice, town.site, town.key, 30s));
    town.scheduler.run_for(20ms);
    REQUIRE(key.turned().value());
    town.world.press_cancel(town.alice, town.site);
    REQUIRE(siren.raise(Alarm::tamper));
    town.world.cut_power(town.site);
    CHECK_FALSE(town.world.site(town.site).energised);
    CHECK_FALSE(town.world.site(town.site).bolt_withdrawn);
    CHECK_FALSE(key.turned().value());
    CHECK(door.open().value());
    CHECK_FALSE(tamper.intact().value());
    CHECK(strike.sense().error().code == Errc::disconnected);
    CHECK(town.count(FactKind::alarm_cleared) == 1);
    town.world.claim(town.alice, town.site, CustomerId{11}, LockerId{5});
    town.world.restore_power(town.site);
    CHECK(keypad.poll().value() == std::nullopt);
    CHECK_FALSE(town.world.site(town.site).energised);
    CHECK(key.turned().value());
    CHECK_FALSE(door.open().value());
}

TEST_CASE("world: a glitch of the relay is told as such and ends") {
    Town town(1, true);
    town.world.glitch_relay(town.site, 300ms);
    CHECK(town.world.pull_door(town.mallory, town.site));
    CHECK(town.last(FactKind::strike_energised)->what == "glitch");
    CHECK(town.last(FactKind::strike_energised)->number == 300);
    town.scheduler.run_for(1s);
    CHECK_FALSE(town.world.site(town.site).energised);
}

TEST_CASE("world: a relay without a timer stays until it is released or loses power") {
    Town town(1, true);
    REQUIRE(town.world.hold_relay(town.site));
    town.scheduler.run_for(1h);
    CHECK(town.world.site(town.site).energised);
    town.world.cut_power(town.site);
    town.world.restore_power(town.site);
    CHECK_FALSE(town.world.site(town.site).energised);
}

TEST_CASE("world: a magnet on the reed contact hides an open door") {
    Town town;
    DoorContact door(town.world, town.site);
    town.world.place_magnet(town.mallory, town.site, true);
    town.world.force_door(town.mallory, town.site);
    CHECK_FALSE(door.open().value());
    town.world.place_magnet(town.mallory, town.site, false);
    CHECK(door.open().value());
}

TEST_CASE("world: key switches bounce, by the seed, and settle") {
    std::size_t chattering = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Town town(seed);
        std::size_t edges = 0;
        bool last = false;
        REQUIRE(town.world.turn_key(town.alice, town.site, town.key, 1s));
        for (Duration t{}; t < 900ms; t += 100us) {
            const bool closed = town.world.key_switch_closed(town.site);
            edges += closed != last ? 1U : 0U;
            last = closed;
            if (t > 5ms) REQUIRE(closed);
            town.scheduler.run_for(100us);
        }
        REQUIRE(edges % 2 == 1);
        chattering += edges > 1 ? 1U : 0U;
        town.scheduler.run_for(200ms);
        CHECK_FALSE(town.world.key_switch_closed(town.site));
        CHECK(town.count(FactKind::key_returned) == 1);
    }
    CHECK(chattering > 10);
    CHECK(chattering < 50);
}

TEST_CASE("world: only who holds a key can turn it, and leaving takes it along") {
    Town town;
    CHECK_FALSE(town.world.turn_key(town.mallory, town.site, town.key, 1s));
    town.world.steal_key(town.mallory, town.key);
    CHECK_FALSE(town.world.turn_key(town.alice, town.site, town.key, 1s));
    CHECK(town.world.turn_key(town.mallory, town.site, town.key, 1min));
    town.scheduler.run_for(1s);
    town.world.leave(town.mallory);
    CHECK(town.last(FactKind::person_left)->who == "mallory");
    CHECK(town.count(FactKind::key_returned) == 1);
    town.scheduler.run_for(2min);
    CHECK(town.count(FactKind::key_returned) == 1);
}

TEST_CASE("world: every change that a device can show wakes the terminal in the same instant") {
    Town town;
    int woken = 0;
    town.world.on_change([&](SiteId site) {
        CHECK(site == town.site);
        ++woken;
    });
    const auto wakes = [&](auto action) {
        const int before = woken;
        const Instant now = town.scheduler.now();
        action();
        CHECK(town.scheduler.now() == now);
        return woken > before;
    };
    World& w = town.world;
    const SiteId s = town.site;
    CHECK(wakes([&] { w.claim(town.alice, s, CustomerId{11}, LockerId{5}); }));
    CHECK(wakes([&] { w.type_code(town.alice, s, "123456"); }));
    CHECK(wakes([&] { w.press_resend(town.alice, s); }));
    CHECK(wakes([&] { w.press_cancel(town.alice, s); }));
    CHECK(wakes([&] { w.turn_key(town.alice, s, town.key, 1s); }));
    CHECK(wakes([&] { w.force_door(town.alice, s); }));
    CHECK(wakes([&] { w.close_door(town.alice, s); }));
    CHECK(wakes([&] { w.press_exit(town.alice, s, 1s); }));
    CHECK(wakes([&] { w.open_enclosure(town.alice, s); }));
    CHECK(wakes([&] { w.close_enclosure(town.alice, s); }));
    CHECK(wakes([&] { w.unplug(town.alice, s, Cable::camera); }));
    CHECK(wakes([&] { w.plug(town.alice, s, Cable::camera); }));
    CHECK(wakes([&] { w.pulse_relay(s, 1s); }));
    CHECK(wakes([&] { w.release_relay(s); }));
    CHECK(wakes([&] { w.cut_power(s); }));
    CHECK(wakes([&] { w.restore_power(s); }));
}

TEST_CASE("world: a gesture belongs to whoever stands before the camera") {
    Town town;
    town.world.show_face(town.alice, town.site);
    town.scheduler.run_until(Instant(1s));
    town.world.perform(town.mallory, town.site, Gesture::nod);  // beside her, unseen
    CHECK(town.world.scene(town.site).gestures.empty());
    town.world.perform(town.alice, town.site, Gesture::nod, 800ms, 0.5);
    REQUIRE(town.world.scene(town.site).gestures.size() == 1);
    const PerformedGesture nod = town.world.scene(town.site).gestures.front();
    CHECK(nod.begins == Instant(1s));
    CHECK(nod.extent(Instant(1s)) == 0);
    CHECK(nod.extent(Instant(1400ms)) == 0.5);
    CHECK(nod.extent(Instant(1800ms)) == 0);
    CHECK(town.last(FactKind::gesture_performed)->what == "nod");
    CHECK(town.last(FactKind::gesture_performed)->number == 800);
    // The next one begins with nothing.
    town.world.show_face(town.mallory, town.site);
    CHECK(town.world.scene(town.site).gestures.empty());
}

TEST_CASE("world: what stands in the camera's place is seen instead of who is there") {
    Town town;
    town.world.show_face(town.mallory, town.site);
    const auto own = town.world.camera_identity(town.site);
    const auto before = town.world.scene(town.site);
    ShownFace stream;
    stream.whose = town.alice;
    stream.presentation = Presentation::compromised;
    town.world.replace_camera(town.mallory, town.site, CameraKind::virtual_device, stream);
    const auto scene = town.world.scene(town.site);
    CHECK(scene.camera == CameraKind::virtual_device);
    CHECK(scene.identity == town.world.person(town.alice).identity);
    CHECK(scene.continuity != before.continuity);
    CHECK(town.world.camera_identity(town.site) != own);
    CHECK(town.last(FactKind::camera_replaced)->what == "virtual_device");
    CHECK(town.last(FactKind::face_shown)->what == "alice");
    CHECK(town.last(FactKind::face_shown)->value == 0);
    town.world.replace_camera(town.mallory, town.site, CameraKind::recording, stream);
    CHECK(town.world.camera_identity(town.site) == own);
    town.world.replace_camera(town.mallory, town.site, CameraKind::own);
    CHECK(town.world.scene(town.site).identity == town.world.person(town.mallory).identity);
    CHECK(town.last(FactKind::face_shown)->what == "mallory");
}

TEST_CASE("world: who stands beside her is seen until she leaves") {
    Town town;
    town.world.stand_beside(town.mallory, town.site);
    town.world.show_face(town.alice, town.site);
    CHECK(town.world.scene(town.site).face.faces == 2);
    CHECK(town.last(FactKind::face_shown)->number == 2);
    CHECK(town.last(FactKind::face_shown)->who == "alice");
    town.world.leave(town.mallory);
    CHECK(town.world.scene(town.site).face.faces == 1);
    CHECK(town.last(FactKind::face_shown)->number == 1);
    CHECK(town.last(FactKind::face_shown)->who == "alice");
}

TEST_CASE("world: an instrument is told with its species and quality") {
    Town town;
    ShownFace print;
    print.whose = town.alice;
    print.presentation = Presentation::artefact;
    print.species = "print_matte";
    print.quality = 0.7;
    town.world.show_face(town.mallory, town.site, print);
    CHECK(town.last(FactKind::instrument_shown)->what == "print_matte");
    CHECK(town.last(FactKind::instrument_shown)->value == 0.7);
}

TEST_CASE("world: who stands before the camera is remembered") {
    Town town;
    town.scheduler.run_until(Instant(1s));
    town.world.show_face(town.alice, town.site);
    town.scheduler.run_until(Instant(2s));
    town.world.show_face(town.mallory, town.site,
                         {town.alice, Presentation::artefact, 1, false, false, false});
    CHECK(town.last(FactKind::face_shown)->who == "mallory");
    CHECK(town.last(FactKind::face_shown)->what == "alice");
    CHECK(town.last(FactKind::face_shown)->value == 0);
    town.scheduler.run_until(Instant(3s));
    town.world.leave(town.mallory);
    CHECK_FALSE(town.world.presenter_at(town.site, Instant(500ms)));
    CHECK(town.world.presenter_at(town.site, Instant(1s)) == town.alice);
    CHECK(town.world.presenter_at(town.site, Instant(1999ms)) == town.alice);
    CHECK(town.world.presenter_at(town.site, Instant(2s)) == town.mallory);
    CHECK_FALSE(town.world.presenter_at(town.site, Instant(3s)));
}

}  // namespace
}  // namespace strongroom::sim
