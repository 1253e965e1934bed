// What a conformance suite needs of a backend: the device under test, a way to let time pass, a way
// to act on the world before the device, and a view of it that does not pass through the device.
//
// A backend joins by one line in rigs/all.cpp. A rig whose kernel interface or library is absent
// says so: its suites are then skipped visibly, never passed.
#pragma once

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/devices.h"

namespace strongroom::conformance {

// What the world before a device can be made to do; suites skip what a rig cannot.
enum class Capability : std::uint8_t {
    unplug,         // pull the device's cable and plug it in again
    process_death,  // take the process away without destructors
    weld,           // the actuator stays where it is
    fill,           // fill the outgoing buffer of a link
    set_calendar,
};

template <class Device, class Observed>
class Rig {
public:
    virtual ~Rig() = default;
    [[nodiscard]] virtual Device& device() = 0;
    virtual void advance(Duration span) = 0;
    [[nodiscard]] virtual Observed observed() = 0;
    [[nodiscard]] virtual bool can(Capability) const { return false; }
    virtual void unplug() {}
    virtual void plug() {}
};

struct StrikeObserved {
    bool released = false;  // the bolt can move
};
class StrikeRig : public Rig<hal::Strike, StrikeObserved> {
public:
    virtual void weld() {}
    virtual void kill_process() {}
    virtual void destroy() = 0;  // the device; device() must not be called afterwards
};

// For all four dry contacts: `acted` is what a person did.
struct ContactObserved {
    bool acted = false;
};
template <class Device>
class ContactRig : public Rig<Device, ContactObserved> {
public:
    virtual void act(bool acted) = 0;  // turn or release, open or close, press or let go
    // How long the contact may bounce.
    [[nodiscard]] virtual Duration settles_within() const = 0;
};

struct KeypadObserved {
    std::size_t waiting = 0;  // entries typed and not yet fetched
};
class KeypadRig : public Rig<hal::Keypad, KeypadObserved> {
public:
    virtual void type(const hal::KeypadEntry& entry) = 0;
};

struct DisplayObserved {
    std::optional<Prompt> prompt;
};
using DisplayRig = Rig<hal::Display, DisplayObserved>;

struct SirenObserved {
    std::vector<Alarm> raised;
};
using SirenRig = Rig<hal::Siren, SirenObserved>;

struct LinkObserved {
    std::vector<std::byte> received;  // by the peer, since it was last asked
};
class ByteLinkRig : public Rig<hal::ByteLink, LinkObserved> {
public:
    virtual void peer_sends(std::span<const std::byte> bytes) = 0;
    [[nodiscard]] virtual std::size_t capacity() const = 0;  // with Capability::fill
};

struct SmsObserved {
    std::size_t sent = 0;     // messages that the provider has seen
    std::size_t arrived = 0;  // that reached the phone
};
class SmsRig : public Rig<hal::SmsGateway, SmsObserved> {
public:
    [[nodiscard]] virtual std::string number() const = 0;  // of a phone that works
    [[nodiscard]] virtual Duration delivers_within() const = 0;
};

struct FaceObserved {
    bool somebody = false;
};
class FaceRig : public Rig<hal::FaceObserver, FaceObserved> {
public:
    [[nodiscard]] virtual std::vector<hal::FaceTemplate> templates() const = 0;  // person 0's
    virtual void show(int person) = 0;                                           // 0 or 1
    virtual void show_nobody() = 0;
    [[nodiscard]] virtual Instant now() const = 0;  // on the observer's clock
    [[nodiscard]] virtual Duration observes_within() const = 0;
};

struct FingerLaid {
    bool somebody = false;  // a finger lies on the sensor
};
class FingerRig : public Rig<hal::FingerprintReader, FingerLaid> {
public:
    [[nodiscard]] virtual hal::FingerReference reference() const = 0;  // person 0's
    virtual void lay(int person) = 0;                                  // 0 or 1; until lifted
    virtual void lift() = 0;
    [[nodiscard]] virtual FingerSlot capacity() const = 0;
    [[nodiscard]] virtual Instant now() const = 0;  // on the reader's clock
    // From the start, or from a finger laid down, to the observation.
    [[nodiscard]] virtual Duration observes_within() const = 0;
};

struct CameraObserved {};
class CameraRig : public Rig<hal::Camera, CameraObserved> {
public:
    [[nodiscard]] virtual Duration frame_interval() const = 0;
};

struct ClockObserved {};
class ClockRig : public Rig<hal::Clock, ClockObserved> {
public:
    virtual void set_calendar(Duration /*by*/) {}
};

struct EntropyObserved {};
using EntropyRig = Rig<hal::Entropy, EntropyObserved>;

// ---- who takes part ------------------------------------------------------------------------

template <class RigType>
struct Maker {
    std::string name;
    std::function<std::unique_ptr<RigType>()> make;
    std::string absent;  // why the rig cannot run here; empty when it can
};

struct Registry {
    std::vector<Maker<StrikeRig>> strikes;
    std::vector<Maker<ContactRig<hal::KeySwitch>>> key_switches;
    std::vector<Maker<ContactRig<hal::DoorContact>>> door_contacts;
    std::vector<Maker<ContactRig<hal::TamperLoop>>> tamper_loops;
    std::vector<Maker<ContactRig<hal::ExitButton>>> exit_buttons;
    std::vector<Maker<KeypadRig>> keypads;
    std::vector<Maker<DisplayRig>> displays;
    std::vector<Maker<SirenRig>> sirens;
    std::vector<Maker<ByteLinkRig>> byte_links;
    std::vector<Maker<SmsRig>> sms_gateways;
    std::vector<Maker<FaceRig>> face_observers;
    std::vector<Maker<FingerRig>> fingerprint_readers;
    std::vector<Maker<CameraRig>> cameras;
    std::vector<Maker<ClockRig>> clocks;
    std::vector<Maker<EntropyRig>> entropies;
};

// rigs/all.cpp
[[nodiscard]] const Registry& registry();

// True when the rig can run here; says visibly that it is skipped otherwise. The wording is not the
// one that marks a whole test as skipped: other rigs of the suite do run.
template <class RigType>
[[nodiscard]] bool present(const Maker<RigType>& maker) {
    if (maker.absent.empty()) return true;
    std::cout << "RIG ABSENT: " << maker.name << ": " << maker.absent << '\n';
    return false;
}

}  // namespace strongroom::conformance

// NOLINTBEGIN(bugprone-macro-parentheses): `kind` is a member's name
// A section for each rig of a kind: FOR_EACH_RIG(rig, strikes) { rig->device()... }
#define FOR_EACH_RIG(rig, kind)                                                    \
    for (const auto& maker : ::strongroom::conformance::registry().kind)           \
        if (::strongroom::conformance::present(maker)) DYNAMIC_SECTION(maker.name) \
    if (const auto rig = maker.make(); rig)
// NOLINTEND(bugprone-macro-parentheses)
