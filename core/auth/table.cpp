// The transition table: everything that affects the session's state stands here.
#include "actions.h"

namespace strongroom::auth {

namespace {

using enum State;
using enum EventKind;

template <class... S>
constexpr std::uint16_t to(S... state) {
    return static_cast<std::uint16_t>((0U | ... | (1U << static_cast<unsigned>(state))));
}

constexpr bool advances = true;

constexpr Row rows[] = {
    // clang-format off
    {idle,      claimed,          to(idle, loading),          false,    &Actions::begin,         "a claim", {}, "terminal slowed, or another locker"},
    {idle,      key_turned,       to(idle),                   false,    &Actions::key_too_early, "key too early"},

    {loading,   customer_loaded,  to(idle),                   advances, &Actions::admit,         "known, entitled, not locked out", {}, "unknown, not entitled, or locked out"},
    {loading,   effect_failed,    to(idle),                   false,    &Actions::load_failed,   "cannot load"},
    {loading,   key_turned,       to(loading),                false,    &Actions::key_too_early, "key too early"},
    {loading,   cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {loading,   deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {face,      face_observed,    to(face, challenge, recording), advances, &Actions::look,     "enough matching frames", "a differing or lifeless face", {}, "a bad frame, or too few yet"},
    {face,      observer_failed,  to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {face,      effect_failed,    to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {face,      key_turned,       to(face),                   false,    &Actions::key_too_early, "key too early"},
    {face,      cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {face,      deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {challenge, face_observed,    to(challenge, recording),   advances, &Actions::look_for_gesture, "all gestures performed", "a wrong gesture, another face, or none alive", {}, "not yet"},
    {challenge, observer_failed,  to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {challenge, effect_failed,    to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {challenge, key_turned,       to(challenge),              false,    &Actions::key_too_early, "key too early"},
    {challenge, cancelled,        to(recording),              false,    &Actions::challenge_cancelled, "cancelled"},
    {challenge, deadline,         to(recording),              false,    &Actions::challenge_over, "gesture late, or timed out"},

    {recording, stored,           to(face, idle),             false,    &Actions::failure_recorded, "failure recorded", {}, "last try, or the visit is over"},
    {recording, store_failed,     to(idle),                   false,    &Actions::store_failed,  "cannot record"},
    {recording, face_observed,    to(recording),              false,    &Actions::ignore,        "frame dropped"},
    {recording, observer_failed,  to(recording),              false,    &Actions::camera_lost_while_waiting, "camera lost"},
    {recording, key_turned,       to(recording),              false,    &Actions::key_too_early, "key too early"},
    {recording, cancelled,        to(recording),              false,    &Actions::cancel_when_stored, "cancelled"},
    {recording, deadline,         to(recording, idle),        false,    &Actions::time_out_when_stored, "timed out", {}, "no answer from the store", "ten seconds more for the store"},

    {issuing,   stored,           to(code, idle),             false,    &Actions::code_recorded, "code recorded and sent", {}, "the visit is over"},
    {issuing,   store_failed,     to(idle),                   false,    &Actions::code_refused,  "no code may be sent"},
    {issuing,   face_observed,    to(issuing),                false,    &Actions::ignore,        "frame dropped"},
    {issuing,   code_undelivered, to(issuing),                false,    &Actions::ignore,        "undelivered"},
    {issuing,   key_turned,       to(issuing),                false,    &Actions::key_too_early, "key too early"},
    {issuing,   cancelled,        to(issuing),                false,    &Actions::cancel_when_stored, "cancelled"},
    {issuing,   deadline,         to(issuing, idle),          false,    &Actions::time_out_when_stored, "timed out", {}, "no answer from the store", "ten seconds more for the store"},

    {code,      code_entered,     to(code, reserving),        false,    &Actions::code_entered,  "a code", {}, {}, "malformed, expired, or within the cool-down"},
    {code,      resend_requested, to(code, issuing),          false,    &Actions::resend,        "another code, please", {}, {}, "too soon"},
    {code,      effect_failed,    to(authenticator, idle),    false,    &Actions::send_failed,   "cannot send; she has an authenticator", {}, "cannot send"},
    {code,      code_undelivered, to(code, authenticator),    false,    &Actions::undelivered,   "undelivered; she has an authenticator", {}, {}, "undelivered"},
    {code,      face_observed,    to(code),                   false,    &Actions::ignore,        "frame dropped"},
    {code,      key_turned,       to(code),                   false,    &Actions::key_too_early, "key too early"},
    {code,      cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {code,      deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {authenticator, code_entered, to(authenticator, reserving, idle), false, &Actions::code_entered, "a code", {}, "the clock is not set any more", "malformed, or within the cool-down"},
    {authenticator, resend_requested, to(authenticator),      false,    &Actions::ignore,        "another code, please"},
    {authenticator, face_observed, to(authenticator),         false,    &Actions::ignore,        "frame dropped"},
    {authenticator, key_turned,   to(authenticator),          false,    &Actions::key_too_early, "key too early"},
    {authenticator, cancelled,    to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {authenticator, deadline,     to(idle),                   false,    &Actions::time_out,      "timed out"},

    {key,       key_turned,       to(),                       advances, &Actions::key_turned,    "key turned"},
    {key,       face_observed,    to(key),                    false,    &Actions::ignore,        "frame dropped"},
    {key,       cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {key,       deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {presence,  face_observed,    to(presence, reserving),    false,    &Actions::look_again,    "a good frame", {}, {}, "a bad frame"},
    {presence,  observer_failed,  to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {presence,  effect_failed,    to(idle),                   false,    &Actions::observer_failed, "camera lost"},
    {presence,  key_turned,       to(presence),               false,    &Actions::ignore,        "key again"},
    {presence,  cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {presence,  deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {finger,    finger_observed,  to(finger, reserving),      false,    &Actions::finger_laid_down, "a finger", {}, {}, "not to be read, or within the cool-down"},
    {finger,    finger_reader_failed, to(idle),               false,    &Actions::finger_reader_failed, "sensor lost"},
    {finger,    effect_failed,    to(idle),                   false,    &Actions::finger_reader_failed, "sensor lost"},
    {finger,    face_observed,    to(finger),                 false,    &Actions::ignore,        "frame dropped"},
    {finger,    key_turned,       to(finger),                 false,    &Actions::key_too_early, "key too early"},
    {finger,    cancelled,        to(idle),                   false,    &Actions::cancel,        "cancelled"},
    {finger,    deadline,         to(idle),                   false,    &Actions::time_out,      "timed out"},

    {reserving, stored,           to(settling, granting),     false,    &Actions::compare,       "counted; the try is compared", "counted; the same face"},
    {reserving, store_failed,     to(idle),                   false,    &Actions::not_reserved,  "may not try"},
    {reserving, face_observed,    to(reserving),              false,    &Actions::ignore,        "frame dropped"},
    {reserving, code_undelivered, to(reserving),              false,    &Actions::ignore,        "undelivered"},
    {reserving, finger_observed,  to(reserving),            false,    &Actions::ignore,        "finger dropped"},
    {reserving, finger_reader_failed, to(reserving), false, &Actions::finger_reader_lost_while_waiting, "sensor lost"},
    {reserving, observer_failed,  to(reserving),              false,    &Actions::camera_lost_while_waiting, "camera lost"},
    {reserving, key_turned,       to(reserving),              false,    &Actions::key_too_early, "key too early"},
    {reserving, cancelled,        to(reserving),              false,    &Actions::cancel_when_stored, "cancelled"},
    {reserving, deadline,         to(reserving, idle),        false,    &Actions::time_out_when_stored, "timed out", {}, "no answer from the store", "ten seconds more for the store"},

    {settling,  stored,           to(code, authenticator, presence, finger, idle), advances, &Actions::settled,       "right", "wrong, tries left", "last try, penalty, or the visit is over"},
    {settling,  store_failed,     to(idle),                   false,    &Actions::not_settled,   "cannot record"},
    {settling,  face_observed,    to(settling),               false,    &Actions::ignore,        "frame dropped"},
    {settling,  code_undelivered, to(settling),               false,    &Actions::ignore,        "undelivered"},
    {settling,  finger_observed,  to(settling),             false,    &Actions::ignore,        "finger dropped"},
    {settling,  finger_reader_failed, to(settling), false, &Actions::finger_reader_lost_while_waiting, "sensor lost"},
    {settling,  observer_failed,  to(settling),               false,    &Actions::camera_lost_while_waiting, "camera lost"},
    {settling,  key_turned,       to(settling),               false,    &Actions::key_too_early, "key too early"},
    {settling,  cancelled,        to(settling),               false,    &Actions::cancel_when_stored, "cancelled"},
    {settling,  deadline,         to(settling, idle),         false,    &Actions::time_out_when_stored, "timed out", {}, "no answer from the store", "ten seconds more for the store"},

    {granting,  stored,           to(released, idle),         false,    &Actions::granted,       "grant recorded", {}, "too late, the grant is withdrawn"},
    {granting,  store_failed,     to(idle),                   false,    &Actions::store_failed,  "cannot record"},
    {granting,  face_observed,    to(granting),               false,    &Actions::ignore,        "frame dropped"},
    {granting,  observer_failed,  to(granting),               false,    &Actions::camera_lost_while_waiting, "camera lost"},
    {granting,  key_turned,       to(granting),               false,    &Actions::ignore,        "key again"},
    {granting,  cancelled,        to(granting),               false,    &Actions::cancel_when_stored, "cancelled"},
    {granting,  deadline,         to(granting, idle),         false,    &Actions::time_out_when_stored, "timed out", {}, "no answer from the store", "ten seconds more for the store"},

    {released,  strike_released,  to(released),               false,    &Actions::strike_released, "strike released"},
    {released,  effect_failed,    to(idle),                   false,    &Actions::release_failed, "strike failed"},
    {released,  key_turned,       to(released),               false,    &Actions::ignore,        "key again"},
    {released,  deadline,         to(idle),                   false,    &Actions::close,         "time to open is over"},
    // clang-format on
};

// Index by state and event, made once by the compiler.
struct Index {
    std::array<std::array<const Row*, event_kinds>, states> row{};
};

constexpr Index make_index() {
    Index index;
    for (const Row& row : rows) {
        index.row.at(static_cast<std::size_t>(row.from)).at(static_cast<std::size_t>(row.on)) =
            &row;
    }
    return index;
}

constexpr Index index_of_rows = make_index();

}  // namespace

const Row* find_row(State state, EventKind kind) {
    return index_of_rows.row[static_cast<std::size_t>(state)][static_cast<std::size_t>(kind)];
}

const std::vector<Transition>& transitions() {
    static const std::vector<Transition> all = [] {
        std::vector<Transition> list;
        for (const Row& row : rows) {
            Transition transition{row.from, row.on,        {},       row.advances,
                                  row.what, row.otherwise, row.ends, row.stays};
            for (std::size_t i = 0; i < states; ++i) {
                if ((row.to & (1U << i)) != 0) transition.to.push_back(static_cast<State>(i));
            }
            list.push_back(std::move(transition));
        }
        return list;
    }();
    return all;
}

}  // namespace strongroom::auth
