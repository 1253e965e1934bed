// The driver's states, one by one, before a sensor whose answers the test chooses.
#include "devices/zfm_reader.h"

#include <stdexcept>

#include "catch.h"
#include "zfm_sensor.h"

using namespace strongroom;
using namespace strongroom::devices;
using namespace strongroom::devices::test;
using namespace std::chrono_literals;

namespace {

constexpr FingerSlot alices = 5;
constexpr unsigned alice = 1;
constexpr unsigned mallory = 2;

class Judge final : public FingerImageCheck {
public:
    FingerImageResult says{0.9F, FingerQuality::good};
    std::vector<std::uint8_t> first_pixels;
    [[nodiscard]] FingerImageResult check(const FingerImage& image) override {
        first_pixels.push_back(image.at(0, 0));
        return says;
    }
};

Key256 key() {
    std::array<std::byte, Key256::size> bytes{};
    bytes.fill(std::byte{7});
    return Key256(bytes);
}

ZfmReaderSettings settings() {
    constexpr std::array password{std::byte{0x12}, std::byte{0x34}, std::byte{0x56},
                                  std::byte{0x78}};
    return {.pin = {.address = zfm_default_address,
                    .system_id = 9,
                    .capacity = 200,
                    .security_level = 3,
                    .packet_size = 128,
                    .baud_rate = 57600},
            .password = Secret(std::span<const std::byte>(password)),
            .digest_key = key(),
            .canary_first = 190,
            .canary_count = 10};
}

struct Setting {
    HandClock clock;
    Sensor sensor{clock};
    Judge judge;
    ZfmReader reader{sensor, clock, judge, settings()};
    hal::FingerReference reference{alices, finger_template_digest(key(), finger(alice))};
    int damaged = 0;  // polls that said corrupt

    Setting() { sensor.library[alices] = finger(alice); }

    // Polls until there is something to tell, or until the time is over.
    Result<std::optional<FingerObservation>> run(Duration span) {
        const Instant end = clock.at + span;
        while (clock.at < end) {
            auto seen = reader.poll();
            if (!seen && seen.error().code == Errc::corrupt) {
                ++damaged;
                continue;
            }
            if (!seen || *seen) return seen;
            const Instant next = reader.next_poll();
            clock.at = std::min(end, std::max(next, clock.at + 100us));
        }
        return std::nullopt;
    }
    // Starts, sees an empty glass, and then a finger.
    Result<std::optional<FingerObservation>> present(unsigned who) {
        REQUIRE(reader.start(reference));
        const auto before = run(4s);
        if (!before || *before) return before;
        sensor.on_glass = who;
        auto seen = run(20s);
        sensor.on_glass.reset();
        return seen;
    }
};

std::optional<Error> error_of(const Result<std::optional<FingerObservation>>& result) {
    return result ? std::nullopt : std::optional(result.error());
}

Error refusal(SensorRefusal why) { return {Errc::denied, static_cast<std::int32_t>(why)}; }

}  // namespace

TEST_CASE("zfm reader: the customer's finger matches her slot, with score and image judged") {
    Setting s;
    const auto seen = s.present(alice);
    REQUIRE(seen);
    REQUIRE(*seen);
    CHECK((*seen)->matched_slot == alices);
    CHECK((*seen)->score == 120);
    CHECK((*seen)->liveness_score == 0.9F);
    CHECK((*seen)->sequence == 1);
    CHECK(s.judge.first_pixels == std::vector<std::uint8_t>{alice});
    CHECK(s.damaged == 0);
}

TEST_CASE("zfm reader: another finger is observed and matches nothing") {
    Setting s;
    // Enrolled himself, which helps nobody who claims another's account.
    s.sensor.library[9] = finger(mallory);
    const auto seen = s.present(mallory);
    REQUIRE(seen);
    REQUIRE(*seen);
    CHECK_FALSE((*seen)->matched_slot);
    CHECK((*seen)->score == 0);
}

TEST_CASE("zfm reader: one finger laid down is one observation, the next one has to be laid anew") {
    Setting s;
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(4s));
    s.sensor.on_glass = alice;
    REQUIRE(s.run(20s).value());
    CHECK_FALSE(s.run(20s).value());
    s.sensor.on_glass.reset();
    CHECK_FALSE(s.run(1s).value());
    s.sensor.on_glass = mallory;
    const auto second = s.run(20s);
    REQUIRE(second.value());
    CHECK((*second)->sequence == 2);
    CHECK_FALSE((*second)->matched_slot);
}

TEST_CASE("zfm reader: a finger that lay on the glass before has to be lifted first") {
    Setting s;
    s.sensor.on_glass = alice;
    REQUIRE(s.reader.start(s.reference));
    CHECK_FALSE(s.run(60s).value());
    CHECK(s.judge.first_pixels.empty());
}

