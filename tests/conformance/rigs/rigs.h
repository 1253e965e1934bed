// Each backend's contribution to the registry: one function, called by one line of all.cpp.
#pragma once

#include "rig.h"

namespace strongroom::conformance {

void add_pi(Registry& registry);
void add_pi_panel(Registry& registry);
void add_pi_sms(Registry& registry);
void add_pi_uart(Registry& registry);
void add_sim(Registry& registry);
void add_sim_camera(Registry& registry);  // needs strongroom_sim_camera

}  // namespace strongroom::conformance
