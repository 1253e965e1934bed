// Fingerprint readers.
#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

// Polls while time passes, until something comes; none when it takes longer than the rig states.
// A damaged answer is asked for again.
Result<std::optional<FingerObservation>> next_observation(FingerRig& rig) {
    const Duration step = 10ms;
    for (Duration waited{}; waited <= rig.observes_within(); waited += step) {
        auto result = rig.device().poll();
        const bool again = !result && result.error().code == Errc::corrupt;
        if (!again && (!result || *result)) return result;
        rig.advance(step);
    }
    return std::nullopt;
}

// Started, and the sensor has proven itself.
void make_ready(FingerRig& rig) {
    REQUIRE(rig.device().start(rig.reference()));
    const auto nothing = next_observation(rig);
    REQUIRE(nothing);
    REQUIRE_FALSE(*nothing);
}

FingerObservation observe(FingerRig& rig, int person) {
    rig.lay(person);
    const auto seen = next_observation(rig);
    REQUIRE(seen);
    REQUIRE(*seen);
    rig.lift();
    return **seen;
}

TEST_CASE("conformance: a fingerprint reader that was not started denies") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        hal::FingerprintReader& reader = rig->device();
        CHECK(reader.poll().error() == Error{Errc::denied, 0});
        CHECK(reader.next_poll() == never);
        reader.stop();
        REQUIRE(reader.start(rig->reference()));
        CHECK(reader.poll());
        reader.stop();
        reader.stop();
        CHECK(reader.poll().error() == Error{Errc::denied, 0});
        CHECK(reader.next_poll() == never);
    }
}

TEST_CASE("conformance: a fingerprint reader refuses a slot that its sensor does not have") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        hal::FingerReference beyond = rig->reference();
        beyond.slot = rig->capacity();
        CHECK(rig->device().start(beyond).error().code == Errc::out_of_range);
        CHECK(rig->device().poll().error().code == Errc::denied);
    }
}

TEST_CASE("conformance: each finger laid down is observed once, and hers matches her slot") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        make_ready(*rig);
        std::uint64_t sequence = 0;
        for (int i = 0; i < 2; ++i) {
            const Instant before = rig->now();
            rig->lay(0);
            REQUIRE(rig->observed().somebody);
            const auto seen = next_observation(*rig);
            REQUIRE(seen);
            REQUIRE(*seen);
            const FingerObservation& o = **seen;
            CHECK(o.captured >= before);
            CHECK(o.captured <= rig->now());
            CHECK(o.sequence > sequence);
            CHECK(o.quality == FingerQuality::good);
            CHECK(o.matched_slot == rig->reference().slot);
            CHECK(o.score > 0);
            sequence = o.sequence;
            // It goes on lying there.
            const auto again = next_observation(*rig);
            REQUIRE(again);
            CHECK_FALSE(*again);
            rig->lift();
        }
    }
}

TEST_CASE("conformance: another person's finger matches nothing") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        make_ready(*rig);
        const FingerObservation other = observe(*rig, 1);
        CHECK_FALSE(other.matched_slot);
        // And hers still does afterwards.
        rig->advance(200ms);
        CHECK(observe(*rig, 0).matched_slot == rig->reference().slot);
    }
}

TEST_CASE("conformance: a finger that lay there before the start must be lifted first") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        rig->lay(0);
        REQUIRE(rig->device().start(rig->reference()));
        const auto nothing = next_observation(*rig);
        REQUIRE(nothing);
        CHECK_FALSE(*nothing);
        rig->lift();
        rig->advance(300ms);
        CHECK(rig->device().poll());
        CHECK(observe(*rig, 0).matched_slot == rig->reference().slot);
    }
}

TEST_CASE("conformance: a template that is not the enrolled one is refused, and the reader stops") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        hal::FingerReference changed = rig->reference();
        changed.template_digest[0] ^= std::byte{1};
        REQUIRE(rig->device().start(changed));
        rig->lay(0);
        const auto refused = next_observation(*rig);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() ==
              Error{Errc::denied, static_cast<std::int32_t>(SensorRefusal::template_changed)});
        CHECK(rig->device().poll().error() == Error{Errc::denied, 0});
        rig->lift();
        rig->advance(300ms);
        make_ready(*rig);
        CHECK(observe(*rig, 0).matched_slot == rig->reference().slot);
    }
}

TEST_CASE("conformance: a stopped fingerprint reader forgets the finger that it compared") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        make_ready(*rig);
        rig->lay(0);
        rig->advance(50ms);
        REQUIRE(rig->device().poll());
        rig->device().stop();
        rig->lift();
        rig->advance(rig->observes_within());
        make_ready(*rig);
    }
}

TEST_CASE("conformance: an unplugged sensor is disconnected, and works again when plugged in") {
    FOR_EACH_RIG(rig, fingerprint_readers) {
        if (!rig->can(Capability::unplug)) continue;
        make_ready(*rig);
        rig->unplug();
        const auto lost = next_observation(*rig);
        REQUIRE_FALSE(lost);
        const bool says_so =
            lost.error().code == Errc::disconnected || lost.error().code == Errc::timeout;
        CHECK(says_so);
        CHECK(rig->device().poll().error() == Error{Errc::denied, 0});
        rig->plug();
        rig->advance(1s);
        make_ready(*rig);
        CHECK(observe(*rig, 0).matched_slot == rig->reference().slot);
    }
}

}  // namespace
}  // namespace strongroom::conformance
