// What staff do with the sensor, job by job.
#include "devices/zfm_admin.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "catch.h"
#include "devices/zfm_reader.h"
#include "zfm_sensor.h"

using namespace strongroom;
using namespace strongroom::devices;
using namespace strongroom::devices::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned alice = 1;
constexpr unsigned bob = 2;

ZfmAdminSettings settings(std::uint16_t capacity = 200) {
    constexpr std::array password{std::byte{0x12}, std::byte{0x34}, std::byte{0x56},
                                  std::byte{0x78}};
    return {.pin = {.address = zfm_default_address,
                    .system_id = 9,
                    .capacity = capacity,
                    .security_level = 3,
                    .packet_size = 128,
                    .baud_rate = 57600},
            .password = Secret(std::span<const std::byte>(password)),
            .digest_key = {}};
}

struct Desk {
    explicit Desk(std::uint16_t capacity = 200) : Desk(settings(capacity)) {}
    explicit Desk(ZfmAdminSettings chosen) : admin(sensor, clock, std::move(chosen)) {}
    HandClock clock;
    Sensor sensor{clock};
    ZfmAdmin admin;
    // Does what is asked, with this finger first and that one second.
    unsigned first = alice;
    unsigned second = alice;
    std::vector<ZfmAdminPrompt> prompts;

    Result<ZfmJobResult> run() {
        const Instant end = clock.at + 120s;
        while (clock.at < end) {
            obey();
            auto done = admin.poll();
            if (!done && done.error().code == Errc::corrupt) continue;
            if (!done) return tl::unexpected(done.error());
            if (*done) return std::move(**done);
            clock.at = std::max(admin.next_poll(), clock.at + 100us);
        }
        throw std::runtime_error("the job does not end");
    }
    void obey() {
        const ZfmAdminPrompt prompt = admin.prompt();
        if (prompt == ZfmAdminPrompt::none) return;
        if (prompts.empty() || prompts.back() != prompt) prompts.push_back(prompt);
        switch (prompt) {
            case ZfmAdminPrompt::lift: sensor.on_glass.reset(); break;
            case ZfmAdminPrompt::place: sensor.on_glass = first; break;
            case ZfmAdminPrompt::place_again: sensor.on_glass = second; break;
            case ZfmAdminPrompt::wait:
            case ZfmAdminPrompt::none: break;
        }
    }
};

// Says of every image what the test wants.
class Judge final : public FingerImageCheck {
public:
    std::vector<FingerImageResult> verdicts;  // in turn; the last one stays
    std::size_t images = 0;
    [[nodiscard]] FingerImageResult check(const FingerImage&) override {
        return verdicts.at(std::min(images++, verdicts.size() - 1));
    }
};

ZfmAdminSettings judged_by(Judge& judge) {
    ZfmAdminSettings with_check = settings();
    with_check.check = &judge;
    return with_check;
}

Error refusal(ZfmAdminRefusal why) { return {Errc::denied, static_cast<std::int32_t>(why)}; }

}  // namespace

TEST_CASE("zfm admin: two images of one finger become a template, read back to be sure") {
    Desk desk;
    REQUIRE(desk.admin.enrol(17));
    CHECK(desk.admin.busy());
    const auto done = desk.run();
    REQUIRE(done);
    CHECK(desk.sensor.library.at(17) == finger(alice));
    CHECK(done->template_digest == finger_template_digest({}, finger(alice)));
    CHECK(desk.prompts == std::vector{ZfmAdminPrompt::lift, ZfmAdminPrompt::place,
                                      ZfmAdminPrompt::lift, ZfmAdminPrompt::place_again});
    CHECK_FALSE(desk.admin.busy());
    CHECK(desk.admin.next_poll() == never);
}

