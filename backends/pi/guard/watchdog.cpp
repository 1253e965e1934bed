#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pi/guard.h"

namespace strongroom::pi {

Watchdog::Watchdog(const std::string& device, Duration timeout)
    : descriptor_(::open(device.c_str(), O_WRONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) {
        const int number = errno;
        std::string text = device + ": " + std::generic_category().message(number);
        if (number == EBUSY) {
            text +=
                "; another program feeds it: systemd does with RuntimeWatchdogSec=, then leave "
                "--watchdog away";
        } else if (number == ENOENT) {
            text += "; this board has none, or its driver is not loaded (dtparam=watchdog=on)";
        } else {
            text += "; it takes root, or DeviceAllow= and a rule that gives it to a group";
        }
        throw GuardError(text);
    }
    int seconds =
        static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(timeout).count());
    const int wanted = seconds;
    if (::ioctl(descriptor_, WDIOC_SETTIMEOUT, &seconds) != 0 || seconds > 4 * wanted) {
        disarm();
        throw GuardError(device + ": does not take a time-out of " + std::to_string(wanted) +
                         " s; give another with --watchdog-timeout");
    }
}

Watchdog::~Watchdog() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Watchdog::feed() noexcept {
    if (descriptor_ >= 0) static_cast<void>(::ioctl(descriptor_, WDIOC_KEEPALIVE, 0));
}

void Watchdog::disarm() noexcept {
    if (descriptor_ < 0) return;
    // The magic letter: without it the driver takes closing for a crash.
    static_cast<void>(!::write(descriptor_, "V", 1));
    ::close(descriptor_);
    descriptor_ = -1;
}

}  // namespace strongroom::pi
