// Session: one terminal's decision machine. Events in, effects out; no hal, no I/O, no clock.
//
// Use: after every handle() or handle_deadline(), drain poll_effect() until it is empty, carry the
// effects out in order, and report back with the effect's id (Stored, StoreFailed, EffectFailed,
// CustomerLoaded). Then call handle_deadline() no later than next_deadline(). Stale ids are
// ignored. Total: every event in every state has an answer, and what is out of order is an audited
// refusal. One thread. Copyable, so that tests can explore every continuation of a state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/challenge.h"
#include "auth/code.h"
#include "auth/policy.h"
#include "auth/records.h"
#include "base/alarm.h"
#include "base/assert.h"
#include "base/face_observation.h"
#include "base/finger_observation.h"
#include "base/prompt.h"
#include "base/result.h"

namespace strongroom::auth {

// ---- events --------------------------------------------------------------------------------

// A person says who she is and which locker she wants.
struct Claimed {
    CustomerId customer;
    LockerId locker;
    Key256 seed;  // fresh from the operating system for this visit: its codes and its id come of it
};
// The answer to Load.
struct CustomerLoaded {
    EffectId effect;
    bool known = false;     // there is such a customer
    bool entitled = false;  // and she may open this locker at this terminal
    bool enrolled = false;  // and there are templates of the observer's model
    CustomerCounts counts;
    // Where her finger is in the library of this terminal's sensor; none: she has none there.
    std::optional<FingerSlot> finger{};
    // Her authenticator; none: she has not enrolled one.
    std::optional<Authenticator> authenticator{};
    // Whether the calendar can be believed now: without it no authenticator code is asked for.
    bool clock_set = false;
};
struct FaceObserved {
    FaceObservation observation;
};
// The face observer cannot go on: camera gone, no frame for too long, or frames that cannot be
// trusted (Errc::denied with a FrameRefusal as its vendor code).
struct ObserverFailed {
    Error error;
};
struct CodeEntered {
    CodeDigits digits;
    // The calendar's time step, for an authenticator's code; none: it cannot be believed.
    std::optional<TimeStep> step{};
};
struct ResendRequested {};
// The key has been turned (debounced, on the edge).
struct KeyTurned {};
struct Cancelled {};
// The answer to Store: durable, with the customer's counts as they are now.
struct Stored {
    EffectId effect;
    CustomerCounts counts;
};
struct StoreFailed {
    EffectId effect;
    Error error;
};
// PulseStrike was taken by the strike.
struct StrikeReleased {
    EffectId effect;
};
// One finger was laid on the sensor.
struct FingerObserved {
    FingerObservation observation;
};
// The fingerprint reader cannot go on: no answer, or a sensor that may not be trusted
// (Errc::denied with a SensorRefusal as its vendor code).
struct FingerReaderFailed {
    Error error;
};
// Load, Observe, ObserveFinger, SendCode or PulseStrike could not be carried out.
struct EffectFailed {
    EffectId effect;
    Error error;
};
// What SendCode sent was taken, and will not arrive.
struct CodeUndelivered {
    EffectId effect;
};

using Event =
    std::variant<Claimed, CustomerLoaded, FaceObserved, ObserverFailed, CodeEntered,
                 ResendRequested, KeyTurned, Cancelled, Stored, StoreFailed, StrikeReleased,
                 EffectFailed, FingerObserved, FingerReaderFailed, CodeUndelivered>;

enum class EventKind : std::uint8_t {  // in the order of Event; the numbers are in the audit
    claimed,
    customer_loaded,
    face_observed,
    observer_failed,
    code_entered,
    resend_requested,
    key_turned,
    cancelled,
    stored,
    store_failed,
    strike_released,
    effect_failed,
    finger_observed,
    finger_reader_failed,
    code_undelivered,
    deadline,  // not an Event: handle_deadline()
};
inline constexpr std::size_t event_kinds = std::variant_size_v<Event> + 1;

[[nodiscard]] std::string_view to_string(EventKind kind);

// ---- effects -------------------------------------------------------------------------------

struct Load {
    EffectId effect;
    CustomerId customer;
    LockerId locker;
};
// Observe faces against the loaded customer's templates.
struct Observe {
    EffectId effect;
};
struct StopObserving {};
// Wait for a finger, and compare it with the loaded customer's.
struct ObserveFinger {
    EffectId effect;
};
struct StopFinger {};
struct Store {
    EffectId effect;
    Record record;
};
struct SendCode {
    EffectId effect;
    CustomerId customer;
    LockerId locker;
    CodeDigits digits;
    Duration lifetime{};
};
struct PulseStrike {
    EffectId effect;
    Duration hold{};
};
struct ShowPrompt {
    Prompt prompt;
};
// An audit entry that nothing waits for.
struct Note {
    AuditEntry entry;
};
// Something for the alarm rules.
struct Report {
    Alarm alarm{};
};

using Effect = std::variant<Load, Observe, StopObserving, Store, SendCode, PulseStrike, ShowPrompt,
                            Note, Report, ObserveFinger, StopFinger>;

// ---- the machine ---------------------------------------------------------------------------

enum class State : std::uint8_t {
    idle,       // nobody is served
    loading,    // waiting for the customer's record
    face,       // looking for the face
    recording,  // a failure before any factor is being written down
    issuing,    // a code is being written down
    code,       // waiting for the code
    key,        // waiting for the key
    presence,   // looking for the same face once more
    reserving,  // a try is being counted
    settling,   // its outcome is being written down
    granting,   // the grant is being written down
    released,   // the strike has been told
    challenge,  // the face has matched; gestures are demanded
    finger,     // waiting for a finger
    // Waiting for the code of her authenticator. Last: the numbers are in the audit.
    authenticator,
};
inline constexpr std::size_t states = 15;

[[nodiscard]] std::string_view to_string(State state);

// How a visit ended. The numbers are in the audit: append.
enum class Outcome : std::uint8_t {
    opened,
    cancelled,
    timed_out,
    not_recognised,  // unknown, not entitled, not enrolled, or the face did not match
    wrong_code,
    subject_changed,  // the face at the end was another
    locked_out,
    throttled,
    send_limited,
    send_failed,
    camera_lost,
    records_unavailable,
    release_failed,
    wrong_finger,
    finger_reader_lost,  // or not to be trusted
};

inline constexpr std::array all_outcomes{
    Outcome::opened,         Outcome::cancelled,    Outcome::timed_out,
    Outcome::not_recognised, Outcome::wrong_code,   Outcome::subject_changed,
    Outcome::locked_out,     Outcome::throttled,    Outcome::send_limited,
    Outcome::send_failed,    Outcome::camera_lost,  Outcome::records_unavailable,
    Outcome::release_failed, Outcome::wrong_finger, Outcome::finger_reader_lost,
};

[[nodiscard]] std::string_view to_string(Outcome outcome);

// What the machine stands at, without secrets: for screens, traces and the exploration.
struct SessionSnapshot {
    State state = State::idle;
    std::size_t stage = 0;  // factors that have succeeded
    SessionId session;
    CustomerId customer;
    LockerId locker;
    int face_matches = 0;
    int face_tries = 0;
    std::optional<Gesture> gesture;  // the demanded one
    int gestures_performed = 0;      // of this challenge
    Challenge::Step gesture_step = Challenge::Step::asked;
    int code_tries = 0;
    int presence_tries = 0;
    int finger_tries = 0;
    std::uint32_t issue = 0;
    bool code_live = false;
    bool by_authenticator = false;  // the code that is asked for is her authenticator's
    std::optional<Outcome> ending;  // decided, waiting for the store
    std::optional<Outcome> last;    // of the visit before
    Factor trying = Factor::code;   // whose try is being counted or settled
    bool right = false;             // and whether it was right, once compared
    TrackId track;                  // of the last matching face
    EffectId awaited;               // whose answer is waited for
    EffectId observing;             // the Observe in force
    EffectId fingering;             // the ObserveFinger in force
    Instant stage_deadline = never;
    Instant session_deadline = never;
    Instant gesture_deadline = never;
    Instant not_before{};  // end of the cool-down
    Instant code_expires{};
    Instant resend_from{};
    Duration throttle_wait{};  // at the time of asking
};

class Session {
public:
    struct Setup {
        TerminalId terminal;
        LockerId locker;    // the one behind this terminal's door
        Policy policy;      // composition has checked it
        Key256 code_key;    // hashes codes
        FaceModelId model;  // of the observer; observations of another are refused
    };

