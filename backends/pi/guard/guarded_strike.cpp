#include "pi/guarded_strike.h"

namespace strongroom::pi {

Result<hal::BoltState> GuardedStrike::sense() {
    return monitor_.active().map(
        [](bool secured) { return secured ? hal::BoltState::secured : hal::BoltState::released; });
}

}  // namespace strongroom::pi
