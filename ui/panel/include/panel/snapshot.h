// Snapshot: everything that the views show, as it was at one moment. A value that is never changed
// once it was published; any thread may read it. No view asks anything else of the strongroom.
//
// No template, password or key is in it. Messages and their codes are: they are what the simulated
// customers read on their own phones (invariant I4 exempts those alone).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/policy.h"
#include "auth/session.h"
#include "base/alarm.h"
#include "base/face_observation.h"
#include "base/prompt.h"
#include "hal/camera.h"
#include "panel/ledger.h"
#include "sim/facts.h"
#include "sim/fault_plan.h"
#include "sim/world.h"
#include "store/audit.h"

namespace strongroom::panel {

// ---- the camera ----------------------------------------------------------------------------

struct Point {
    float x = 0;  // pixels of the frame, from its left and top edge
    float y = 0;
};
struct FaceMark {
    Point corner;  // of the box, left and top
    float width = 0;
    float height = 0;
    std::array<Point, 5> landmarks{};  // right eye, left eye, nose, mouth's right and left corner
};
// One observation, for the curves.
struct Score {
    Instant at{};                   // the scheduler's time
    std::optional<float> distance;  // to the customer's templates; none: not compared
    float liveness = 0;             // 0 to 1
    float sharpness = 0;
    std::uint16_t faces = 0;
};
struct CameraSnapshot {
    bool observing = false;  // the terminal looks for a face now
    bool pixels = false;     // at this level there are pictures; false: scores alone
    hal::Frame frame;        // the newest picture; no pixels: none
    bool preview = false;    // it is a bystander's view: the terminal's own camera is off
    std::optional<FaceMark> face;
    std::optional<FaceObservation> observation;  // of that picture, or the newest
    std::vector<Score> scores;                   // the last minute, oldest first
    double distance_max = 0;                     // of the policy: a match is at or below it
    double liveness_min = 0;
    std::string trouble;  // why there is nothing to see; empty: nothing is wrong
};

// ---- the terminal --------------------------------------------------------------------------

// One step of the policy, in its order; the last is the release.
struct FactorStep {
    enum class Status : std::uint8_t { waiting, now, done, failed };
    std::string name;  // "face", "gestures", "finger", "code", "key", "same face", "open"
    Status status = Status::waiting;
    std::optional<Duration> remaining;  // of the step under way
    std::string note;                   // "2 of 3 tries left", "turn left"; may be empty
};
struct TerminalSnapshot {
    bool running = false;
    std::string refused;  // why the store did not open; empty when it did
    bool out_of_service = false;
    auth::SessionSnapshot session;
    std::string policy;  // its name
    std::vector<FactorStep> steps;
    std::optional<Duration> visit_remaining;
    Prompt prompt;  // on the screen
    std::string prompt_words;
    bool follow_prompts = true;  // people do by themselves what the screen asks of their head
};

// ---- place and people ----------------------------------------------------------------------

struct DoorSnapshot {
    std::string site;
    LockerId locker;
    bool keyless = false;
    bool fingers = false;
    bool powered = true;
    bool strike_released = false;
    bool strike_welded = false;
    bool bolt_withdrawn = false;
    bool door_open = false;
    bool enclosure_open = false;
    bool magnet = false;  // on the door contact, which reads closed
    bool network = true;  // the gateways can be reached
    bool key_turned = false;
    std::vector<Alarm> sounding;  // at the siren line
    sim::Light light{};
    std::vector<sim::Cable> unplugged;
    sim::CameraKind camera{};
};
struct MessageRow {
    Instant at{};  // delivered
    std::string gateway;
    std::string text;
    std::string digits;  // empty: none in it
};
struct PhoneSnapshot {
    std::string name;
    std::string number;
    std::string owner;                 // whose it is, whoever has it
    std::string holder;                // who has it in her hand
    std::vector<MessageRow> messages;  // oldest first; the last 50
    bool ported = false;               // its number is another phone's now
};
struct PersonSnapshot {
    sim::PersonId id;
    std::string name;
    CustomerId customer;             // 0: none
    std::optional<LockerId> locker;  // which she holds
    bool willing = true;
    bool here = false;  // before the terminal
    bool shows_face = false;
    std::string instrument;           // species that she holds up; empty: her own face, or none
    std::string instrument_of;        // whose face it shows
    std::vector<std::string> keys;    // in her hand
    std::vector<std::string> phones;  // in her hand
    std::string story;                // who she is, one sentence; may be empty
};

// ---- tables --------------------------------------------------------------------------------

// A fact, in words.
struct EventRow {
    Instant at{};
    sim::FactKind kind{};
    enum class Source : std::uint8_t { people, terminal, door, network, surroundings, judge };
    Source source{};
    std::string words;
};
struct AlarmRow {
    Alarm alarm{};
    Instant raised{};
    std::optional<Instant> cleared;
    bool acknowledged = false;
};
struct LockerRow {
    LockerId locker;
    int holders = 0;
    enum class State : std::uint8_t { free, held, open, alarm };
    State state{};
    bool terminal = false;  // the one behind the simulated door
};
struct CustomerRow {
    CustomerId id;
    std::string name;
    std::string phone_tail;
    int templates = 0;
    int fingers = 0;
    std::vector<LockerId> lockers;
    int failures = 0;
    std::optional<Duration> penalty;  // remaining
    bool staff_only = false;
};
struct AuditLine {
    std::uint64_t sequence = 0;
    WallTime wall{};
    std::string kind;
    std::uint64_t customer = 0;
    std::uint64_t locker = 0;
    std::int64_t detail = 0;
};
struct AuditSnapshot {
    Ledger<AuditLine>::View lines;
    std::string verdict;  // of the last verification, in words; empty: not verified yet
    bool broken = false;
};
// One defence of the scenario that is played.
struct DefenceRow {
    std::string name;
    bool present = true;
    std::string explanation;  // what is put in its place
};
struct FaultRow {
    sim::Call call{};
    sim::FaultKind kind{};
    bool possible = false;
    std::string reason;  // why it is not possible; empty when it is
    bool active = false;
};

// ---- time ----------------------------------------------------------------------------------

struct TimeSnapshot {
    Instant now{};
    WallTime wall{};
    bool running = false;
    double speed = 1;        // wanted: simulated seconds a second
    double achieved = 0;     // over the last second
    bool replaying = false;  // what was done before is done again; a new order ends it
    Instant recorded{};      // how far the recording goes
    std::uint64_t seed = 0;
    std::string scenario;  // its title
    std::string arm;       // "defended", "face.pad taken away"
};

struct Snapshot {
    std::uint64_t serial = 0;  // rises with each that is published
    bool attached = false;     // of a terminal that serves; read-only
    TimeSnapshot time;
    CameraSnapshot camera;
    TerminalSnapshot terminal;
    DoorSnapshot door;
    std::vector<PersonSnapshot> people;
    std::vector<PhoneSnapshot> phones;
    Ledger<EventRow>::View events;
    std::vector<AlarmRow> alarms;  // newest first
    std::shared_ptr<const std::vector<LockerRow>> lockers;
    std::shared_ptr<const std::vector<CustomerRow>> customers;
    AuditSnapshot audit;
    std::vector<DefenceRow> defences;
    std::shared_ptr<const std::vector<FaultRow>> faults;
    std::string complaint;  // about the last order that could not be done; empty: none
};

}  // namespace strongroom::panel
