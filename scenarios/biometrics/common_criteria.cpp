#include "biometrics/common_criteria.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::biometrics {

namespace {

constexpr std::int64_t tries = 10;
constexpr std::int64_t tries_extended = 20;
constexpr std::int64_t accepted_extends = 2;
constexpr std::int64_t accepted_fails = 3;

}  // namespace

const char* to_string(CriteriaVerdict verdict) {
    switch (verdict) {
        case CriteriaVerdict::running: return "running";
        case CriteriaVerdict::passed: return "passed";
        case CriteriaVerdict::failed: return "failed";
    }
    return "running";
}

void ArtefactTrial::record(bool accepted) {
    STRONGROOM_ASSERT(verdict() == CriteriaVerdict::running);
    ++count_.trials;
    if (accepted) ++count_.errors;
}

CriteriaVerdict ArtefactTrial::verdict() const {
    if (count_.errors >= accepted_fails) return CriteriaVerdict::failed;
    const std::int64_t needed = extended() ? tries_extended : tries;
    return count_.trials < needed ? CriteriaVerdict::running : CriteriaVerdict::passed;
}

bool ArtefactTrial::extended() const { return count_.errors == accepted_extends; }

SpeciesTrial::SpeciesTrial(std::size_t subjects, std::size_t artefacts)
    : subjects_(subjects), artefacts_(artefacts), trials_(subjects * artefacts) {
    STRONGROOM_ASSERT(subjects >= 1 && artefacts >= 1);
}

std::optional<SpeciesTrial::Next> SpeciesTrial::next() const {
    const auto open = std::find_if(trials_.begin(), trials_.end(), [](const ArtefactTrial& trial) {
        return trial.verdict() == CriteriaVerdict::running;
    });
    if (open == trials_.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(open - trials_.begin());
    return Next{at / artefacts_, at % artefacts_, static_cast<std::size_t>(open->count().trials)};
}

void SpeciesTrial::record(bool accepted) {
    const auto at = next();
    STRONGROOM_ASSERT(at.has_value());
    trials_[at->subject * artefacts_ + at->artefact].record(accepted);
}

CriteriaVerdict SpeciesTrial::verdict() const {
    const auto has = [&](CriteriaVerdict verdict) {
        return std::any_of(trials_.begin(), trials_.end(),
                           [&](const ArtefactTrial& trial) { return trial.verdict() == verdict; });
    };
    if (has(CriteriaVerdict::failed)) return CriteriaVerdict::failed;
    return has(CriteriaVerdict::running) ? CriteriaVerdict::running : CriteriaVerdict::passed;
}

const ArtefactTrial& SpeciesTrial::artefact(std::size_t subject, std::size_t artefact) const {
    STRONGROOM_ASSERT(subject < subjects_ && artefact < artefacts_);
    return trials_[subject * artefacts_ + artefact];
}

Count SpeciesTrial::count() const {
    Count sum;
    for (const ArtefactTrial& trial : trials_) {
        sum.errors += trial.count().errors;
        sum.trials += trial.count().trials;
    }
    return sum;
}

}  // namespace strongroom::biometrics
