// The devices of one terminal: references, chosen where the program is composed.
#pragma once

#include "hal/byte_link.h"
#include "hal/camera.h"
#include "hal/clock.h"
#include "hal/contacts.h"
#include "hal/entropy.h"
#include "hal/face_observer.h"
#include "hal/fingerprint_reader.h"
#include "hal/keypad.h"
#include "hal/siren.h"
#include "hal/sms_gateway.h"
#include "hal/strike.h"

namespace strongroom::hal {

// Everything outlives the terminal that uses it. The camera is behind the face observer and the
// byte link behind the device that speaks on it; neither is the terminal's concern. Not every
// terminal has a fingerprint reader: one whose policy asks for a finger must.
struct Devices {
    Clock& clock;
    Entropy& entropy;
    FaceObserver& face;
    Strike& strike;
    KeySwitch& key;
    DoorContact& door;
    TamperLoop& tamper;
    ExitButton& exit_button;
    Keypad& keypad;
    Display& display;
    Siren& siren;
    SmsGateway& sms;
    FingerprintReader* finger = nullptr;
};

}  // namespace strongroom::hal
