// Enrolment, comparison and transfers over the wire, as a client of another make does them.
#include <algorithm>

#include "catch.h"
#include "fingerprint/attacks.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

using namespace std::chrono_literals;

// What public clients do: fixed answer sizes, no look at anything but the bytes.
class Client {
public:
    explicit Client(R307& sensor) : wire_(sensor) {}
    std::string operator()(std::string_view command) { return wire_.command(command); }
    // The data packets that follow an acknowledgement.
    std::vector<Packet> fetch(std::string_view command) {
        auto packets = packets_in(wire_.exchange(packet("01" + std::string(command))));
        REQUIRE_FALSE(packets.empty());
        REQUIRE(hexadecimal(packets.front().payload) == "00");
        packets.erase(packets.begin());
        return packets;
    }
    std::vector<std::byte> fetch_bytes(std::string_view command) {
        std::vector<std::byte> bytes;
        for (const Packet& packet : fetch(command)) {
            REQUIRE(packet.sound);
            bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
        }
        return bytes;
    }
    void send(std::span<const std::byte> bytes, std::size_t size) {
        for (std::size_t done = 0; done < bytes.size(); done += size) {
            const auto part = bytes.subspan(done, std::min(size, bytes.size() - done));
            const bool last = done + part.size() == bytes.size();
            CHECK(wire_.exchange(packet((last ? "08" : "02") + hexadecimal(part))).empty());
        }
    }
    Wire& wire() { return wire_; }

private:
    Wire wire_;
};

void enrol(R307& sensor, Client& client, std::uint64_t person, const std::string& page) {
    sensor.place(laid_down(person, 1));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    sensor.lift();
    REQUIRE(client("01") == "02");
    sensor.place(laid_down(person, 2));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0202") == "00");
    REQUIRE(client("05") == "00");
    REQUIRE(client("0601" + page) == "00");
    sensor.lift();
}

TEST_CASE("fingerprint: an enrolled finger is found on its page, and another is not") {
    R307 sensor;
    Client client(sensor);
    enrol(sensor, client, 21, "0005");
    enrol(sensor, client, 22, "0103");
    CHECK(client("1D") == "00 00 02");
    CHECK(client("1F00").substr(0, 8) == "00 20 00");  // page 5 is the sixth bit
    CHECK(client("1F01").substr(0, 8) == "00 08 00");  // page 259 is the fourth of the second table
    sensor.place(laid_down(21, 9));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    CHECK(client("04010000 03E8").substr(0, 8) == "00 00 05");
    CHECK(client("1B010000 03E8").substr(0, 8) == "00 00 05");
    CHECK(client("040100060100") == "09 00 00 00 00");  // where she is not
    CHECK(client("0702 0005") == "00");
    CHECK(client("03").substr(0, 2) == "00");
    CHECK(client("0702 0103") == "00");
    CHECK(client("03").substr(0, 2) == "08");
    sensor.place(laid_down(23, 1));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    CHECK(client("04010000 03E8") == "09 00 00 00 00");
    CHECK(client("0C 0005 0001") == "00");
    CHECK(client("1D") == "00 00 01");
    CHECK(client("0D") == "00");
    CHECK(client("1D") == "00 00 00");
}

TEST_CASE("fingerprint: two images of different fingers are not combined") {
    R307 sensor;
    Client client(sensor);
    sensor.place(laid_down(31, 1));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    sensor.place(laid_down(32, 1));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0202") == "00");
    CHECK(client("05") == "0A");
}

TEST_CASE("fingerprint: a template comes out in packets of the set size and goes back in") {
    R307 sensor;
    Client client(sensor);
    enrol(sensor, client, 41, "0000");
    REQUIRE(client("0701 0000") == "00");
    for (unsigned size_code = 0; size_code < 4; ++size_code) {
        REQUIRE(client("0E 06 0" + std::to_string(size_code)) == "00");
        const std::size_t size = std::size_t{32} << size_code;
        const auto packets = client.fetch("0801");
        REQUIRE(packets.size() == template_bytes / size);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            CHECK(packets[i].sound);
            CHECK(packets[i].payload.size() == size);
            CHECK(packets[i].kind == (i + 1 == packets.size() ? 8 : 2));
        }
    }
    const auto stored = client.fetch_bytes("0801");
    REQUIRE(client("0D") == "00");
    sensor.brown_out(client.wire().now());
    client.wire().wait(1s);
    for (const std::size_t size : {32U, 128U, 256U}) {
        REQUIRE(client("0902") == "00");
        client.send(stored, size);
        CHECK(client.fetch_bytes("0802") == stored);
    }
    REQUIRE(client("0602 0007") == "00");
    sensor.place(laid_down(41, 5));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    CHECK(client("04010000 03E8").substr(0, 8) == "00 00 07");
}

