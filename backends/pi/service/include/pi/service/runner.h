// The loop of a door: calls the terminal when it wants to be called, and often enough in between to
// see every contact.
//
// One thread. Never blocks longer than a tick, so that a signal stops it at once; the strike is
// locked when the terminal is destroyed.
#pragma once

#include <functional>

#include "base/time.h"
#include "hal/clock.h"
#include "terminal/terminal.h"

namespace strongroom::pi {

// Takes SIGTERM and SIGINT from now on, in this and later threads, so that they end a run instead
// of the process. One at a time in a process.
class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();
    // Readable once a signal has come.
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_ = -1;
};

struct RunnerSetup {
    // A contact is looked at this often, whatever the terminal asks for. Less than the debouncing
    // time of contacts (30 ms), so that no turn of a key is missed.
    Duration tick = std::chrono::milliseconds(5);
    // Called once the first step has been made, and after each change of the state.
    std::function<void(const terminal::Snapshot&)> report;
    // Called before each step, for parts that have to be moved on; false ends the run.
    std::function<bool()> before_step;
    // Called after each step: for who is told everything.
    std::function<void(const terminal::Snapshot&)> after_step;
};

// Runs until a stop signal has come, or before_step() says so. Feeds systemd's watchdog from this very loop, so that a loop
// that hangs is a process that is killed, and a process that is killed is a locked door.
void run(terminal::Terminal& terminal, const hal::Clock& clock, const StopSignals& stop,
         const RunnerSetup& setup);

}  // namespace strongroom::pi
