#include "witness.h"

#include <cmath>

namespace strongroom::auth::testing {

namespace {

// Whether the frame shows the gesture, by the policy's numbers.
bool performs(Gesture gesture, float yaw, float pitch, float eyes, float smile,
              const ChallengeRule& rule) {
    if (gesture == Gesture::turn_left) return yaw >= rule.turn_min;
    if (gesture == Gesture::turn_right) return yaw <= -rule.turn_min;
    if (gesture == Gesture::nod) return std::abs(pitch) >= rule.nod_min;
    if (gesture == Gesture::blink) return eyes <= 0.45F;
    return smile >= rule.smile_min;
}

bool fit_for_comparison(const FaceObservation& o, const QualityLimits& limits) {
    const bool one = o.faces == 1 && o.distance.has_value();
    const bool numbers = one && std::isfinite(*o.distance) && std::isfinite(o.liveness_score);
    const bool near = o.face_size >= limits.face_size_min;
    const bool lit = o.brightness >= limits.brightness_min &&
                     o.brightness <= limits.brightness_max && o.contrast >= limits.contrast_min;
    const bool frontal = std::abs(o.yaw) <= limits.yaw_max &&
                         std::abs(o.pitch) <= limits.pitch_max &&
                         std::abs(o.roll) <= limits.roll_max;
    return numbers && near && lit && frontal && o.sharpness >= limits.sharpness_min;
}

bool awake(const FaceObservation& o, const FaceRule& rule) {
    return !o.expression || o.expression->eyes_open >= rule.eyes_open_min;
}

}  // namespace

bool Witness::next_is(Factor factor) const {
    return visit_.on && visit_.step < policy_->factors.size() &&
           policy_->factors[visit_.step] == factor;
}

bool Witness::presence_is_next() const {
    return visit_.on && visit_.step == policy_->factors.size();
}

Duration Witness::window() const {
    if (visit_.step == policy_->factors.size()) return policy_->presence.window;
    switch (policy_->factors[visit_.step]) {
        case Factor::face: return policy_->face.window;
        case Factor::code: return policy_->code.window;
        case Factor::key: return policy_->key.window;
        case Factor::fingerprint: return policy_->finger.window;
    }
    return {};
}

void Witness::proven(Instant now) {
    ++visit_.step;
    visit_.step_until = now + window();
    visit_.cool_until = {};
}

// ---- events --------------------------------------------------------------------------------

void Witness::saw(Instant now, const Event& event) {
    typed_right_ = false;
    frame_seen_ = false;
    frame_matches_ = false;
    finger_seen_ = false;
    finger_hers_ = false;
    if (visit_.challenged && now >= visit_.gesture_until) challenge_lost(now);
    if (const auto* seen = std::get_if<FaceObserved>(&event)) {
        saw_face(now, seen->observation);
    } else if (const auto* code = std::get_if<CodeEntered>(&event)) {
        typed_in_time_ = in_time(*code);
        typed_right_ = visit_.phone_code
                           ? typed_in_time_ && *typed_step_ > used_step_
                           : visit_.code_sent && code->digits.reveal() == visit_.digits.reveal();
    } else if (std::holds_alternative<KeyTurned>(event)) {
        if (next_is(Factor::key) && !visit_.outstanding && now < visit_.step_until) proven(now);
    } else if (std::holds_alternative<Cancelled>(event)) {
        if (visit_.on && !visit_.pulsed) visit_.over = true;
    } else if (std::holds_alternative<ObserverFailed>(event)) {
        if (visit_.observing) visit_.over = true;
    } else if (const auto* finger = std::get_if<FingerObserved>(&event)) {
        saw_finger(now, finger->observation);
    } else if (std::holds_alternative<FingerReaderFailed>(event)) {
        if (visit_.fingering) visit_.over = true;
    } else if (std::holds_alternative<EffectFailed>(event)) {
        if (visit_.challenged) visit_.over = true;  // nothing is observed at all
        saw_failure(std::get<EffectFailed>(event).effect);
    } else if (const auto* lost = std::get_if<CodeUndelivered>(&event)) {
        saw_failure(lost->effect);
    } else if (const auto* loaded = std::get_if<CustomerLoaded>(&event)) {
        visit_.own_slot = loaded->finger;
        visit_.has_phone_code = loaded->authenticator && loaded->clock_set;
        if (visit_.on && visit_.step == 0) visit_.step_until = now + window();
    } else if (const auto* stored = std::get_if<Stored>(&event)) {
        if (stored->effect == visit_.outstanding) visit_.outstanding = {};
    } else if (const auto* failed = std::get_if<StoreFailed>(&event)) {
        if (failed->effect == visit_.outstanding) visit_.outstanding = {};
    }
}

void Witness::saw_failure(EffectId effect) {
    if (effect && effect == visit_.sending && next_is(Factor::code) && !visit_.outstanding) {
        visit_.send_failed = true;
    }
}

bool Witness::in_time(const CodeEntered& code) const {
    if (!code.step || !typed_step_) return false;
    const std::int64_t apart = typed_step_->number - code.step->number;
    return std::abs(apart) <= policy_->code.authenticator.delay_steps;
}

void Witness::saw_finger(Instant now, const FingerObservation& o) {
    if (!visit_.fingering || visit_.outstanding) return;
    const FingerRule& rule = policy_->finger;
    const bool fresh = o.captured >= visit_.fingering_since && o.captured <= now &&
                       now - o.captured <= rule.age_max && o.sequence > visit_.last_finger;
    if (!fresh) return;
    visit_.last_finger = o.sequence;
    if (now < visit_.cool_until || o.quality != FingerQuality::good) return;
    if (!std::isfinite(o.liveness_score)) return;
    finger_seen_ = next_is(Factor::fingerprint) && now < visit_.step_until;
    finger_hers_ = o.liveness_score >= rule.liveness_min && o.matched_slot && visit_.own_slot &&
                   *o.matched_slot == *visit_.own_slot && o.score >= rule.score_min;
}

void Witness::saw_face(Instant now, const FaceObservation& o) {
    // While the store is asked, nobody looks.
    if (!visit_.observing || visit_.outstanding) return;
    const bool fresh = o.captured >= visit_.observing_since && o.captured <= now &&
                       now - o.captured <= policy_->face.age_max &&
                       o.sequence > visit_.last_sequence && o.model == model_;
    if (!fresh) return;
    visit_.last_sequence = o.sequence;
    if (visit_.challenged) {
        saw_gesture(now, o);
        return;
    }
    if (now < visit_.cool_until) return;
    if (!fit_for_comparison(o, policy_->face.quality) || !awake(o, policy_->face)) {
        visit_.run = 0;
        return;
    }
    const bool matches = *o.distance <= policy_->face.threshold.distance_max &&
                         o.liveness_score >= policy_->face.liveness_min;
    if (presence_is_next()) {
        frame_seen_ = now < visit_.step_until;
        frame_matches_ = matches;
    } else if (next_is(Factor::face) && !matches) {
        visit_.run = 0;
        visit_.cool_until = now + policy_->face.cool_down;
        ++visit_.wrong_faces;
        require(visit_.wrong_faces <= policy_->face.tries, "I9: more faces than tries");
    } else if (next_is(Factor::face)) {
        visit_.run = o.track.value == visit_.track ? static_cast<std::uint8_t>(visit_.run + 1) : 1;
        visit_.track = o.track.value;
        if (visit_.run >= policy_->face.matches_required && now < visit_.step_until) {
            matched(now, o);
        }
    }
}

void Witness::matched(Instant now, const FaceObservation& o) {
    if (!policy_->challenge.required) {
        proven(now);
        return;
    }
    visit_.challenged = true;
    visit_.performed = 0;
    visit_.asked = 0;
    visit_.demanded.reset();
    visit_.gesture_until = never;
    visit_.own_yaw = o.yaw;
    visit_.own_pitch = o.pitch;
    visit_.own_smile = o.expression ? o.expression->smile : 0;
}

void Witness::challenge_lost(Instant now) {
    visit_.challenged = false;
    visit_.demanded.reset();
    visit_.run = 0;
    visit_.cool_until = now + policy_->face.cool_down;
    ++visit_.wrong_faces;
    require(visit_.wrong_faces <= policy_->face.tries, "I9: more faces than tries");
}

void Witness::asked_for(Instant now, Gesture gesture) {
    require(visit_.challenged, "I1b: a gesture was asked for before the face had matched");
    if (visit_.demanded) {
        require(*visit_.demanded == gesture, "I11: another gesture was asked for instead");
        return;
    }
    const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(gesture));
    require((visit_.asked & bit) == 0, "I1b: the same gesture was asked for twice");
    visit_.asked = static_cast<std::uint8_t>(visit_.asked | bit);
    visit_.demanded = gesture;
    visit_.shown = 0;
    visit_.gesture_until = now + policy_->challenge.gesture_window;
}

