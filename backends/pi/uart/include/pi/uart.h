// A serial line by termios: a UART of the board, a USB adapter, or a pseudo-terminal.
//
// Eight data bits, no parity, one stop bit, no flow control, nothing translated. Runner thread
// only; never blocks. A line that was unplugged is `disconnected` once at least, and is opened
// again by later calls as soon as it is back, a few times a second at most; what was on its way is
// lost. A byte that was damaged on the wire is delivered as it arrived: the protocol's checksum
// finds it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"
#include "hal/byte_link.h"

namespace strongroom::pi {

class Uart final : public hal::ByteLink {
public:
    static constexpr std::array<unsigned, 5> baud_rates{9600, 19200, 38400, 57600, 115200};
    // Bytes that wait for the operating system to take them: a write beyond them is `busy`.
    static constexpr std::size_t capacity = 4096;

    // Opens the line for this process alone. Throws std::runtime_error naming the device, what is
    // wrong and the remedy: not there, no permission, in use, no serial line, a speed that it does
    // not have.
    Uart(std::string path, unsigned baud_rate);
    ~Uart() override;
    Uart(const Uart&) = delete;
    Uart& operator=(const Uart&) = delete;

    // Vendor code: errno.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;

private:
    [[nodiscard]] Result<void> connected();
    [[nodiscard]] Result<void> flush();
    tl::unexpected<Error> lost(int error);
    // 0, or the errno of the step that failed.
    [[nodiscard]] int open_line();
    [[nodiscard]] int set_up(int line) const;

    std::string path_;
    unsigned baud_rate_;
    int line_ = -1;
    std::vector<std::byte> outgoing_;
    Instant try_again_{};
};

}  // namespace strongroom::pi
