// Keypad, display and siren.
#include <algorithm>

#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using Entry = hal::KeypadEntry;

Entry claim(std::uint64_t customer, std::uint64_t locker) {
    return {Entry::Kind::claim, CustomerId{customer}, LockerId{locker}, {}};
}

TEST_CASE("conformance: a keypad gives entries in order and each once") {
    FOR_EACH_RIG(rig, keypads) {
        CHECK(rig->device().poll().value() == std::nullopt);
        rig->type(claim(7, 3));
        rig->type({Entry::Kind::code, {}, {}, CodeDigits("012345")});
        rig->type({Entry::Kind::resend, {}, {}, {}});
        rig->type({Entry::Kind::cancel, {}, {}, {}});
        REQUIRE(rig->observed().waiting == 4);

        const auto first = rig->device().poll().value();
        REQUIRE(first);
        CHECK(first->kind == Entry::Kind::claim);
        CHECK(first->customer == CustomerId{7});
        CHECK(first->locker == LockerId{3});
        const auto second = rig->device().poll().value();
        REQUIRE(second);
        CHECK(second->kind == Entry::Kind::code);
        CHECK(second->digits.reveal() == "012345");
        CHECK(rig->device().poll().value()->kind == Entry::Kind::resend);
        CHECK(rig->device().poll().value()->kind == Entry::Kind::cancel);
        CHECK(rig->device().poll().value() == std::nullopt);
        CHECK(rig->observed().waiting == 0);
    }
}

TEST_CASE("conformance: an unplugged keypad is disconnected and recovers") {
    FOR_EACH_RIG(rig, keypads) {
        if (!rig->can(Capability::unplug)) continue;
        rig->unplug();
        const auto result = rig->device().poll();
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::disconnected);
        rig->plug();
        rig->type(claim(1, 1));
        CHECK(rig->device().poll().value());
    }
}

TEST_CASE("conformance: a display shows the last prompt") {
    FOR_EACH_RIG(rig, displays) {
        const Prompt first{Prompt::Message::enter_code, 120, 3};
        const Prompt second{Prompt::Message::open_door, 5, 0};
        REQUIRE(rig->device().show(first));
        CHECK(rig->observed().prompt == first);
        REQUIRE(rig->device().show(second));
        CHECK(rig->observed().prompt == second);
        REQUIRE(rig->device().show(second));
        CHECK(rig->observed().prompt == second);
    }
}

TEST_CASE("conformance: an unplugged display is disconnected") {
    FOR_EACH_RIG(rig, displays) {
        if (!rig->can(Capability::unplug)) continue;
        rig->unplug();
        const auto result = rig->device().show({});
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::disconnected);
        rig->plug();
        CHECK(rig->device().show({}));
    }
}

TEST_CASE("conformance: a siren signals each alarm until it is cleared") {
    FOR_EACH_RIG(rig, sirens) {
        CHECK(rig->observed().raised.empty());
        for (const Alarm alarm : all_alarms) {
            REQUIRE(rig->device().raise(alarm));
            REQUIRE(rig->device().raise(alarm));
        }
        CHECK(rig->observed().raised.size() == all_alarms.size());
        REQUIRE(rig->device().clear(Alarm::tamper));
        REQUIRE(rig->device().clear(Alarm::tamper));
        const auto raised = rig->observed().raised;
        CHECK(raised.size() == all_alarms.size() - 1);
        CHECK(std::find(raised.begin(), raised.end(), Alarm::tamper) == raised.end());
    }
}

TEST_CASE("conformance: an unplugged siren is disconnected") {
    FOR_EACH_RIG(rig, sirens) {
        if (!rig->can(Capability::unplug)) continue;
        rig->unplug();
        CHECK(rig->device().raise(Alarm::tamper).error().code == Errc::disconnected);
        CHECK(rig->device().clear(Alarm::tamper).error().code == Errc::disconnected);
        rig->plug();
        CHECK(rig->device().raise(Alarm::tamper));
        CHECK(rig->observed().raised == std::vector{Alarm::tamper});
    }
}

}  // namespace
}  // namespace strongroom::conformance
