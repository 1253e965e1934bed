#include "explorer.h"

#include <algorithm>
#include <deque>
#include <limits>

#include "explorer_node.h"

namespace strongroom::auth::testing {

using namespace std::chrono_literals;
using enum Stimulus;

namespace {

constexpr FaceModelId model{7};
constexpr CustomerId alice{1};
constexpr LockerId locker_1{11};
constexpr FingerSlot own_slot = 7;

// Visits take turns with two seeds: the code of the visit before is always at hand.
Key256 seed_of(int visit) {
    std::array<std::byte, Key256::size> bytes{};
    bytes[0] = static_cast<std::byte>(visit % 2);
    return Key256(bytes);
}

bool is_time(Stimulus s) { return s >= window_over && s <= step_over; }

bool is_finger(Stimulus s) { return s >= finger_hers && s <= finger_reader_fails; }

bool is_face(Stimulus s) { return s >= face_matches && s <= two_faces; }

// What no honest visit needs: it may never add a factor or extend a window (I11).
bool is_junk(Stimulus s) {
    switch (s) {
        case claim_other_locker:
        case face_differs:
        case face_not_live:
        case face_poor:
        case face_not_a_number:
        case face_late:
        case face_repeated:
        case face_other_model:
        case face_shuts_eyes:
        case finger_differs:
        case finger_of_another:
        case finger_not_live:
        case finger_too_weak:
        case finger_unreadable:
        case finger_not_a_number:
        case finger_late:
        case finger_repeated:
        case gesture_wrong:
        case no_face:
        case two_faces:
        case code_wrong:
        case code_superseded:
        case code_of_last_visit:
        case code_malformed:
        case phone_code_stale:
        case phone_code_without_clock:
        case old_answer_again: return true;
        default: return false;
    }
}

FaceObservation good_frame(Instant now, const Policy& policy) {
    FaceObservation o;
    o.captured = now;
    o.faces = 1;
    o.track = TrackId{1};
    o.model = model;
    o.face_size = 60;
    o.sharpness = 100;
    o.brightness = 120;
    o.contrast = 40;
    o.distance = static_cast<float>(policy.face.threshold.distance_max / 2);
    o.liveness_score = 1;
    o.expression = FaceExpression{0.9F, 0, 0.1F};
    return o;
}

void show(FaceObservation& o, Gesture gesture) {
    switch (gesture) {
        case Gesture::turn_left: o.yaw = 25; return;
        case Gesture::turn_right: o.yaw = -25; return;
        case Gesture::nod: o.pitch = -18; return;
        case Gesture::blink: o.expression->eyes_open = 0.1F; return;
        case Gesture::smile: o.expression->smile = 0.9F; return;
    }
}

// A clear movement that was not asked for.
Gesture other_than(Gesture gesture) {
    return gesture == Gesture::turn_left ? Gesture::turn_right : Gesture::turn_left;
}

}  // namespace

Explorer::Explorer(Policy policy, Policy judged_by)
    : policy_(std::move(policy)), judged_by_(std::move(judged_by)) {}

Explorer::Node Explorer::make_node() const {
    return Node{Session({TerminalId{1}, locker_1, policy_, Key256{}, model}),
                Witness(judged_by_, model)};
}

void Explorer::run(std::size_t states_max) {
    std::deque<Node> queue;
    queue.push_back(make_node());
    seen_.insert(key_of(queue.front()));
    while (!queue.empty() && breach_.empty() && seen_.size() < states_max) {
        const Node node = std::move(queue.front());
        queue.pop_front();
        for (int i = 0; i < stimuli && breach_.empty(); ++i) {
            Node next = node;
            if (!apply(next, static_cast<Stimulus>(i))) continue;
            ++figures_.transitions;
            if (!breach_.empty()) break;
            if (seen_.insert(key_of(next)).second) queue.push_back(std::move(next));
        }
    }
    figures_.complete = queue.empty() && breach_.empty();
    figures_.states = seen_.size();
}

// ---- what the adversary does ---------------------------------------------------------------

bool Explorer::apply(Node& n, Stimulus s) {
    const SessionSnapshot before = n.session.snapshot(n.now);
    bool done = false;
    if (is_face(s)) {
        done = face(n, s);
    } else if (is_finger(s)) {
        done = finger(n, s);
    } else if (s >= code_right && s <= code_malformed) {
        done = code(n, s);
    } else if (s >= store_answers && s <= store_refuses) {
        done = store(n, s);
    } else if (is_time(s)) {
        done = time_passes(n, s);
    } else if (s >= elsewhere_reserved) {
        done = outside(n, s);
    } else {
        done = answer(n, s) || person(n, s);
    }
    if (!done) return false;
    const bool tries =
        before.state != State::reserving && n.session.snapshot(n.now).state == State::reserving;
    if (tries) n.tried = s;
    if (tries && !(s >= phone_code && s <= phone_code_stale)) n.typed = {};
    settle(n, before);
    judge(n, s, before);
    return true;
}

bool Explorer::face(Node& n, Stimulus s) {
    FaceObservation o = good_frame(n.now, policy_);
    const double limit = policy_.face.threshold.distance_max;
    const std::optional<Gesture> demanded = n.session.snapshot(n.now).gesture;
    switch (s) {
        case face_matches_other_track: n.track = 3 - n.track; break;
        case face_differs: o.distance = static_cast<float>(limit * 2); break;
        case face_not_live: o.liveness_score = 0; break;
        case face_poor: o.brightness = 5; break;
        case face_not_a_number: o.distance = -std::numeric_limits<float>::infinity(); break;
        case face_late: o.captured = n.now - 1h; break;
        case face_repeated: o.captured = n.last_frame; break;
        case face_other_model: o.model = FaceModelId{8}; break;
        case face_shuts_eyes: o.expression->eyes_open = 0.05F; break;
        case gesture_shown: show(o, demanded.value_or(Gesture::nod)); break;
        case gesture_wrong:
            if (!demanded) return false;
            show(o, other_than(*demanded));
            break;
        case no_face: o.faces = 0; break;
        case two_faces: o.faces = 2; break;
        default: break;
    }
    o.track = TrackId{n.track};
    o.sequence = s == face_repeated ? n.sequence : ++n.sequence;
    n.last_frame = o.captured;
    deliver(n, FaceObserved{o});
    return true;
}

bool Explorer::finger(Node& n, Stimulus s) {
    // Where no finger is asked for, one of them shows that it is refused.
    if (s != finger_hers && !policy_.asks_for(Factor::fingerprint)) return false;
    if (s == finger_reader_fails) {
        deliver(n, FingerReaderFailed{{Errc::denied, 1}});
        return true;
    }
    FingerObservation o;
    o.captured = s == finger_late ? n.now - 1h : n.now;
    o.sequence = s == finger_repeated ? n.fingers : ++n.fingers;
    o.liveness_score = 1;
    o.matched_slot = own_slot;
    o.score = 200;
    if (s == finger_differs) o.matched_slot.reset();
    if (s == finger_of_another) o.matched_slot = static_cast<FingerSlot>(own_slot + 1);
    if (s == finger_not_live) o.liveness_score = 0;
    if (s == finger_too_weak) o.score = static_cast<std::uint16_t>(policy_.finger.score_min - 1);
    if (s == finger_unreadable) o.quality = FingerQuality::messy;
    if (s == finger_not_a_number) o.liveness_score = std::numeric_limits<float>::quiet_NaN();
    deliver(n, FingerObserved{o});
    return true;
}

bool Explorer::code(Node& n, Stimulus s) {
    const std::uint32_t issue = n.session.snapshot(n.now).issue;
    CodeDigits digits("12a456");
    switch (s) {
        case code_right:
            if (n.newest.size() == 0) return false;
            digits = n.newest;
            break;
        case code_superseded:
            if (n.previous.size() == 0) return false;
            digits = n.previous;
            break;
        case code_of_last_visit:
            digits = make_code(seed_of(n.visit + 1), std::max(issue, 1U), policy_.code.digits);
            break;
        case code_wrong: digits = CodeDigits("000000"); break;
        case phone_code:
        case phone_code_before:
        case phone_code_after:
        case phone_code_stale:
        case phone_code_without_clock: return code_of_phone(n, s);
        default: break;
    }
    n.witness.about_to_type({});
    deliver(n, CodeEntered{digits, n.step});
    return true;
}

bool Explorer::code_of_phone(Node& n, Stimulus s) {
    if (!authenticator_) return false;
    std::int64_t apart = 0;
    if (s == phone_code_before) apart = -1;
    if (s == phone_code_after) apart = 1;
    if (s == phone_code_stale) apart = -2;
    const TimeStep of{n.step.number + apart};
    if (n.session.snapshot(n.now).state == State::authenticator) n.typed = of;
    n.witness.about_to_type(of);
    CodeEntered entered{authenticator_code({}, of, policy_.code.authenticator.digits), n.step};
    if (s == phone_code_without_clock) entered.step.reset();
    deliver(n, entered);
    return true;
}

bool Explorer::person(Node& n, Stimulus s) {
    switch (s) {
        case claim:
        case claim_other_locker:
            deliver(n, Claimed{alice, s == claim ? locker_1 : LockerId{99}, seed_of(n.visit)});
            return true;
        case observer_fails: deliver(n, ObserverFailed{{Errc::disconnected, 0}}); return true;
        case resend: deliver(n, ResendRequested{}); return true;
        case key: deliver(n, KeyTurned{}); return true;
        case cancel: deliver(n, Cancelled{}); return true;
        default: return false;
    }
}

// ---- what the store, the devices and the clock do ------------------------------------------

// The store as records.h has it. False: denied.
bool Explorer::carry_out(Node& n, const Record& record) const {
    CustomerCounts& c = n.counts;
    const LockoutRule& rule = policy_.lockout;
    if (std::holds_alternative<UnprovenFailure>(record.body)) {
        c = after_unproven(c);
    } else if (std::holds_alternative<IssueCode>(record.body)) {
        if (!may_send(c, policy_.code.sends)) return false;
        c = after_send(c);
    } else if (std::holds_alternative<ReserveTry>(record.body)) {
        if (!may_reserve(c, rule)) return false;
        c = after_reserve(c);
    } else if (std::holds_alternative<SettleWrong>(record.body)) {
        c = after_wrong(c, rule);
    } else if (const auto* right = std::get_if<SettleRight>(&record.body)) {
        if (right->step) {
            if (*right->step <= n.used) return false;
            n.used = *right->step;
        }
        c = after_right(c);
    } else {
        if (std::get<Grant>(record.body).settles_hold) c = after_right(c);
        c = after_full_success(c);
    }
    n.witness.committed(n.now, record);
    return true;
}

bool Explorer::store(Node& n, Stimulus s) {
    if (!n.pending_store) return false;
    const Store store = *n.pending_store;
    n.pending_store.reset();
    n.answered = store.effect;
    Errc refusal = Errc::denied;
    if (s == store_fails) refusal = Errc::disconnected;
    const bool tried = s == store_answers || s == store_commits_then_fails;
    const bool done = tried && carry_out(n, store.record);
    if (done && s == store_commits_then_fails) refusal = Errc::timeout;
    if (done && s == store_answers) {
        deliver(n, Stored{store.effect, n.counts});
    } else {
        deliver(n, StoreFailed{store.effect, {refusal, 0}});
    }
    return true;
}

bool Explorer::answer(Node& n, Stimulus s) {
    const auto take = [&n](EffectId& pending) {
        n.answered = std::exchange(pending, EffectId{});
        return n.answered;
    };
    const Error error{Errc::disconnected, 0};
    switch (s) {
        case load_answers:
        case load_says_not_entitled:
        case load_says_no_finger:
        case load_says_clock_lost: {
            if (!n.pending_load) return false;
            if (s == load_says_clock_lost && !authenticator_) return false;
            if (s == load_says_no_finger && !policy_.asks_for(Factor::fingerprint)) return false;
            CustomerLoaded loaded{take(n.pending_load), true, s != load_says_not_entitled, true,
                                  n.counts};
            if (s != load_says_no_finger) loaded.finger = own_slot;
            if (authenticator_) loaded.authenticator = Authenticator{{}, n.used};
            loaded.clock_set = s != load_says_clock_lost;
            n.loaded_used = n.used;
            deliver(n, loaded);
            return true;
        }
        case load_fails:
            if (!n.pending_load) return false;
            deliver(n, EffectFailed{take(n.pending_load), error});
            return true;
        case observe_fails:
            if (!n.pending_observe) return false;
            deliver(n, EffectFailed{take(n.pending_observe), error});
            return true;
        case finger_start_fails:
            if (!n.pending_finger) return false;
            deliver(n, EffectFailed{take(n.pending_finger), error});
            return true;
        case send_fails:
            if (!n.pending_send) return false;
            deliver(n, EffectFailed{take(n.pending_send), error});
            return true;
        case undelivered:
            if (!n.pending_send) return false;
            deliver(n, CodeUndelivered{take(n.pending_send)});
            return true;
        case strike_takes:
            if (!n.pending_pulse) return false;
            deliver(n, StrikeReleased{take(n.pending_pulse)});
            return true;
        case strike_fails:
            if (!n.pending_pulse) return false;
            deliver(n, EffectFailed{take(n.pending_pulse), error});
            return true;
        case old_answer_again: deliver(n, Stored{n.answered, CustomerCounts{}}); return true;
        default: return false;
    }
}

void Explorer::advance_to(Node& n, Instant to) {
    const SessionSnapshot before = n.session.snapshot(n.now);
    n.counts = after_time(n.counts, to - n.now);
    n.now = to;
    const bool due = n.session.next_deadline() <= to;
    n.session.handle_deadline(to);
    if (due) {
        const State after = n.session.snapshot(to).state;
        note_row(before, EventKind::deadline, after);
        // The end of a gesture's time is not the end of the step.
        const bool of_step = std::min(before.stage_deadline, before.session_deadline) <= to;
        if (after != State::idle && of_step) ++n.prolonged;
    }
    drain(n);
}

bool Explorer::time_passes(Node& n, Stimulus s) {
    const SessionSnapshot before = n.session.snapshot(n.now);
    Instant to = n.now;
    switch (s) {
        case window_over: to = n.session.next_deadline(); break;
        case cool_down_over: to = before.not_before; break;
        case code_over: to = before.code_live ? before.code_expires : n.now; break;
        case resend_wait_over: to = before.resend_from; break;
        case throttle_over: to = n.now + before.throttle_wait; break;
        case penalty_over: to = n.now + n.counts.penalty; break;
        case step_over:
            if (!authenticator_) return false;
            ++n.step.number;
            return true;
        default:
            if (n.counts.codes.count == 0 && n.counts.unproven.count == 0) return false;
            n.counts.codes = {};
            n.counts.unproven = {};
            return true;
    }
    if (to == never || to <= n.now) return false;
    advance_to(n, to);
    return true;
}

bool Explorer::outside(Node& n, Stimulus s) {
    switch (s) {
        case elsewhere_reserved:
            // Tries at two terminals at once are gone through without an authenticator; with one,
            // it is the time steps that are used at both.
            if (authenticator_ || n.elsewhere || !may_reserve(n.counts, policy_.lockout))
                return false;
            n.counts = after_reserve(n.counts);
            n.elsewhere = true;
            return true;
        case elsewhere_wrong:
            if (!n.elsewhere) return false;
            n.witness.wrong_elsewhere(n.now);
            n.counts = after_wrong(n.counts, policy_.lockout);
            n.elsewhere = false;
            return true;
        case elsewhere_step_used:
            // The newest that anybody could have used by now.
            if (!authenticator_ || n.used > n.step) return false;
            n.used = {n.step.number + 1};
            n.witness.step_used_elsewhere(n.used);
            return true;
        case restart: {
            Node fresh = make_node();
            fresh.witness = n.witness;
            fresh.witness.restarted();
            fresh.counts = after_restart(n.counts, policy_.lockout);
            fresh.now = n.now;
            fresh.visit = n.visit + 1;
            fresh.step = n.step;
            fresh.used = n.used;
            fresh.session.handle_deadline(n.now);
            n = std::move(fresh);
            return true;
        }
        case staff_release:
            if (n.counts.failures == 0) return false;
            n.counts = after_release(n.counts);
            n.witness.released_by_staff();
            return true;
        default: return false;
    }
}

// ---- what comes of it ----------------------------------------------------------------------

void Explorer::deliver(Node& n, const Event& event) {
    const SessionSnapshot before = n.session.snapshot(n.now);
    n.witness.saw(n.now, event);
    n.session.handle(n.now, event);
    note_row(before, static_cast<EventKind>(event.index()), n.session.snapshot(n.now).state);
    drain(n);
}

void Explorer::drain(Node& n) {
    while (auto effect = n.session.poll_effect()) {
        n.witness.saw(n.now, *effect);
        if (auto* load = std::get_if<Load>(&*effect)) {
            n.pending_load = load->effect;
        } else if (auto* observe = std::get_if<Observe>(&*effect)) {
            n.pending_observe = observe->effect;
        } else if (std::holds_alternative<StopObserving>(*effect)) {
            n.pending_observe = {};
        } else if (auto* waiting = std::get_if<ObserveFinger>(&*effect)) {
            n.pending_finger = waiting->effect;
        } else if (std::holds_alternative<StopFinger>(*effect)) {
            n.pending_finger = {};
        } else if (auto* store = std::get_if<Store>(&*effect)) {
            n.pending_store = *store;
        } else if (auto* send = std::get_if<SendCode>(&*effect)) {
            n.pending_send = send->effect;
            n.previous = n.newest;
            n.newest = send->digits;
        } else if (auto* pulse = std::get_if<PulseStrike>(&*effect)) {
            n.pending_pulse = pulse->effect;
            ++figures_.pulses;
        }
    }
}

// When a visit ends, what it still waited for has become nobody's answer.
void Explorer::settle(Node& n, const SessionSnapshot& before) {
    const SessionSnapshot after = n.session.snapshot(n.now);
    if (after.state == State::idle && after.last) outcomes_.insert(*after.last);
    if (before.state == State::idle || after.state != State::idle) return;
    if (n.pending_store) n.answered = n.pending_store->effect;
    n.pending_store.reset();
    n.pending_load = n.pending_observe = n.pending_finger = EffectId{};
    n.pending_pulse = n.pending_send = EffectId{};
    n.newest = n.previous = CodeDigits{};
    n.loaded_used = n.typed = {};
    n.prolonged = 0;
    ++n.visit;
}

void Explorer::judge(Node& n, Stimulus s, const SessionSnapshot& before) {
    const SessionSnapshot after = n.session.snapshot(n.now);
    n.witness.check_counts(n.now, n.counts);
    std::string_view breach = n.witness.breach();
    const bool same_visit = before.state != State::idle && after.state != State::idle;
    if (breach.empty() && same_visit && is_junk(s)) {
        if (after.stage > before.stage) breach = "I11: junk satisfied a factor";
        if (after.code_expires > before.code_expires) breach = "I11: junk extended a code";
    }
    if (breach.empty() && same_visit && after.session_deadline > before.session_deadline &&
        after.session_deadline != never) {
        breach = "I11: a visit was extended";
    }
    // Not even what is in order extends the window of a step; what goes on has another one.
    const bool same_step = same_visit && after.stage == before.stage &&
                           before.state != State::loading && after.state != State::released;
    if (breach.empty() && same_step && !is_time(s) &&
        after.stage_deadline > before.stage_deadline) {
        breach = "I11: a window was extended";
    }
    // One grace for the store's answer; no second one, whatever comes in between.
    if (same_visit && n.prolonged > 1 && breach.empty()) {
        breach = "I11: a visit that was over was prolonged again";
    }
    if (breach.empty() && after.stage > before.stage + 1) breach = "I1b: a factor was skipped";
    if (breach.empty()) return;
    breach_ = std::string(breach) + " (state " + std::string(to_string(before.state)) +
              ", stimulus " + std::to_string(static_cast<int>(s)) + ")";
}

void Explorer::note_row(const SessionSnapshot& before, EventKind kind, State after) {
    const std::size_t cell =
        static_cast<std::size_t>(before.state) * event_kinds + static_cast<std::size_t>(kind);
    const auto bit = static_cast<std::uint16_t>(1U << static_cast<unsigned>(after));
    if ((taken_bits_[cell] & bit) != 0) return;
    taken_bits_[cell] = static_cast<std::uint16_t>(taken_bits_[cell] | bit);
    taken_[{before.state, kind}].insert(after);
}

}  // namespace strongroom::auth::testing
