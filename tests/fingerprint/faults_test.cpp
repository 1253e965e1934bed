// Each way in which the sensor or its wire goes wrong.
#include <algorithm>
#include <bitset>

#include "catch.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view handshake = "EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B";
const std::string accepted = "EF 01 FF FF FF FF 07 00 03 00 00 0A";

TEST_CASE("fingerprint fault: a dropped byte shortens as many answers as asked for") {
    R307 sensor;
    Wire wire(sensor);
    sensor.inject(R307Fault::drop_byte, 2);
    CHECK(wire.exchange(bytes_of(handshake)).size() == 11);
    CHECK(wire.exchange(bytes_of(handshake)).size() == 11);
    CHECK(wire.ask(handshake) == accepted);
}

TEST_CASE("fingerprint fault: a flipped bit changes one byte and the check sum tells") {
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        R307 sensor({}, seed);
        Wire wire(sensor);
        sensor.inject(R307Fault::flip_bit);
        const auto damaged = wire.exchange(bytes_of(handshake));
        const auto whole = bytes_of(accepted);
        REQUIRE(damaged.size() == whole.size());
        std::size_t bits = 0;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            bits += std::bitset<8>(std::to_integer<unsigned>(damaged[i] ^ whole[i])).count();
        }
        CHECK(bits == 1);
        CHECK(wire.ask(handshake) == accepted);
    }
}

TEST_CASE("fingerprint fault: a split packet pauses in its middle and is whole") {
    R307 sensor;
    sensor.inject(R307Fault::split_packet);
    Instant now(1s);
    for (const std::byte byte : bytes_of(handshake)) {
        now += 174us;
        sensor.receive(now, byte, 57600);
    }
    std::vector<std::byte> all;
    Duration longest{};
    Instant before = sensor.next_output();
    while (const auto sent = sensor.take_output(never - 1ns)) {
        longest = std::max(longest, sent->at - before);
        before = sent->at;
        all.push_back(sent->byte);
    }
    CHECK(hexadecimal(all) == accepted);
    CHECK(longest >= R307::split_pause);
}

TEST_CASE("fingerprint fault: a slow acknowledgement is late, and no acknowledgement is none") {
    R307 sensor;
    Wire wire(sensor);
    sensor.inject(R307Fault::slow_acknowledge);
    CHECK(wire.ask(handshake) == accepted);
    CHECK(wire.took() > R307::slow_delay);
    CHECK(wire.ask(handshake) == accepted);
    CHECK(wire.took() < 10ms);
    REQUIRE(sensor.enrol(4, 1));
    sensor.inject(R307Fault::no_acknowledge);
    CHECK(wire.command("0D") == "");
    CHECK(sensor.library().empty());  // done all the same
    REQUIRE(sensor.enrol(4, 1));
    wire.wait(1s);
    sensor.inject(R307Fault::command_lost);
    CHECK(wire.command("0D") == "");
    CHECK(sensor.library().size() == 1);
}

TEST_CASE("fingerprint fault: bytes that come while the sensor works are lost") {
    R307 sensor;
    sensor.place(laid_down(1, 1));
    Instant now(1s);
    const auto image = packet("01 01");
    for (int twice = 0; twice < 2; ++twice) {
        for (const std::byte byte : image) {
            now += 174us;
            sensor.receive(now, byte, 57600);
        }
    }
    CHECK(sensor.commands() == 1);
    CHECK(sensor.lost_bytes() == image.size());
}

TEST_CASE("fingerprint fault: a wrong page is another page than the one that matched") {
    R307 sensor;
    Wire wire(sensor);
    REQUIRE(sensor.enrol(999, 5));
    sensor.place(laid_down(5, 3));
    REQUIRE(wire.command("01") == "00");
    REQUIRE(wire.command("0201") == "00");
    sensor.inject(R307Fault::wrong_page);
    CHECK(wire.command("04 01 0000 03E8").substr(0, 8) == "00 00 00");
    CHECK(wire.command("04 01 0000 03E8").substr(0, 8) == "00 03 E7");
}

TEST_CASE("fingerprint fault: failing flash is told, and keeps what it held") {
    R307 sensor;
    Wire wire(sensor);
    REQUIRE(sensor.enrol(0, 1));
    const auto before = sensor.flash_image();
    REQUIRE(wire.command("07 01 0000") == "00");
    sensor.inject(R307Fault::flash_error, R307::forever);
    CHECK(wire.command("06 01 0001") == "18");
    CHECK(wire.command("0C 0000 0001") == "10");
    CHECK(wire.command("0D") == "11");
    CHECK(wire.command("12 12345678") == "18");
    CHECK(wire.command("15 00000001") == "18");
    CHECK(wire.command("0E 05 01") == "18");
    CHECK(sensor.flash_image() == before);
    sensor.heal();
    CHECK(wire.command("06 01 0001") == "00");
    CHECK(sensor.library().size() == 2);
}

TEST_CASE("fingerprint fault: a stuck window sees the finger that was lifted") {
    R307 sensor;
    Wire wire(sensor);
    sensor.inject(R307Fault::stuck_finger, R307::forever);
    CHECK(wire.command("01") == "02");
    sensor.place(laid_down(5, 3));
    CHECK(wire.command("01") == "00");
    sensor.lift();
    CHECK(wire.command("01") == "00");
    CHECK(wire.command("02 01") == "00");
    sensor.heal();
    CHECK(wire.command("01") == "02");
    sensor.inject(R307Fault::image_fail);
    sensor.place(laid_down(5, 3));
    CHECK(wire.command("01") == "03");
    CHECK(wire.command("01") == "00");
}

TEST_CASE("fingerprint fault: a dead sensor says nothing until it is healed") {
    R307 sensor;
    Wire wire(sensor);
    sensor.inject(R307Fault::dead, R307::forever);
    CHECK(wire.ask(handshake) == "");
    sensor.heal();
    CHECK(wire.ask(handshake) == accepted);
}

TEST_CASE("fingerprint fault: a brown-out cuts the answer off and forgets who had verified") {
    R307Settings settings;
    settings.password = 0x12345678;
    R307 sensor(settings);
    Wire wire(sensor);
    REQUIRE(wire.command("13 12345678") == "00");
    sensor.place(laid_down(5, 3));
    REQUIRE(wire.command("01") == "00");
    Instant now = wire.now();
    for (const std::byte byte : packet("01 0A")) {
        now += 174us;
        sensor.receive(now, byte, 57600);
    }
    std::size_t count = 0;
    while (sensor.take_output(now + 1s)) ++count;
    CHECK(count > 5000);
    CHECK(count < 6000);
    sensor.brown_out(now + 1s);
    CHECK(sensor.next_output() == never);
    wire.wait(5s);
    CHECK(wire.command("01") == "21");
    REQUIRE(wire.command("13 12345678") == "00");
    CHECK(wire.command("02 01") == "15");
}

TEST_CASE("fingerprint fault: every fault has a name of its own") {
    for (const R307Fault fault : r307_faults) {
        INFO(to_string(fault));
        CHECK(r307_fault_named(to_string(fault)) == fault);
    }
    CHECK_FALSE(r307_fault_named("gremlin"));
}

}  // namespace
}  // namespace strongroom::fingerprint::test
