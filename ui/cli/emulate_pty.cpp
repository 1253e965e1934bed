#include "emulate_pty.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace strongroom::cli {

namespace fs = std::filesystem;

namespace {

struct Speed {
    speed_t name;
    unsigned baud;
};
constexpr std::array speeds{Speed{B9600, 9600}, Speed{B19200, 19200}, Speed{B38400, 38400},
                            Speed{B57600, 57600}, Speed{B115200, 115200}};

[[noreturn]] void give_up(const std::string& what) {
    throw EmulatorError(what + ": " + std::strerror(errno));
}

}  // namespace

PseudoTerminal::PseudoTerminal(const fs::path& name, unsigned baud) : name_(name) {
    try {
        open_ends(baud);
        make_link();
    } catch (...) {
        if (far_ >= 0) ::close(far_);
        if (near_ >= 0) ::close(near_);
        throw;
    }
}

void PseudoTerminal::open_ends(unsigned baud) {
    near_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (near_ < 0 || ::grantpt(near_) != 0 || ::unlockpt(near_) != 0) {
        give_up("no pseudo-terminal can be opened (is /dev/pts mounted?)");
    }
    std::array<char, 64> device{};
    if (::ptsname_r(near_, device.data(), device.size()) != 0) give_up("the pseudo-terminal");
    device_ = device.data();
    far_ = ::open(device_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (far_ < 0) give_up(device_);
    termios settings{};
    if (::tcgetattr(far_, &settings) != 0) give_up(device_);
    ::cfmakeraw(&settings);
    for (const Speed& speed : speeds) {
        if (speed.baud == baud) ::cfsetspeed(&settings, speed.name);
    }
    if (::tcsetattr(far_, TCSANOW, &settings) != 0) give_up(device_);
}

void PseudoTerminal::make_link() {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(name_, error)) && !fs::exists(name_, error)) {
        fs::remove(name_, error);  // left behind by one that was killed
    }
    fs::create_symlink(device_, name_, error);
    if (!error) return;
    if (error == std::errc::file_exists) {
        throw EmulatorError("--pty " + name_.string() +
                            ": there is something of that name already; name another, or remove it "
                            "if no emulator uses it");
    }
    throw EmulatorError("--pty " + name_.string() +
                        ": the link cannot be made: " + error.message());
}

PseudoTerminal::~PseudoTerminal() {
    std::error_code error;
    if (fs::read_symlink(name_, error) == device_) fs::remove(name_, error);
    ::close(far_);
    ::close(near_);
}

std::size_t PseudoTerminal::read(std::span<std::byte> buffer) {
    const ssize_t count = ::read(near_, buffer.data(), buffer.size());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::size_t PseudoTerminal::write(std::span<const std::byte> bytes) {
    if (bytes.empty()) return 0;
    const ssize_t count = ::write(near_, bytes.data(), bytes.size());
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

unsigned PseudoTerminal::baud() const {
    termios settings{};
    if (::tcgetattr(far_, &settings) != 0) return 0;
    for (const Speed& speed : speeds) {
        if (::cfgetospeed(&settings) == speed.name) return speed.baud;
    }
    return 0;
}

}  // namespace strongroom::cli