TEST_CASE("zfm admin: a taken slot, a known finger and two different fingers are not enrolled") {
    Desk desk;
    desk.sensor.library[17] = finger(bob);
    SECTION("taken") {
        REQUIRE(desk.admin.enrol(17));
        CHECK(desk.run().error() == refusal(ZfmAdminRefusal::slot_taken));
    }
    SECTION("known") {
        desk.first = bob;
        REQUIRE(desk.admin.enrol(18));
        CHECK(desk.run().error() == refusal(ZfmAdminRefusal::finger_known));
    }
    SECTION("different") {
        desk.second = bob;
        REQUIRE(desk.admin.enrol(18));
        CHECK(desk.run().error() == refusal(ZfmAdminRefusal::fingers_differ));
    }
    CHECK(desk.sensor.library.size() == 1);
}

TEST_CASE("zfm admin: poor images are asked again, and in the end refused") {
    Desk desk;
    int poor = 0;
    const int limit = GENERATE(2, 1000);
    desk.sensor.instead = [&](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        if (instruction != ZfmInstruction::extract || poor >= limit) return std::nullopt;
        ++poor;
        return Reply{ZfmConfirmation::image_sparse};
    };
    REQUIRE(desk.admin.enrol(3));
    const auto done = desk.run();
    if (limit == 2) {
        CHECK(done);
    } else {
        CHECK(done.error() == refusal(ZfmAdminRefusal::poor_image));
    }
}

TEST_CASE("zfm admin: a new sensor gets a password, its parameters, and an empty library") {
    Desk desk(0);
    desk.sensor.password = GENERATE(0x00000000U, 0xFFFFFFFFU);
    desk.sensor.level = 1;
    desk.sensor.packet_size = 32;
    desk.sensor.library[1] = finger(bob);
    REQUIRE(desk.admin.provision());
    const auto done = desk.run();
    REQUIRE(done);
    CHECK(desk.sensor.password == 0x12345678);
    CHECK(desk.sensor.library.empty());
    CHECK(done->pin == settings().pin);
}

TEST_CASE("zfm admin: provisioning that was interrupted is taken up again") {
    Desk desk(0);
    desk.sensor.password = 0;
    desk.sensor.on_the_way = [&](Bytes& packet) {
        if (desk.sensor.asked.back() == ZfmInstruction::set_password) packet.clear();
    };
    REQUIRE(desk.admin.provision());
    CHECK(desk.run().error().code == Errc::timeout);
    CHECK(desk.sensor.password == 0x12345678);
    REQUIRE(desk.admin.provision());
    CHECK(desk.run()->pin == settings().pin);
}

TEST_CASE("zfm admin: a sensor is examined without changing anything of it") {
    Desk desk(0);
    desk.sensor.password = GENERATE(0x00000000U, 0xFFFFFFFFU, 0x12345678U);
    desk.sensor.level = 5;
    desk.sensor.packet_size = 64;
    desk.sensor.library[150] = finger(bob);
    REQUIRE(desk.admin.examine());
    const auto found = desk.run();
    REQUIRE(found);
    CHECK(found->factory_password == (desk.sensor.password != 0x12345678));
    REQUIRE(found->pin);
    CHECK(found->pin->capacity == 200);
    CHECK(found->pin->security_level == 5);
    CHECK(found->pin->packet_size == 64);
    CHECK(found->slots == std::vector<FingerSlot>{150});
    CHECK(desk.sensor.times_asked(ZfmInstruction::set_password) == 0);
    CHECK(desk.sensor.times_asked(ZfmInstruction::set_parameter) == 0);
}

TEST_CASE("zfm admin: what answers with parameters that no such sensor has is another model") {
    Desk desk(0);
    desk.sensor.capacity = 0;
    REQUIRE(desk.admin.examine());
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::unknown_model));
}

TEST_CASE("zfm admin: a library is kept when a sensor is provisioned once more") {
    Desk desk(0);
    desk.sensor.level = 1;
    desk.sensor.library[1] = finger(bob);
    REQUIRE(desk.admin.provision(ZfmLibrary::keep));
    CHECK(desk.run()->pin == settings().pin);
    CHECK(desk.sensor.library.size() == 1);
}

