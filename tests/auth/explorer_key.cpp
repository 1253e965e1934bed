// When two situations of an exploration are one state.
#include <algorithm>

#include "base/assert.h"
#include "explorer_node.h"

namespace strongroom::auth::testing {

class Explorer::Packer {
public:
    void add(std::uint64_t value, unsigned bits) {
        STRONGROOM_ASSERT(value < (1ULL << bits));
        if (used_ + bits > 64) {
            ++word_;
            used_ = 0;
        }
        key_.words.at(word_) |= value << used_;
        used_ += bits;
    }
    void flag(bool value) { add(value ? 1 : 0, 1); }
    template <class T>
    void number(T value, unsigned bits) {
        add(static_cast<std::uint64_t>(value), bits);
    }
    [[nodiscard]] const Key& key() const { return key_; }

private:
    Key key_;
    std::size_t word_ = 0;
    unsigned used_ = 0;
};

std::size_t Explorer::KeyHash::operator()(const Key& key) const {
    std::uint64_t h = 0;
    for (const std::uint64_t word : key.words) {
        h = (h ^ word) * 0x9e3779b97f4a7c15U;
        h ^= h >> 32U;
    }
    return h;
}

Explorer::Key Explorer::key_of(const Node& n) const {
    const SessionSnapshot s = n.session.snapshot(n.now);
    const bool waits = s.state == State::recording || s.state == State::reserving ||
                       s.state == State::settling || s.state == State::issuing ||
                       s.state == State::granting;
    const bool trying = s.state == State::reserving || s.state == State::settling;
    const bool in_challenge = s.state == State::challenge;
    const bool in_face = s.state == State::face || s.state == State::recording || in_challenge;
    const bool in_code = s.state == State::code || s.state == State::issuing ||
                         s.state == State::authenticator || (trying && s.trying == Factor::code);
    const bool in_finger = s.state == State::finger || (trying && s.trying == Factor::fingerprint);
    const bool in_presence = s.state == State::presence || (trying && s.trying == Factor::face);
    Packer p;
    p.number(s.state, 4);
    p.number(s.stage, 2);
    p.number(waits && s.ending ? 1 + static_cast<int>(*s.ending) : 0, 4);
    p.number(in_face ? s.face_matches : 0, 3);
    p.number(in_face ? s.face_tries : 0, 3);
    p.number(in_code ? s.code_tries : 0, 3);
    p.number(in_presence ? s.presence_tries : 0, 3);
    p.number(in_finger ? s.finger_tries : 0, 3);
    p.number(in_code ? std::min<std::uint32_t>(s.issue, 2) : 0, 2);
    p.flag(in_code && s.code_live);
    p.flag(trying && s.right);
    // What a session that errs would take for right is not what it takes for wrong.
    p.number(s.state == State::reserving ? n.tried : Stimulus{}, 7);
    p.flag(s.observing.value != 0);
    p.flag(s.awaited.value != 0);
    p.flag(n.pending_observe.value != 0);
    p.flag(s.fingering.value != 0);
    p.flag(n.pending_finger.value != 0);
    p.flag(n.pending_send.value != 0);
    p.flag(s.throttle_wait > Duration::zero());
    // Which windows are still open, and in which order they will end.
    const std::array<Instant, 5> ends{
        s.not_before, in_code && s.code_live ? s.code_expires : Instant{},
        in_code ? s.resend_from : Instant{}, in_challenge ? s.gesture_deadline : Instant{},
        std::min(s.stage_deadline, s.session_deadline)};
    for (std::size_t i = 0; i < ends.size(); ++i) {
        p.flag(n.now < ends[i]);
        for (std::size_t k = 0; k < i; ++k) {
            p.flag(n.now < ends[i] && n.now < ends[k] && ends[k] < ends[i]);
        }
    }
    p.flag(s.session_deadline < s.stage_deadline);
    p.number(in_challenge ? s.gestures_performed : 0, 3);
    p.number(in_challenge ? s.gesture_step : Challenge::Step::asked, 2);

    p.number(n.counts.failures, 4);
    p.number(n.counts.holds, 3);
    p.flag(n.counts.penalty > Duration::zero());
    p.number(n.counts.codes.count, 4);  // the failures of the day decide nothing: not kept
    p.flag(n.elsewhere);

    const Witness& w = n.witness;
    const Witness::Visit& v = w.visit();
    if (authenticator_) {
        // How far the calendar is ahead of what was used: two steps or more are all the same.
        const auto ahead = [&n](TimeStep used) {
            return std::clamp<std::int64_t>(n.step.number - used.number, -1, 2) + 1;
        };
        const bool before_code = s.state != State::idle && s.stage <= 1;
        p.flag(s.by_authenticator);
        p.number(ahead(n.used), 2);
        p.number(before_code ? ahead(n.loaded_used) : 0, 2);
        p.flag(trying && n.typed > n.loaded_used);
        p.flag(trying && n.typed > n.used);
        p.flag(v.on && v.has_phone_code);
        p.flag(in_code && v.send_failed);
        p.flag(in_code && v.phone_code);
        p.flag(trying && v.trying_step > w.used_step());
    }
    p.number(w.wrong(), 4);
    p.number(w.wrong_open(), 3);
    p.flag(n.now < w.penalty_until());
    p.flag(v.on);
    p.flag(v.over);
    p.number(n.prolonged, 1);
    p.number(v.step, 2);
    p.flag(v.outstanding.value != 0);
    p.flag(v.observing);
    p.number(in_face ? v.run : 0, 3);
    p.number(in_face ? v.wrong_faces : 0, 3);
    p.flag(v.challenged);
    p.number(in_challenge ? v.performed : 0, 3);
    p.number(in_challenge ? v.shown : 0, 2);
    p.flag(in_challenge && v.demanded.has_value());
    p.flag(in_challenge && n.now < v.gesture_until);
    p.flag(in_code && v.issue_committed);
    p.flag(in_code && v.code_sent);
    p.flag(in_code && v.code_used);
    p.flag(in_code && n.now < v.code_until);
    p.number(in_code ? v.wrong_codes : 0, 3);
    p.number(in_presence ? v.wrong_presences : 0, 3);
    p.number(in_finger ? v.wrong_fingers : 0, 3);
    p.flag(v.fingering);
    p.number(v.trying, 2);
    p.flag(v.trying != Witness::Visit::Trying::none && v.trying_right);
    p.flag(trying && v.reserved);
    p.flag(v.accepted);
    p.flag(v.presence);
    p.flag(v.granted);
    p.flag(v.pulsed);
    p.flag(v.on && n.now < v.until);
    p.flag(v.on && n.now < v.step_until);
    p.flag(v.on && n.now < v.cool_until);
    return p.key();
}

}  // namespace strongroom::auth::testing
