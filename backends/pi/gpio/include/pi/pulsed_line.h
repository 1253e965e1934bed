// The line of a strike and its pulses: when it is energised and when no longer, without a thread
// and without a clock.
//
// GpioStrike adds both. One thread at a time. After handle_deadline(next_deadline()) no pulse is
// longer than it was asked to be; whoever owns this sees to it that it is called.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "pi/gpio_line.h"

namespace strongroom::pi {

class PulsedLine {
public:
    // Inactive from the request of the line on. Throws GpioError, also for max_hold <= 0.
    PulsedLine(const GpioLineConfig& line, Duration max_hold, GpioChips& chips = kernel_chips());

    // As hal::Strike has them.
    [[nodiscard]] Result<void> pulse(Instant now, Duration hold);
    [[nodiscard]] Result<void> lock();
    [[nodiscard]] Duration max_hold() const { return max_hold_; }

    // Ends the pulse whose time has come. A line that does not obey is tried again a little later.
    void handle_deadline(Instant now);
    // `never` while there is no pulse.
    [[nodiscard]] Instant next_deadline() const { return pulsing_ ? ends_ : never; }

private:
    const Duration max_hold_;
    GpioOutput output_;
    bool pulsing_ = false;
    Instant ends_{};
};

}  // namespace strongroom::pi
