// Witness: judges a session from outside, by the events that it was given, the effects that it
// asked for and what became durable. It never asks the session nor calls auth; of the policy it
// reads the numbers. What it flags is a breach of an invariant (ARCHITECTURE, section 6).
//
// Feed it every event before the session handles it, then every effect in order, and every record
// when the store commits it. One thread. Cheap to copy: an exploration copies it with each state.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "auth/session.h"

namespace strongroom::auth::testing {

class Witness {
public:
    // `policy` outlives the witness. `model`: of which observations may be used.
    Witness(const Policy& policy, FaceModelId model) : policy_(&policy), model_(model) {}

    void saw(Instant now, const Event& event);
    void saw(Instant now, const Effect& effect);
    void committed(Instant now, const Record& record);
    // Another terminal of the same store compared a counted try of this customer, which was wrong.
    void wrong_elsewhere(Instant now);
    // Which step's the authenticator code is that the next event enters; none: it is of none.
    void about_to_type(std::optional<TimeStep> of) { typed_step_ = of; }
    // A code of that step was used at another terminal.
    void step_used_elsewhere(TimeStep step) { used_step_ = std::max(used_step_, step); }
    void released_by_staff();
    void restarted();
    // The customer's counts, after anything that may have changed them.
    void check_counts(Instant now, const CustomerCounts& counts);

    // The first breach seen, as a sentence; empty when there was none.
    [[nodiscard]] std::string_view breach() const { return breach_; }

    // What the witness remembers, for telling states apart. Times are for comparison with now.
    struct Visit {
        bool on = false;
        bool over = false;           // cancelled, or the camera was lost while it was needed
        std::uint8_t step = 0;       // factors proven; == factors.size(): presence is next
        Instant until = never;       // of the visit
        Instant step_until = never;  // of the step
        Instant cool_until{};        // nothing is compared before
        EffectId outstanding;        // a Store that was not answered

        bool observing = false;
        Instant observing_since{};
        std::uint64_t last_sequence = 0;
        std::uint64_t track = 0;
        std::uint8_t run = 0;  // matching frames in a row
        std::uint8_t wrong_faces = 0;

        // The challenge, told from what the screen asked for and what the frames showed.
        bool challenged = false;
        std::uint8_t performed = 0;         // gestures
        std::uint8_t asked = 0;             // a bit each
        std::optional<Gesture> demanded{};  // and not performed yet
        std::uint8_t shown = 0;             // of it: 1 her own bearing, 2 the gesture
        Instant gesture_until = never;
        float own_yaw = 0;
        float own_pitch = 0;
        float own_smile = 0;

        std::uint32_t issue = 0;
        bool issue_committed = false;
        bool code_sent = false;  // the newest issue
        bool code_used = false;
        Instant code_until{};
        CodeDigits digits;
        EffectId sending;             // the SendCode
        bool has_phone_code = false;  // an authenticator is enrolled, and the clock was set
        bool send_failed = false;     // the newest message did not get through
        bool phone_code = false;      // the authenticator's code was asked for
        TimeStep trying_step;         // of the code that is being tried
        bool trying_in_time = false;  // which is not too far from the calendar
        std::uint8_t wrong_codes = 0;
        std::uint8_t wrong_presences = 0;

        bool fingering = false;
        Instant fingering_since{};
        std::uint64_t last_finger = 0;
        std::optional<FingerSlot> own_slot{};  // of her finger, as the record says
        std::uint8_t wrong_fingers = 0;

        // The try that is being counted.
        enum class Trying : std::uint8_t { none, code, presence, finger };
        Trying trying = Trying::none;
        bool trying_right = false;
        bool reserved = false;  // durably
        bool accepted = false;  // the right code or finger, not yet durable

        bool presence = false;
        bool granted = false;  // durably
        bool pulsed = false;
    };
    [[nodiscard]] const Visit& visit() const { return visit_; }
    [[nodiscard]] int wrong() const { return wrong_; }
    [[nodiscard]] int wrong_open() const { return wrong_open_; }
    [[nodiscard]] Instant penalty_until() const { return penalty_until_; }
    [[nodiscard]] TimeStep used_step() const { return used_step_; }

private:
    void require(bool ok, std::string_view breach) {
        if (!ok && breach_.empty()) breach_ = breach;
    }
    [[nodiscard]] bool next_is(Factor factor) const;
    [[nodiscard]] bool presence_is_next() const;
    [[nodiscard]] Duration window() const;
    void proven(Instant now);
    void saw_face(Instant now, const FaceObservation& observation);
    void matched(Instant now, const FaceObservation& observation);
    void saw_gesture(Instant now, const FaceObservation& observation);
    void asked_for(Instant now, Gesture gesture);
    void challenge_lost(Instant now);
    void saw_record(Instant now, const Store& store);
    void saw_reservation(Instant now, Factor factor);
    void compared(Instant now);
    void judged_wrong(Instant now, Factor factor);
    void judged_right(Instant now);
    void judged_finger_right(Instant now);
    void judged_phone_right(Instant now, TimeStep step);
    void saw_failure(EffectId effect);
    [[nodiscard]] bool in_time(const CodeEntered& code) const;
    void saw_finger(Instant now, const FingerObservation& observation);
    void given_back(Instant now);
    void count_wrong(Instant now);
    void saw_pulse(Instant now, const PulseStrike& pulse);

    const Policy* policy_;
    FaceModelId model_;
    Visit visit_;
    int wrong_ = 0;       // tries compared and wrong since the last full success or release
    int wrong_open_ = 0;  // of these, not yet settled in the store
    Instant penalty_until_{};
    TimeStep used_step_;  // the newest of which a code was accepted, durably
    std::optional<TimeStep> typed_step_;
    bool typed_in_time_ = false;
    bool typed_right_ = false;  // by the event before these effects
    bool frame_seen_ = false;   // likewise: a frame fit for the presence step
    bool frame_matches_ = false;
    bool finger_seen_ = false;  // likewise: a finger fit for comparison
    bool finger_hers_ = false;
    std::string_view breach_;
};

}  // namespace strongroom::auth::testing