TEST_CASE("zfm admin: the speed is set once, and none that the sensor does not have") {
    Desk desk(0);
    std::vector<Bytes> set;
    desk.sensor.instead = [&](ZfmInstruction instruction,
                              const Bytes& arguments) -> std::optional<Reply> {
        if (instruction == ZfmInstruction::set_parameter) set.push_back(arguments);
        return std::nullopt;
    };
    CHECK(desk.admin.set_speed(57601).error().code == Errc::out_of_range);
    CHECK(desk.admin.set_speed(0).error().code == Errc::out_of_range);
    CHECK(desk.admin.set_speed(13 * 9600).error().code == Errc::out_of_range);
    REQUIRE(desk.admin.set_speed(115200));
    REQUIRE(desk.run());
    CHECK(set == std::vector<Bytes>{Bytes{std::byte{4}, std::byte{12}}});
}

TEST_CASE("zfm admin: both images of an enrolment are judged, and a cast is not enrolled") {
    Judge judge;
    judge.verdicts = {{0.9F, FingerQuality::good}};
    Desk desk(judged_by(judge));
    SECTION("a living finger") {
        REQUIRE(desk.admin.enrol(3));
        REQUIRE(desk.run());
        CHECK(judge.images == 2);
        CHECK(desk.prompts == std::vector{ZfmAdminPrompt::lift, ZfmAdminPrompt::place,
                                          ZfmAdminPrompt::wait, ZfmAdminPrompt::lift,
                                          ZfmAdminPrompt::place_again, ZfmAdminPrompt::wait});
        CHECK(desk.sensor.library.contains(3));
        return;
    }
    SECTION("a cast at once") { judge.verdicts = {{0.1F, FingerQuality::good}}; }
    SECTION("a cast the second time") {
        judge.verdicts = {{0.9F, FingerQuality::good}, {0.1F, FingerQuality::good}};
    }
    REQUIRE(desk.admin.enrol(3));
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::artefact));
    CHECK(desk.sensor.library.empty());
}

TEST_CASE("zfm admin: an image that shows too little to be judged is asked for again") {
    Judge judge;
    judge.verdicts = {{0, FingerQuality::sparse},
                      {0, FingerQuality::messy},
                      {std::numeric_limits<float>::quiet_NaN(), FingerQuality::good},
                      {0.9F, FingerQuality::good}};
    Desk desk(judged_by(judge));
    REQUIRE(desk.admin.enrol(3));
    REQUIRE(desk.run());
    CHECK(judge.images == 5);
}

TEST_CASE("zfm admin: a finger may be enrolled again beside its own older template alone") {
    Desk desk;
    desk.sensor.library[7] = finger(alice);
    REQUIRE(desk.admin.enrol(8, FingerSlot{6}));
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::finger_known));
    REQUIRE(desk.admin.enrol(8, FingerSlot{7}));
    REQUIRE(desk.run());
    CHECK(desk.sensor.library.size() == 2);
    // What may be replaced is said for one job.
    REQUIRE(desk.admin.enrol(9));
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::finger_known));
}

TEST_CASE("zfm admin: a sensor with a password that nobody knows cannot be provisioned") {
    Desk desk(0);
    desk.sensor.password = 99;
    REQUIRE(desk.admin.provision());
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::password_unknown));
    // Before it is provisioned nothing else can be done with it.
    CHECK(desk.admin.list().error().code == Errc::unsupported);
}

