#include "actions.h"

#include <algorithm>
#include <cmath>

namespace strongroom::auth {

namespace {

using std::chrono::seconds;

constexpr Duration loading_window = seconds(10);

Prompt::Message prompt_for(Outcome outcome) {
    switch (outcome) {
        case Outcome::opened: return Prompt::Message::welcome;
        case Outcome::cancelled: return Prompt::Message::cancelled;
        case Outcome::timed_out: return Prompt::Message::timed_out;
        case Outcome::not_recognised:
        case Outcome::wrong_code:
        case Outcome::wrong_finger:
        case Outcome::subject_changed: return Prompt::Message::not_recognised;
        case Outcome::locked_out:
        case Outcome::throttled: return Prompt::Message::refused_until;
        case Outcome::send_limited: return Prompt::Message::see_staff;
        case Outcome::send_failed:
        case Outcome::camera_lost:
        case Outcome::finger_reader_lost:
        case Outcome::records_unavailable:
        case Outcome::release_failed: return Prompt::Message::out_of_service;
    }
    return Prompt::Message::out_of_service;
}

std::int64_t whole_seconds_up(Duration d) {
    return std::chrono::duration_cast<seconds>(d + seconds(1) - Duration(1)).count();
}

}  // namespace

// ---- a visit begins and ends ---------------------------------------------------------------

void Actions::begin(const Event* event) {
    const auto& claim = as<Claimed>(event);
    s_.seed_ = claim.seed;
    const Digest id = keyed_hash(claim.seed, std::as_bytes(std::span("session id", 10)));
    s_.session_.value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        s_.session_.value = s_.session_.value << 8U | std::to_integer<std::uint64_t>(id.at(i));
    }
    s_.session_.value |= 1U;  // never 0, which means none
    s_.customer_ = claim.customer;
    s_.stage_ = 0;
    note(AuditKind::claimed, static_cast<std::int64_t>(claim.locker.value));
    if (const Duration wait = s_.throttle_.wait(now_); wait > Duration::zero()) {
        note(AuditKind::throttled, whole_seconds_up(wait));
        if (s_.throttle_.drained(now_)) report(Alarm::terminal_attack);
        finish(Outcome::throttled);
        prompt(Prompt::Message::refused_until, wait);
        return;
    }
    if (claim.locker != s_.setup_.locker) {
        note(AuditKind::not_entitled);
        slow_down();
        finish(Outcome::not_recognised);
        return;
    }
    s_.session_deadline_ = now_ + policy().session_limit;
    enter(State::loading, loading_window);
    s_.awaited_ = new_effect();
    prompt(Prompt::Message::please_wait);
    emit(Load{s_.awaited_, claim.customer, claim.locker});
}

void Actions::admit(const Event* event) {
    const auto& loaded = as<CustomerLoaded>(event);
    s_.awaited_ = {};
    const bool finger_missing = policy().asks_for(Factor::fingerprint) && !loaded.finger;
    if (!loaded.known || !loaded.entitled || !loaded.enrolled || finger_missing) {
        note(loaded.known ? AuditKind::not_entitled : AuditKind::unknown_customer);
        slow_down();
        finish(Outcome::not_recognised);
        return;
    }
    if (admission(loaded.counts, policy().lockout).kind != Admission::Kind::admitted) {
        finish_locked_out(loaded.counts);
        return;
    }
    s_.finger_slot_ = loaded.finger;
    s_.authenticator_ = loaded.authenticator;
    s_.clock_set_ = loaded.clock_set;
    enter_stage();
}

// A failure for which nobody is to be counted: it slows the terminal.
void Actions::slow_down() {
    s_.throttle_.failed(now_);
    if (s_.throttle_.drained(now_)) report(Alarm::terminal_attack);
}

void Actions::load_failed(const Event*) {
    report(Alarm::records_unavailable);
    finish(Outcome::records_unavailable);
}

void Actions::finish_locked_out(const CustomerCounts& counts) {
    const Admission now = admission(counts, policy().lockout);
    const bool staff_only = now.kind == Admission::Kind::staff_only;
    note(AuditKind::locked_out, staff_only ? -1 : whole_seconds_up(now.wait));
    if (staff_only) report(Alarm::customer_locked);
    finish(Outcome::locked_out);
    if (staff_only) {
        prompt(Prompt::Message::see_staff);
    } else {
        prompt(Prompt::Message::refused_until, now.wait);
    }
}

