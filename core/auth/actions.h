// What the rows of the transition table do. Private to core/auth.
#pragma once

#include "auth/session.h"

namespace strongroom::auth {

// How long a visit that should end waits for the store's answer, so that a reserved try can still
// be given back.
inline constexpr Duration store_grace = std::chrono::seconds(10);

template <class E>
const E& as(const Event* event) {
    return std::get<E>(*event);
}

class Actions {
public:
    Actions(Session& session, Instant now) : s_(session), now_(now) {}

    // One function a row; `event` is null for a deadline.
    void begin(const Event* event);
    void admit(const Event* event);
    void load_failed(const Event* event);
    void look(const Event* event);
    void look_for_gesture(const Event* event);
    void challenge_over(const Event* event);
    void challenge_cancelled(const Event* event);
    void observer_failed(const Event* event);
    void failure_recorded(const Event* event);
    void code_recorded(const Event* event);
    void code_refused(const Event* event);
    void code_entered(const Event* event);
    void resend(const Event* event);
    void send_failed(const Event* event);
    void undelivered(const Event* event);
    void not_settled(const Event* event);
    void key_turned(const Event* event);
    void key_too_early(const Event* event);
    void look_again(const Event* event);
    void finger_laid_down(const Event* event);
    void finger_reader_failed(const Event* event);
    void finger_reader_lost_while_waiting(const Event* event);
    void compare(const Event* event);
    void not_reserved(const Event* event);
    void settled(const Event* event);
    void granted(const Event* event);
    void strike_released(const Event* event);
    void release_failed(const Event* event);
    void close(const Event* event);
    void store_failed(const Event* event);
    void cancel(const Event* event);
    void time_out(const Event* event);
    void camera_lost_while_waiting(const Event* event);
    void cancel_when_stored(const Event* event);
    void time_out_when_stored(const Event* event);
    void ignore(const Event* event);

    void refuse(EventKind kind);

private:
    // Steps of the policy.
    void enter_stage();
    void advance();
    void enter_face();
    void enter_issuing();
    void enter_code();
    // Asks for the code of her authenticator instead; false: there is none to be had.
    bool enter_authenticator();
    void enter_key();
    void enter_presence();
    void enter_finger();
    void enter_granting(bool settles_hold);
    void finish(Outcome outcome);
    void drop_try();
    void try_again();
    void compare_face();
    void compare_code();
    void compare_authenticator();
    void compare_finger();
    void finish_locked_out(const CustomerCounts& counts);

    // Faces.
    enum class Sight : std::uint8_t { unusable, poor, good };
    Sight judge(const FaceObservation& observation);
    // Whether a frame is of now, new, and of this model; refuses it otherwise.
    bool in_time(const FaceObservation& observation);
    void count_company(const FaceObservation& observation);
    void begin_challenge();
    void demand_gesture();
    void ask_for_gesture();
    void challenge_failed();
    void leave_challenge();
    void lose_camera(const Error& error);
    [[nodiscard]] bool matches(double distance, double liveness) const;
    // Of the usable frames of this face step more than half had shut eyes.
    [[nodiscard]] bool mostly_shut() const;
    void start_observing();
    void stop_observing();
    void unproven_failure(AuditKind kind);
    void slow_down();

    // Fingers.
    enum class Finger : std::uint8_t { right, differs, artefact, of_another };
    [[nodiscard]] Finger judge_finger() const;
    bool in_time(const FingerObservation& observation);
    void start_fingering();
    void stop_fingering();
    void lose_finger_reader(const Error& error);

    // Small things.
    EffectId emit_store(AuditKind kind, std::int64_t detail, RecordBody body);
    void emit(Effect effect);
    EffectId new_effect() { return EffectId{s_.next_effect_++}; }
    void note(AuditKind kind, std::int64_t detail = 0);
    void prompt(Prompt::Message message, Duration time = {}, int attempts = 0);
    void report(Alarm alarm) { emit(auth::Report{alarm}); }
    [[nodiscard]] AuditEntry audit(AuditKind kind, std::int64_t detail) const;
    void wait_for_store(State state, EffectId effect);
    void enter(State state, Duration window);
    [[nodiscard]] const Policy& policy() const { return s_.setup_.policy; }
    [[nodiscard]] CodeBinding binding() const;

    Session& s_;
    Instant now_;
};

// Whether the observation can be compared under `rule`, and if not, why.
[[nodiscard]] Quality assess(const FaceObservation& observation, const FaceRule& rule);

// A row of the table with what it does; transitions() shows the same without the functions.
struct Row {
    State from{};
    EventKind on{};
    std::uint16_t to = 0;  // bit i: State i is possible
    bool advances = false;
    void (Actions::*action)(const Event*) = nullptr;
    std::string_view what;
    std::string_view otherwise = {};
    std::string_view ends = {};
    std::string_view stays = {};
};

// The row for a pair, or null: refuse.
[[nodiscard]] const Row* find_row(State state, EventKind kind);

}  // namespace strongroom::auth