TEST_CASE("zfm reader: a sensor with another password, identifier, capacity or level is refused") {
    Setting s;
    SECTION("password") { s.sensor.password = 0x12345679; }
    SECTION("identifier") { s.sensor.system_id = 10; }
    SECTION("capacity") { s.sensor.capacity = 201; }
    SECTION("security level") { s.sensor.level = 1; }
    SECTION("packet size") { s.sensor.packet_size = 256; }
    CHECK(error_of(s.present(alice)) == refusal(SensorRefusal::sensor_changed));
    CHECK(s.reader.next_poll() == never);
    CHECK(error_of(s.reader.poll()) == Error{Errc::denied, 0});
}

TEST_CASE("zfm reader: a sensor that takes a factory password is refused") {
    Setting s;
    const std::uint32_t factory = GENERATE(0x00000000U, 0xFFFFFFFFU);
    s.sensor.password = factory;
    CHECK(error_of(s.present(alice)) == refusal(SensorRefusal::factory_password));
}

TEST_CASE("zfm reader: a template that was overwritten or deleted is refused before any finger") {
    Setting s;
    SECTION("overwritten") { s.sensor.library[alices] = finger(mallory); }
    SECTION("deleted") { s.sensor.library.erase(alices); }
    CHECK(error_of(s.present(mallory)) == refusal(SensorRefusal::template_changed));
    CHECK(s.sensor.times_asked(ZfmInstruction::take_image) == 0);
}

TEST_CASE("zfm reader: a template that changes while a finger is awaited is refused as well") {
    Setting s;
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(4s));
    s.sensor.library[alices] = finger(mallory);
    s.sensor.on_glass = mallory;
    CHECK(error_of(s.run(20s)) == refusal(SensorRefusal::template_changed));
}

TEST_CASE("zfm reader: an implant that says yes to every search is found by the canary") {
    Setting s;
    s.sensor.instead = [](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction != ZfmInstruction::search) return std::nullopt;
        return Reply{ZfmConfirmation::done,
                     {std::byte{0}, std::byte{alices}, std::byte{0}, std::byte{200}}};
    };
    CHECK(error_of(s.present(mallory)) == refusal(SensorRefusal::link_forged));
}

TEST_CASE("zfm reader: an implant that says yes to a comparison alone makes no match") {
    Setting s;
    s.sensor.instead = [](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction != ZfmInstruction::match) return std::nullopt;
        return Reply{ZfmConfirmation::done, {std::byte{0}, std::byte{200}}};
    };
    const auto seen = s.present(mallory);
    REQUIRE(seen.value());
    CHECK_FALSE((*seen)->matched_slot);
}

TEST_CASE("zfm reader: an answer that is there sooner than the wire carries it is forged") {
    Setting s;
    s.sensor.instead = [&](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction == ZfmInstruction::match) {
            s.sensor.inject(zfm_encode(zfm_default_address, ZfmPacketKind::acknowledge,
                                       Bytes{std::byte{0}, std::byte{0}, std::byte{200}}));
        }
        return std::nullopt;
    };
    CHECK(error_of(s.present(mallory)) == refusal(SensorRefusal::link_forged));
}

TEST_CASE("zfm reader: an image that cannot be compared is reported with its reason") {
    Setting s;
    SECTION("by the check of the image") {
        s.judge.says = {0.5F, FingerQuality::sparse};
        const auto seen = s.present(alice);
        REQUIRE(seen.value());
        CHECK((*seen)->quality == FingerQuality::sparse);
        CHECK(s.sensor.times_asked(ZfmInstruction::match) == 0);
    }
    SECTION("by the sensor") {
        s.sensor.instead = [](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
            if (instruction != ZfmInstruction::extract) return std::nullopt;
            return Reply{ZfmConfirmation::image_messy};
        };
        const auto seen = s.present(alice);
        REQUIRE(seen.value());
        CHECK((*seen)->quality == FingerQuality::messy);
        CHECK_FALSE((*seen)->matched_slot);
    }
}

TEST_CASE("zfm reader: a lost or damaged answer is asked again, whichever it is") {
    // A visit has about twenty answers and three hundred packets of image and templates.
    const int broken =
        GENERATE(range(1, 16), values({40, 180, 310, 320, 324, 326, 328, 330, 332, 333}));
    const bool lost = GENERATE(true, false);
    CAPTURE(broken, lost);
    Setting s;
    int count = 0;
    s.sensor.on_the_way = [&](Bytes& packet) {
        if (++count != broken) return;
        if (lost) {
            packet.clear();
        } else {
            packet[packet.size() / 2] ^= std::byte{0x10};
        }
    };
    const auto seen = s.present(alice);
    REQUIRE(count >= broken);
    REQUIRE(seen.value());
    CHECK((*seen)->matched_slot == alices);
}