void Actions::finish(Outcome outcome) {
    stop_observing();
    stop_fingering();
    note(AuditKind::ended, static_cast<std::int64_t>(outcome));
    if (outcome != Outcome::locked_out && outcome != Outcome::throttled) {
        prompt(prompt_for(outcome));
    }
    s_.state_ = State::idle;
    s_.last_ = outcome;
    s_.stage_ = 0;
    s_.stage_deadline_ = never;
    s_.session_deadline_ = never;
    s_.not_before_ = {};
    s_.awaited_ = {};
    s_.sending_ = {};
    s_.ending_.reset();
    leave_challenge();
    s_.challenges_ = 0;
    s_.seed_ = {};
    s_.session_ = {};
    s_.customer_ = {};
    s_.track_ = {};
    s_.face_matches_ = 0;
    s_.face_tries_ = 0;
    s_.presence_tries_ = 0;
    s_.finger_slot_.reset();
    s_.finger_tries_ = 0;
    s_.candidate_finger_ = {};
    s_.issue_ = 0;
    s_.code_hash_ = {};
    s_.code_live_ = false;
    s_.code_tries_ = 0;
    s_.authenticator_.reset();
    s_.clock_set_ = false;
    s_.by_authenticator_ = false;
    s_.entered_ = {};
    s_.entered_step_ = {};
    s_.code_expires_ = {};
    s_.resend_from_ = {};
    s_.trying_ = Factor::code;
    s_.right_ = false;
    s_.candidate_distance_ = 0;
    s_.candidate_liveness_ = 0;
}

// ---- steps of the policy -------------------------------------------------------------------

void Actions::enter_stage() {
    switch (first_state(policy(), s_.stage_)) {
        case State::face: enter_face(); return;
        case State::issuing: enter_issuing(); return;
        case State::key: enter_key(); return;
        case State::finger: enter_finger(); return;
        case State::presence: enter_presence(); return;
        case State::granting: enter_granting(false); return;
        default: STRONGROOM_ASSERT(false);
    }
}

void Actions::advance() {
    ++s_.stage_;
    s_.not_before_ = {};
    s_.sending_ = {};
    stop_fingering();
    enter_stage();
}

void Actions::enter_face() {
    enter(State::face, policy().face.window);
    start_observing();
    prompt(Prompt::Message::look_at_camera);
}

void Actions::enter_issuing() {
    stop_observing();
    ++s_.issue_;
    const CodeRule& rule = policy().code;
    s_.code_live_ = false;
    const CodeDigits digits = make_code(s_.seed_, s_.issue_, rule.digits);
    s_.code_hash_ = hash_code(s_.setup_.code_key, binding(), digits);
    if (s_.issue_ == 1) {
        // One window for the factor: asking for another code does not extend it.
        s_.stage_deadline_ = now_ + rule.window;
    }
    const EffectId effect = emit_store(AuditKind::code_issued, s_.issue_,
                                       IssueCode{s_.code_hash_, s_.issue_, rule.lifetime});
    wait_for_store(State::issuing, effect);
}

void Actions::enter_code() {
    s_.state_ = State::code;
    const Duration left = std::min(s_.code_expires_, s_.stage_deadline_) - now_;
    prompt(Prompt::Message::enter_code, std::max(left, Duration::zero()),
           policy().code.tries - s_.code_tries_);
}

void Actions::enter_key() {
    stop_observing();
    enter(State::key, policy().key.window);
    prompt(Prompt::Message::turn_key, policy().key.window);
}

void Actions::enter_presence() {
    enter(State::presence, policy().presence.window);
    start_observing();
    prompt(Prompt::Message::look_at_camera);
}

void Actions::enter_granting(bool settles_hold) {
    stop_observing();
    wait_for_store(State::granting, emit_store(AuditKind::granted, 0, Grant{settles_hold}));
}

// ---- code ----------------------------------------------------------------------------------

CodeBinding Actions::binding() const {
    return {s_.session_,      s_.setup_.terminal, s_.customer_,
            s_.setup_.locker, policy().purpose,   s_.issue_};
}