// A frame while a gesture is demanded.
void Witness::saw_gesture(Instant now, const FaceObservation& o) {
    if (o.faces == 0 || !visit_.demanded) return;
    if (o.faces > 1) {
        visit_.shown = 0;
        return;
    }
    if (o.track.value != visit_.track) {
        challenge_lost(now);
        return;
    }
    const ChallengeRule& rule = policy_->challenge;
    FaceObservation frontal = o;  // a turned head is what is asked for
    frontal.yaw = frontal.pitch = 0;
    if (!fit_for_comparison(frontal, policy_->face.quality)) return;
    const bool good = fit_for_comparison(o, policy_->face.quality) && awake(o, policy_->face);
    const bool live = o.liveness_score >= policy_->face.liveness_min;
    if (good && !live) {
        challenge_lost(now);
        return;
    }
    const float yaw = o.yaw - visit_.own_yaw;
    const float pitch = o.pitch - visit_.own_pitch;
    const bool ahead = std::abs(yaw) <= rule.neutral_max && std::abs(pitch) <= rule.neutral_max;
    const float eyes = o.expression ? o.expression->eyes_open : 1;
    const float smile = o.expression ? o.expression->smile - visit_.own_smile : 0;
    const bool asks_head = *visit_.demanded != Gesture::blink && *visit_.demanded != Gesture::smile;
    if (visit_.shown == 0) {
        const bool held = !asks_head && performs(*visit_.demanded, yaw, pitch, eyes, smile, rule);
        if (ahead && !held) visit_.shown = 1;
    } else if (visit_.shown == 1) {
        if (performs(*visit_.demanded, yaw, pitch, eyes, smile, rule)) {
            visit_.shown = 2;
        } else if (!ahead) {
            challenge_lost(now);
        }
    } else if (good && ahead && *o.distance <= policy_->face.threshold.distance_max) {
        visit_.demanded.reset();
        visit_.gesture_until = never;
        if (++visit_.performed < rule.count) return;
        visit_.challenged = false;
        if (now < visit_.step_until) proven(now);
    }
}

