#include "pi/guarded_strike.h"

#include "pi/gpio_strike.h"

namespace strongroom::pi {

Result<hal::BoltState> GuardedStrike::sense() { return bolt_state(monitor_); }

}  // namespace strongroom::pi
