// Every call of every device and of the store, failed once and for good, with every kind of fault
// that the call can show.
#include <array>

#include "catch.h"
#include "sweep.h"

using namespace strongroom;
using namespace strongroom::test;
using sim::Call;
using sim::FaultKind;
using sim::FaultRule;

namespace {

constexpr std::array kinds{FaultKind::fail,      FaultKind::delay,   FaultKind::drop,
                           FaultKind::duplicate, FaultKind::corrupt, FaultKind::stick};
constexpr std::array errors{Errc::timeout,      Errc::disconnected, Errc::busy,   Errc::corrupt,
                            Errc::out_of_range, Errc::unsupported,  Errc::denied, Errc::exhausted};

std::vector<FaultRule> rules_for(Call call) {
    std::vector<FaultRule> rules;
    for (const FaultKind kind : kinds) {
        if (!sim::can_show(call, kind)) continue;
        FaultRule rule;
        rule.call = sim::to_string(call);
        rule.kind = kind;
        if (kind != FaultKind::fail) {
            rules.push_back(rule);
            continue;
        }
        for (const Errc error : errors) {
            if (!sim::can_fail_with(call, error)) continue;
            rule.error = error;
            rules.push_back(rule);
        }
    }
    return rules;
}

std::string describe(const FaultRule& rule) {
    std::string name = rule.call + " " + std::string(sim::to_string(rule.kind));
    if (rule.kind == FaultKind::fail) {
        name.append(" (").append(to_string(rule.error)).append(")");
    }
    return name + " at call " + std::to_string(rule.nth) + (rule.from_then_on ? " and on" : "");
}

// `count` calls are made in the visit; one run for each of them, once and for good.
void sweep(FaultRule rule, std::uint64_t count, Locking locking, Tally& tally) {
    for (const bool for_good : {false, true}) {
        if (rule.kind == FaultKind::stick && !for_good) continue;
        rule.from_then_on = for_good;
        for (rule.nth = 1; rule.nth <= count; ++rule.nth) {
            Mishap mishap;
            mishap.locking = locking;
            mishap.device = rule;
            play(describe(rule),
                 std::string(sim::to_string(rule.kind)) + (for_good ? " for good" : ""), mishap,
                 for_good ? Afterwards::opens_once_well : Afterwards::opens_again, tally);
        }
    }
}

void sweep(const std::string& what, std::initializer_list<Call> calls,
           std::initializer_list<Locking> lockings = {Locking::key, Locking::keyless}) {
    Tally tally;
    std::uint64_t total = 0;
    for (const Locking locking : lockings) {
        for (const Call call : calls) {
            const std::uint64_t count =
                calls_of_an_honest_visit(locking).device[static_cast<std::size_t>(call)];
            total += count;
            for (const FaultRule& rule : rules_for(call)) sweep(rule, count, locking, tally);
        }
    }
    tally.print(what, total);
    CHECK(tally.injected >= total);
}

}  // namespace

TEST_CASE("sweep: the strike and its monitor fail at every call, and nothing opens unrecorded") {
    sweep("strike", {Call::strike_pulse, Call::strike_lock, Call::strike_sense});
}

TEST_CASE("sweep: the key switch fails at every call, and nothing opens unrecorded") {
    sweep("key switch", {Call::key_switch_turned});
}

TEST_CASE("sweep: the door contact fails at every call, and nothing opens unrecorded") {
    sweep("door contact", {Call::door_contact_open});
}

TEST_CASE("sweep: the tamper loop and the exit button fail at every call") {
    sweep("tamper loop and exit button", {Call::tamper_loop_intact, Call::exit_button_pressed});
}

TEST_CASE("sweep: keypad, screen and siren fail at every call, and nothing opens unrecorded") {
    sweep("keypad, screen and siren",
          {Call::keypad_poll, Call::display_show, Call::siren_raise, Call::siren_clear});
}

TEST_CASE("sweep: the camera fails at every call, and nothing opens unrecorded") {
    sweep("face observer", {Call::face_start, Call::face_poll});
}

TEST_CASE("sweep: the fingerprint reader fails at every call, and nothing opens unrecorded") {
    sweep("fingerprint reader", {Call::finger_start, Call::finger_poll}, {Locking::finger});
}

TEST_CASE("sweep: strike and store fail at every call of a visit with a finger") {
    sweep("strike and store, with a finger",
          {Call::strike_pulse, Call::strike_lock, Call::records_load, Call::records_commit},
          {Locking::finger});
}

TEST_CASE("sweep: messages fail at every call, and nothing opens unrecorded") {
    sweep("messages", {Call::sms_submit, Call::sms_poll_delivery});
}

TEST_CASE("sweep: clocks and randomness fail at every call, and nothing opens unrecorded") {
    sweep("clocks and randomness", {Call::entropy_fill, Call::clock_now, Call::clock_wall});
}

TEST_CASE("sweep: every call of the store fails, and nothing opens unrecorded") {
    sweep("store",
          {Call::records_load, Call::records_commit, Call::records_note, Call::records_keep_time});
}
