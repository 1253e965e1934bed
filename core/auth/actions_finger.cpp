// What the session does with fingers. The sensor compares by itself and says with what; here it is
// decided whether that is enough.
#include <cmath>

#include "actions.h"

namespace strongroom::auth {

void Actions::enter_finger() {
    stop_observing();
    enter(State::finger, policy().finger.window);
    start_fingering();
    prompt(Prompt::Message::place_finger, policy().finger.window,
           policy().finger.tries - s_.finger_tries_);
}

void Actions::start_fingering() {
    s_.fingering_ = new_effect();
    s_.fingering_since_ = now_;
    s_.last_finger_ = 0;
    emit(ObserveFinger{s_.fingering_});
}

void Actions::stop_fingering() {
    if (!s_.fingering_) return;
    s_.fingering_ = {};
    emit(StopFinger{});
}

// What is late, repeated, or from before this step is refused and adds nothing.
bool Actions::in_time(const FingerObservation& o) {
    const bool of_now = o.captured >= s_.fingering_since_ && o.captured <= now_ &&
                        now_ - o.captured <= policy().finger.age_max;
    if (!of_now || o.sequence <= s_.last_finger_) {
        refuse(EventKind::finger_observed);
        return false;
    }
    s_.last_finger_ = o.sequence;
    return true;
}

// A finger laid down once is one try, whatever comes of it; only an image that nothing can be told
// from, and a finger within the cool-down, are asked for again.
void Actions::finger_laid_down(const Event* event) {
    const FingerObservation& o = as<FingerObserved>(event).observation;
    if (!in_time(o)) return;
    const int left = policy().finger.tries - s_.finger_tries_;
    if (now_ < s_.not_before_) {
        prompt(Prompt::Message::place_finger, s_.stage_deadline_ - now_, left);
        return;
    }
    if (o.quality == FingerQuality::sparse) {
        prompt(Prompt::Message::centre_finger, {}, left);
        return;
    }
    // A liveness that is no number says nothing, and may not pass for a high one.
    if (o.quality != FingerQuality::good || !std::isfinite(o.liveness_score)) {
        prompt(Prompt::Message::clean_finger, {}, left);
        return;
    }
    s_.candidate_finger_ = o;
    s_.trying_ = Factor::fingerprint;
    wait_for_store(State::reserving, emit_store(AuditKind::try_reserved,
                                                static_cast<std::int64_t>(Factor::fingerprint),
                                                ReserveTry{Factor::fingerprint}));
}

// In the order in which the sensor works: first the image, then the comparison, then with whom.
Actions::Finger Actions::judge_finger() const {
    const FingerObservation& o = s_.candidate_finger_;
    const FingerRule& rule = policy().finger;
    if (!(o.liveness_score >= rule.liveness_min)) return Finger::artefact;
    if (!o.matched_slot) return Finger::differs;
    if (rule.bind_slot && o.matched_slot != s_.finger_slot_) return Finger::of_another;
    return o.score >= rule.score_min ? Finger::right : Finger::differs;
}

void Actions::compare_finger() {
    const Finger judged = judge_finger();
    s_.candidate_finger_ = {};
    s_.right_ = judged == Finger::right;
    if (s_.right_) {
        wait_for_store(State::settling, emit_store(AuditKind::finger_matched, 0,
                                                   SettleRight{Factor::fingerprint, false, {}}));
        return;
    }
    AuditKind kind = AuditKind::finger_mismatched;
    if (judged == Finger::artefact) kind = AuditKind::finger_artefact;
    if (judged == Finger::of_another) kind = AuditKind::wrong_subject;
    ++s_.finger_tries_;
    wait_for_store(State::settling,
                   emit_store(kind, s_.finger_tries_, SettleWrong{Factor::fingerprint}));
}

// A sensor that refuses to be believed is told apart from one that is not there: what staff must do
// about it is not the same.
void Actions::lose_finger_reader(const Error& error) {
    AuditKind kind = AuditKind::finger_reader_lost;
    if (error.code == Errc::denied) {
        switch (static_cast<SensorRefusal>(error.vendor_code)) {
            case SensorRefusal::sensor_changed: kind = AuditKind::sensor_changed; break;
            case SensorRefusal::factory_password: kind = AuditKind::factory_password; break;
            case SensorRefusal::template_changed: kind = AuditKind::template_changed; break;
            case SensorRefusal::link_forged: kind = AuditKind::link_forged; break;
        }
    }
    const bool lost = kind == AuditKind::finger_reader_lost;
    note(kind);
    report(lost ? Alarm::finger_reader_lost : Alarm::finger_reader_untrusted);
}

void Actions::finger_reader_failed(const Event* event) {
    const auto* failed = std::get_if<EffectFailed>(event);
    lose_finger_reader(failed != nullptr ? failed->error : as<FingerReaderFailed>(event).error);
    finish(Outcome::finger_reader_lost);
}

void Actions::finger_reader_lost_while_waiting(const Event* event) {
    if (!s_.fingering_) {  // late: nobody waits for a finger any more
        refuse(EventKind::finger_reader_failed);
        return;
    }
    lose_finger_reader(as<FingerReaderFailed>(event).error);
    if (!s_.ending_) s_.ending_ = Outcome::finger_reader_lost;
}

}  // namespace strongroom::auth
