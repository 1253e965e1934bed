// The rules of the guard: when the strike's line is driven and when no longer, without a socket,
// without a clock and without a process.
//
// Guard (pi/guard.h) asks it on a real clock and speaks with the controller. It ends every pulse at
// the time that was asked for, never later than its own maximum, and at once when the controller is
// gone; it decides nothing else. One thread. Nothing here allocates.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "base/result.h"
#include "base/time.h"
#include "pi/guard_protocol.h"

namespace strongroom::pi {

// Says what is wrong and what to do.
class GuardError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The line, as far as the guard needs it.
class GuardedLine {
public:
    virtual ~GuardedLine() = default;
    [[nodiscard]] virtual Result<void> set(bool active) = 0;
    [[nodiscard]] virtual Result<bool> driven() = 0;  // what the chip says, not what it was told
};

// What the guard's process does beside the line.
class GuardDuties {
public:
    enum class Why : std::uint8_t { pulse_over, asked, controller_gone, stopping, not_obeying };

    virtual ~GuardDuties() = default;
    // Before the line is released: what bounds the pulse should this process hang.
    virtual void before_release(Duration max_hold) noexcept = 0;
    virtual void released(Duration hold) noexcept = 0;
    // After the line was driven inactive; `pulsing`: in the middle of a pulse.
    virtual void locked(Why why, bool pulsing) noexcept = 0;
    // The line obeys: whoever watches over the process may hear of it.
    virtual void healthy() noexcept = 0;
};

class LineGuard {
public:
    static constexpr Duration health_interval = std::chrono::milliseconds(500);
    static constexpr Duration max_hold_limit = std::chrono::seconds(30);

    // Drives the line inactive. 0 < max_hold <= max_hold_limit. Line and duties outlive it. Throws
    // GuardError.
    LineGuard(Duration max_hold, GuardedLine& line, GuardDuties& duties);
    LineGuard(const LineGuard&) = delete;
    LineGuard& operator=(const LineGuard&) = delete;

    // Answers the controller. Errors in the answer: out_of_range, busy, disconnected (the line does
    // not obey: see lost()), unsupported.
    [[nodiscard]] GuardAnswer answer(Instant now, const GuardQuestion& question) noexcept;
    // The conversation has ended, in whatever way.
    void controller_gone() noexcept;
    // True: locked.
    [[nodiscard]] bool stop() noexcept;

    // Ends the pulse whose time has come, and looks twice a second whether the line obeys.
    void handle_deadline(Instant now) noexcept;
    [[nodiscard]] Instant next_deadline() const noexcept;
    // The line does not obey: end the process, so that the next one requests the line anew.
    [[nodiscard]] bool lost() const noexcept { return lost_; }

private:
    using Why = GuardDuties::Why;
    [[nodiscard]] Result<void> pulse(Instant now, Duration hold) noexcept;
    [[nodiscard]] Result<void> lock(Why why) noexcept;
    void check_health(Instant now) noexcept;

    const Duration max_hold_;
    GuardedLine& line_;
    GuardDuties& duties_;
    bool pulsing_ = false;
    bool lost_ = false;
    Instant pulse_ends_ = never;
    Instant next_check_ = Instant::min();
};

}  // namespace strongroom::pi
