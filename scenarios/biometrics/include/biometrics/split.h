// Development and test: a threshold is set on some people and its error rates are reported on
// others. What would mix the two is refused with EvaluationError, whose text says what to do.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "biometrics/bootstrap.h"

namespace strongroom::biometrics {

class EvaluationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Numbers of people (seeds of simulated ones), first to last, both included.
struct IdentityRange {
    std::uint64_t first = 1;
    std::uint64_t last = 0;  // below `first`: nobody
    [[nodiscard]] std::uint64_t size() const { return last < first ? 0 : last - first + 1; }
    [[nodiscard]] bool overlaps(const IdentityRange& other) const;
};

// Where a threshold comes from.
struct Provenance {
    std::string data_set;      // its name
    std::string model;         // pack and digest, or method
    std::string command;       // that measures it again
    IdentityRange identities;  // of the development set
    bool simulated = false;
    Count false_matches;  // at the threshold, on the development set
    Count false_non_matches;
};

struct ChosenThreshold {
    double target = 0;    // the FMR that it was to keep
    double distance = 0;  // accepted up to and including
    Provenance provenance;
};

// The largest observed distance at which the development set's FMR is not above `target`.
// `provenance` comes with the counts empty. Throws EvaluationError: no comparisons of either kind,
// too few impostor comparisons to observe the target (fewer than 1 / target), nobody named.
[[nodiscard]] ChosenThreshold choose_threshold(const std::vector<Comparison>& development,
                                               double target, Provenance provenance);

// Throws EvaluationError unless `threshold` may be reported on `test`: it must say where it comes
// from (data set, model, people, both counts), `test` must hold people, and nobody of the
// development set.
void expect_applicable(const ChosenThreshold& threshold, const IdentityRange& test);

// Throws EvaluationError when `comparisons` lack either kind: an empty test set has no error rates.
void expect_comparisons(const std::vector<Comparison>& comparisons, const std::string& what);

}  // namespace strongroom::biometrics