TEST_CASE("zfm reader: a sensor that loses every answer is given up in bounded time") {
    Setting s;
    SECTION("silent from the start") { s.sensor.silent = true; }
    SECTION("every packet damaged") {
        s.sensor.on_the_way = [](Bytes& packet) { packet.back() ^= std::byte{1}; };
    }
    REQUIRE(s.reader.start(s.reference));
    CHECK(error_of(s.run(30s)) == Error{Errc::timeout, 0});
    CHECK(s.reader.next_poll() == never);
    // It works again once the fault is gone.
    s.sensor.silent = false;
    s.sensor.on_the_way = nullptr;
    CHECK(s.present(alice).value());
}

TEST_CASE("zfm reader: a sensor that lost its power proves itself again and the visit goes on") {
    Setting s;
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(4s));
    const std::size_t before = s.sensor.times_asked(ZfmInstruction::verify_password);
    s.sensor.brown_out();
    REQUIRE(s.run(4s));
    CHECK(s.sensor.times_asked(ZfmInstruction::verify_password) == before + 3);
    s.sensor.on_glass = alice;
    CHECK(s.run(20s).value()->matched_slot == alices);
}

TEST_CASE("zfm reader: a sensor that loses its power all the time is given up") {
    Setting s;
    s.sensor.instead = [&](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction == ZfmInstruction::take_image) s.sensor.verified = false;
        return std::nullopt;
    };
    REQUIRE(s.reader.start(s.reference));
    CHECK(error_of(s.run(60s)) ==
          Error{Errc::disconnected, static_cast<std::int32_t>(ZfmConfirmation::verify_first)});
}

TEST_CASE("zfm reader: an answer that comes after its time is not taken for the next one's") {
    Setting s;
    bool slow = false;
    s.sensor.instead = [&](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction == ZfmInstruction::match && !slow) {
            slow = true;
            s.sensor.takes = 2500ms;
        } else {
            s.sensor.takes = 20ms;
        }
        return std::nullopt;
    };
    // The slow comparison itself ends in time for the delay that begins with the next command.
    const auto seen = s.present(alice);
    REQUIRE(seen.value());
    CHECK((*seen)->matched_slot == alices);
}

TEST_CASE("zfm reader: stopped in the middle of an image it starts again cleanly") {
    Setting s;
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(4s));
    s.sensor.on_glass = alice;
    REQUIRE(s.run(3s));
    REQUIRE(s.sensor.times_asked(ZfmInstruction::read_image) == 1);
    s.reader.stop();
    s.reader.stop();
    CHECK(s.reader.next_poll() == never);
    s.sensor.on_glass.reset();
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(12s));
    s.sensor.on_glass = alice;
    CHECK(s.run(20s).value()->matched_slot == alices);
}

TEST_CASE("zfm reader: an unplugged sensor is disconnected, and found again at the next start") {
    Setting s;
    REQUIRE(s.reader.start(s.reference));
    REQUIRE(s.run(4s));
    s.sensor.connected = false;
    CHECK(error_of(s.run(4s)) == Error{Errc::disconnected, 0});
    s.sensor.connected = true;
    s.sensor.brown_out();
    CHECK(s.present(alice).value()->matched_slot == alices);
}

TEST_CASE("zfm reader: a slot beyond the capacity or in the empty range is out of range") {
    Setting s;
    for (const FingerSlot slot : {FingerSlot{200}, FingerSlot{190}, FingerSlot{199}}) {
        const auto refused = s.reader.start({slot, {}});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::out_of_range);
    }
    CHECK(error_of(s.reader.poll()) == Error{Errc::denied, 0});
    CHECK(s.reader.start({189, {}}));
}

TEST_CASE("zfm reader: settings that would be no defence are refused while composing") {
    HandClock clock;
    Sensor sensor(clock);
    Judge judge;
    const auto compose = [&](ZfmReaderSettings wrong) {
        const ZfmReader reader(sensor, clock, judge, std::move(wrong));
    };
    auto wrong = settings();
    SECTION("a factory password") {
        constexpr std::array<std::byte, 4> zeros{};
        wrong.password = Secret(std::span<const std::byte>(zeros));
    }
    SECTION("a short password") { wrong.password = Secret(std::string_view("abc")); }
    SECTION("no empty slots") { wrong.canary_count = 0; }
    SECTION("empty slots beyond the capacity") { wrong.canary_count = 11; }
    SECTION("a packet size that no sensor has") { wrong.pin.packet_size = 0; }
    SECTION("no baud rate") { wrong.pin.baud_rate = 0; }
    CHECK_THROWS_AS(compose(std::move(wrong)), std::invalid_argument);
}
