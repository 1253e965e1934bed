// Door: a session with a store that keeps counts as records.h says, and a person's moves, for tests
// that tell a visit in a few lines. Answers stores and loads at once unless told to hold them.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "auth/session.h"

namespace strongroom::auth::testing {

class Door {
public:
    static constexpr FaceModelId model{7};
    static constexpr CustomerId customer{1};
    static constexpr LockerId locker_id{11};
    static constexpr FingerSlot slot = 7;

    explicit Door(Policy policy = locker({0.5, 0.0001, 0.001}))
        : policy_(policy),
          session_({TerminalId{1}, locker_id, std::move(policy), Key256{}, model}) {
        session_.handle_deadline(now);  // the time from which the terminal's bucket fills
    }

    Instant now{std::chrono::hours(1)};
    CustomerCounts counts;
    bool load_answers = true;
    bool slot_enrolled = true;                   // she has a finger on the sensor
    std::optional<Authenticator> authenticator;  // hers, as the store has it
    bool clock_set = true;
    TimeStep step{60'000'000};  // of the calendar
    bool gateway_works = true;
    bool store_works = true;
    bool store_answers = true;    // false: `held` waits for release_store()
    std::vector<Effect> effects;  // all so far

    // ---- the person ----
    void claim(LockerId wanted = locker_id) {
        std::array<std::byte, Key256::size> seed{};
        seed[0] = static_cast<std::byte>(++visits_);
        tell(Claimed{customer, wanted, Key256(seed)});
    }
    [[nodiscard]] FaceObservation frame() {
        FaceObservation o;
        o.captured = now;
        o.sequence = ++sequence_;
        o.faces = 1;
        o.track = TrackId{1};
        o.model = model;
        o.face_size = 60;
        o.sharpness = 100;
        o.brightness = 120;
        o.contrast = 40;
        o.distance = 0.1F;
        o.liveness_score = 1;
        o.expression = FaceExpression{0.9F, 0, 0.1F};
        return o;
    }
    [[nodiscard]] FaceObservation other_frame() {
        FaceObservation o = frame();
        o.distance = 0.9F;
        return o;
    }
    void look(const FaceObservation& o) { tell(FaceObserved{o}); }
    // Frames that match, up to the challenge if there is one.
    void match() {
        for (int i = 0; i < policy_.face.matches_required; ++i) look(frame());
    }
    void face() {
        match();
        challenge();
    }
    // A frame that shows the gesture, as clearly as anybody would.
    [[nodiscard]] FaceObservation gesture_frame(Gesture gesture) {
        FaceObservation o = frame();
        switch (gesture) {
            case Gesture::turn_left: o.yaw = 25; break;
            case Gesture::turn_right: o.yaw = -25; break;
            case Gesture::nod: o.pitch = -18; break;
            case Gesture::blink: o.expression->eyes_open = 0.1F; break;
            case Gesture::smile: o.expression->smile = 0.8F; break;
        }
        return o;
    }
    // Her own bearing, the demanded gesture, and back.
    void perform() {
        const auto demanded = snapshot().gesture;
        if (!demanded) return;
        look(frame());
        look(gesture_frame(*demanded));
        look(frame());
    }
    void challenge() {
        while (state() == State::challenge) perform();
    }
    // Her finger, laid down now.
    [[nodiscard]] FingerObservation finger() {
        FingerObservation o;
        o.captured = now;
        o.sequence = ++fingers_;
        o.liveness_score = 0.9F;
        o.matched_slot = slot;
        o.score = 120;
        return o;
    }
    void lay(const FingerObservation& o) { tell(FingerObserved{o}); }
    // The newest code that was sent; empty when none was.
    [[nodiscard]] CodeDigits sent() const {
        const auto* send = last<SendCode>();
        return send == nullptr ? CodeDigits{} : send->digits;
    }
    // None that was ever sent.
    [[nodiscard]] CodeDigits wrong() const {
        std::string digits(sent().reveal());
        if (digits.empty()) digits = "000000";
        digits.back() = digits.back() == '9' ? '0' : static_cast<char>(digits.back() + 1);
        return CodeDigits(digits);
    }
    void type(const CodeDigits& digits) {
        pass_cool_down();
        tell(CodeEntered{digits, clock_set ? std::optional(step) : std::nullopt});
    }
    // What her authenticator shows so many steps from now.
    [[nodiscard]] CodeDigits phone(std::int64_t later = 0) const {
        return authenticator_code(authenticator.value().seed, {step.number + later}, 6);
    }
    void key() { tell(KeyTurned{}); }
    // A whole visit up to the release; whatever the door answers on the way.
    void visit() {
        claim();
        face();
        type(sent());
        key();
        look(frame());
        if (const auto* pulse = last<PulseStrike>()) tell(StrikeReleased{pulse->effect});
    }

