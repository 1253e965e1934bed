#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

// The reading after bouncing has ended. `acted` as people see it: a tamper loop that was opened
// reads "not intact".
template <class RigType, class Read>
void follows(RigType& rig, Read read, bool idle_reading) {
    REQUIRE(read() == idle_reading);
    for (int i = 0; i < 5; ++i) {
        rig.act(true);
        REQUIRE(rig.observed().acted);
        rig.advance(rig.settles_within());
        CHECK(read() == !idle_reading);
        rig.advance(200ms);
        CHECK(read() == !idle_reading);
        rig.act(false);
        REQUIRE_FALSE(rig.observed().acted);
        rig.advance(rig.settles_within());
        CHECK(read() == idle_reading);
        rig.advance(200ms);
    }
}

// A broken wire reads as the state that cannot open anything, or as an error; whatever people do.
template <class RigType, class Read>
void broken_wire(RigType& rig, Read read, bool safe_reading) {
    if (!rig.can(Capability::unplug)) return;
    for (const bool acted : {false, true, false}) {
        rig.act(acted);
        rig.unplug();
        rig.advance(rig.settles_within());
        const Result<bool> reading = read();
        if (reading) {
            CHECK(*reading == safe_reading);
        } else {
            CHECK(reading.error().code == Errc::disconnected);
        }
        rig.plug();
        rig.advance(rig.settles_within());
    }
}

TEST_CASE("conformance: a key switch reads turned while the key is turned") {
    FOR_EACH_RIG(rig, key_switches)
    follows(
        *rig, [&] { return rig->device().turned(); }, false);
}

TEST_CASE("conformance: an unplugged key switch reads absent") {
    FOR_EACH_RIG(rig, key_switches)
    broken_wire(
        *rig, [&] { return rig->device().turned(); }, false);
}

TEST_CASE("conformance: a door contact reads open while the door is open") {
    FOR_EACH_RIG(rig, door_contacts)
    follows(
        *rig, [&] { return rig->device().open(); }, false);
}

TEST_CASE("conformance: an unplugged door contact reads open") {
    FOR_EACH_RIG(rig, door_contacts)
    broken_wire(
        *rig, [&] { return rig->device().open(); }, true);
}

TEST_CASE("conformance: a tamper loop reads broken while the enclosure is open") {
    FOR_EACH_RIG(rig, tamper_loops)
    follows(
        *rig, [&] { return rig->device().intact(); }, true);
}

TEST_CASE("conformance: a cut tamper loop reads broken") {
    FOR_EACH_RIG(rig, tamper_loops)
    broken_wire(
        *rig, [&] { return rig->device().intact(); }, false);
}

TEST_CASE("conformance: an exit button reads pressed while it is pressed") {
    FOR_EACH_RIG(rig, exit_buttons)
    follows(
        *rig, [&] { return rig->device().pressed(); }, false);
}

TEST_CASE("conformance: an unplugged exit button reads released") {
    FOR_EACH_RIG(rig, exit_buttons)
    broken_wire(
        *rig, [&] { return rig->device().pressed(); }, false);
}

}  // namespace
}  // namespace strongroom::conformance
