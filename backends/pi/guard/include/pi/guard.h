// The guard of the strike: holds the line that energises it, in a process apart from the
// controller. This is its process: socket, clock, watchdogs; the rules are LineGuard's.
//
// The controller asks for a pulse over a local socket. The guard ends every pulse by its own clock,
// never later than its own maximum, and at once when the controller goes away, however that
// happens: the kernel closes a dead process's socket. It decides nothing else, knows no customer,
// and speaks to one controller at a time. core/docs/adr/ has the reasons, and what happens when the
// guard itself dies.
//
// One thread. run() allocates nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "base/time.h"
#include "pi/line_guard.h"

namespace strongroom::pi {

struct GuardConfig {
    std::string socket;           // path; a file that is there already is replaced
    Duration max_hold{};          // > 0, 30 s at most
    std::optional<uid_t> client;  // who may ask, besides this process's own user and root
    std::string watchdog;         // a device; empty: none
    Duration watchdog_timeout = std::chrono::seconds(15);  // whole seconds
};

// A hardware watchdog (watchdog(4)): resets the board unless it is fed.
class Watchdog {
public:
    // Starts it. `timeout` in whole seconds. Throws GuardError.
    Watchdog(const std::string& device, Duration timeout);
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;
    // Leaves it running: who ends without disarm() is not trusted to have locked.
    ~Watchdog();
    void feed() noexcept;
    void disarm() noexcept;

private:
    int descriptor_;
};

class Guard final : private GuardDuties {
public:
    // Drives the line inactive, then listens. `line` outlives the guard. Throws GuardError.
    Guard(GuardConfig config, GuardedLine& line);
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() override;  // locked

    enum class End : std::uint8_t {
        asked,      // orderly: the line is inactive and the watchdog disarmed
        line_lost,  // the line does not obey; the watchdog is left running
    };
    // Serves until `stop` (a signalfd, an eventfd or the end of a pipe) is readable.
    [[nodiscard]] End run(int stop) noexcept;

private:
    void before_release(Duration max_hold) noexcept override;
    void released(Duration hold) noexcept override;
    void locked(Why why, bool pulsing) noexcept override;
    void healthy() noexcept override;
    void accept_controller() noexcept;
    void serve_controller() noexcept;
    void drop_controller() noexcept;
    [[nodiscard]] static Instant now() noexcept;

    const GuardConfig config_;
    GuardedLine& line_;
    LineGuard rules_;
    std::optional<Watchdog> watchdog_;
    int listener_ = -1;
    int controller_ = -1;
    pid_t controller_process_ = 0;
};

}  // namespace strongroom::pi
