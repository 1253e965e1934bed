// What the service tells systemd: ready, still alive, its state in words. Any thread.
//
// Outside systemd (no NOTIFY_SOCKET) every call does nothing.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace strongroom::pi {

// The unit becomes active; dependent units start.
void notify_ready();
// Shown by `systemctl status`, one line without secrets.
void notify_status(const std::string& status);
void notify_stopping();
// Feeds systemd's watchdog: call it at least every watchdog_interval().
void notify_alive();
// Half of the unit's WatchdogSec; none when the unit has no watchdog.
[[nodiscard]] std::optional<Duration> watchdog_interval();

}  // namespace strongroom::pi
