// Byte link, short messages, clock and entropy.
#include <algorithm>
#include <array>
#include <set>

#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

std::vector<std::byte> numbered(std::size_t count, unsigned first = 0) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = std::byte((first + i) % 251);
    return bytes;
}

std::vector<std::byte> read_all(ByteLinkRig& rig, std::size_t expected) {
    std::vector<std::byte> all;
    std::array<std::byte, 7> buffer{};
    for (int i = 0; i < 1000 && all.size() < expected; ++i) {
        const auto count = rig.device().read(buffer);
        REQUIRE(count);
        REQUIRE(*count <= buffer.size());
        all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        if (*count == 0) rig.advance(1ms);
    }
    return all;
}

TEST_CASE("conformance: a byte link keeps the order both ways") {
    FOR_EACH_RIG(rig, byte_links) {
        REQUIRE(rig->device().write(numbered(100)));
        REQUIRE(rig->device().write(numbered(100, 100)));
        rig->advance(10ms);
        CHECK(rig->observed().received == numbered(200));
        rig->peer_sends(numbered(60));
        rig->peer_sends(numbered(60, 60));
        CHECK(read_all(*rig, 120) == numbered(120));
    }
}

TEST_CASE("conformance: a byte link with nothing to read reads nothing") {
    FOR_EACH_RIG(rig, byte_links) {
        std::array<std::byte, 4> buffer{};
        CHECK(rig->device().read(buffer).value() == 0);
        rig->peer_sends(numbered(2));
        CHECK(read_all(*rig, 2) == numbered(2));
        CHECK(rig->device().read(buffer).value() == 0);
        CHECK(rig->device().read(std::span<std::byte>{}).value() == 0);
        CHECK(rig->device().write(std::span<const std::byte>{}));
    }
}

TEST_CASE("conformance: a byte link takes all bytes of a write or none") {
    FOR_EACH_RIG(rig, byte_links) {
        if (!rig->can(Capability::fill)) continue;
        const std::size_t half = rig->capacity() / 2 + 1;
        REQUIRE(rig->device().write(numbered(half)));
        const auto second = rig->device().write(numbered(half));
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::busy);
        rig->advance(100ms);
        CHECK(rig->observed().received == numbered(half));
        CHECK(rig->device().write(numbered(half)));
    }
}

TEST_CASE("conformance: a byte link delivers what had arrived before it says disconnected") {
    FOR_EACH_RIG(rig, byte_links) {
        if (!rig->can(Capability::unplug)) continue;
        rig->peer_sends(numbered(5));
        rig->advance(1ms);
        rig->unplug();
        CHECK(rig->device().write(numbered(1)).error().code == Errc::disconnected);
        CHECK(read_all(*rig, 5) == numbered(5));
        std::array<std::byte, 4> buffer{};
        const auto result = rig->device().read(buffer);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::disconnected);
    }
}

hal::SmsMessage message(const SmsRig& rig, std::uint64_t id,
                        std::string_view text = "Code 135790") {
    return {hal::SmsId{id}, Secret(rig.number()), Secret(text)};
}

std::vector<hal::SmsDelivery> reports(SmsRig& rig) {
    std::vector<hal::SmsDelivery> all;
    while (const auto next = rig.device().poll_delivery().value()) all.push_back(*next);
    return all;
}

TEST_CASE("conformance: a message reaches the phone and its states are reported in order, once") {
    FOR_EACH_RIG(rig, sms_gateways) {
        CHECK(reports(*rig).empty());
        REQUIRE(rig->device().submit(message(*rig, 41)));
        CHECK(rig->observed().arrived == 0);
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().arrived == 1);
        const auto all = reports(*rig);
        REQUIRE(all.size() == 2);
        CHECK(all[0].id == hal::SmsId{41});
        CHECK(all[0].state == hal::SmsDelivery::State::accepted);
        CHECK(all[1].id == hal::SmsId{41});
        CHECK(all[1].state == hal::SmsDelivery::State::delivered);
        rig->advance(rig->delivers_within());
        CHECK(reports(*rig).empty());
    }
}

