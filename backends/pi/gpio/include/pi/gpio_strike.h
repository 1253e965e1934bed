// A strike whose line this process itself holds.
//
// A thread of its own ends each pulse, so that a runner that hangs cannot leave the strike
// released. When the process dies the kernel gets the line back, and what it does with the level is
// up to the driver: recent kernels for the Raspberry Pi keep it (docs/pi-gpio.md). At a real door
// use GuardedStrike (pi/guarded_strike.h), whose line outlives the controller's death locked. This
// class is for boards whose driver lets go, for a one-shot relay, and for trying things out.
#pragma once

#include <memory>

#include "hal/strike.h"
#include "pi/gpio_line.h"

namespace strongroom::pi {

struct GpioStrikeConfig {
    GpioLineConfig relay;    // active: the strike is energised and the bolt can move
    GpioLineConfig monitor;  // active: the bolt monitor contact is closed, the bolt secured
    Duration max_hold{};     // > 0
};

// What a bolt monitor contact on a line says. A monitor whose wire is broken reads released: what
// cannot be seen locked is not locked. Errors: disconnected.
[[nodiscard]] inline Result<hal::BoltState> bolt_state(GpioInput& monitor) {
    return monitor.active().map(
        [](bool secured) { return secured ? hal::BoltState::secured : hal::BoltState::released; });
}

// Runner thread only, but for the thread inside. Destroying it locks.
class GpioStrike final : public hal::Strike {
public:
    // Locked from the request of the line on. Throws GpioError, also for max_hold <= 0.
    explicit GpioStrike(const GpioStrikeConfig& config);
    GpioStrike(const GpioStrike&) = delete;
    GpioStrike& operator=(const GpioStrike&) = delete;
    ~GpioStrike() override;

    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override;

private:
    class Relay;
    std::unique_ptr<Relay> relay_;
    GpioInput monitor_;
};

}  // namespace strongroom::pi
