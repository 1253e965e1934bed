// The serial line by termios, on a pseudo-terminal whose other end the test holds.
//
// Not before this rig: pulling the plug (the kernel throws away what an unread terminal had
// received when its other end closes) and filling the line (a pseudo-terminal's room is the
// kernel's own affair). tests/devices/uart_test.cpp has what can be shown of both.
#include <array>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "pi/uart.h"
#include "rigs/rigs.h"

namespace strongroom::conformance {
namespace {

class PtyMaster {
public:
    PtyMaster() : file_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
        if (file_ < 0 || grantpt(file_) != 0 || unlockpt(file_) != 0) {
            throw std::runtime_error("no pseudo-terminal can be opened");
        }
    }
    ~PtyMaster() { close(file_); }
    PtyMaster(const PtyMaster&) = delete;
    PtyMaster& operator=(const PtyMaster&) = delete;
    [[nodiscard]] int file() const { return file_; }
    [[nodiscard]] std::string other_end() const { return ptsname(file_); }

private:
    int file_;
};

class PiUartRig final : public ByteLinkRig {
public:
    hal::ByteLink& device() override { return line_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    LinkObserved observed() override {
        LinkObserved seen;
        std::array<std::byte, 256> buffer{};
        while (true) {
            const ssize_t count = ::read(master_.file(), buffer.data(), buffer.size());
            if (count <= 0) return seen;
            seen.received.insert(seen.received.end(), buffer.begin(), buffer.begin() + count);
        }
    }
    void peer_sends(std::span<const std::byte> bytes) override {
        const ssize_t count = ::write(master_.file(), bytes.data(), bytes.size());
        if (count != static_cast<ssize_t>(bytes.size())) {
            throw std::runtime_error("the pseudo-terminal is full");
        }
    }
    [[nodiscard]] std::size_t capacity() const override { return pi::Uart::capacity; }

private:
    PtyMaster master_;
    pi::Uart line_{master_.other_end(), 57600};
};

}  // namespace

void add_pi_uart(Registry& registry) {
    registry.byte_links.push_back(
        {"pi uart on a pseudo-terminal", [] { return std::make_unique<PiUartRig>(); }, {}});
}

}  // namespace strongroom::conformance
