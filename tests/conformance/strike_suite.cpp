#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;
using hal::BoltState;

Duration some_hold(StrikeRig& rig) { return std::min<Duration>(rig.device().max_hold(), 1s); }

TEST_CASE("conformance: a strike starts locked") {
    FOR_EACH_RIG(rig, strikes) {
        CHECK_FALSE(rig->observed().released);
        CHECK(rig->device().sense() == BoltState::secured);
    }
}

TEST_CASE("conformance: a strike releases for the hold and locks again unaided") {
    FOR_EACH_RIG(rig, strikes) {
        const Duration hold = some_hold(*rig);
        REQUIRE(rig->device().pulse(hold));
        CHECK(rig->observed().released);
        CHECK(rig->device().sense() == BoltState::released);
        rig->advance(hold / 2);
        CHECK(rig->observed().released);
        rig->advance(hold);
        CHECK_FALSE(rig->observed().released);
        CHECK(rig->device().sense() == BoltState::secured);
        // And it can be released again.
        REQUIRE(rig->device().pulse(hold));
        CHECK(rig->observed().released);
    }
}

TEST_CASE("conformance: a strike refuses holds out of range and stays untouched") {
    FOR_EACH_RIG(rig, strikes) {
        REQUIRE(rig->device().max_hold() > Duration::zero());
        for (const Duration hold : {Duration::zero(), Duration(-1ns), Duration(-5s),
                                    rig->device().max_hold() + 1ns, Duration::max()}) {
            const auto result = rig->device().pulse(hold);
            REQUIRE_FALSE(result);
            CHECK(result.error().code == Errc::out_of_range);
            CHECK_FALSE(rig->observed().released);
        }
        CHECK(rig->device().pulse(rig->device().max_hold()));
    }
}

TEST_CASE("conformance: a pulse during a pulse is busy and does not prolong it") {
    FOR_EACH_RIG(rig, strikes) {
        const Duration hold = some_hold(*rig);
        REQUIRE(rig->device().pulse(hold));
        rig->advance(hold / 2);
        const auto second = rig->device().pulse(hold);
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::busy);
        CHECK(rig->observed().released);
        rig->advance(hold / 2 + hold / 4);
        CHECK_FALSE(rig->observed().released);
    }
}

TEST_CASE("conformance: lock ends a pulse and may be repeated") {
    FOR_EACH_RIG(rig, strikes) {
        const Duration hold = some_hold(*rig);
        REQUIRE(rig->device().lock());
        REQUIRE(rig->device().pulse(hold));
        rig->advance(hold / 2);
        REQUIRE(rig->device().lock());
        CHECK_FALSE(rig->observed().released);
        REQUIRE(rig->device().lock());
        CHECK_FALSE(rig->observed().released);
        // The old pulse's end must not cut the next one short.
        REQUIRE(rig->device().pulse(hold));
        rig->advance(hold / 4 * 3);
        CHECK(rig->observed().released);
    }
}

TEST_CASE("conformance: destroying a strike locks it") {
    FOR_EACH_RIG(rig, strikes) {
        REQUIRE(rig->device().pulse(rig->device().max_hold()));
        REQUIRE(rig->observed().released);
        rig->destroy();
        CHECK_FALSE(rig->observed().released);
    }
}

TEST_CASE("conformance: a strike locks when the process dies during a pulse") {
    FOR_EACH_RIG(rig, strikes) {
        if (!rig->can(Capability::process_death)) continue;
        const Duration longest = rig->device().max_hold();
        REQUIRE(rig->device().pulse(longest));
        REQUIRE(rig->observed().released);
        rig->kill_process();
        rig->advance(longest + 100ms);
        CHECK_FALSE(rig->observed().released);
    }
}

TEST_CASE("conformance: sense reads the bolt monitor, not the wish") {
    FOR_EACH_RIG(rig, strikes) {
        if (!rig->can(Capability::weld)) continue;
        const Duration hold = some_hold(*rig);
        rig->weld();
        CHECK(rig->device().sense() == BoltState::secured);
        REQUIRE(rig->device().pulse(hold));
        rig->advance(2 * hold);
        CHECK(rig->observed().released);
        CHECK(rig->device().sense() == BoltState::released);
        static_cast<void>(rig->device().lock());
        CHECK(rig->device().sense() == BoltState::released);
    }
}

TEST_CASE("conformance: an unplugged strike is disconnected and locked") {
    FOR_EACH_RIG(rig, strikes) {
        if (!rig->can(Capability::unplug)) continue;
        REQUIRE(rig->device().pulse(some_hold(*rig)));
        rig->unplug();
        CHECK_FALSE(rig->observed().released);
        const auto result = rig->device().pulse(some_hold(*rig));
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::disconnected);
        CHECK_FALSE(rig->observed().released);
        rig->advance(2 * some_hold(*rig));
        rig->plug();
        CHECK_FALSE(rig->observed().released);
        CHECK(rig->device().pulse(some_hold(*rig)));
    }
}

}  // namespace
}  // namespace strongroom::conformance
