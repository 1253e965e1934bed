// Orders: what the person at the panel wants done. Views post them; the stage carries them out
// between two moments of simulated time, and remembers when, so that a visit can be played again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/alarm.h"
#include "base/gesture.h"
#include "base/ids.h"
#include "base/time.h"
#include "sim/fault_plan.h"
#include "sim/world.h"

namespace strongroom::panel {

// ---- people; each acts at the terminal, by name --------------------------------------------

// Walks up and shows her face; whoever stood there leaves.
struct Arrive {
    std::string who;
};
struct Leave {
    std::string who;
};
// What she holds before the camera; `whose` is the face that is seen, empty: her own.
struct ShowFace {
    std::string who;
    std::string whose;
    sim::ShownFace how;  // `whose` in it is not looked at
};
struct HideFace {
    std::string who;
};
struct StandBeside {
    std::string who;
};
struct Perform {
    std::string who;
    Gesture gesture{};
};
// Whether people do by themselves what the screen asks of their head.
struct FollowPrompts {
    bool follow = true;
};
struct Claim {
    std::string who;
    CustomerId customer;
    LockerId locker;
};
struct TypeCode {
    std::string who;
    std::string digits;  // empty: those of the newest message on a phone in her hand
};
struct PressResend {
    std::string who;
};
struct PressCancel {
    std::string who;
};
// `whose` empty: her own finger; otherwise a cast of it.
struct LayFinger {
    std::string who;
    std::string whose;
    std::string species;
};
struct TurnKey {
    std::string who;
};
enum class DoorAction : std::uint8_t { pull, close, push, force, take_contents, press_exit };
struct AtDoor {
    std::string who;
    DoorAction action{};
};
struct SetWilling {
    std::string who;
    bool willing = true;
};
struct StealPhone {
    std::string thief;
    std::string owner;
};
struct StealKey {
    std::string thief;
    std::string owner;
};
// The carrier gives the number of `owner`'s phone to `to`'s.
struct SwapSim {
    std::string owner;
    std::string to;
};

// ---- surroundings --------------------------------------------------------------------------

struct SetLight {
    sim::Light light{};
};
struct SetCable {
    sim::Cable cable{};
    bool plugged = true;
};
struct SetPower {
    bool on = true;
};
struct SetEnclosure {
    bool open = false;
};
struct SetMagnet {
    bool placed = false;
};
struct SetRelayWelded {
    bool welded = false;
};
struct ReplaceCamera {
    std::string who;
    sim::CameraKind kind{};
    std::string whose;  // face that it shows
};
// Every gateway, from now on.
struct SetNetwork {
    bool up = true;
};
// The process that serves the terminal: kill it, or start it again.
struct SetProcess {
    bool running = true;
};
struct SetFault {
    sim::FaultRule rule;
    bool active = true;
};

// ---- at the guard's desk -------------------------------------------------------------------

struct Acknowledge {
    Alarm alarm{};
};
struct VerifyAudit {};
struct AddLocker {
    LockerId locker;
};
struct AddCustomer {
    std::string name;
    std::string phone;
    LockerId locker;
};
struct RemoveTemplates {
    CustomerId customer;
};
struct ReleaseCustomer {
    CustomerId customer;
};

using Order = std::variant<Arrive, Leave, ShowFace, HideFace, StandBeside, Perform, FollowPrompts,
                           Claim, TypeCode, PressResend, PressCancel, LayFinger, TurnKey, AtDoor,
                           SetWilling, StealPhone, StealKey, SwapSim, SetLight, SetCable, SetPower,
                           SetEnclosure, SetMagnet, SetRelayWelded, ReplaceCamera, SetNetwork,
                           SetProcess, SetFault, Acknowledge, VerifyAudit, AddLocker, AddCustomer,
                           RemoveTemplates, ReleaseCustomer>;

// One line for the list of what was done: "Ada types a code". No digits.
[[nodiscard]] std::string describe(const Order& order);

// ---- of time; carried out by the director --------------------------------------------------

struct Run {
    double speed = 1;  // simulated seconds a second, 0.1 to 1000
};
struct Pause {};
struct Step {
    Duration by{};
};
// To that moment of the recording; what came after it stays until another order is given.
struct Rewind {
    Instant to{};
};
// From the beginning, with these defences taken away (names of the scenario's).
struct Restart {
    std::vector<std::string> removed;
};
// Another scenario, from its beginning: its people, and its attackers, who act by themselves. What
// was there is gone; when the file cannot be read, it stays. No file: the showroom.
struct OpenScenario {
    std::filesystem::path file;
    std::vector<std::string> removed;
};
using TimeOrder = std::variant<Run, Pause, Step, Rewind, Restart, OpenScenario>;

}  // namespace strongroom::panel
