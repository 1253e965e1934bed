// The strike at the door: its line is held by strongroom-guard, which ends every pulse itself; its
// bolt is watched from here.
//
// Runner thread only. Waits for the guard as GuardClient does, 100 ms at most.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "hal/strike.h"
#include "pi/gpio_line.h"
#include "pi/guard_client.h"

namespace strongroom::pi {

struct GuardedStrikeConfig {
    std::string socket;      // where the guard listens
    GpioLineConfig monitor;  // active: the bolt monitor contact is closed, the bolt secured
};

class GuardedStrike final : public hal::Strike {
public:
    // Throws GuardError (no guard, or it refuses) and GpioError (the monitor's line).
    explicit GuardedStrike(const GuardedStrikeConfig& config)
        : guard_(config.socket), monitor_(config.monitor, "strongroom bolt") {}
    // The same over another link, and with the lines of `chips`, which outlive it.
    GuardedStrike(std::unique_ptr<GuardLink> link, GpioLineConfig monitor, GpioChips& chips)
        : guard_(std::move(link), "the guard"),
          monitor_(std::move(monitor), "strongroom bolt", chips) {}

    [[nodiscard]] Result<void> pulse(Duration hold) override { return guard_.pulse(hold); }
    [[nodiscard]] Result<void> lock() override { return guard_.lock(); }
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override { return guard_.max_hold(); }

private:
    GuardClient guard_;
    GpioInput monitor_;
};

}  // namespace strongroom::pi
