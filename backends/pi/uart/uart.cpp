#include "pi/uart.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/secret.h"

namespace strongroom::pi {

namespace {

constexpr Duration reopen_interval = std::chrono::milliseconds(200);

constexpr std::array<speed_t, Uart::baud_rates.size()> speeds{B9600, B19200, B38400, B57600,
                                                              B115200};

Instant now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return Instant(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

std::string rates() {
    std::string text;
    for (const unsigned rate : Uart::baud_rates) {
        text += (text.empty() ? "" : ", ") + std::to_string(rate);
    }
    return text;
}

std::string remedy(int error) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return "plug it in, or name the device that is there (ls /dev/serial/by-id); on a "
                   "Raspberry Pi switch the UART on with enable_uart=1 in config.txt";
        case EACCES:
        case EPERM: return "add the user to the group that owns it (dialout on Debian)";
        case EBUSY:
        case EWOULDBLOCK:
            return "another program has it open: end that program; if it is a login console, "
                   "systemctl disable --now serial-getty@ with its name";
        case ENOTTY: return "it is no serial line: name another device";
        case EINVAL: return "it does not have this speed: choose another";
        default: return "see whether the kernel complains (dmesg)";
    }
}

}  // namespace

Uart::Uart(std::string path, unsigned baud_rate) : path_(std::move(path)), baud_rate_(baud_rate) {
    const std::string name = "serial line " + path_ + " at " + std::to_string(baud_rate_) + " baud";
    if (std::find(baud_rates.begin(), baud_rates.end(), baud_rate_) == baud_rates.end()) {
        throw std::runtime_error(name + ": no such speed; choose one of " + rates());
    }
    if (const int error = open_line(); error != 0) {
        throw std::runtime_error(name + ": " + std::strerror(error) + "; " + remedy(error));
    }
}

Uart::~Uart() {
    // A pseudo-terminal outlives this end of it, and would stay closed to whoever is not root.
    if (line_ >= 0) ioctl(line_, TIOCNXCL);
    if (line_ >= 0) close(line_);
    wipe(outgoing_);
}

int Uart::open_line() {
    const int line = open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (line < 0) return errno;
    const int error = set_up(line);
    if (error != 0) {
        close(line);
        return error;
    }
    line_ = line;
    return 0;
}

int Uart::set_up(int line) const {
    if (isatty(line) == 0) return ENOTTY;
    // TIOCEXCL does not hold off root; the lock holds off whoever asks for it.
    if (flock(line, LOCK_EX | LOCK_NB) != 0) return errno;
    if (ioctl(line, TIOCEXCL) != 0) return errno;
    termios wanted{};
    if (tcgetattr(line, &wanted) != 0) return errno;
    cfmakeraw(&wanted);
    wanted.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | PARENB);
    wanted.c_cflag |= CLOCAL | CREAD | CS8;
    // With nothing to read a read fails with EAGAIN; 0 bytes then mean that the line is gone.
    wanted.c_cc[VMIN] = 1;
    wanted.c_cc[VTIME] = 0;
    const auto rate = std::find(baud_rates.begin(), baud_rates.end(), baud_rate_);
    const speed_t speed = speeds[static_cast<std::size_t>(rate - baud_rates.begin())];
    if (cfsetispeed(&wanted, speed) != 0 || cfsetospeed(&wanted, speed) != 0) return errno;
    if (tcsetattr(line, TCSANOW, &wanted) != 0) return errno;
    // tcsetattr succeeds when any part of what was wanted could be done.
    termios set{};
    if (tcgetattr(line, &set) != 0) return errno;
    if (cfgetospeed(&set) != speed || cfgetispeed(&set) != speed || (set.c_cflag & CSIZE) != CS8 ||
        (set.c_cflag & (PARENB | CSTOPB)) != 0) {
        return EINVAL;
    }
    return tcflush(line, TCIOFLUSH) == 0 ? 0 : errno;
}

tl::unexpected<Error> Uart::lost(int error) {
    if (line_ >= 0) close(line_);
    line_ = -1;
    wipe(outgoing_);
    outgoing_.clear();
    try_again_ = now() + reopen_interval;
    return fail(Errc::disconnected, error);
}

Result<void> Uart::connected() {
    if (line_ >= 0) return {};
    if (now() < try_again_) return fail(Errc::disconnected, ENODEV);
    const int error = open_line();
    if (error != 0) return lost(error);
    return {};
}

// As much as the operating system takes.
Result<void> Uart::flush() {
    while (!outgoing_.empty()) {
        const ssize_t count = ::write(line_, outgoing_.data(), outgoing_.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
        if (count < 0) return lost(errno);
        const auto end = outgoing_.begin() + count;
        wipe(std::span(outgoing_.begin(), end));
        outgoing_.erase(outgoing_.begin(), end);
    }
    return {};
}

Result<void> Uart::write(std::span<const std::byte> bytes) {
    if (const auto here = connected(); !here) return here;
    if (const auto flushed = flush(); !flushed) return flushed;
    if (outgoing_.size() + bytes.size() > capacity) return fail(Errc::busy);
    // A terminal whose other end has closed takes bytes and loses them.
    pollfd state{line_, POLLOUT, 0};
    if (::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
        return lost(EIO);
    }
    outgoing_.reserve(capacity);
    outgoing_.insert(outgoing_.end(), bytes.begin(), bytes.end());
    return flush();
}

Result<std::size_t> Uart::read(std::span<std::byte> buffer) {
    if (const auto here = connected(); !here) return tl::unexpected(here.error());
    if (const auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    if (buffer.empty()) return std::size_t{0};
    while (true) {
        const ssize_t count = ::read(line_, buffer.data(), buffer.size());
        if (count > 0) return static_cast<std::size_t>(count);
        if (count == 0) return lost(EIO);
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return std::size_t{0};
        return lost(errno);
    }
}

}  // namespace strongroom::pi
