// Explorer: every sequence of events, breadth first, until no new state appears.
//
// One session and the counts of its customer are driven by an adversary who may do anything at any
// moment: show faces that match, differ, are late or come twice, lay down fingers of all kinds,
// perform the demanded gesture or another one, type right, wrong, old and
// malformed codes, and those of her authenticator from any time, turn the key, cancel, try at
// another terminal at the same time, pull the plug, let the store fail before or after it has
// committed, and let any window run out. A Witness judges.
//
// Two situations count as one state when everything that later decisions depend on is equal, times
// reduced to which of them are over and in which order the others will end. The window of a day
// may end at any moment, without anything else ending with it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_set>

#include "auth/session.h"
#include "witness.h"

namespace strongroom::auth::testing {

enum class Stimulus : std::uint8_t {
    claim,
    claim_other_locker,
    load_answers,
    load_fails,
    load_says_not_entitled,
    load_says_no_finger,
    load_says_clock_lost,
    face_matches,
    face_matches_other_track,
    face_differs,
    face_not_live,
    face_poor,
    face_not_a_number,
    face_late,
    face_repeated,
    face_other_model,
    face_shuts_eyes,
    gesture_shown,
    gesture_wrong,
    no_face,
    two_faces,
    observer_fails,
    finger_hers,
    finger_differs,
    finger_of_another,
    finger_not_live,
    finger_too_weak,
    finger_unreadable,
    finger_not_a_number,
    finger_late,
    finger_repeated,
    finger_reader_fails,
    code_right,
    code_wrong,
    code_superseded,
    code_of_last_visit,
    phone_code,
    phone_code_before,
    phone_code_after,
    phone_code_stale,
    phone_code_without_clock,
    code_malformed,
    resend,
    key,
    cancel,
    store_answers,
    store_fails,
    store_commits_then_fails,
    store_refuses,
    old_answer_again,
    strike_takes,
    strike_fails,
    observe_fails,
    finger_start_fails,
    send_fails,
    undelivered,
    window_over,
    cool_down_over,
    code_over,
    resend_wait_over,
    throttle_over,
    penalty_over,
    day_over,
    step_over,
    elsewhere_reserved,
    elsewhere_wrong,
    elsewhere_step_used,
    restart,
    staff_release,
};
inline constexpr int stimuli = static_cast<int>(Stimulus::staff_release) + 1;

class Explorer {
public:
    // The policy as it is: nothing checks that it is fit.
    explicit Explorer(Policy policy) : Explorer(policy, policy) {}
    // The same, judged by another policy.
    Explorer(Policy policy, Policy judged_by);
    // She has an authenticator enrolled, and the adversary knows all its codes.
    Explorer& with_authenticator() {
        authenticator_ = true;
        return *this;
    }

    // Until the fixpoint. Stops early at the first breach, or past `states_max` states.
    void run(std::size_t states_max);

    struct Figures {
        std::size_t states = 0;
        std::size_t transitions = 0;
        std::size_t pulses = 0;
        bool complete = false;  // no state is left whose continuations were not tried
    };
    [[nodiscard]] const Figures& figures() const { return figures_; }
    // The first breach and the stimuli's way to it; empty when there was none.
    [[nodiscard]] const std::string& breach() const { return breach_; }
    // Every state that each row of the table was seen to lead to.
    using Taken = std::map<std::pair<State, EventKind>, std::set<State>>;
    [[nodiscard]] const Taken& taken() const { return taken_; }
    [[nodiscard]] const std::set<Outcome>& outcomes() const { return outcomes_; }

private:
    struct Node;
    struct Key {
        std::array<std::uint64_t, 4> words{};
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    class Packer;

    [[nodiscard]] Node make_node() const;
    // False when the stimulus means nothing here.
    bool apply(Node& n, Stimulus s);
    bool face(Node& n, Stimulus s);
    bool finger(Node& n, Stimulus s);
    bool code(Node& n, Stimulus s);
    bool code_of_phone(Node& n, Stimulus s);
    bool store(Node& n, Stimulus s);
    bool answer(Node& n, Stimulus s);
    bool time_passes(Node& n, Stimulus s);
    bool person(Node& n, Stimulus s);
    bool outside(Node& n, Stimulus s);
    void deliver(Node& n, const Event& event);
    void advance_to(Node& n, Instant to);
    void drain(Node& n);
    void settle(Node& n, const SessionSnapshot& before);
    void judge(Node& n, Stimulus s, const SessionSnapshot& before);
    [[nodiscard]] bool carry_out(Node& n, const Record& record) const;
    void note_row(const SessionSnapshot& before, EventKind kind, State after);
    [[nodiscard]] Key key_of(const Node& n) const;

    Policy policy_;
    Policy judged_by_;
    bool authenticator_ = false;
    std::unordered_set<Key, KeyHash> seen_;
    Figures figures_;
    std::string breach_;
    Taken taken_;
    std::array<std::uint16_t, states * event_kinds> taken_bits_{};
    std::set<Outcome> outcomes_;
};

}  // namespace strongroom::auth::testing
