#include "auth/records.h"
#include "auth/session.h"

namespace strongroom::auth {

std::string_view to_string(AuditKind kind) {
    using enum AuditKind;
    switch (kind) {
        case started: return "started";
        case claimed: return "claimed";
        case unknown_customer: return "unknown_customer";
        case not_entitled: return "not_entitled";
        case locked_out: return "locked_out";
        case throttled: return "throttled";
        case face_matched: return "face_matched";
        case face_mismatched: return "face_mismatched";
        case liveness_failed: return "liveness_failed";
        case camera_lost: return "camera_lost";
        case code_issued: return "code_issued";
        case send_limited: return "send_limited";
        case send_failed: return "send_failed";
        case try_reserved: return "try_reserved";
        case code_wrong: return "code_wrong";
        case code_right: return "code_right";
        case code_expired: return "code_expired";
        case key_turned: return "key_turned";
        case presence_matched: return "presence_matched";
        case presence_mismatched: return "presence_mismatched";
        case try_dropped: return "try_dropped";
        case granted: return "granted";
        case grant_withdrawn: return "grant_withdrawn";
        case release_failed: return "release_failed";
        case opened: return "opened";
        case cancelled: return "cancelled";
        case timed_out: return "timed_out";
        case refused_event: return "refused_event";
        case records_failed: return "records_failed";
        case alarm_raised: return "alarm_raised";
        case alarm_cleared: return "alarm_cleared";
        case enrolled: return "enrolled";
        case released_by_staff: return "released_by_staff";
        case ended: return "ended";
        case try_unsettled: return "try_unsettled";
        case challenge_passed: return "challenge_passed";
        case challenge_failed: return "challenge_failed";
        case no_intent: return "no_intent";
        case camera_untrusted: return "camera_untrusted";
        case frame_stale: return "frame_stale";
        case two_persons: return "two_persons";
        case finger_matched: return "finger_matched";
        case finger_mismatched: return "finger_mismatched";
        case finger_artefact: return "finger_artefact";
        case wrong_subject: return "wrong_subject";
        case finger_reader_lost: return "finger_reader_lost";
        case sensor_changed: return "sensor_changed";
        case factory_password: return "factory_password";
        case template_changed: return "template_changed";
        case link_forged: return "link_forged";
        case authenticator_offered: return "authenticator_offered";
        case authenticator_right: return "authenticator_right";
        case authenticator_wrong: return "authenticator_wrong";
        case authenticator_used: return "authenticator_used";
        case clock_not_set: return "clock_not_set";
        case staff_added: return "staff_added";
        case staff_removed: return "staff_removed";
        case staff_authorised: return "staff_authorised";
        case staff_refused: return "staff_refused";
    }
    return "invalid";
}

std::string_view to_string(EventKind kind) {
    using enum EventKind;
    switch (kind) {
        case claimed: return "claimed";
        case customer_loaded: return "customer_loaded";
        case face_observed: return "face_observed";
        case observer_failed: return "observer_failed";
        case code_entered: return "code_entered";
        case resend_requested: return "resend_requested";
        case key_turned: return "key_turned";
        case cancelled: return "cancelled";
        case stored: return "stored";
        case store_failed: return "store_failed";
        case strike_released: return "strike_released";
        case effect_failed: return "effect_failed";
        case finger_observed: return "finger_observed";
        case finger_reader_failed: return "finger_reader_failed";
        case code_undelivered: return "code_undelivered";
        case deadline: return "deadline";
    }
    return "invalid";
}

std::string_view to_string(State state) {
    using enum State;
    switch (state) {
        case idle: return "idle";
        case loading: return "loading";
        case face: return "face";
        case recording: return "recording";
        case issuing: return "issuing";
        case code: return "code";
        case key: return "key";
        case presence: return "presence";
        case reserving: return "reserving";
        case settling: return "settling";
        case granting: return "granting";
        case released: return "released";
        case challenge: return "challenge";
        case finger: return "finger";
        case authenticator: return "authenticator";
    }
    return "invalid";
}

std::string_view to_string(Outcome outcome) {
    using enum Outcome;
    switch (outcome) {
        case opened: return "opened";
        case cancelled: return "cancelled";
        case timed_out: return "timed_out";
        case not_recognised: return "not_recognised";
        case wrong_code: return "wrong_code";
        case subject_changed: return "subject_changed";
        case locked_out: return "locked_out";
        case throttled: return "throttled";
        case send_limited: return "send_limited";
        case send_failed: return "send_failed";
        case camera_lost: return "camera_lost";
        case records_unavailable: return "records_unavailable";
        case release_failed: return "release_failed";
        case wrong_finger: return "wrong_finger";
        case finger_reader_lost: return "finger_reader_lost";
    }
    return "invalid";
}

}  // namespace strongroom::auth
