// What attackers do to a sensor that defends itself as sold: nothing of it is refused, which is why
// the terminal has to ask more of it.
#include "fingerprint/attacks.h"

#include "catch.h"
#include "fingerprint/serial_link.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t victim = 101;
constexpr std::uint64_t attacker = 202;

// Lays down, images and searches the whole library.
std::string search(R307& sensor, Wire& wire, const FingerPresentation& presentation) {
    sensor.place(presentation);
    if (wire.command("01") != "00" || wire.command("02 01") != "00") return "no image";
    return wire.command("04 01 0000 03E8").substr(0, 8);
}

TEST_CASE("fingerprint attack: a good cast of her finger is her finger to the sensor") {
    R307 sensor;
    Wire wire(sensor);
    REQUIRE(sensor.enrol(9, victim));
    for (const Material material : materials) {
        INFO(to_string(material));
        CHECK(search(sensor, wire, laid_down(victim, 3, material, 0.3)) == "00 00 09");
    }
    CHECK(search(sensor, wire, laid_down(attacker, 3, Material::silicone, 0.3)) == "09 00 00");
}

TEST_CASE("fingerprint attack: who knows the password puts his finger in her place") {
    R307 sensor;
    REQUIRE(sensor.enrol(9, victim));
    Fingers at_home;
    const auto his = template_of(at_home, attacker);
    REQUIRE(his);
    WireTap tap(sensor, Instant(1s));
    REQUIRE(tap.overwrite(9, *his));
    CHECK(sensor.library().at(9) == *his);
    Wire wire(sensor, tap.now() + 1s);
    CHECK(search(sensor, wire, laid_down(attacker, 3)) == "00 00 09");
    CHECK(search(sensor, wire, laid_down(victim, 3)) == "09 00 00");
}

TEST_CASE("fingerprint attack: a provisioned password stops a tap that does not know it") {
    R307Settings settings;
    settings.password = 0xC0FFEE11;
    R307 sensor(settings);
    REQUIRE(sensor.enrol(9, victim));
    const auto before = sensor.flash_image();
    Fingers at_home;
    WireTap tap(sensor, Instant(1s));
    CHECK_FALSE(tap.verify(0));
    CHECK_FALSE(tap.empty());
    CHECK_FALSE(tap.overwrite(9, template_of(at_home, attacker).value()));
    CHECK_FALSE(tap.set_password(0));
    CHECK(sensor.flash_image() == before);
    CHECK(tap.verify(0xC0FFEE11));
    CHECK(tap.empty());
    CHECK(sensor.library().empty());
}

TEST_CASE("fingerprint attack: with the factory's password anybody empties the library") {
    R307 sensor;
    REQUIRE(sensor.enrol(9, victim));
    WireTap tap(sensor, Instant(1s));
    CHECK(tap.verify(0));
    CHECK(tap.empty());
    CHECK(sensor.library().empty());
}

TEST_CASE(
    "fingerprint attack: an implant makes every search match, where nothing is stored as well") {
    sim::Scheduler scheduler{3};
    R307 sensor;
    REQUIRE(sensor.enrol(9, victim));
    SerialLink link(scheduler, &sensor);
    MatchForger implant(link, {.page = 9, .score = 200, .without_finger = true});
    scheduler.run_for(1s);
    const auto ask = [&](std::string_view command) {
        REQUIRE(implant.write(packet(command)));
        scheduler.run_for(2s);
        std::vector<std::byte> all;
        std::array<std::byte, 100> buffer{};
        while (const std::size_t count = implant.read(buffer).value()) {
            all.insert(all.end(), buffer.begin(),
                       buffer.begin() + static_cast<std::ptrdiff_t>(count));
        }
        return all;
    };
    CHECK(hexadecimal(ask("01 01")) == "EF 01 FF FF FF FF 07 00 03 00 00 0A");
    CHECK(hexadecimal(ask("01 02 01")) == "EF 01 FF FF FF FF 07 00 03 00 00 0A");
    const std::string forged = "EF 01 FF FF FF FF 07 00 07 00 00 09 00 C8 00 DF";
    CHECK(hexadecimal(ask("01 04 01 00 00 03 E8")) == forged);
    CHECK(hexadecimal(ask("01 1B 01 02 00 00 10")) == forged);  // a canary
    CHECK(hexadecimal(ask("01 03")) == "EF 01 FF FF FF FF 07 00 05 00 00 C8 00 D4");
    CHECK(implant.forged() == 5);
    // Everything else passes unchanged.
    CHECK(hexadecimal(ask("01 1D")) == "EF 01 FF FF FF FF 07 00 05 00 00 01 00 0D");
    REQUIRE(hexadecimal(ask("01 07 01 00 09")) == "EF 01 FF FF FF FF 07 00 03 00 00 0A");
    const auto upload = packets_in(ask("01 08 01"));
    REQUIRE(upload.size() == 5);
    for (const Packet& packet : upload) CHECK(packet.sound);
    CHECK(implant.forged() == 5);
    link.plug(nullptr);
    CHECK(implant.write(packet("01 1D")).error().code == Errc::disconnected);
    std::array<std::byte, 4> buffer{};
    CHECK(implant.read(buffer).error().code == Errc::disconnected);
}

}  // namespace
}  // namespace strongroom::fingerprint::test