void Actions::code_recorded(const Event*) {
    s_.awaited_ = {};
    if (s_.ending_) {
        finish(*s_.ending_);
        return;
    }
    s_.code_live_ = true;
    s_.code_expires_ = now_ + policy().code.lifetime;
    s_.resend_from_ = now_ + policy().code.sends.interval_min;
    s_.sending_ = new_effect();
    emit(SendCode{s_.sending_, s_.customer_, s_.setup_.locker,
                  make_code(s_.seed_, s_.issue_, policy().code.digits), policy().code.lifetime});
    enter_code();
}

void Actions::code_refused(const Event* event) {
    s_.awaited_ = {};
    if (as<StoreFailed>(event).error.code != Errc::denied) {
        store_failed(event);
        return;
    }
    note(AuditKind::send_limited);
    report(Alarm::sms_flood);
    finish(s_.ending_.value_or(Outcome::send_limited));
}

void Actions::resend(const Event*) {
    if (const Duration wait = s_.resend_from_ - now_; wait > Duration::zero()) {
        prompt(Prompt::Message::please_wait, wait);
        return;
    }
    enter_issuing();
}

void Actions::send_failed(const Event*) {
    note(AuditKind::send_failed);
    if (!enter_authenticator()) finish(Outcome::send_failed);
}

// Who has no authenticator may still ask for another code.
void Actions::undelivered(const Event*) {
    if (!s_.authenticator_ || !policy().code.authenticator.offered) return;
    note(AuditKind::send_failed);
    (void)enter_authenticator();
}

bool Actions::enter_authenticator() {
    if (!s_.authenticator_ || !policy().code.authenticator.offered) return false;
    if (!s_.clock_set_) {
        note(AuditKind::clock_not_set);
        return false;
    }
    // From here on the message that was sent is worth nothing, should it arrive after all.
    s_.code_live_ = false;
    s_.sending_ = {};
    s_.by_authenticator_ = true;
    s_.state_ = State::authenticator;
    note(AuditKind::authenticator_offered);
    prompt(Prompt::Message::enter_authenticator_code, s_.stage_deadline_ - now_,
           policy().code.tries - s_.code_tries_);
    return true;
}

void Actions::code_entered(const Event* event) {
    const auto& entered = as<CodeEntered>(event);
    const CodeDigits& digits = entered.digits;
    const CodeRule& rule = policy().code;
    const int wanted = s_.by_authenticator_ ? rule.authenticator.digits : rule.digits;
    const bool form = digits.valid() && digits.size() == static_cast<std::size_t>(wanted);
    if (!form || now_ < s_.not_before_) {
        refuse(EventKind::code_entered);
        return;
    }
    if (s_.by_authenticator_) {
        if (!entered.step) {
            note(AuditKind::clock_not_set);
            finish(Outcome::send_failed);
            return;
        }
        s_.entered_step_ = *entered.step;
    } else if (!s_.code_live_ || now_ >= s_.code_expires_) {
        s_.code_live_ = false;
        note(AuditKind::code_expired);
        prompt(Prompt::Message::code_not_accepted, {}, policy().code.tries - s_.code_tries_);
        return;
    }
    s_.entered_ = digits;
    s_.trying_ = Factor::code;
    wait_for_store(State::reserving,
                   emit_store(AuditKind::try_reserved, static_cast<std::int64_t>(Factor::code),
                              ReserveTry{Factor::code}));
}

// ---- counting a try ------------------------------------------------------------------------

void Actions::compare(const Event*) {
    s_.awaited_ = {};
    if (s_.ending_) {
        drop_try();  // counted, but the visit is over
    } else if (s_.trying_ == Factor::face) {
        compare_face();
    } else if (s_.trying_ == Factor::fingerprint) {
        compare_finger();
    } else if (s_.by_authenticator_) {
        compare_authenticator();
    } else if (now_ >= s_.code_expires_) {
        s_.code_live_ = false;  // its lifetime ended while the try was being counted
        note(AuditKind::code_expired);
        drop_try();
    } else {
        compare_code();
    }
}

// The try is given back without a comparison.
void Actions::drop_try() {
    s_.right_ = false;
    s_.entered_ = {};
    wait_for_store(State::settling,
                   emit_store(AuditKind::try_dropped, 0, SettleRight{s_.trying_, false, {}}));
}