// ---- effects -------------------------------------------------------------------------------

void Witness::saw(Instant now, const Effect& effect) {
    if (std::holds_alternative<Load>(effect)) {
        require(!visit_.on, "I11: a visit began within another");
        visit_ = {};
        visit_.on = true;
        visit_.until = now + policy_->session_limit;
    } else if (std::holds_alternative<Observe>(effect)) {
        visit_.observing = true;
        visit_.observing_since = now;
        visit_.last_sequence = 0;
        visit_.run = 0;
        visit_.track = 0;
    } else if (std::holds_alternative<StopObserving>(effect)) {
        visit_.observing = false;
    } else if (std::holds_alternative<ObserveFinger>(effect)) {
        require(next_is(Factor::fingerprint), "I1b: a finger was asked for out of order");
        visit_.fingering = true;
        visit_.fingering_since = now;
        visit_.last_finger = 0;
    } else if (std::holds_alternative<StopFinger>(effect)) {
        visit_.fingering = false;
    } else if (const auto* store = std::get_if<Store>(&effect)) {
        saw_record(now, *store);
    } else if (const auto* code = std::get_if<SendCode>(&effect)) {
        require(next_is(Factor::code), "I1b: a code was sent out of order");
        require(visit_.issue_committed && !visit_.code_sent,
                "I9: a code was sent that was not counted");
        require(code->lifetime <= policy_->code.lifetime, "I8: a code lives too long");
        visit_.code_sent = true;
        visit_.sending = code->effect;
        visit_.send_failed = false;
        require(!visit_.phone_code, "I11: a message was sent after all");
        visit_.digits = code->digits;
        visit_.code_until = now + policy_->code.lifetime;
    } else if (const auto* pulse = std::get_if<PulseStrike>(&effect)) {
        saw_pulse(now, *pulse);
    } else if (const auto* show = std::get_if<ShowPrompt>(&effect)) {
        if (const auto gesture = gesture_of(show->prompt.message)) asked_for(now, *gesture);
        if (show->prompt.message == Prompt::Message::enter_authenticator_code) {
            require(visit_.send_failed && next_is(Factor::code),
                    "I1b: an authenticator's code was asked for although a message was sent");
            require(visit_.has_phone_code, "I1b: an authenticator's code was asked for of nobody");
            visit_.phone_code = true;
            visit_.code_sent = false;
        }
    } else if (const auto* note = std::get_if<Note>(&effect)) {
        if (note->entry.kind != AuditKind::ended) return;
        require(!visit_.challenged || visit_.over, "I9: a challenge was left and not counted");
        visit_ = {};
    }
}