TEST_CASE("zfm admin: the library is listed, emptied slot by slot, and as a whole") {
    Desk desk(700);
    desk.sensor.capacity = 700;
    for (const unsigned slot : {0U, 7U, 255U, 256U, 699U}) {
        desk.sensor.library[static_cast<FingerSlot>(slot)] = finger(slot);
    }
    REQUIRE(desk.admin.list());
    CHECK(desk.run()->slots == std::vector<FingerSlot>{0, 7, 255, 256, 699});
    REQUIRE(desk.admin.remove(256));
    REQUIRE(desk.run());
    CHECK_FALSE(desk.sensor.library.contains(256));
    CHECK(desk.sensor.library.size() == 4);
    REQUIRE(desk.admin.clear());
    REQUIRE(desk.run());
    CHECK(desk.sensor.library.empty());
}

TEST_CASE("zfm admin: a deletion that the sensor only claims is noticed") {
    Desk desk;
    desk.sensor.library[4] = finger(bob);
    desk.sensor.instead = [&](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
        const bool deletes =
            instruction == ZfmInstruction::remove || instruction == ZfmInstruction::clear;
        return deletes ? std::optional(Reply{ZfmConfirmation::done}) : std::nullopt;
    };
    REQUIRE(desk.admin.remove(4));
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::not_written));
    REQUIRE(desk.admin.clear());
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::not_written));
}

TEST_CASE("zfm admin: a template goes out and comes back, packet for packet") {
    Desk desk;
    desk.sensor.library[4] = finger(bob);
    REQUIRE(desk.admin.read_template(4));
    auto copy = desk.run();
    REQUIRE(copy);
    REQUIRE(desk.admin.write_template(60, copy->template_bytes.reveal()));
    const auto written = desk.run();
    REQUIRE(written);
    CHECK(desk.sensor.library.at(60) == finger(bob));
    CHECK(written->template_digest == copy->template_digest);
    REQUIRE(desk.admin.read_template(5));
    CHECK(desk.run().error() == refusal(ZfmAdminRefusal::slot_empty));
}

TEST_CASE("zfm admin: a template whose packets were lost on the way is not taken for whole") {
    Desk desk;
    desk.sensor.library[4] = finger(bob);
    int packets = 0;
    desk.sensor.on_the_way = [&](Bytes& packet) {
        // The second of the four data packets of the first reading.
        const bool data = packet.size() > 100;
        if (data && ++packets == 2) packet.clear();
    };
    REQUIRE(desk.admin.read_template(4));
    const auto copy = desk.run();
    REQUIRE(copy);
    CHECK(copy->template_digest == finger_template_digest({}, finger(bob)));
}

TEST_CASE("zfm admin: flash that fails is named, and a lost power ends the job") {
    Desk desk;
    SECTION("flash") {
        desk.sensor.instead = [](ZfmInstruction instruction, const Bytes&) -> std::optional<Reply> {
            if (instruction != ZfmInstruction::store) return std::nullopt;
            return Reply{ZfmConfirmation::flash_failed};
        };
        REQUIRE(desk.admin.enrol(3));
        CHECK(desk.run().error() == refusal(ZfmAdminRefusal::flash_failed));
    }
    SECTION("power") {
        desk.sensor.instead = [&](ZfmInstruction instruction,
                                  const Bytes&) -> std::optional<Reply> {
            if (instruction == ZfmInstruction::combine) desk.sensor.brown_out();
            return std::nullopt;
        };
        REQUIRE(desk.admin.enrol(3));
        CHECK(desk.run().error().code == Errc::disconnected);
    }
    CHECK(desk.sensor.library.empty());
}

TEST_CASE("zfm admin: one job at a time, and none before it is asked for") {
    Desk desk;
    CHECK(desk.admin.poll().error() == Error{Errc::denied, 0});
    REQUIRE(desk.admin.list());
    CHECK(desk.admin.list().error().code == Errc::busy);
    CHECK(desk.admin.write_template(1, Bytes(512)).error().code == Errc::busy);
    desk.admin.stop();
    desk.admin.stop();
    CHECK(desk.admin.enrol(200).error().code == Errc::out_of_range);
    CHECK(desk.admin.write_template(1, Bytes(10)).error().code == Errc::out_of_range);
    CHECK(desk.admin.list());
}
