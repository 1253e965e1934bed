#include "pi/service/notify.h"

#include <cstdint>

#include <systemd/sd-daemon.h>

namespace strongroom::pi {

// A service manager that cannot be told is none of the door's concern: results are not looked at.
void notify_ready() { (void)sd_notify(0, "READY=1"); }

void notify_status(const std::string& status) { (void)sd_notify(0, ("STATUS=" + status).c_str()); }

void notify_stopping() { (void)sd_notify(0, "STOPPING=1"); }

void notify_alive() { (void)sd_notify(0, "WATCHDOG=1"); }

std::optional<Duration> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(microseconds) / 2;
}

}  // namespace strongroom::pi
