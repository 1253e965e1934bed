#include "sweep.h"

#include <iostream>

#include "catch.h"

namespace strongroom::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr int typos = 1;

struct Whole {
    Calls calls;
    std::uint64_t shown = 0;
};

// The first visit, up to the time at which nobody stands there and every pulse has ended.
Visitor::Outcome play_first(Stage& stage) {
    const Visitor::Outcome outcome = stage.visit(typos);
    stage.rest(seconds(20));
    return outcome;
}

Whole play_whole(Locking locking) {
    Mishap none;
    none.locking = locking;
    Stage stage(none);
    const Visitor::Outcome outcome = play_first(stage);
    REQUIRE(outcome.opened);
    REQUIRE(outcome.refused_codes == typos);
    Whole whole{stage.calls(), stage.shown()};
    stage.verify_audit();
    const auto violations = stage.violations();
    for (const std::string& violation : violations) UNSCOPED_INFO(violation);
    REQUIRE(violations.empty());
    REQUIRE(stage.counts());
    REQUIRE(stage.counts()->failures == 0);
    REQUIRE(stage.grants_on_disk() == 1);
    return whole;
}

const Whole& whole(Locking locking) {
    static const Whole with_key = play_whole(Locking::key);
    static const Whole without_key = play_whole(Locking::keyless);
    static const Whole with_finger = play_whole(Locking::finger);
    switch (locking) {
        case Locking::key: return with_key;
        case Locking::keyless: return without_key;
        case Locking::finger: return with_finger;
    }
    return with_key;
}

// Starts what does not run, and compares what it counts with what the disk held before.
void start_anew(Stage& stage) {
    const std::optional<int> before = stage.failures_on_disk();
    REQUIRE(before);
    REQUIRE(stage.boot());
    REQUIRE(stage.counts());
    CHECK(stage.counts()->failures >= *before);
    CHECK(stage.counts()->holds == 0);
}

// What time and staff have to do after a long fault: a visit left open runs out, latched alarms are
// acknowledged, and what the store holds against the customer (a keypad that alters digits makes
// wrong codes) is waited for.
void attend(Stage& stage) {
    stage.rest(minutes(4));
    stage.acknowledge_alarms();
    REQUIRE(stage.counts());
    REQUIRE(stage.counts()->failures < auth::LockoutRule{}.staff_only_from);
    stage.rest(stage.counts()->penalty + seconds(1));
}

void judge(Stage& stage, const std::string& when) {
    const auto violations = stage.violations();
    for (const std::string& violation : violations) UNSCOPED_INFO(when << ": " << violation);
    CHECK(violations.empty());
}

}  // namespace

const Calls& calls_of_an_honest_visit(Locking locking) { return whole(locking).calls; }

const Calls& calls_of_an_honest_visit(bool keyless) {
    return whole(keyless ? Locking::keyless : Locking::key).calls;
}
std::uint64_t shown_by_an_honest_visit(Locking locking) { return whole(locking).shown; }

void Tally::print(const std::string& what, std::uint64_t calls) const {
    std::cout << "fault sweep: " << what << ": " << calls << " calls, " << injected
              << " injected faults (";
    const char* separator = "";
    for (const auto& [kind, count] : by_kind) {
        std::cout << separator << kind << " " << count;
        separator = ", ";
    }
    std::cout << "), " << shown << " of them changed what the world showed, " << opened
              << " visits opened in spite of them\n";
}

void play(const std::string& name, const std::string& kind, const Mishap& mishap,
          Afterwards afterwards, Tally& tally) {
    INFO(name);
    Stage stage(mishap);
    const Visitor::Outcome first = play_first(stage);
    if (!stage.happened()) return;
    ++tally.injected;
    ++tally.by_kind[kind];
    tally.shown += stage.shown() != shown_by_an_honest_visit(mishap.locking) ? 1U : 0U;
    tally.opened += first.opened ? 1U : 0U;
    judge(stage, "with the fault");
    stage.heal();
    stage.rest(seconds(20));
    if (!stage.running()) start_anew(stage);
    if (afterwards == Afterwards::opens_once_well) attend(stage);
    const Visitor::Outcome again = stage.visit(0);
    INFO("the first visit ended with " << first.last_prompt << ", the next with "
                                       << again.last_prompt);
    CHECK(again.opened);
    stage.rest(seconds(20));
    stage.verify_audit();
    judge(stage, "after it");
}

void play_deaths_while_recovering(std::uint64_t moment, bool power, Tally& tally) {
    for (std::uint64_t call = 1;; ++call) {
        INFO("died at moment " << moment << ", and at disk call " << call << " of starting anew");
        Mishap mishap;
        mishap.death_moment = moment;
        mishap.power = power;
        mishap.seed = call;
        Stage stage(mishap);
        play_first(stage);
        REQUIRE(stage.happened());
        stage.heal();
        if (!stage.boot_and_die(call, power)) return;
        ++tally.injected;
        ++tally.shown;
        ++tally.by_kind[power ? "power cut" : "death"];
        stage.heal();
        start_anew(stage);
        CHECK(stage.visit(0).opened);
        stage.rest(seconds(20));
        stage.verify_audit();
        judge(stage, "after it");
    }
}

}  // namespace strongroom::test