TEST_CASE("fingerprint: an image takes seven seconds at 57600, and is the one that is compared") {
    R307 sensor;
    Client client(sensor);
    sensor.place(laid_down(51, 1));
    REQUIRE(client("01") == "00");
    const auto image = client.fetch_bytes("0A");
    // 288 packets of 139 bytes and ten bits, and a millisecond between two.
    CHECK(client.wire().took() > 6900ms);
    CHECK(client.wire().took() < 7300ms);
    REQUIRE(image.size() == 36864);
    const Extracted found = extract(unpack(image));
    REQUIRE(found.outcome == Extraction::good);
    REQUIRE(client("0201") == "00");
    CHECK(client.fetch_bytes("0801") == [&] {
        const auto made = to_template(to_character_file(found.minutiae));
        return std::vector<std::byte>(made.begin(), made.end());
    }());
    // And back: DownImage puts an image where the camera would have.
    sensor.brown_out(client.wire().now());
    client.wire().wait(1s);
    REQUIRE(client("0201") == "15");
    REQUIRE(client("0B") == "00");
    client.send(image, 128);
    CHECK(client.fetch_bytes("0A") == image);
    CHECK(client("0201") == "00");
}

TEST_CASE("fingerprint: a template damaged on its way in is refused, and never matches") {
    R307 sensor;
    Client client(sensor);
    enrol(sensor, client, 61, "0000");
    REQUIRE(client("0701 0000") == "00");
    auto stored = client.fetch_bytes("0801");
    stored[40] ^= std::byte{1};
    REQUIRE(client("0901") == "00");
    client.send(stored, 128);
    REQUIRE(client("0601 0001") == "00");
    CHECK(client("0702 0001") == "0C");
    sensor.place(laid_down(61, 4));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0202") == "00");
    CHECK(client("0402 0001 0001") == "09 00 00 00 00");
    CHECK(client("0402 0000 0001").substr(0, 8) == "00 00 00");
    // A packet with a wrong check sum ends the transfer.
    REQUIRE(client("0901") == "00");
    auto damaged = packet("08 01 02 03");
    damaged.back() ^= std::byte{1};
    CHECK(hexadecimal(client.wire().exchange(damaged)) == "EF 01 FF FF FF FF 07 00 03 0E 00 18");
}

TEST_CASE("fingerprint: flash outlives the power, and buffers do not") {
    R307 sensor;
    Client client(sensor);
    enrol(sensor, client, 71, "0002");
    sensor.place(laid_down(71, 3));
    REQUIRE(client("01") == "00");
    REQUIRE(client("0201") == "00");
    sensor.brown_out(client.wire().now());
    CHECK(client("1D") == "");  // it takes half a second to wake up
    client.wire().wait(1s);
    CHECK(client("1D") == "00 00 01");
    CHECK(client("0A") == "0F");
    CHECK(client("0801") == "0D");
    CHECK(client("0202") == "15");

    R307 other;
    REQUIRE(other.restore_flash(sensor.flash_image()));
    CHECK(other.library() == sensor.library());
    auto image = sensor.flash_image();
    image.pop_back();
    CHECK(other.restore_flash(image).error().code == Errc::corrupt);
    CHECK(other.restore_flash({}).error().code == Errc::corrupt);
    R307Settings small;
    small.capacity = 127;
    R307 smaller(small);
    CHECK(smaller.restore_flash(sensor.flash_image()).error().code == Errc::corrupt);
}

TEST_CASE("fingerprint: the same seed and the same bytes give the same answers") {
    const auto play = [](std::uint64_t seed) {
        R307 sensor({}, seed);
        Client client(sensor);
        enrol(sensor, client, 81, "0000");
        std::string log = client("14") + client("1D");
        sensor.place(laid_down(81, 7));
        log += client("01") + client("0201") + client("04010000 0001");
        return log + hexadecimal(client.fetch_bytes("0801"));
    };
    CHECK(play(5) == play(5));
    CHECK(play(5) != play(6));
}

}  // namespace
}  // namespace strongroom::fingerprint::test
