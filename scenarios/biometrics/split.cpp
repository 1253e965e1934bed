#include "biometrics/split.h"

#include <algorithm>
#include <sstream>

namespace strongroom::biometrics {

namespace {

std::string words(const IdentityRange& range) {
    return std::to_string(range.first) + " to " + std::to_string(range.last);
}

}  // namespace

bool IdentityRange::overlaps(const IdentityRange& other) const {
    return size() > 0 && other.size() > 0 && first <= other.last && other.first <= last;
}

void expect_comparisons(const std::vector<Comparison>& comparisons, const std::string& what) {
    const auto genuine = std::count_if(comparisons.begin(), comparisons.end(),
                                       [](const Comparison& c) { return c.genuine(); });
    if (genuine == 0) {
        throw EvaluationError("the " + what +
                              " set holds no comparison of a person with herself: FNMR cannot be "
                              "computed; give more people or more pictures a person");
    }
    if (static_cast<std::size_t>(genuine) == comparisons.size()) {
        throw EvaluationError("the " + what +
                              " set holds no comparison of two people: FMR cannot be computed; "
                              "give more people");
    }
}

ChosenThreshold choose_threshold(const std::vector<Comparison>& development, double target,
                                 Provenance provenance) {
    expect_comparisons(development, "development");
    const ErrorRates rates(scores_of(development));
    if (static_cast<double>(rates.impostor().size()) * target < 1) {
        std::ostringstream text;
        text << "the development set has " << rates.impostor().size()
             << " impostor comparisons: too few to set a threshold for FMR " << target
             << ", which needs " << 1 / target << " or more; give more people for development";
        throw EvaluationError(text.str());
    }
    ChosenThreshold chosen;
    chosen.target = target;
    chosen.distance = rates.threshold_at_fmr(target);
    chosen.provenance = std::move(provenance);
    chosen.provenance.false_matches = rates.fmr(chosen.distance);
    chosen.provenance.false_non_matches = rates.fnmr(chosen.distance);
    if (chosen.provenance.identities.size() == 0) {
        throw EvaluationError("the development set names nobody: a threshold needs its people");
    }
    return chosen;
}

void expect_applicable(const ChosenThreshold& threshold, const IdentityRange& test) {
    const Provenance& from = threshold.provenance;
    std::string missing;
    const auto need = [&](bool there, const char* what) {
        if (!there) missing += (missing.empty() ? "" : ", ") + std::string(what);
    };
    need(!from.data_set.empty(), "the data set");
    need(!from.model.empty(), "the model");
    need(from.identities.size() > 0, "the people");
    need(from.false_matches.trials > 0, "the impostor comparisons");
    need(from.false_non_matches.trials > 0, "the genuine comparisons");
    if (!missing.empty()) {
        throw EvaluationError("the threshold does not say where it comes from (missing: " +
                              missing + "): set one on a development set");
    }
    if (test.size() == 0) {
        throw EvaluationError("the test set is empty: no error rate can be reported");
    }
    if (from.identities.overlaps(test)) {
        throw EvaluationError("people of the development set (" + words(from.identities) +
                              ") are in the test set (" + words(test) +
                              "): a threshold is reported on people that it was not set on");
    }
}

}  // namespace strongroom::biometrics
