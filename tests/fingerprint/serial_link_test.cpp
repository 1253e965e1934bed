// The cable in virtual time.
#include "fingerprint/serial_link.h"

#include "catch.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

using namespace std::chrono_literals;

struct Bench {
    Bench() { scheduler.run_for(1s); }
    std::vector<std::byte> read() {
        std::vector<std::byte> all;
        std::array<std::byte, 64> buffer{};
        while (true) {
            const auto count = link.read(buffer);
            if (!count || *count == 0) return all;
            all.insert(all.end(), buffer.begin(),
                       buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        }
    }
    sim::Scheduler scheduler{11};
    R307 sensor;
    SerialLink link{scheduler, &sensor};
};

const auto handshake = bytes_of("EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B");
const std::string accepted = "EF 01 FF FF FF FF 07 00 03 00 00 0A";

TEST_CASE("serial link: bytes take their time both ways") {
    Bench bench;
    int arrivals = 0;
    bench.link.on_arrival([&] { ++arrivals; });
    REQUIRE(bench.link.write(handshake));
    // 16 bytes of ten bits at 57600 are 2.78 ms, the sensor works 2 ms, 12 bytes are 2.08 ms.
    bench.scheduler.run_for(4700us);
    CHECK(bench.read().empty());
    CHECK(arrivals == 0);
    bench.scheduler.run_for(1100us);
    CHECK(bench.read().size() == 5);
    CHECK(arrivals == 0);
    bench.scheduler.run_for(1100us);
    CHECK(bench.read().size() == 7);
    CHECK(arrivals == 1);
}

TEST_CASE("serial link: nothing plugged in is disconnected, after what had arrived") {
    Bench bench;
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(10ms);
    bench.link.plug(nullptr);
    CHECK(bench.link.write(handshake).error().code == Errc::disconnected);
    CHECK(hexadecimal(bench.read()) == accepted);
    std::array<std::byte, 4> buffer{};
    CHECK(bench.link.read(buffer).error().code == Errc::disconnected);
    bench.link.plug(&bench.sensor);
    CHECK(bench.link.read(buffer).value() == 0);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(10ms);
    CHECK(hexadecimal(bench.read()) == accepted);
}

TEST_CASE("serial link: another sensor on the same cable is another sensor") {
    Bench bench;
    R307Settings theirs;
    theirs.password = 0xDEADBEEF;
    theirs.system_id = 0x0042;
    R307 swapped(theirs, 2);
    bench.link.plug(&swapped);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(10ms);
    CHECK(hexadecimal(bench.read()) == "EF 01 FF FF FF FF 07 00 03 13 00 1D");
}

TEST_CASE("serial link: takes all bytes of a write or none") {
    Bench bench;
    const std::vector<std::byte> many(SerialLink::capacity - 10);
    REQUIRE(bench.link.write(many));
    CHECK(bench.link.write(handshake).error().code == Errc::busy);
    bench.scheduler.run_for(2s);
    CHECK(bench.link.write(handshake));
}

TEST_CASE("serial link: a host at another speed hears nothing but garbage") {
    Bench bench;
    bench.link.set_baud(115200);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(100ms);
    CHECK(hexadecimal(bench.read()) != accepted);
    bench.link.set_baud(57600);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(100ms);
    CHECK(hexadecimal(bench.read()) == accepted);
}

TEST_CASE("serial link: a new speed holds from the end of its acknowledgement") {
    Bench bench;
    REQUIRE(bench.link.write(packet("01 0E 04 0C")));
    bench.scheduler.run_for(100ms);
    CHECK(hexadecimal(bench.read()) == accepted);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(100ms);
    CHECK(hexadecimal(bench.read()) != accepted);
    bench.scheduler.run_for(1s);
    bench.link.set_baud(115200);
    REQUIRE(bench.link.write(handshake));
    bench.scheduler.run_for(5ms);  // 1.4 ms, 2 ms of work and 1 ms back
    CHECK(hexadecimal(bench.read()) == accepted);
}

TEST_CASE("serial link: a command is carried out on the finger that lies there when it arrives") {
    Bench bench;
    const auto image = packet("01 01");
    REQUIRE(bench.link.write(image));
    bench.scheduler.run_for(1ms);  // of 2.1
    bench.sensor.place(laid_down(3, 1));
    bench.scheduler.run_for(1s);
    CHECK(hexadecimal(bench.read()) == accepted);
    bench.sensor.lift();
    REQUIRE(bench.link.write(image));
    bench.scheduler.run_for(1s);
    CHECK(hexadecimal(bench.read()) == "EF 01 FF FF FF FF 07 00 03 02 00 0C");
}

}  // namespace
}  // namespace strongroom::fingerprint::test
