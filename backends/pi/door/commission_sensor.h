// Commissioning of the fingerprint sensor: a password of the terminal's own, its parameters, an
// empty library. May be asked again at any time: what is done already is left as it is.
#pragma once

#include "config/configuration.h"
#include "hal/clock.h"
#include "hal/entropy.h"
#include "options.h"
#include "pi/commands/open_store.h"

namespace strongroom::door {

// The password is in its file before the sensor is given it, so that a power cut in between leaves
// a sensor that either password opens, and never one that none does. Asks at the keyboard before it
// empties a library; prints what it did and what is to be pinned, without the password. Throws
// pi::InputError, pi::SensorError, yaml::ReadError.
void commission_sensor(const config::Configuration& configuration, const DoorOptions& options,
                       const pi::OpenStore& opened, hal::Clock& clock, hal::Entropy& entropy);

}  // namespace strongroom::door