void Witness::saw_record(Instant now, const Store& store) {
    require(!visit_.outstanding, "I3: two records at once");
    visit_.outstanding = store.effect;
    const RecordBody& body = store.record.body;
    if (std::holds_alternative<UnprovenFailure>(body)) {
        if (visit_.challenged) challenge_lost(now);  // late, or abandoned
    } else if (std::holds_alternative<IssueCode>(body)) {
        require(next_is(Factor::code), "I1b: a code was made out of order");
        require(now < visit_.until, "I11: a code was made after the visit's time");
        ++visit_.issue;
        visit_.issue_committed = false;
        visit_.code_sent = false;
        visit_.code_used = false;
        visit_.digits = {};
    } else if (const auto* reserve = std::get_if<ReserveTry>(&body)) {
        saw_reservation(now, reserve->factor);
    } else if (const auto* wrong = std::get_if<SettleWrong>(&body)) {
        judged_wrong(now, wrong->factor);
    } else if (const auto* right = std::get_if<SettleRight>(&body)) {
        if (right->step) {
            judged_phone_right(now, *right->step);
        } else if (right->consumes_code) {
            judged_right(now);
        } else if (store.record.audit.kind == AuditKind::finger_matched) {
            judged_finger_right(now);
        } else {
            given_back(now);
        }
        visit_.trying = Visit::Trying::none;
    } else if (const auto* grant = std::get_if<Grant>(&body)) {
        require(presence_is_next(), "I1b: granted before every factor was shown");
        if (policy_->presence.required) {
            require(grant->settles_hold && visit_.trying == Visit::Trying::presence,
                    "I1b: granted without looking again");
            require(visit_.trying_right, "I1b: granted to another face");
            compared(now);
        }
        visit_.presence = true;
        visit_.trying = Visit::Trying::none;
    }
}

void Witness::saw_reservation(Instant now, Factor factor) {
    visit_.reserved = false;
    require(now < visit_.until, "I11: a try began after the visit's time");
    require(now >= visit_.cool_until, "I9: tried again within the cool-down");
    if (factor == Factor::code) {
        require(next_is(Factor::code), "I1b: a code was tried out of order");
        visit_.trying = Visit::Trying::code;
        visit_.trying_step = typed_step_.value_or(TimeStep{});
        visit_.trying_in_time = typed_in_time_;
        visit_.trying_right = typed_right_ && !visit_.code_used;
    } else if (factor == Factor::fingerprint) {
        require(next_is(Factor::fingerprint) && finger_seen_, "I11: tried without a finger");
        visit_.trying = Visit::Trying::finger;
        visit_.trying_right = finger_hers_;
    } else {
        require(presence_is_next() && frame_seen_, "I11: tried without a frame to look at");
        visit_.trying = Visit::Trying::presence;
        visit_.trying_right = frame_matches_;
    }
}

// A try's outcome is known to the session: what must be true of every comparison.
void Witness::compared(Instant now) {
    require(visit_.reserved, "I9: a try was compared before it was counted");
    require(now >= penalty_until_, "I9: a try was compared during a penalty");
    require(wrong_ < policy_->lockout.staff_only_from,
            "I9: a try was compared after only staff could release");
    require(now < visit_.step_until, "I11: a try was compared after its window");
}

void Witness::judged_right(Instant now) {
    compared(now);
    require(visit_.trying == Visit::Trying::code, "I1b: a code was accepted that nobody typed");
    require(!visit_.code_used, "I8: a code was accepted twice");
    require(visit_.trying_right, "I8: a code was accepted that is not the newest of this visit");
    require(now < visit_.code_until, "I11: an expired code was accepted");
    visit_.code_used = true;
    visit_.accepted = true;
}

// It is the store that has the last word of a step that was used elsewhere meanwhile.
void Witness::judged_phone_right(Instant now, TimeStep step) {
    compared(now);
    require(visit_.trying == Visit::Trying::code && visit_.phone_code && next_is(Factor::code),
            "I1b: an authenticator's code was accepted that nobody was asked for");
    require(visit_.trying_in_time && step == visit_.trying_step,
            "I8: an authenticator's code was accepted that is not of now");
    visit_.accepted = true;
}

void Witness::judged_finger_right(Instant now) {
    compared(now);
    require(visit_.trying == Visit::Trying::finger && next_is(Factor::fingerprint),
            "I1b: a finger was accepted that nobody laid down");
    require(visit_.trying_right, "I1b: a finger was accepted that is not hers");
    visit_.accepted = true;
}