TEST_CASE("conformance: a message whose id was submitted before is not sent again") {
    FOR_EACH_RIG(rig, sms_gateways) {
        for (int i = 0; i < 3; ++i) REQUIRE(rig->device().submit(message(*rig, 7)));
        rig->advance(rig->delivers_within());
        REQUIRE(rig->device().submit(message(*rig, 7)));
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().sent == 1);
        CHECK(rig->observed().arrived == 1);
        CHECK(reports(*rig).size() == 2);
        REQUIRE(rig->device().submit(message(*rig, 8)));
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().sent == 2);
    }
}

TEST_CASE("conformance: what is no number or no text is refused and not sent") {
    FOR_EACH_RIG(rig, sms_gateways) {
        const auto refused = [&](std::string_view to, std::string_view text) {
            const auto result = rig->device().submit({hal::SmsId{99}, Secret(to), Secret(text)});
            return !result && result.error().code == Errc::out_of_range;
        };
        CHECK(refused("", "text"));
        CHECK(refused("12345678", "text"));
        CHECK(refused("+", "text"));
        CHECK(refused("+12345678901234567", "text"));
        CHECK(refused("+1234 5678", "text"));
        CHECK(refused(rig->number(), ""));
        CHECK(refused(rig->number(), std::string(161, 'x')));
        CHECK(refused(rig->number(), "\x01"));
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().sent == 0);
        // A refused id has not been used up.
        REQUIRE(rig->device().submit(message(*rig, 99, std::string(160, 'x'))));
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().sent == 1);
    }
}

TEST_CASE("conformance: an error of a gateway holds nothing of the message") {
    FOR_EACH_RIG(rig, sms_gateways) {
        if (!rig->can(Capability::unplug)) continue;
        rig->unplug();
        const auto result = rig->device().submit(message(*rig, 1, "Code 135790"));
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::disconnected);
        // An Error is a code and a vendor's number, and the number must not be the code.
        CHECK(result.error().vendor_code != 135790);
        CHECK(rig->observed().sent == 0);
        rig->plug();
        REQUIRE(rig->device().submit(message(*rig, 1)));
        rig->advance(rig->delivers_within());
        CHECK(rig->observed().arrived == 1);
    }
}

TEST_CASE("conformance: a monotonic clock never decreases while the calendar jumps") {
    FOR_EACH_RIG(rig, clocks) {
        Instant last = rig->device().now();
        for (const Duration jump : {Duration(1h), Duration(-48h), Duration(30s), Duration(-1s)}) {
            const WallTime wall = rig->device().wall();
            if (rig->can(Capability::set_calendar)) {
                rig->set_calendar(jump);
                CHECK(rig->device().wall() - wall == jump);
            }
            CHECK(rig->device().now() >= last);
            last = rig->device().now();
            rig->advance(20ms);
            CHECK(rig->device().now() - last >= 20ms);
            last = rig->device().now();
        }
    }
}

TEST_CASE("conformance: a calendar is of this age of the world") {
    FOR_EACH_RIG(rig, clocks) {
        CHECK(rig->device().wall() > WallTime(std::chrono::hours(24 * 365 * 50)));
        CHECK(rig->device().wall() < WallTime(std::chrono::hours(24 * 365 * 150)));
    }
}

TEST_CASE("conformance: entropy fills every byte and does not repeat itself") {
    FOR_EACH_RIG(rig, entropies) {
        std::set<std::array<std::byte, 32>> seen;
        std::array<bool, 32> nonzero{};
        for (int i = 0; i < 64; ++i) {
            std::array<std::byte, 32> bytes{};
            REQUIRE(rig->device().fill(bytes));
            CHECK(seen.insert(bytes).second);
            for (std::size_t k = 0; k < bytes.size(); ++k) {
                if (bytes[k] != std::byte{0}) nonzero[k] = true;
            }
        }
        // That one place is zero 64 times happens by chance once in 2^512.
        CHECK(std::all_of(nonzero.begin(), nonzero.end(), [](bool b) { return b; }));
        REQUIRE(rig->device().fill(std::span<std::byte>{}));
    }
}

}  // namespace
}  // namespace strongroom::conformance
