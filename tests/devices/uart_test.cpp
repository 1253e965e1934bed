// The serial line on a pseudo-terminal: the kernel's own terminal code, without a wire.
#include "pi/uart.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "catch.h"

using namespace strongroom;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

// The other end of the cable, under a name that stays when it is plugged in anew.
class Pty {
public:
    Pty() : folder_("/tmp/strongroom-uart-XXXXXX") {
        REQUIRE(mkdtemp(folder_.data()) != nullptr);
        plug();
    }
    ~Pty() {
        unplug();
        rmdir(folder_.c_str());
    }
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;

    [[nodiscard]] std::string path() const { return folder_ + "/line"; }
    void plug() {
        master_ = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        REQUIRE(master_ >= 0);
        REQUIRE(grantpt(master_) == 0);
        REQUIRE(unlockpt(master_) == 0);
        REQUIRE(symlink(ptsname(master_), path().c_str()) == 0);
    }
    void unplug() {
        if (master_ < 0) return;
        close(master_);
        master_ = -1;
        unlink(path().c_str());
    }
    void send(const std::vector<std::byte>& bytes) const {
        REQUIRE(::write(master_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] std::vector<std::byte> receive() const {
        std::array<std::byte, 512> buffer{};
        const ssize_t count = ::read(master_, buffer.data(), buffer.size());
        if (count <= 0) return {};
        return {buffer.begin(), buffer.begin() + count};
    }
    [[nodiscard]] termios settings() const {
        termios set{};
        REQUIRE(tcgetattr(master_, &set) == 0);
        return set;
    }

private:
    std::string folder_;
    int master_ = -1;
};

std::vector<std::byte> every_byte() {
    std::vector<std::byte> bytes;
    for (unsigned i = 0; i < 256; ++i) bytes.push_back(static_cast<std::byte>(i));
    return bytes;
}

std::vector<std::byte> read_all(pi::Uart& line, std::size_t expected) {
    std::vector<std::byte> all;
    std::array<std::byte, 100> buffer{};
    for (int i = 0; i < 2000 && all.size() < expected; ++i) {
        const auto count = line.read(buffer);
        REQUIRE(count);
        all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        if (*count == 0) std::this_thread::sleep_for(1ms);
    }
    return all;
}

std::string refusal(const std::string& path, unsigned baud_rate) {
    try {
        const pi::Uart line(path, baud_rate);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("uart: every byte passes as it is, both ways") {
    Pty pty;
    pi::Uart line(pty.path(), 57600);
    pty.send(every_byte());
    CHECK(read_all(line, 256) == every_byte());
    REQUIRE(line.write(every_byte()));
    std::vector<std::byte> received;
    for (int i = 0; i < 2000 && received.size() < 256; ++i) {
        const auto part = pty.receive();
        received.insert(received.end(), part.begin(), part.end());
        if (part.empty()) std::this_thread::sleep_for(1ms);
    }
    CHECK(received == every_byte());
}

TEST_CASE("uart: the line has the speed, eight bits, no parity and one stop bit") {
    Pty pty;
    constexpr std::array<speed_t, 5> speeds{B9600, B19200, B38400, B57600, B115200};
    for (std::size_t i = 0; i < speeds.size(); ++i) {
        const pi::Uart line(pty.path(), pi::Uart::baud_rates.at(i));
        const termios set = pty.settings();
        CHECK(cfgetospeed(&set) == speeds[i]);
        CHECK((set.c_cflag & CSIZE) == CS8);
        CHECK((set.c_cflag & (PARENB | CSTOPB | CRTSCTS)) == 0);
        CHECK((set.c_lflag & (ECHO | ICANON | ISIG)) == 0);
        CHECK((set.c_iflag & (IXON | IXOFF | ICRNL)) == 0);
    }
}

TEST_CASE("uart: a line that nobody reads is busy in the end, and nothing that was taken is lost") {
    Pty pty;
    pi::Uart line(pty.path(), 115200);
    const std::vector<std::byte> part = every_byte();
    std::size_t taken = 0;
    Result<void> result{};
    for (int i = 0; i < 4000; ++i) {
        result = line.write(part);
        if (!result) break;
        taken += part.size();
    }
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::busy);
    std::vector<std::byte> received;
    std::array<std::byte, 16> nothing{};
    for (int i = 0; i < 20000 && received.size() < taken; ++i) {
        const auto more = pty.receive();
        received.insert(received.end(), more.begin(), more.end());
        CHECK(line.read(nothing).value() == 0);  // which also sends on what waits
        if (more.empty()) std::this_thread::sleep_for(100us);
    }
    REQUIRE(received.size() == taken);
    for (std::size_t i = 0; i < taken; ++i) REQUIRE(received[i] == part[i % part.size()]);
    CHECK(line.write(part));
}

TEST_CASE("uart: an unplugged line is disconnected, and found again when it is back") {
    Pty pty;
    pi::Uart line(pty.path(), 57600);
    pty.unplug();
    std::array<std::byte, 16> buffer{};
    const auto gone = line.read(buffer);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Errc::disconnected);
    CHECK(line.write(every_byte()).error().code == Errc::disconnected);
    std::this_thread::sleep_for(250ms);
    CHECK(line.read(buffer).error().code == Errc::disconnected);
    pty.plug();
    Result<void> back = fail(Errc::disconnected);
    for (int i = 0; i < 200 && !back; ++i) {
        std::this_thread::sleep_for(10ms);
        back = line.write({});
    }
    REQUIRE(back);
    pty.send(every_byte());
    CHECK(read_all(line, 256) == every_byte());
}

TEST_CASE("uart: a write to an unplugged line is disconnected too") {
    Pty pty;
    pi::Uart line(pty.path(), 57600);
    pty.unplug();
    CHECK(line.write(every_byte()).error().code == Errc::disconnected);
}

TEST_CASE("uart: what cannot be opened is named with its remedy") {
    const Pty pty;
    CHECK_THAT(refusal("/dev/no-such-line", 57600),
               Contains("/dev/no-such-line") && Contains("enable_uart=1"));
    CHECK_THAT(refusal("/dev/null", 57600), Contains("/dev/null") && Contains("no serial line"));
    CHECK_THAT(refusal(pty.path(), 57601), Contains("57601") && Contains("9600, 19200"));
    const pi::Uart first(pty.path(), 57600);
    CHECK_THAT(refusal(pty.path(), 57600), Contains(pty.path()) && Contains("another program"));
}
