#include "pi/gpio_siren.h"

#include <algorithm>

namespace strongroom::pi {

GpioSiren::GpioSiren(const std::vector<AlarmOutput>& outputs) {
    lamps_.reserve(outputs.size());
    for (const AlarmOutput& output : outputs) {
        lamps_.push_back(
            {std::make_unique<GpioOutput>(output.line, "strongroom siren"), output.alarms});
    }
}

GpioSiren::~GpioSiren() = default;

Result<void> GpioSiren::raise(Alarm alarm) {
    std::set<Alarm> wanted = raised_;
    wanted.insert(alarm);
    if (const auto shown = show(wanted); !shown) return shown;
    raised_ = std::move(wanted);
    return {};
}

Result<void> GpioSiren::clear(Alarm alarm) {
    std::set<Alarm> wanted = raised_;
    wanted.erase(alarm);
    if (const auto shown = show(wanted); !shown) return shown;
    raised_ = std::move(wanted);
    return {};
}

Result<void> GpioSiren::show(const std::set<Alarm>& raised) {
    // Every output is tried, so that a broken lamp does not silence the sounder.
    Result<void> all;
    for (Lamp& lamp : lamps_) {
        const bool active = lamp.alarms.empty()
                                ? !raised.empty()
                                : std::any_of(raised.begin(), raised.end(), [&](Alarm alarm) {
                                      return lamp.alarms.contains(alarm);
                                  });
        auto told = lamp.output->reopen();
        if (told) told = lamp.output->set(active);
        if (!told && all) all = told;
    }
    return all;
}

}  // namespace strongroom::pi
