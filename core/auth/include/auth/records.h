// What the decision asks to be written down: the records that travel in Store effects.
//
// Each is one atomic transaction of the store, together with its audit entry. auth defines them,
// core/store carries them out with the pure functions of auth/counts.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "auth/authenticator.h"
#include "auth/policy.h"
#include "base/ids.h"
#include "base/secret.h"

namespace strongroom::auth {

// What an audit entry says. The numbers are stored: append, never renumber.
enum class AuditKind : std::uint8_t {
    started = 1,  // a terminal began to work on this store
    claimed = 2,
    unknown_customer = 3,
    not_entitled = 4,
    locked_out = 5,  // refused: penalty or staff only; detail: seconds left, -1 staff only
    throttled = 6,   // refused: the terminal is slowed; detail: seconds left
    face_matched = 7,
    face_mismatched = 8,  // detail: tries used
    liveness_failed = 9,  // detail: tries used
    camera_lost = 10,
    code_issued = 11,   // detail: issue number in the session
    send_limited = 12,  // refused: cap or interval
    send_failed = 13,
    try_reserved = 14,  // detail: the factor
    code_wrong = 15,    // detail: wrong codes in this visit
    code_right = 16,
    code_expired = 17,
    key_turned = 18,
    presence_matched = 19,
    presence_mismatched = 20,  // detail: mismatches in this visit
    try_dropped = 21,          // reserved and not compared: cancelled or timed out meanwhile
    granted = 22,
    grant_withdrawn = 23,  // recorded, but too late to open
    release_failed = 24,   // the strike did not take the pulse
    opened = 25,           // the strike took the pulse
    cancelled = 26,
    timed_out = 27,      // detail: the state
    refused_event = 28,  // out of order, late, repeated or junk; detail: event * 256 + state
    records_failed = 29,
    alarm_raised = 30,  // detail: the alarm
    alarm_cleared = 31,
    enrolled = 32,
    released_by_staff = 33,
    ended = 34,          // detail: the outcome
    try_unsettled = 35,  // reserved, and its outcome could not be written: it has become a
                         // failure; detail: customer failures now
    challenge_passed = 36,
    challenge_failed = 37,  // a gesture was wrong, late or abandoned, or her track was lost;
                            // detail: tries used
    no_intent = 38,         // most of the usable frames had shut eyes
    camera_untrusted = 39,  // another camera than the pinned one
    frame_stale = 40,       // frames of an earlier time were given again
    two_persons = 41,       // more than one person just before the release
    finger_matched = 42,
    finger_mismatched = 43,   // nothing matched, or by too little; detail: wrong fingers so far
    finger_artefact = 44,     // no living finger; detail: wrong fingers so far
    wrong_subject = 45,       // another customer's finger; detail: wrong fingers so far
    finger_reader_lost = 46,  // the sensor does not answer
    // The sensor may not be trusted any more (base/finger_observation.h):
    sensor_changed = 47,
    factory_password = 48,
    template_changed = 49,
    link_forged = 50,
    // Where the short message could not be delivered:
    authenticator_offered = 51,  // she is asked for her authenticator's code instead
    authenticator_right = 52,
    authenticator_wrong = 53,  // detail: wrong codes in this visit
    authenticator_used = 54,   // a code of a time that was used before, or of an earlier one;
                               // detail: wrong codes in this visit
    clock_not_set = 55,        // the calendar cannot be believed: no authenticator code is taken
    // The store's own, of its staff; detail: the member of staff.
    staff_added = 60,
    staff_removed = 61,
    staff_authorised = 62,  // one row for each of the two
    staff_refused = 63,     // a wrong number or password, or the same person twice
};

[[nodiscard]] std::string_view to_string(AuditKind kind);

struct AuditEntry {
    AuditKind kind{};
    SessionId session;
    TerminalId terminal;
    CustomerId customer;
    LockerId locker;
    std::int64_t detail = 0;
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// A failure before any factor succeeded: counted for the day, locks nobody.
struct UnprovenFailure {};

// A code was made. The store refuses with `denied` when the caps do not allow another, in the same
// transaction that would count it.
struct IssueCode {
    Digest hash{};
    std::uint32_t issue = 0;
    Duration lifetime{};
};

// Counts a try before it is compared. Refused with `denied` when may_reserve() says no.
struct ReserveTry {
    Factor factor{};
};

// The reserved try was wrong: the hold becomes a failure.
struct SettleWrong {
    Factor factor{};
};

// The reserved try was right (or was never compared): the hold ends. `consumed`, when set, is the
// code that can never be used again; refused with `denied` when it already was. So with `step`, of
// her authenticator: neither it nor an earlier one can ever be used again. That is anchored.
struct SettleRight {
    Factor factor{};
    bool consumes_code = false;
    Digest code{};
    std::optional<TimeStep> step{};
};

// Every factor succeeded. Durable, anchored, and the count back to zero, before anything moves.
// Settles the presence try's hold, if there was one.
struct Grant {
    bool settles_hold = false;
};

using RecordBody =
    std::variant<UnprovenFailure, IssueCode, ReserveTry, SettleWrong, SettleRight, Grant>;

struct Record {
    AuditEntry audit;  // also says for whom
    RecordBody body;
};

}  // namespace strongroom::auth