    explicit Session(Setup setup);

    void handle(Instant now, const Event& event);
    void handle_deadline(Instant now);
    // The instant at which handle_deadline() has something to do; `never` if nothing is awaited.
    [[nodiscard]] Instant next_deadline() const;
    // The next effect, oldest first.
    [[nodiscard]] std::optional<Effect> poll_effect();

    [[nodiscard]] SessionSnapshot snapshot(Instant now) const;
    [[nodiscard]] const Policy& policy() const { return setup_.policy; }

private:
    friend class Actions;  // what the rows of the table do: actions.cpp

    Setup setup_;
    State state_ = State::idle;
    Throttle throttle_;

    // The visit.
    Key256 seed_;
    SessionId session_;
    CustomerId customer_;
    std::size_t stage_ = 0;  // index into policy.factors; == size: presence, then grant
    Instant stage_deadline_ = never;
    Instant session_deadline_ = never;
    Instant gesture_deadline_ = never;  // of the demanded gesture
    Instant not_before_{};              // the cool-down of the current factor
    EffectId awaited_;                  // the effect that a waiting state waits for
    EffectId observing_;                // the Observe effect in force; 0 when none
    EffectId fingering_;                // likewise the ObserveFinger effect
    EffectId sending_;
    std::optional<Outcome> ending_;
    std::optional<Outcome> last_;