// A try that was counted may be given back only when there is a reason not to compare it.
void Witness::given_back(Instant now) {
    const bool expired =
        visit_.trying == Visit::Trying::code && !visit_.phone_code && now >= visit_.code_until;
    require(visit_.over || expired || now >= visit_.step_until || now >= visit_.until,
            "I9: a try was given back that could have been compared");
}

void Witness::judged_wrong(Instant now, Factor factor) {
    compared(now);
    require(!visit_.trying_right, "I5: what was right was judged wrong");
    std::uint8_t* tries = &visit_.wrong_presences;
    int allowed = policy_->presence.tries;
    if (factor == Factor::code) {
        tries = &visit_.wrong_codes;
        allowed = policy_->code.tries;
    } else if (factor == Factor::fingerprint) {
        tries = &visit_.wrong_fingers;
        allowed = policy_->finger.tries;
    }
    ++*tries;
    require(*tries <= allowed, "I9: more tries than the policy allows");
    visit_.trying = Visit::Trying::none;
    ++wrong_open_;
    count_wrong(now);
}

void Witness::count_wrong(Instant now) {
    ++wrong_;
    const LockoutRule& rule = policy_->lockout;
    if (wrong_ < rule.penalty_from) return;
    const Duration earned = rule.first_penalty * (1LL << (wrong_ - rule.penalty_from));
    penalty_until_ = std::max(penalty_until_, now + earned);
}

void Witness::saw_pulse(Instant now, const PulseStrike& pulse) {
    const bool all = presence_is_next();
    require(visit_.on, "I1b: released without a visit");
    require(all || visit_.step != 0, "I1b: released without a face");
    require(all || !next_is(Factor::code), "I1b: released without a code");
    require(all || !next_is(Factor::key), "I1b: released without a key");
    require(all || !next_is(Factor::fingerprint), "I1b: released without a finger");
    require(visit_.presence, "I1b: released without the same face at the end");
    require(visit_.granted, "I3: released before the grant was durable");
    require(!visit_.pulsed, "I8: released twice");
    require(!visit_.over, "I1a: released after she had cancelled, or was out of sight");
    require(now < visit_.until, "I11: released after the visit's time");
    require(pulse.hold > Duration::zero() && pulse.hold <= policy_->release_hold,
            "I7: released for too long");
    visit_.pulsed = true;
}

// ---- what becomes durable ------------------------------------------------------------------

void Witness::committed(Instant now, const Record& record) {
    const RecordBody& body = record.body;
    if (std::holds_alternative<IssueCode>(body)) {
        visit_.issue_committed = true;
    } else if (std::holds_alternative<ReserveTry>(body)) {
        visit_.reserved = true;
    } else if (const auto* wrong = std::get_if<SettleWrong>(&body)) {
        --wrong_open_;
        Duration pause = policy_->presence.cool_down;
        if (wrong->factor == Factor::code) pause = policy_->code.cool_down;
        if (wrong->factor == Factor::fingerprint) pause = policy_->finger.cool_down;
        visit_.cool_until = now + pause;
    } else if (const auto* right = std::get_if<SettleRight>(&body)) {
        if (right->step) {
            require(*right->step > used_step_, "I8: an authenticator's code was used twice");
            used_step_ = *right->step;
        }
        const bool settles =
            right->consumes_code || right->step || right->factor == Factor::fingerprint;
        if (settles && visit_.accepted) {
            visit_.accepted = false;
            proven(now);
        }
    } else if (std::holds_alternative<Grant>(body)) {
        visit_.granted = true;
        wrong_ = wrong_open_;
        penalty_until_ = {};
    }
}

void Witness::wrong_elsewhere(Instant now) {
    require(now >= penalty_until_, "I9: a try was compared elsewhere during a penalty");
    count_wrong(now);
}

void Witness::released_by_staff() {
    wrong_ = wrong_open_;
    penalty_until_ = {};
}

void Witness::restarted() {
    visit_ = {};
    wrong_open_ = 0;  // the store has made failures of them
}

void Witness::check_counts(Instant now, const CustomerCounts& counts) {
    require(counts.failures + counts.holds >= wrong_, "I9: the count fell below the wrong tries");
    const bool earned = wrong_open_ == 0 && counts.failures < policy_->lockout.staff_only_from;
    require(!earned || counts.penalty >= penalty_until_ - now,
            "I9: the penalty is shorter than what was earned");
}

}  // namespace strongroom::auth::testing
