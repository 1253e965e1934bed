// `strongroom emulate r307`: a real pseudo-terminal, opened as a serial port is.
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "catch.h"
#include "emulate_r307.h"
#include "sim/temporary_folder.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;

constexpr std::string_view handshake = "EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B";
const std::string accepted = "EF 01 FF FF FF FF 07 00 03 00 00 0A";

// What any serial library does to a port.
class Port {
public:
    Port(const fs::path& path, speed_t speed)
        : descriptor_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
        REQUIRE(descriptor_ >= 0);
        REQUIRE(::isatty(descriptor_) == 1);
        termios settings{};
        REQUIRE(::tcgetattr(descriptor_, &settings) == 0);
        ::cfmakeraw(&settings);
        ::cfsetspeed(&settings, speed);
        REQUIRE(::tcsetattr(descriptor_, TCSANOW, &settings) == 0);
    }
    ~Port() { ::close(descriptor_); }
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;

    // Turns the emulator until `expected` bytes have come, or three seconds have passed.
    std::vector<std::byte> exchange(cli::R307Emulation& emulation, std::span<const std::byte> bytes,
                                    std::size_t expected) {
        REQUIRE(::write(descriptor_, bytes.data(), bytes.size()) ==
                static_cast<ssize_t>(bytes.size()));
        const auto end = std::chrono::steady_clock::now() + 3s;
        std::vector<std::byte> all;
        while (all.size() < expected && std::chrono::steady_clock::now() < end) {
            emulation.step();
            (void)emulation.wait(20ms);
            emulation.step();
            std::array<std::byte, 4096> buffer{};
            const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
            if (count > 0) all.insert(all.end(), buffer.begin(), buffer.begin() + count);
        }
        return all;
    }
    std::string ask(cli::R307Emulation& emulation, std::string_view hex, std::size_t expected) {
        return hexadecimal(exchange(emulation, bytes_of(hex), expected));
    }

private:
    int descriptor_;
};

struct Bench {
    explicit Bench(cli::R307Options chosen = {}) : options(std::move(chosen)) {
        options.pty = folder.path() / "r307";
        options.store = options.store.empty() ? fs::path() : folder.path() / options.store;
    }
    static void wake_up(cli::R307Emulation& emulation) {
        const auto end = std::chrono::steady_clock::now() + 520ms;  // the sensor's power-on delay
        while (std::chrono::steady_clock::now() < end) (void)emulation.wait(100ms);
    }
    sim::TemporaryFolder folder;
    cli::R307Options options;
    std::ostringstream said;
};

TEST_CASE("emulate r307: a client opens the link as a port and is answered") {
    Bench bench;
    {
        cli::R307Emulation emulation(bench.options, bench.said);
        CHECK(fs::read_symlink(bench.options.pty) == emulation.device());
        Bench::wake_up(emulation);
        Port port(bench.options.pty, B57600);
        CHECK(port.ask(emulation, handshake, 12) == accepted);
        CHECK_THAT(bench.said.str(), Contains("VfyPwd -> 00"));
        CHECK(emulation.obey("place alice"));
        CHECK(port.ask(emulation, "EF 01 FF FF FF FF 01 00 03 01 00 05", 12) == accepted);
        CHECK(emulation.obey("lift"));
        CHECK(port.ask(emulation, "EF 01 FF FF FF FF 01 00 03 01 00 05", 12) ==
              "EF 01 FF FF FF FF 07 00 03 02 00 0C");
        // A template, in four packets.
        CHECK(emulation.sensor().enrol(2, 77));
        CHECK(port.ask(emulation, "EF 01 FF FF FF FF 01 00 06 07 01 00 02 00 11", 12) == accepted);
        const auto upload =
            port.exchange(emulation, bytes_of("EF 01 FF FF FF FF 01 00 04 08 01 00 0E"), 568);
        CHECK(packets_in(upload).size() == 5);
        CHECK_FALSE(emulation.obey("quit"));
    }
    CHECK_FALSE(fs::exists(fs::symlink_status(bench.options.pty)));
}

TEST_CASE("emulate r307: the speed that the client sets is the wire's speed") {
    Bench bench;
    cli::R307Emulation emulation(bench.options, bench.said);
    Bench::wake_up(emulation);
    {
        Port port(bench.options.pty, B9600);
        (void)port.exchange(emulation, bytes_of(handshake), 0);
        for (int i = 0; i < 5; ++i) {
            (void)emulation.wait(30ms);
            emulation.step();
        }
        CHECK(emulation.sensor().commands() == 0);
    }
    Port port(bench.options.pty, B57600);
    const auto end = std::chrono::steady_clock::now() + 300ms;  // until half a packet is forgotten
    while (std::chrono::steady_clock::now() < end) (void)emulation.wait(50ms);
    CHECK(port.ask(emulation, handshake, 12) == accepted);
}

