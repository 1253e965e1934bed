// The session's and the counts' whole state space: no sequence of events breaks I1b, I3, I8, I9 or
// I11. explorer.h says what the adversary may do, witness.h who judges.
#include <chrono>
#include <ctime>
#include <iostream>
#include <map>
#include <set>

#include "catch.h"
#include "explorer.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;

namespace {

// The product's numbers make some endings impossible: the third wrong code starts a penalty before
// the visit has had its three, and no visit lasts as long as it may. Here the thresholds lie
// further apart and every row has its turn.
Policy spread(Policy policy) {
    policy.face.tries = 2;
    policy.code.tries = 2;
    policy.finger.tries = 2;
    policy.presence.tries = 2;
    policy.lockout.staff_only_from = 5;
    policy.code.sends.per_customer_per_day = 2;
    // Between the end of a code and the end of its window.
    policy.session_limit = std::chrono::seconds(140);
    return policy;
}

// For the visits in which an authenticator is asked for: what else there is takes as little room as
// it can, so that every order of codes, time steps and terminals has its turn.
Policy little_else() {
    Policy policy = spread(locker_keyless({0.5, 0.0001, 0.001}));
    policy.challenge.required = false;
    policy.face.tries = 1;
    policy.presence.tries = 1;
    policy.lockout.penalty_from = 2;
    policy.lockout.staff_only_from = 2;
    policy.code.sends.per_customer_per_day = 1;
    return policy;
}

Explorer explored(const Policy& policy, bool authenticator = false) {
    Explorer explorer(policy);
    if (authenticator) explorer.with_authenticator();
    const std::clock_t start = std::clock();  // processor time: other work does not slow it
    explorer.run(5'000'000);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    const Explorer::Figures& figures = explorer.figures();
    std::cout << "exploration of " << policy.name
              << (authenticator ? " with an authenticator: " : ": ") << figures.states
              << " states, " << figures.transitions << " transitions, " << figures.pulses
              << " openings, "
              << static_cast<long>(static_cast<double>(figures.transitions) / seconds)
              << " transitions/s" << std::endl;
    return explorer;
}

void holds(const Explorer& explorer) {
    INFO(explorer.breach());
    CHECK(explorer.breach().empty());
    CHECK(explorer.figures().complete);
    CHECK(explorer.figures().pulses > 0);  // the search does reach an opening
}

const FaceThreshold threshold{0.5, 0.0001, 0.001};

// The product's policy, with its own numbers but for one: three codes a day are sent instead of
// ten. The machine asks only whether another may be sent, so the values between none and the cap
// behave alike; session_test.cpp counts to ten.
Policy product(Policy policy) {
    policy.code.sends.per_customer_per_day = 3;
    return policy;
}

}  // namespace

TEST_CASE("exploration: no sequence of events opens a locker without every step") {
    holds(explored(product(locker(threshold))));
}

TEST_CASE("exploration: no sequence of events opens a keyless locker without every step") {
    holds(explored(product(locker_keyless(threshold))));
}

TEST_CASE("exploration: no sequence of events opens without face and fingerprint and code") {
    holds(explored(product(atm_access(threshold))));
}

TEST_CASE("exploration: no sequence of events opens by an authenticator's code that was used") {
    holds(explored(little_else(), true));
}

TEST_CASE("exploration: codes of long ago open where the policy takes them, and are flagged") {
    const Policy honest = little_else();
    Policy policy = honest;
    policy.code.authenticator.delay_steps = 2;
    Explorer explorer(policy, honest);
    explorer.with_authenticator().run(5'000'000);
    INFO(explorer.breach());
    CHECK(explorer.breach().starts_with("I8: an authenticator's code was accepted that is not"));
}

TEST_CASE("exploration: without the bound slot another customer's finger opens and is flagged") {
    Policy policy = product(atm_access(threshold));
    policy.finger.bind_slot = false;
    const Explorer explorer = explored(policy);
    INFO(explorer.breach());
    CHECK(explorer.breach().starts_with("I1b: a finger was accepted that is not hers"));
}

TEST_CASE("exploration: a dead finger opens where liveness is not asked for and is flagged") {
    const Policy honest = product(atm_access(threshold));
    Policy policy = honest;
    policy.finger.liveness_min = 0;
    Explorer explorer(policy, honest);
    explorer.run(5'000'000);
    CHECK(explorer.breach().starts_with("I1b: a finger was accepted that is not hers"));
}

TEST_CASE("exploration: every row of the table is taken and leads where it says") {
    Explorer::Taken taken;
    std::set<Outcome> outcomes;
    const std::vector<std::pair<Policy, bool>> runs{{spread(locker(threshold)), false},
                                                    {spread(locker_keyless(threshold)), false},
                                                    {little_else(), true},
                                                    {spread(atm_access(threshold)), false}};
    for (const auto& [policy, authenticator] : runs) {
        const Explorer explorer = explored(policy, authenticator);
        holds(explorer);
        for (const auto& [pair, targets] : explorer.taken()) {
            taken[pair].insert(targets.begin(), targets.end());
        }
        outcomes.insert(explorer.outcomes().begin(), explorer.outcomes().end());
    }
    std::set<std::pair<State, EventKind>> listed;
    for (const Transition& row : transitions()) {
        INFO("from " << to_string(row.from) << " on " << to_string(row.on));
        listed.insert({row.from, row.on});
        const std::set<State>& seen = taken[{row.from, row.on}];
        CHECK_FALSE(seen.empty());
        for (const State target : row.to) {
            INFO("to " << to_string(target));
            CHECK(seen.contains(target));
        }
    }
    for (const auto& [pair, targets] : taken) {
        if (listed.contains(pair)) continue;
        INFO("from " << to_string(pair.first) << " on " << to_string(pair.second));
        CHECK(targets == std::set<State>{pair.first});  // a refusal stays where it is
    }
    for (const Outcome outcome : all_outcomes) {
        INFO(to_string(outcome));
        CHECK(outcomes.contains(outcome));
    }
}
