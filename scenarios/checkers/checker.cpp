#include "checkers/checker.h"

#include <algorithm>
#include <utility>

#include "checkers.h"

namespace strongroom::checkers {

void Checker::broken(Instant at, std::string what) {
    if (violations_.size() >= reported_max) return;
    violations_.push_back({invariant_, at, std::move(what)});
}

std::vector<std::unique_ptr<Checker>> all_checkers(const Reference& reference) {
    std::vector<std::unique_ptr<Checker>> checkers;
    checkers.push_back(presence_checker(reference));
    checkers.push_back(policy_checker(reference));
    checkers.push_back(records_checker(reference));
    checkers.push_back(secrets_checker());
    checkers.push_back(service_checker(reference));
    checkers.push_back(alarms_checker(reference));
    checkers.push_back(strike_checker(reference));
    checkers.push_back(codes_checker(reference));
    checkers.push_back(counts_checker(reference));
    checkers.push_back(input_checker(reference));
    return checkers;
}

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
