// One run of the sweep: an honest visit with one mishap, its judgement, and the visit after it.
#pragma once

#include <map>
#include <string>

#include "stage.h"

namespace strongroom::test {

struct Tally {
    std::uint64_t injected = 0;  // runs in which the mishap happened
    std::uint64_t shown = 0;     // and changed what the world showed
    std::uint64_t opened = 0;    // and the visit opened all the same
    std::map<std::string, std::uint64_t> by_kind;
    // "fault sweep: devices: 1234 calls, 5678 injected faults (fail 3000, ...), ..." on stdout.
    void print(const std::string& what, std::uint64_t calls) const;
};

// A visit without a mishap, with one mistyped code in it, must open; what it called is what there
// is to break. By policy.
[[nodiscard]] const Calls& calls_of_an_honest_visit(bool keyless);
[[nodiscard]] const Calls& calls_of_an_honest_visit(Locking locking);
[[nodiscard]] std::uint64_t shown_by_an_honest_visit(Locking locking);

enum class Afterwards {
    opens_again,      // a single fault, or a death: the next visit must open
    opens_once_well,  // the fault stays: safety is asked for; and once it has been repaired, staff
                      // have seen the alarms and penalties are over, a visit must open
};

// Plays the visit and what follows, and fails the test case with `name` and what was violated.
// Mishaps that never come about are no failure and are not counted.
void play(const std::string& name, const std::string& kind, const Mishap& mishap,
          Afterwards afterwards, Tally& tally);

// The process dies at a moment of the visit, and again within each call of the disk that starting
// anew makes; the visit after that must open.
void play_deaths_while_recovering(std::uint64_t moment, bool power, Tally& tally);

}  // namespace strongroom::test
