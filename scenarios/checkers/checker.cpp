#include "checkers/checker.h"

#include <algorithm>
#include <utility>

namespace strongroom::checkers {

void Checker::broken(Instant at, std::string what) {
    if (violations_.size() >= reported_max) return;
    violations_.push_back({invariant_, at, std::move(what)});
}

std::vector<std::unique_ptr<Checker>> all_checkers(const Reference&) { return {}; }

std::vector<Violation> check(const sim::FactLog& facts, const Reference& reference, Instant end) {
    const auto checkers = all_checkers(reference);
    for (const sim::Fact& fact : facts) {
        for (const auto& checker : checkers) checker->see(fact);
        end = std::max(end, fact.at);
    }
    std::vector<Violation> violations;
    for (const auto& checker : checkers) {
        checker->finish(end);
        violations.insert(violations.end(), checker->violations().begin(),
                          checker->violations().end());
    }
    std::stable_sort(violations.begin(), violations.end(),
                     [](const Violation& a, const Violation& b) { return a.at < b.at; });
    return violations;
}

}  // namespace strongroom::checkers