void Actions::compare_face() {
    s_.right_ = matches(s_.candidate_distance_, s_.candidate_liveness_);
    if (s_.right_) {
        note(AuditKind::presence_matched);
        enter_granting(true);
        return;
    }
    ++s_.presence_tries_;
    wait_for_store(State::settling, emit_store(AuditKind::presence_mismatched, s_.presence_tries_,
                                               SettleWrong{Factor::face}));
}

void Actions::compare_code() {
    const Digest hash = hash_code(s_.setup_.code_key, binding(), s_.entered_);
    s_.entered_ = {};
    s_.right_ = equal_in_constant_time(hash, s_.code_hash_);
    if (s_.right_) {
        s_.code_live_ = false;
        wait_for_store(State::settling, emit_store(AuditKind::code_right, s_.issue_,
                                                   SettleRight{Factor::code, true, s_.code_hash_}));
        return;
    }
    ++s_.code_tries_;
    wait_for_store(State::settling,
                   emit_store(AuditKind::code_wrong, s_.code_tries_, SettleWrong{Factor::code}));
}

void Actions::compare_authenticator() {
    const AuthenticatorRule& rule = policy().code.authenticator;
    const Authenticator& hers = *s_.authenticator_;
    const std::optional<TimeStep> step =
        step_of_code(hers.seed, s_.entered_, s_.entered_step_, rule.delay_steps, rule.digits);
    s_.entered_ = {};
    const bool used = step && *step <= hers.last_step;
    s_.right_ = step && !used;
    if (s_.right_) {
        wait_for_store(State::settling, emit_store(AuditKind::authenticator_right, 0,
                                                   SettleRight{Factor::code, false, {}, *step}));
        return;
    }
    ++s_.code_tries_;
    wait_for_store(State::settling,
                   emit_store(used ? AuditKind::authenticator_used : AuditKind::authenticator_wrong,
                              s_.code_tries_, SettleWrong{Factor::code}));
}

// Her code was right, and at another terminal it had been used meanwhile. The try that nobody
// settles becomes a failure with the end of the visit (ADR 0008).
void Actions::not_settled(const Event* event) {
    const bool refused = as<StoreFailed>(event).error.code == Errc::denied;
    if (!refused || !s_.right_ || !s_.by_authenticator_) {
        store_failed(event);
        return;
    }
    note(AuditKind::authenticator_used, s_.code_tries_ + 1);
    finish(s_.ending_.value_or(Outcome::wrong_code));
}

void Actions::not_reserved(const Event* event) {
    s_.awaited_ = {};
    s_.entered_ = {};
    if (as<StoreFailed>(event).error.code != Errc::denied) {
        store_failed(event);
        return;
    }
    note(AuditKind::locked_out);
    finish(s_.ending_.value_or(Outcome::locked_out));
    prompt(Prompt::Message::see_staff);
}

void Actions::settled(const Event* event) {
    s_.awaited_ = {};
    const CustomerCounts& counts = as<Stored>(event).counts;
    if (s_.ending_) {
        finish(*s_.ending_);
        return;
    }
    if (s_.right_) {
        s_.right_ = false;
        advance();
        return;
    }
    if (admission(counts, policy().lockout).kind != Admission::Kind::admitted) {
        finish_locked_out(counts);
    } else {
        try_again();
    }
}

// A wrong try was counted, and she may have another one: in this visit or not.
void Actions::try_again() {
    const bool of_code = s_.trying_ == Factor::code;
    const bool of_finger = s_.trying_ == Factor::fingerprint;
    if (of_code && s_.code_tries_ >= policy().code.tries) {
        finish(Outcome::wrong_code);
    } else if (of_finger && s_.finger_tries_ >= policy().finger.tries) {
        finish(Outcome::wrong_finger);
    } else if (!of_code && !of_finger && s_.presence_tries_ >= policy().presence.tries) {
        finish(Outcome::subject_changed);
    } else if (of_code) {
        s_.not_before_ = now_ + policy().code.cool_down;
        s_.state_ = s_.by_authenticator_ ? State::authenticator : State::code;
        prompt(Prompt::Message::code_not_accepted, {}, policy().code.tries - s_.code_tries_);
    } else if (of_finger) {
        s_.not_before_ = now_ + policy().finger.cool_down;
        s_.state_ = State::finger;
        prompt(Prompt::Message::finger_not_accepted, {}, policy().finger.tries - s_.finger_tries_);
    } else {
        s_.not_before_ = now_ + policy().presence.cool_down;
        s_.state_ = State::presence;
        prompt(Prompt::Message::look_at_camera);
    }
}

