#include "pi/evdev_keypad.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/secret.h"

namespace strongroom::pi {
namespace {

[[nodiscard]] std::string remedy_for(int number) {
    switch (number) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return "plug the keypad in, or give the name that stands under /dev/input/by-id";
        case EACCES:
        case EPERM:
            return "add the user to the group input, or give the service "
                   "SupplementaryGroups=input";
        case EBUSY: return "another program has grabbed it: end that one";
        case ENOTTY:
        case EINVAL: return "it is no input device with keys; take the one that ends in -event-kbd";
        default: return "look at what the kernel says of it (dmesg)";
    }
}

[[nodiscard]] bool has_key(const std::array<unsigned char, KEY_MAX / 8 + 1>& keys, unsigned key) {
    return ((keys.at(key / 8) >> (key % 8)) & 1U) != 0;
}

}  // namespace

EvdevKeypad::EvdevKeypad(std::filesystem::path device, LockerId own)
    : device_(std::move(device)), assembler_(own) {
    if (const int number = open(); number != 0) {
        throw KeypadError(device_.string() + ": " + std::generic_category().message(number) + ": " +
                          remedy_for(number));
    }
}

EvdevKeypad::~EvdevKeypad() { close(); }

int EvdevKeypad::open() {
    descriptor_ = ::open(device_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor_ < 0) return errno;
    std::array<unsigned char, KEY_MAX / 8 + 1> keys{};
    int clock = CLOCK_MONOTONIC;
    int number = 0;
    if (::ioctl(descriptor_, EVIOCGBIT(EV_KEY, keys.size()), keys.data()) < 0) {
        number = errno;
    } else if (!has_key(keys, KEY_1) && !has_key(keys, KEY_KP1) && !has_key(keys, KEY_NUMERIC_1)) {
        number = EINVAL;
    } else if (::ioctl(descriptor_, EVIOCGRAB, 1) < 0 ||
               ::ioctl(descriptor_, EVIOCSCLOCKID, &clock) < 0) {
        number = errno;
    }
    if (number != 0) close();
    return number;
}

void EvdevKeypad::close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    skipping_ = false;
    assembler_.forget();
}

Result<std::optional<hal::KeypadEntry>> EvdevKeypad::poll() {
    if (descriptor_ < 0) {
        if (const int number = open(); number != 0) return fail(Errc::disconnected, number);
    }
    for (;;) {
        input_event event{};
        const ssize_t got = ::read(descriptor_, &event, sizeof event);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return std::nullopt;
        if (got != static_cast<ssize_t>(sizeof event)) {
            const int number = got < 0 ? errno : ENODEV;
            close();
            return fail(Errc::disconnected, number);
        }
        if (event.type == EV_SYN && event.code == SYN_DROPPED) {
            skipping_ = true;
            assembler_.forget();
        } else if (event.type == EV_SYN && event.code == SYN_REPORT && skipping_) {
            skipping_ = false;
            return fail(Errc::corrupt);
        } else if (event.type == EV_KEY && event.value == 1 && !skipping_) {
            const Duration when = std::chrono::seconds(event.input_event_sec) +
                                  std::chrono::microseconds(event.input_event_usec);
            const auto entry = assembler_.press(event.code, when);
            wipe(std::as_writable_bytes(std::span(&event, 1)));
            if (!entry || *entry) return entry;
        }
    }
}

}  // namespace strongroom::pi
