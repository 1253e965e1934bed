// Checkers: independent observers that recompute, from what the world and the wires show, whether
// an invariant held. They know neither the session nor the store nor the terminal; the policy that
// they apply is written once more in reference.cpp, on purpose.
//
// Use: all_checkers(), see() every fact of a run in order (the cast first), finish(), violations().
// One thread. A checker that has seen a violation goes on looking.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "scenarios/outcome.h"
#include "sim/facts.h"

namespace strongroom::checkers {

using scenarios::Invariant;
using scenarios::Violation;

// What cannot be read from facts.
struct Reference {
    // A face is the customer's when its distance is at most this: the pack's measured threshold.
    double face_distance_max = 0;
    // Gestures that are demanded of her, each another one, before her face counts. 0: none are,
    // where nobody is there to answer (photographs).
    int gestures = 2;
    // The harness appends grant_recorded, audit_verified, audit_broken and record_missing. Without
    // it, whether a grant was recorded is not checked.
    bool reads_records = true;
    // An actor writes the store: a broken audit is then what should be found, not a violation.
    bool records_attacked = false;
};

class Checker {
public:
    Checker(Invariant invariant, std::string_view name) : invariant_(invariant), name_(name) {}
    virtual ~Checker() = default;
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;

    [[nodiscard]] Invariant invariant() const { return invariant_; }
    // Of the file names of its recorded traces: "I1a", "I6".
    [[nodiscard]] std::string_view name() const { return name_; }

    // Facts come in order; facts of several sites may be mixed.
    virtual void see(const sim::Fact& fact) = 0;
    // Nothing more comes; the run was played until `end`. What is due later is not judged.
    virtual void finish(Instant end) = 0;

    // In the order of their times of discovery.
    [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }

protected:
    // At most `reported_max` are kept: a broken run would otherwise repeat itself without end.
    void broken(Instant at, std::string what);

private:
    static constexpr std::size_t reported_max = 20;
    Invariant invariant_;
    std::string_view name_;  // of static storage
    std::vector<Violation> violations_;
};

// One of each. docs/invariants.md says what each one looks at, and what no checker covers yet.
[[nodiscard]] std::vector<std::unique_ptr<Checker>> all_checkers(const Reference& reference);

// All violations of a run that was played until `end` (or the last fact, if that is later), in the
// order of their times.
[[nodiscard]] std::vector<Violation> check(const sim::FactLog& facts, const Reference& reference,
                                           Instant end = {});

}  // namespace strongroom::checkers