// ---- key, grant, release -------------------------------------------------------------------

void Actions::key_turned(const Event*) {
    note(AuditKind::key_turned);
    advance();
}

void Actions::key_too_early(const Event*) {
    // After the last factor a second turn is part of opening; before, nobody should have the key
    // in.
    if (s_.state_ != State::idle && s_.stage_ >= policy().factors.size()) return;
    refuse(EventKind::key_turned);
    report(Alarm::key_early);
}

void Actions::granted(const Event*) {
    s_.awaited_ = {};
    if (s_.ending_) {
        note(AuditKind::grant_withdrawn);
        finish(*s_.ending_);
        return;
    }
    enter(State::released, policy().release_hold);
    s_.session_deadline_ = never;
    s_.awaited_ = new_effect();
    emit(PulseStrike{s_.awaited_, policy().release_hold});
}

void Actions::strike_released(const Event*) {
    s_.awaited_ = {};
    note(AuditKind::opened);
    prompt(Prompt::Message::open_door, policy().release_hold);
}

void Actions::release_failed(const Event*) {
    note(AuditKind::release_failed);
    finish(Outcome::release_failed);
}

void Actions::close(const Event*) {
    finish(s_.awaited_ ? Outcome::release_failed : Outcome::opened);
}

// ---- endings that may have to wait ---------------------------------------------------------

void Actions::store_failed(const Event*) {
    note(AuditKind::records_failed);
    report(Alarm::records_unavailable);
    finish(Outcome::records_unavailable);
}

void Actions::cancel(const Event*) {
    note(AuditKind::cancelled);
    finish(Outcome::cancelled);
}

void Actions::time_out(const Event*) {
    if (s_.state_ == State::face && mostly_shut()) note(AuditKind::no_intent);
    note(AuditKind::timed_out, static_cast<std::int64_t>(s_.state_));
    finish(Outcome::timed_out);
}

void Actions::cancel_when_stored(const Event*) {
    note(AuditKind::cancelled);
    if (!s_.ending_) s_.ending_ = Outcome::cancelled;
}

void Actions::time_out_when_stored(const Event*) {
    if (s_.ending_ == Outcome::timed_out) {
        // The store never answered. A reserved try stays counted.
        store_failed(nullptr);
        return;
    }
    note(AuditKind::timed_out, static_cast<std::int64_t>(s_.state_));
    s_.ending_ = Outcome::timed_out;
    s_.stage_deadline_ = now_ + store_grace;
    s_.session_deadline_ = never;
}

void Actions::ignore(const Event*) {}

void Actions::refuse(EventKind kind) {
    note(AuditKind::refused_event,
         static_cast<std::int64_t>(kind) * 256 + static_cast<std::int64_t>(s_.state_));
}

// ---- small things --------------------------------------------------------------------------

void Actions::enter(State state, Duration window) {
    s_.state_ = state;
    s_.stage_deadline_ = now_ + window;
}

void Actions::wait_for_store(State state, EffectId effect) {
    s_.state_ = state;
    s_.awaited_ = effect;
}

EffectId Actions::emit_store(AuditKind kind, std::int64_t detail, RecordBody body) {
    const EffectId effect = new_effect();
    emit(Store{effect, Record{audit(kind, detail), body}});
    return effect;
}

AuditEntry Actions::audit(AuditKind kind, std::int64_t detail) const {
    return {kind, s_.session_, s_.setup_.terminal, s_.customer_, s_.setup_.locker, detail};
}

void Actions::note(AuditKind kind, std::int64_t detail) { emit(Note{audit(kind, detail)}); }

void Actions::prompt(Prompt::Message message, Duration time, int attempts) {
    emit(ShowPrompt{Prompt{message, static_cast<std::int32_t>(whole_seconds_up(time)), attempts}});
}

void Actions::emit(Effect effect) {
    STRONGROOM_ASSERT(s_.effects_count_ < Session::effects_max);  // drain after every handle()
    s_.effects_.at((s_.effects_first_ + s_.effects_count_) % Session::effects_max) =
        std::move(effect);
    ++s_.effects_count_;
}

}  // namespace strongroom::auth
