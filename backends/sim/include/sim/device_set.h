// DeviceSet: all devices of one site, composed as a terminal takes them.
//
// With a FaultPlan every device is wrapped in Faulty<X>; the face observer is wrapped in a
// FaceWitness, outermost, in either case. Everything given outlives the set. Runner thread only.
#pragma once

#include <optional>
#include <string>

#include "sim/devices.h"
#include "sim/faulty.h"
#include "sim/finger_reader.h"
#include "sim/score_observer.h"
#include "sim/sms_network.h"

namespace strongroom::sim {

class DeviceSet {
public:
    struct Parts {
        World& world;
        SmsNetwork& network;
        SiteId site;
        const ScoreModel* scores = nullptr;  // for a ScoreObserver ...
        ScoreObserverSetup observer{};
        hal::FaceObserver* face = nullptr;  // ... or another observer
        std::string gateway = "primary";    // which the site uses ...
        hal::SmsGateway* sms = nullptr;     // ... or another implementation of one
        // A fingerprint sensor at the level of scores, or another reader; neither: there is none.
        std::optional<FingerReaderSetup> finger{};
        hal::FingerprintReader* reader = nullptr;
        hal::Strike* strike = nullptr;  // another implementation of the strike
        FaultPlan* faults = nullptr;
        Instant clock_origin{};  // what the terminal's clock reads at the start
        WitnessLimits witness{};
    };

    // Asserts that there are scores or a face observer, and that the gateway exists.
    explicit DeviceSet(const Parts& parts);
    DeviceSet(const DeviceSet&) = delete;
    DeviceSet& operator=(const DeviceSet&) = delete;

    // What a terminal is given.
    [[nodiscard]] hal::Devices devices();
    [[nodiscard]] VirtualClock& clock() { return clock_; }

    // The terminal's process is gone without a word: what it held of the gateway and the camera
    // goes with it; the next boot's clock starts at `origin`. The strike is left to its hardware.
    void process_died(Instant origin);

private:
    VirtualClock clock_;
    SeededEntropy entropy_;
    std::optional<Strike> own_strike_;
    hal::Strike* strike_;
    KeySwitch key_;
    DoorContact door_;
    TamperLoop tamper_;
    ExitButton exit_;
    Keypad keypad_;
    Display display_;
    Siren siren_;
    std::optional<SmsGateway> own_sms_;
    hal::SmsGateway* sms_;
    std::optional<ScoreObserver> own_face_;
    hal::FaceObserver* face_;
    std::optional<FingerReader> own_reader_;
    hal::FingerprintReader* reader_;  // null: none

    struct Wrapped {
        Wrapped(DeviceSet& set, FaultPlan& plan);
        Faulty<hal::Clock> clock;
        Faulty<hal::Entropy> entropy;
        Faulty<hal::FaceObserver> face;
        Faulty<hal::Strike> strike;
        Faulty<hal::KeySwitch> key;
        Faulty<hal::DoorContact> door;
        Faulty<hal::TamperLoop> tamper;
        Faulty<hal::ExitButton> exit_button;
        Faulty<hal::Keypad> keypad;
        Faulty<hal::Display> display;
        Faulty<hal::Siren> siren;
        Faulty<hal::SmsGateway> sms;
        std::optional<Faulty<hal::FingerprintReader>> reader;
    };
    std::optional<Wrapped> wrapped_;
    std::optional<FaceWitness> witness_;
    std::optional<FingerWitness> finger_witness_;
};

}  // namespace strongroom::sim