    // Face and presence.
    Instant observing_since_{};
    std::uint64_t last_sequence_ = 0;
    TrackId track_;
    int face_matches_ = 0;
    int face_tries_ = 0;
    int presence_tries_ = 0;
    double candidate_distance_ = 0;  // of the frame whose presence try is being counted
    double candidate_liveness_ = 0;
    Bearing bearing_;               // of the matching frames so far
    Challenge challenge_;           // under way in State::challenge alone
    std::uint32_t challenges_ = 0;  // drawn in this visit
    bool interrupted_ = false;      // the screen asks for something else than the gesture
    int usable_frames_ = 0;         // of the face step: good ones, and those with shut eyes
    int shut_eyes_frames_ = 0;      // of these
    int company_frames_ = 0;        // in a row with more than one face

    // Finger.
    std::optional<FingerSlot> finger_slot_;  // the customer's
    Instant fingering_since_{};
    std::uint64_t last_finger_ = 0;       // its sequence number
    FingerObservation candidate_finger_;  // whose try is being counted
    int finger_tries_ = 0;

    // Code.
    std::uint32_t issue_ = 0;
    Digest code_hash_{};
    bool code_live_ = false;
    Instant code_expires_{};
    Instant resend_from_{};
    int code_tries_ = 0;
    std::optional<Authenticator> authenticator_;  // hers
    bool clock_set_ = false;                      // as it was when the visit began
    bool by_authenticator_ = false;               // instead of the short message
    CodeDigits entered_;                          // while its try is being counted
    TimeStep entered_step_;                       // likewise, of her authenticator's
    Factor trying_ = Factor::code;  // the factor whose try is being counted or settled
    bool right_ = false;            // whether the try that is being settled was right

    // Effects waiting to be taken: a ring, so that a visit costs no memory.
    static constexpr std::size_t effects_max = 16;
    std::array<Effect, effects_max> effects_{};
    std::size_t effects_first_ = 0;
    std::size_t effects_count_ = 0;
    std::uint64_t next_effect_ = 1;
};

// ---- the table -----------------------------------------------------------------------------

// One row: in `from`, on `on`, what is done and where it may lead. Pairs without a row are refused:
// ignored when the event quotes a stale effect, audited otherwise.
struct Transition {
    State from{};
    EventKind on{};
    std::vector<State> to;
    bool advances = false;  // may also lead to the first state of the policy's next step
    // For people, the diagram's labels: of the advance (or else of the first target that is neither
    // `from` nor idle), of further targets, of idle, and of staying. Empty ones repeat `what`.
    std::string_view what;
    std::string_view otherwise = {};
    std::string_view ends = {};
    std::string_view stays = {};
};

[[nodiscard]] const std::vector<Transition>& transitions();

// The first state of step `stage` of a policy: of its factors in order, then of presence (if it is
// required), then of the grant.
[[nodiscard]] State first_state(const Policy& policy, std::size_t stage);

}  // namespace strongroom::auth
