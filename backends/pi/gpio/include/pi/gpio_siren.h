// A sounder and lamps on GPIO outputs.
//
// Runner thread only; never blocks. All outputs go inactive when it is destroyed.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "hal/siren.h"
#include "pi/gpio_line.h"

namespace strongroom::pi {

// Active while any of `alarms` is raised; empty: any alarm at all.
struct AlarmOutput {
    GpioLineConfig line;
    std::set<Alarm> alarms;
};

class GpioSiren final : public hal::Siren {
public:
    // Throws GpioError.
    explicit GpioSiren(const std::vector<AlarmOutput>& outputs);
    GpioSiren(const GpioSiren&) = delete;
    GpioSiren& operator=(const GpioSiren&) = delete;
    ~GpioSiren() override;

    // An alarm that an output could not be told of is not held as raised; core tries again.
    [[nodiscard]] Result<void> raise(Alarm alarm) override;
    [[nodiscard]] Result<void> clear(Alarm alarm) override;

private:
    struct Lamp {
        std::unique_ptr<GpioOutput> output;
        std::set<Alarm> alarms;
    };
    [[nodiscard]] Result<void> show(const std::set<Alarm>& raised);

    std::vector<Lamp> lamps_;
    std::set<Alarm> raised_;
};

}  // namespace strongroom::pi
