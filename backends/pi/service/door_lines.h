// Private: the GPIO lines of a configuration as drivers take them, and what is to be said of them.
//
// Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "config/configuration.h"
#include "pi/gpio_line.h"
#include "pi/gpio_siren.h"

namespace strongroom::pi {

[[nodiscard]] GpioLineConfig line_of(const config::Line& line);

// Of a siren of kind gpio.
[[nodiscard]] std::vector<AlarmOutput> alarm_outputs(const config::Siren& siren);

// A sentence for each output of the configuration that its board makes active from power-on until a
// program has asked for its line. The board is the one that the configuration names, or else the
// one that has such a chip. (The guard's line stands in its own options; it says so itself.)
[[nodiscard]] std::vector<std::string> active_at_reset(const config::Configuration& configuration);

// `limit`: of the guard, as it says itself. Throws CompositionError when the configuration says
// another one.
void check_hold(const config::Strike& strike, Duration limit);

}  // namespace strongroom::pi
