#include "auth/session.h"

#include <algorithm>

#include "actions.h"

namespace strongroom::auth {

namespace {

// The effect that a completion quotes; none for other events.
EffectId quoted_effect(const Event& event) {
    return std::visit(
        [](const auto& e) {
            if constexpr (requires { e.effect; }) {
                return e.effect;
            } else {
                return EffectId{};
            }
        },
        event);
}

}  // namespace

Session::Session(Setup setup) : setup_(std::move(setup)), throttle_(setup_.policy.throttle) {}

Instant Session::next_deadline() const {
    return std::min({stage_deadline_, session_deadline_, gesture_deadline_});
}

void Session::handle_deadline(Instant now) {
    throttle_.start(now);
    // More than one may be due: a visit that waits for the store has a second one.
    while (next_deadline() <= now) {
        const Instant due = next_deadline();
        Actions actions(*this, now);
        const Row* row = find_row(state_, EventKind::deadline);
        STRONGROOM_ASSERT(row != nullptr);  // a state with a deadline has an answer to it
        (actions.*row->action)(nullptr);
        STRONGROOM_ASSERT(next_deadline() > due);
    }
}

void Session::handle(Instant now, const Event& event) {
    // An event that comes after a deadline finds the state that the deadline left.
    handle_deadline(now);
    const auto kind = static_cast<EventKind>(event.index());
    const EffectId quoted = quoted_effect(event);
    const bool completion = kind == EventKind::customer_loaded || kind == EventKind::stored ||
                            kind == EventKind::store_failed || kind == EventKind::strike_released ||
                            kind == EventKind::effect_failed || kind == EventKind::code_undelivered;
    if (completion) {
        const bool sending = quoted == sending_;
        const bool expected =
            kind == EventKind::code_undelivered
                ? quoted && sending
                : quoted && (quoted == awaited_ ||
                             (kind == EventKind::effect_failed &&
                              (quoted == observing_ || quoted == fingering_ || sending)));
        if (!expected) return;  // stale: the visit it belonged to has moved on
    }
    const State before = state_;
    const std::size_t stage_before = stage_;
    Actions actions(*this, now);
    const Row* row = find_row(state_, kind);
    if (row == nullptr) {
        actions.refuse(kind);
        return;
    }
    (actions.*row->action)(&event);
    const bool listed = (row->to & (1U << static_cast<unsigned>(state_))) != 0;
    const bool advanced = row->advances && state_ == first_state(setup_.policy, stage_) &&
                          (stage_ == stage_before + 1 || before == State::loading);
    STRONGROOM_ASSERT(listed || advanced);  // the table says where a row may lead
}

std::optional<Effect> Session::poll_effect() {
    if (effects_count_ == 0) return std::nullopt;
    Effect& slot = effects_.at(effects_first_);
    std::optional<Effect> effect(std::move(slot));
    slot = StopObserving{};  // wipes what the slot held
    effects_first_ = (effects_first_ + 1) % effects_max;
    --effects_count_;
    return effect;
}

SessionSnapshot Session::snapshot(Instant now) const {
    SessionSnapshot snapshot;
    snapshot.state = state_;
    snapshot.stage = stage_;
    snapshot.session = session_;
    snapshot.customer = customer_;
    snapshot.locker = setup_.locker;
    snapshot.face_matches = face_matches_;
    snapshot.face_tries = face_tries_;
    snapshot.gesture = challenge_.demanded();
    snapshot.gestures_performed = challenge_.performed();
    snapshot.gesture_step = challenge_.step();
    snapshot.gesture_deadline = gesture_deadline_;
    snapshot.code_tries = code_tries_;
    snapshot.presence_tries = presence_tries_;
    snapshot.finger_tries = finger_tries_;
    snapshot.issue = issue_;
    snapshot.code_live = code_live_;
    snapshot.by_authenticator = by_authenticator_;
    snapshot.ending = ending_;
    snapshot.last = last_;
    snapshot.trying = trying_;
    snapshot.right = right_;
    snapshot.track = track_;
    snapshot.awaited = awaited_;
    snapshot.observing = observing_;
    snapshot.fingering = fingering_;
    snapshot.stage_deadline = stage_deadline_;
    snapshot.session_deadline = session_deadline_;
    snapshot.not_before = not_before_;
    snapshot.code_expires = code_expires_;
    snapshot.resend_from = resend_from_;
    snapshot.throttle_wait = throttle_.wait(now);
    return snapshot;
}

State first_state(const Policy& policy, std::size_t stage) {
    if (stage < policy.factors.size()) {
        switch (policy.factors[stage]) {
            case Factor::face: return State::face;
            case Factor::code: return State::issuing;
            case Factor::key: return State::key;
            case Factor::fingerprint: return State::finger;
        }
    }
    return stage == policy.factors.size() && policy.presence.required ? State::presence
                                                                      : State::granting;
}

}  // namespace strongroom::auth
