// What the session does with faces: matching, gestures, and the look before the release.
#include <algorithm>
#include <cmath>

#include "actions.h"

namespace strongroom::auth {

namespace {

Prompt::Message prompt_for(Quality quality) {
    switch (quality) {
        case Quality::several_faces: return Prompt::Message::one_person_only;
        case Quality::too_small: return Prompt::Message::move_closer;
        case Quality::bad_light: return Prompt::Message::more_light;
        case Quality::blurred: return Prompt::Message::hold_still;
        case Quality::turned_away: return Prompt::Message::face_forward;
        case Quality::eyes_closed: return Prompt::Message::open_eyes;
        case Quality::no_face:
        case Quality::good: return Prompt::Message::look_at_camera;
    }
    return Prompt::Message::look_at_camera;
}

}  // namespace

Quality assess(const FaceObservation& o, const FaceRule& rule) {
    const QualityLimits& limits = rule.quality;
    if (o.faces == 0) return Quality::no_face;
    if (o.faces > 1) return Quality::several_faces;
    // Written so that a measurement which is not a number is never good.
    if (!(o.face_size >= limits.face_size_min)) return Quality::too_small;
    if (!(o.brightness >= limits.brightness_min && o.brightness <= limits.brightness_max &&
          o.contrast >= limits.contrast_min)) {
        return Quality::bad_light;
    }
    if (!(o.sharpness >= limits.sharpness_min)) return Quality::blurred;
    if (!(std::abs(o.yaw) <= limits.yaw_max && std::abs(o.pitch) <= limits.pitch_max &&
          std::abs(o.roll) <= limits.roll_max)) {
        return Quality::turned_away;
    }
    if (o.expression && !(o.expression->eyes_open >= rule.eyes_open_min)) {
        return Quality::eyes_closed;
    }
    // A comparison that gave no number is none: it asks for another frame and costs no try.
    const bool compared =
        o.distance.has_value() && std::isfinite(*o.distance) && std::isfinite(o.liveness_score);
    return compared ? Quality::good : Quality::no_face;
}

// ---- face and presence ---------------------------------------------------------------------

void Actions::start_observing() {
    if (s_.observing_) return;
    s_.observing_ = new_effect();
    s_.observing_since_ = now_;
    s_.last_sequence_ = 0;
    s_.track_ = {};
    s_.face_matches_ = 0;
    s_.bearing_.clear();
    s_.usable_frames_ = 0;
    s_.shut_eyes_frames_ = 0;
    s_.company_frames_ = 0;
    emit(Observe{s_.observing_});
}

void Actions::stop_observing() {
    if (!s_.observing_) return;
    s_.observing_ = {};
    emit(StopObserving{});
}

// What is late, repeated, from before this step or of another model is refused and adds nothing.
bool Actions::in_time(const FaceObservation& o) {
    const bool of_now = o.captured >= s_.observing_since_ && o.captured <= now_ &&
                        now_ - o.captured <= policy().face.age_max;
    if (!of_now || o.sequence <= s_.last_sequence_ || !(o.model == s_.setup_.model)) {
        refuse(EventKind::face_observed);
        return false;
    }
    s_.last_sequence_ = o.sequence;
    return true;
}

// Whether a frame may be used at all, and whether it is good enough to compare.
Actions::Sight Actions::judge(const FaceObservation& o) {
    if (!in_time(o)) return Sight::unusable;
    count_company(o);
    if (now_ < s_.not_before_) return Sight::unusable;
    const Quality quality = assess(o, policy().face);
    if (quality == Quality::good || quality == Quality::eyes_closed) ++s_.usable_frames_;
    if (quality == Quality::eyes_closed) ++s_.shut_eyes_frames_;
    if (quality != Quality::good) {
        s_.face_matches_ = 0;
        prompt(prompt_for(quality));
        return Sight::poor;
    }
    return Sight::good;
}

// Who stands with her before a door that is about to be released is the guard's business.
void Actions::count_company(const FaceObservation& o) {
    if (o.faces <= 1) {
        s_.company_frames_ = 0;
        return;
    }
    if (s_.state_ != State::presence) return;
    if (++s_.company_frames_ != policy().presence.company_frames) return;
    note(AuditKind::two_persons, o.faces);
    report(Alarm::two_persons);
}

bool Actions::mostly_shut() const { return 2 * s_.shut_eyes_frames_ > s_.usable_frames_; }

bool Actions::matches(double distance, double liveness) const {
    return liveness >= policy().face.liveness_min &&
           distance <= policy().face.threshold.distance_max;
}

void Actions::look(const Event* event) {
    const FaceObservation& o = as<FaceObserved>(event).observation;
    if (judge(o) != Sight::good) return;
    if (!matches(*o.distance, o.liveness_score)) {
        s_.face_matches_ = 0;
        const bool live = o.liveness_score >= policy().face.liveness_min;
        unproven_failure(live ? AuditKind::face_mismatched : AuditKind::liveness_failed);
        return;
    }
    // Readings err: who is mostly seen with shut eyes has not opened them in a frame or two.
    if (mostly_shut()) {
        s_.face_matches_ = 0;
        prompt(Prompt::Message::open_eyes);
        return;
    }
    if (o.track != s_.track_) s_.face_matches_ = 0;
    s_.track_ = o.track;
    if (s_.face_matches_ == 0) s_.bearing_.clear();
    s_.bearing_.add(o);
    if (++s_.face_matches_ < policy().face.matches_required) return;
    if (policy().challenge.required) {
        begin_challenge();
        return;
    }
    note(AuditKind::face_matched);
    advance();
}

// ---- challenge -----------------------------------------------------------------------------

void Actions::begin_challenge() {
    const ChallengeRule& rule = policy().challenge;
    const GestureSet from = measurable(rule.allowed, s_.bearing_);
    if (from.size() < static_cast<std::size_t>(rule.count)) {
        challenge_failed();  // of what is allowed, too little can be seen
        return;
    }
    s_.challenge_.begin(draw_gestures(s_.seed_, ++s_.challenges_, rule.count, from), s_.bearing_,
                        now_);
    s_.state_ = State::challenge;
    demand_gesture();
}

void Actions::demand_gesture() {
    s_.gesture_deadline_ = now_ + policy().challenge.gesture_window;
    ask_for_gesture();
}

void Actions::ask_for_gesture() {
    s_.interrupted_ = false;
    prompt(strongroom::prompt_for(*s_.challenge_.demanded()), policy().challenge.gesture_window);
}

// One frame while a gesture is demanded. Another track, or a face that is not live, ends the
// challenge: whoever answers must be who was matched, in one piece. More than one face adds
// nothing, and what was begun has to be begun anew.
void Actions::look_for_gesture(const Event* event) {
    const FaceObservation& o = as<FaceObserved>(event).observation;
    if (!in_time(o) || o.faces == 0) return;
    if (o.faces > 1) {
        s_.challenge_.interrupt();
        s_.interrupted_ = true;
        prompt(Prompt::Message::one_person_only);
        return;
    }
    if (o.track != s_.track_) {
        challenge_failed();
        return;
    }
    const Quality quality = assess(o, policy().face);
    const bool good = quality == Quality::good;
    if (good && !(o.liveness_score >= policy().face.liveness_min)) {
        unproven_failure(AuditKind::liveness_failed);
        return;
    }
    // Turned heads and shut eyes are what was asked for; in a dark or blurred frame neither can be
    // told.
    if (!good && quality != Quality::turned_away && quality != Quality::eyes_closed) return;
    if (s_.interrupted_) ask_for_gesture();  // which is no more time
    const bool matching = good && matches(*o.distance, o.liveness_score);
    switch (s_.challenge_.see(policy().challenge, o, matching)) {
        case Challenge::Progress::nothing:
        case Challenge::Progress::shown: return;
        case Challenge::Progress::performed:
            s_.challenge_.demand_next(now_);
            demand_gesture();
            return;
        case Challenge::Progress::wrong: challenge_failed(); return;
        case Challenge::Progress::passed:
            leave_challenge();
            note(AuditKind::challenge_passed);
            note(AuditKind::face_matched);
            advance();
            return;
    }
}

// As a face that differs: nothing is proven yet, and so nobody is locked; but gestures that were
// demanded and not performed are a failure however they end, or an attacker could have them drawn
// until they suit the film that she has.
void Actions::challenge_failed() { unproven_failure(AuditKind::challenge_failed); }

void Actions::leave_challenge() {
    s_.challenge_.end();
    s_.gesture_deadline_ = never;
    s_.interrupted_ = false;
    s_.bearing_.clear();
    s_.face_matches_ = 0;
}

void Actions::challenge_over(const Event*) {
    if (std::min(s_.stage_deadline_, s_.session_deadline_) <= now_) {
        note(AuditKind::timed_out, static_cast<std::int64_t>(s_.state_));
        s_.ending_ = Outcome::timed_out;
        s_.stage_deadline_ = now_ + store_grace;
        s_.session_deadline_ = never;
    }
    challenge_failed();
}

void Actions::challenge_cancelled(const Event*) {
    note(AuditKind::cancelled);
    s_.ending_ = Outcome::cancelled;
    challenge_failed();
}

void Actions::unproven_failure(AuditKind kind) {
    leave_challenge();
    ++s_.face_tries_;
    s_.throttle_.failed(now_);
    s_.not_before_ = now_ + policy().face.cool_down;
    wait_for_store(State::recording, emit_store(kind, s_.face_tries_, UnprovenFailure{}));
}

void Actions::failure_recorded(const Event* event) {
    s_.awaited_ = {};
    const CustomerCounts& counts = as<Stored>(event).counts;
    if (counts.unproven.count >= policy().throttle.alarm_per_customer_per_day ||
        s_.throttle_.drained(now_)) {
        report(Alarm::terminal_attack);
    }
    if (s_.ending_) {
        finish(*s_.ending_);
    } else if (s_.face_tries_ >= policy().face.tries) {
        finish(Outcome::not_recognised);
    } else {
        s_.state_ = State::face;
        prompt(Prompt::Message::look_at_camera);
    }
}

void Actions::look_again(const Event* event) {
    FaceObservation o = as<FaceObserved>(event).observation;
    if (!policy().presence.count_faces) o.faces = std::min<std::uint16_t>(o.faces, 1);
    if (judge(o) != Sight::good) return;
    s_.candidate_distance_ = *o.distance;
    s_.candidate_liveness_ = o.liveness_score;
    s_.trying_ = Factor::face;
    wait_for_store(State::reserving,
                   emit_store(AuditKind::try_reserved, static_cast<std::int64_t>(Factor::face),
                              ReserveTry{Factor::face}));
}

// Whatever the reason, nobody is seen any more; who looks through another camera, or is shown old
// frames, is being deceived, and that is told apart.
void Actions::lose_camera(const Error& error) {
    const bool refused = error.code == Errc::denied;
    const auto why = static_cast<FrameRefusal>(error.vendor_code);
    if (refused && why == FrameRefusal::camera_untrusted) {
        note(AuditKind::camera_untrusted);
        report(Alarm::camera_untrusted);
    } else if (refused && why == FrameRefusal::frame_stale) {
        note(AuditKind::frame_stale);
        report(Alarm::camera_untrusted);
    } else {
        note(AuditKind::camera_lost);
        report(Alarm::camera_lost);
    }
}

void Actions::observer_failed(const Event* event) {
    const auto* failed = std::get_if<EffectFailed>(event);
    lose_camera(failed != nullptr ? failed->error : as<ObserverFailed>(event).error);
    finish(Outcome::camera_lost);
}

void Actions::camera_lost_while_waiting(const Event* event) {
    if (!s_.observing_) {  // late: nobody is looking any more
        refuse(EventKind::observer_failed);
        return;
    }
    lose_camera(as<ObserverFailed>(event).error);
    if (!s_.ending_) s_.ending_ = Outcome::camera_lost;
}

}  // namespace strongroom::auth
