// Snapshots made by hand: a strongroom as the views may find it. Pure functions.
#pragma once

#include "panel/snapshot.h"

namespace strongroom::panel::test {

// Nobody is served; Ada, Ben and Mallory are away.
[[nodiscard]] Snapshot idle();
// Ada is asked for the code; it has arrived on her phone.
[[nodiscard]] Snapshot asked_for_code();
// Mallory holds up a print of Ada's face.
[[nodiscard]] Snapshot print_attack();
// The door was forced: sirens, alarms, an open door and enclosure.
[[nodiscard]] Snapshot forced();
// The process is dead and the tables have never been read: as little as there can be.
[[nodiscard]] Snapshot empty();
// 1000 lockers, 600 customers, 100 000 audit rows, 20 000 events, 10 000 alarms.
[[nodiscard]] Snapshot large();

}  // namespace strongroom::panel::test
