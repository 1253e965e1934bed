#include "pi/service/notify.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "pi/service_manager.h"

namespace strongroom::pi {

namespace {

// A number in the environment; 0 when there is none.
std::uint64_t environment(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return 0;
    const std::string_view digits(text);
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    return std::from_chars(digits.data(), end, value).ptr == end ? value : 0;
}

}  // namespace

// A service manager that cannot be told is none of the door's concern.
void notify_ready() { notify_service_manager("READY=1"); }

void notify_status(const std::string& status) {
    notify_service_manager(("STATUS=" + status).c_str());
}

void notify_stopping() { notify_service_manager("STOPPING=1"); }

void notify_alive() { notify_service_manager("WATCHDOG=1"); }

// As sd_watchdog_enabled(3): for this very process.
std::optional<Duration> watchdog_interval() {
    const std::uint64_t process = environment("WATCHDOG_PID");
    if (process != 0 && process != static_cast<std::uint64_t>(::getpid())) return std::nullopt;
    const std::uint64_t microseconds = environment("WATCHDOG_USEC");
    if (microseconds == 0) return std::nullopt;
    return std::chrono::microseconds(microseconds) / 2;
}

}  // namespace strongroom::pi
