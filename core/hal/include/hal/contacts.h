// Dry contacts, read raw: core debounces (devices/debouncer.h), so that one rule serves every
// backend. Runner thread only. Never block. A broken wire reads as the state that cannot open
// anything: key absent, door open, tamper loop open, button released.
#pragma once

#include "base/result.h"
#include "base/time.h"

namespace strongroom::hal {

// The customer's key, turned against its spring. Momentary; bounces for a few milliseconds.
class KeySwitch {
public:
    virtual ~KeySwitch() = default;
    // True while the key is turned. Errors: disconnected.
    [[nodiscard]] virtual Result<bool> turned() = 0;
};

// The reed contact of the door.
class DoorContact {
public:
    virtual ~DoorContact() = default;
    // True while the door is open. Errors: disconnected.
    [[nodiscard]] virtual Result<bool> open() = 0;
};

// The loop through the enclosure: open when the box is opened or a wire is cut.
class TamperLoop {
public:
    virtual ~TamperLoop() = default;
    // True while the loop is intact. Errors: disconnected.
    [[nodiscard]] virtual Result<bool> intact() = 0;
};

// The button at the inner side. It never opens anything (egress is mechanical): it only explains a
// door opening to the alarm rules.
class ExitButton {
public:
    virtual ~ExitButton() = default;
    // True while pressed. Errors: disconnected.
    [[nodiscard]] virtual Result<bool> pressed() = 0;
};

}  // namespace strongroom::hal
