// The door as a small drawing that moves: door, bolt, strike, key, enclosure, siren and light, each
// with a label in words. The window's thread, within a frame.
#pragma once

#include "panel/snapshot.h"

namespace strongroom::panel {

class DoorScene {
public:
    // As wide as what is left, `height` pixels high.
    void draw(const DoorSnapshot& door, float height);

private:
    // How far each has come: 0 or 1 when it rests.
    struct Pose {
        float door = 0;    // open
        float bolt = 0;    // withdrawn
        float strike = 0;  // released
        float key = 0;     // turned
        float lid = 0;     // of the enclosure, open
    };
    void move(const DoorSnapshot& door);

    Pose pose_;
    bool placed_ = false;  // nothing moves when the scene is seen for the first time
};

}  // namespace strongroom::panel