    // ---- the world ----
    void tell(const Event& event) {
        session_.handle(now, event);
        drain();
    }
    void wait(Duration duration) {
        now += duration;
        counts = after_time(counts, duration);
        session_.handle_deadline(now);
        drain();
    }
    void pass_cool_down() {
        const Instant from = session_.snapshot(now).not_before;
        if (from > now) wait(from - now);
    }
    void release_store() {
        if (const auto store = std::exchange(held_, std::nullopt)) answer(*store);
        drain();
    }

    // ---- what was seen ----
    [[nodiscard]] SessionSnapshot snapshot() const { return session_.snapshot(now); }
    [[nodiscard]] State state() const { return snapshot().state; }
    [[nodiscard]] const Session& session() const { return session_; }
    template <class E>
    [[nodiscard]] const E* last() const {
        for (auto e = effects.rbegin(); e != effects.rend(); ++e) {
            if (const E* found = std::get_if<E>(&*e)) return found;
        }
        return nullptr;
    }
    // Of the newest such effect; none when there was none.
    template <class E>
    [[nodiscard]] EffectId id_of() const {
        const E* found = last<E>();
        return found == nullptr ? EffectId{} : found->effect;
    }
    [[nodiscard]] std::optional<Prompt> shown() const {
        const auto* show = last<ShowPrompt>();
        return show == nullptr ? std::nullopt : std::optional(show->prompt);
    }
    template <class E>
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(
            effects.begin(), effects.end(), [](auto& e) { return std::holds_alternative<E>(e); }));
    }
    // Position of the first audit entry of that kind, noted or stored; -1 when there is none.
    [[nodiscard]] int position(AuditKind kind) const {
        for (std::size_t i = 0; i < effects.size(); ++i) {
            const auto* note = std::get_if<Note>(&effects[i]);
            const auto* store = std::get_if<Store>(&effects[i]);
            if ((note != nullptr && note->entry.kind == kind) ||
                (store != nullptr && store->record.audit.kind == kind)) {
                return static_cast<int>(i);
            }
        }
        return -1;
    }
    [[nodiscard]] bool audited(AuditKind kind) const { return position(kind) >= 0; }
    [[nodiscard]] bool reported(Alarm alarm) const {
        return std::any_of(effects.begin(), effects.end(), [alarm](const Effect& e) {
            const auto* report = std::get_if<Report>(&e);
            return report != nullptr && report->alarm == alarm;
        });
    }
    [[nodiscard]] bool opened() const { return count<PulseStrike>() > 0; }

private:
    void drain() {
        while (auto effect = session_.poll_effect()) {
            effects.push_back(*effect);
            if (const auto* load = std::get_if<Load>(&*effect)) {
                if (!load_answers) continue;
                const auto finger = slot_enrolled ? std::optional(slot) : std::nullopt;
                session_.handle(now, CustomerLoaded{load->effect, true, true, true, counts, finger,
                                                    authenticator, clock_set});
            } else if (const auto* send = std::get_if<SendCode>(&*effect)) {
                if (gateway_works) continue;
                session_.handle(now, EffectFailed{send->effect, {Errc::disconnected, 0}});
            } else if (const auto* store = std::get_if<Store>(&*effect)) {
                if (store_answers) {
                    answer(*store);
                } else {
                    held_ = *store;
                }
            }
        }
    }
    void answer(const Store& store) {
        const bool done = store_works && carry_out(store.record.body);
        if (done) {
            session_.handle(now, Stored{store.effect, counts});
        } else {
            const Errc code = store_works ? Errc::denied : Errc::disconnected;
            session_.handle(now, StoreFailed{store.effect, {code, 0}});
        }
    }
    [[nodiscard]] bool carry_out(const RecordBody& body) {
        if (std::holds_alternative<UnprovenFailure>(body)) {
            counts = after_unproven(counts);
        } else if (std::holds_alternative<IssueCode>(body)) {
            if (!may_send(counts, policy_.code.sends)) return false;
            counts = after_send(counts);
        } else if (std::holds_alternative<ReserveTry>(body)) {
            if (!may_reserve(counts, policy_.lockout)) return false;
            counts = after_reserve(counts);
        } else if (std::holds_alternative<SettleWrong>(body)) {
            counts = after_wrong(counts, policy_.lockout);
        } else if (const auto* right = std::get_if<SettleRight>(&body)) {
            if (right->step && !use(*right->step)) return false;
            counts = after_right(counts);
        } else {
            if (std::get<Grant>(body).settles_hold) counts = after_right(counts);
            counts = after_full_success(counts);
        }
        return true;
    }
    [[nodiscard]] bool use(TimeStep wanted) {
        if (!authenticator || wanted <= authenticator->last_step) return false;
        authenticator->last_step = wanted;
        return true;
    }

    Policy policy_;
    Session session_;
    std::optional<Store> held_;
    std::uint64_t sequence_ = 0;
    std::uint64_t fingers_ = 0;
    int visits_ = 0;
};

}  // namespace strongroom::auth::testing