TEST_CASE("emulate r307: the store keeps what the sensor's flash keeps") {
    Bench bench;
    bench.options.store = bench.folder.path() / "flash";
    bench.options.fingers = {"alice=3", "bob=7"};
    std::vector<std::byte> image;
    {
        cli::R307Emulation emulation(bench.options, bench.said);
        image = emulation.sensor().flash_image();
        CHECK(emulation.sensor().library().size() == 2);
    }
    bench.options.fingers.clear();
    {
        cli::R307Emulation emulation(bench.options, bench.said);
        CHECK(emulation.sensor().flash_image() == image);
        Bench::wake_up(emulation);
        Port port(bench.options.pty, B57600);
        CHECK(port.ask(emulation, "EF 01 FF FF FF FF 01 00 03 0D 00 11", 12) == accepted);
    }
    cli::R307Emulation emulation(bench.options, bench.said);
    CHECK(emulation.sensor().library().empty());
}

TEST_CASE("emulate r307: a fault is set from the start or when typed") {
    Bench bench;
    bench.options.faults = {"flip", "slow:2"};
    cli::R307Emulation emulation(bench.options, bench.said);
    CHECK(emulation.sensor().pending(R307Fault::flip_bit) == 1);
    CHECK(emulation.sensor().pending(R307Fault::slow_acknowledge) == 2);
    CHECK(emulation.obey("heal"));
    CHECK(emulation.sensor().pending(R307Fault::slow_acknowledge) == 0);
    CHECK(emulation.obey("fault stuck"));
    CHECK(emulation.sensor().pending(R307Fault::stuck_finger) == R307::forever);
    CHECK(emulation.obey("fault gremlin"));
    CHECK_THAT(bench.said.str(), Contains("known are drop, flip"));
    CHECK(emulation.obey("place alice jelly"));
    CHECK_THAT(bench.said.str(), Contains("silicone, gelatine"));
    CHECK(emulation.obey("dance"));
    CHECK_THAT(bench.said.str(), Contains("no such command"));
    CHECK(emulation.obey(""));
    CHECK(emulation.obey("status"));
    CHECK(emulation.obey("power"));
}

TEST_CASE("emulate r307: what cannot be is refused with what to do") {
    const auto refusal = [](const cli::R307Options& options) -> std::string {
        std::ostringstream said;
        try {
            cli::R307Emulation emulation(options, said);
        } catch (const cli::EmulatorError& error) {
            return error.what();
        }
        return {};
    };
    Bench bench;
    const auto with = [&](auto&& change) {
        cli::R307Options options = bench.options;
        change(options);
        return refusal(options);
    };
    CHECK_THAT(with([](auto& o) { o.password = "1234"; }), Contains("eight hexadecimal digits"));
    CHECK_THAT(with([](auto& o) { o.fingers = {"alice"}; }), Contains("NAME=PAGE"));
    CHECK_THAT(with([](auto& o) { o.fingers = {"alice=1000"}; }), Contains("0 to 999"));
    CHECK_THAT(with([](auto& o) { o.faults = {"gremlin"}; }), Contains("known are"));
    CHECK_THAT(with([](auto& o) { o.faults = {"drop:0"}; }), Contains("no count"));
    CHECK_THAT(with([](auto& o) { o.pty = "/nowhere/at/all"; }), Contains("cannot be made"));
    const fs::path file = bench.folder.write("taken", "something of somebody's");
    CHECK_THAT(with([&](auto& o) { o.pty = file; }), Contains("already"));
    CHECK(fs::file_size(file) == 23);
    CHECK_THAT(with([&](auto& o) { o.store = file; }), Contains("no flash"));
    CHECK_THAT(with([](auto& o) { o.store = "/nowhere/flash"; }), Contains("cannot be written"));
    CHECK_FALSE(fs::exists(fs::symlink_status(bench.options.pty)));
    // A link that somebody's killed emulator has left behind is no obstacle.
    fs::create_symlink("/dev/pts/99999", bench.options.pty);
    CHECK(refusal(bench.options).empty());
}

}  // namespace
}  // namespace strongroom::fingerprint::test
