#include "sim/fault_plan.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "setting.h"

namespace strongroom::sim {
namespace {

using Catch::Matchers::Contains;

std::string refusal(FaultRule rule) {
    Town town;
    try {
        const FaultPlan plan(town.world, town.site, {std::move(rule)});
    } catch (const FaultRefused& error) {
        return error.what();
    }
    return "accepted";
}

FaultRule rule(std::string call, FaultKind kind, std::uint64_t nth = 1, bool from_then_on = false) {
    FaultRule made;
    made.call = std::move(call);
    made.kind = kind;
    made.nth = nth;
    made.from_then_on = from_then_on;
    return made;
}

TEST_CASE("fault plan: a fault that a device cannot show is refused with what it can show") {
    CHECK_THAT(refusal(rule("strike.pulse", FaultKind::delay)),
               Contains("strike.pulse:delay") && Contains("can show: fail(disconnected|busy"));
    CHECK_THAT(refusal(rule("strike.pulse", FaultKind::stick, 1, true)), Contains("cannot show"));
    CHECK_THAT(refusal(rule("clock.now", FaultKind::fail)), Contains("cannot show"));
    CHECK_THAT(refusal(rule("records.commit", FaultKind::drop)), Contains("cannot show"));
    CHECK_THAT(refusal(rule("entropy.fill", FaultKind::corrupt)), Contains("cannot show"));
    CHECK_THAT(refusal(rule("strike.wobble", FaultKind::fail)), Contains("no such call"));
    CHECK_THAT(refusal(rule("*", FaultKind::drop)), Contains("only fail"));
    FaultRule wrong_error = rule("strike.lock", FaultKind::fail);
    wrong_error.error = Errc::exhausted;
    CHECK_THAT(refusal(wrong_error), Contains("never gives that error"));
    CHECK(refusal(rule("strike.pulse", FaultKind::drop)) == "accepted");
}

TEST_CASE("fault plan: a rule needs a call number or a probability that makes sense") {
    CHECK_THAT(refusal(rule("strike.lock", FaultKind::fail, 0)), Contains("either nth"));
    FaultRule both = rule("strike.lock", FaultKind::fail, 2);
    both.probability = 0.5;
    CHECK_THAT(refusal(both), Contains("either nth"));
    FaultRule too_likely = rule("strike.lock", FaultKind::fail, 0);
    too_likely.probability = 1.5;
    CHECK_THAT(refusal(too_likely), Contains("probability"));
    too_likely.probability = std::nan("");
    CHECK_THAT(refusal(too_likely), Contains("probability"));
    FaultRule for_ever = rule("strike.lock", FaultKind::fail, 0, true);
    for_ever.probability = 0.5;
    CHECK_THAT(refusal(for_ever), Contains("from_then_on needs nth"));
    CHECK_THAT(refusal(rule("strike.sense", FaultKind::stick)), Contains("from_then_on"));
    FaultRule no_delay = rule("keypad.poll", FaultKind::delay);
    no_delay.delay = Duration::zero();
    CHECK_THAT(refusal(no_delay), Contains("delay"));
}

TEST_CASE("fault plan: every call and kind is either in the table or refused") {
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < calls; ++i) {
        const Call call = static_cast<Call>(i);
        REQUIRE(call_named(to_string(call)) == call);
        for (const FaultKind kind : {FaultKind::fail, FaultKind::delay, FaultKind::drop,
                                     FaultKind::duplicate, FaultKind::corrupt, FaultKind::stick}) {
            REQUIRE(fault_kind_named(to_string(kind)) == kind);
            FaultRule tried = rule(std::string(to_string(call)), kind, 1, true);
            bool possible = can_show(call, kind);
            if (kind == FaultKind::fail) possible = can_fail_with(call, tried.error);
            CHECK((refusal(tried) == "accepted") == possible);
            accepted += possible ? 1U : 0U;
        }
    }
    CHECK(accepted > 40);
    CHECK_THAT(possible_faults(), Contains("sms.poll_delivery can show: fail(disconnected) delay"));
}

TEST_CASE("fault plan: the n-th call fails, once or from then on, and is told as a fact") {
    const bool from_then_on = GENERATE(false, true);
    Town town;
    FaultPlan plan(town.world, town.site, {rule("keypad.poll", FaultKind::drop, 3, from_then_on)});
    std::string seen;
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(plan.ask(Call::display_show));
        seen += plan.ask(Call::keypad_poll) ? 'x' : '.';
    }
    CHECK(seen == (from_then_on ? "..xxx" : "..x.."));
    CHECK(plan.injected() == (from_then_on ? 3 : 1));
    CHECK(town.count(FactKind::fault_injected) == plan.injected());
    CHECK(town.last(FactKind::fault_injected)->what == "keypad.poll:drop");
    CHECK(town.last(FactKind::fault_injected)->number == (from_then_on ? 5 : 3));
    CHECK(plan.count(Call::keypad_poll) == 5);
    plan.heal();
    CHECK_FALSE(plan.ask(Call::keypad_poll));
}

TEST_CASE("fault plan: a star counts over all calls that can fail and picks a possible error") {
    Town town;
    FaultRule any = rule("*", FaultKind::fail, 3);
    any.error = Errc::timeout;
    FaultPlan plan(town.world, town.site, {any});
    CHECK_FALSE(plan.ask(Call::clock_now));
    CHECK_FALSE(plan.ask(Call::strike_lock));
    CHECK_FALSE(plan.ask(Call::clock_wall));
    CHECK_FALSE(plan.ask(Call::face_poll));
    const auto fault = plan.ask(Call::records_commit);
    REQUIRE(fault);
    CHECK(fault->kind == FaultKind::fail);
    CHECK(can_fail_with(Call::records_commit, fault->error));
    CHECK_FALSE(plan.ask(Call::face_poll));
    CHECK(plan.total() == 4);
}

TEST_CASE("fault plan: a probability is kept and depends on the seed alone") {
    const auto run = [](std::uint64_t seed) {
        Town town(seed);
        FaultRule chance = rule("keypad.poll", FaultKind::drop, 0);
        chance.probability = 0.25;
        FaultPlan plan(town.world, town.site, {chance});
        std::string seen;
        for (int i = 0; i < 4000; ++i) seen += plan.ask(Call::keypad_poll) ? 'x' : '.';
        return seen;
    };
    const std::string seen = run(1);
    const auto hits = std::count(seen.begin(), seen.end(), 'x');
    CHECK(std::abs(static_cast<double>(hits) - 1000) < 5 * std::sqrt(4000 * 0.25 * 0.75));
    CHECK(run(1) == seen);
    CHECK(run(2) != seen);
}

}  // namespace
}  // namespace strongroom::sim
