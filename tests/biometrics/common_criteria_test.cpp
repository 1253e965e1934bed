#include "biometrics/common_criteria.h"

#include <set>
#include <string>
#include <tuple>

#include "catch.h"

using namespace strongroom::biometrics;

namespace {

// Presents until the artefact has its verdict: 'a' accepted, 'r' refused. Gives what was left over.
std::string play(ArtefactTrial& trial, std::string outcomes) {
    while (!outcomes.empty() && trial.verdict() == CriteriaVerdict::running) {
        trial.record(outcomes.front() == 'a');
        outcomes.erase(0, 1);
    }
    return outcomes;
}

}  // namespace

TEST_CASE("common criteria: none or one of ten accepted passes after ten") {
    for (const char* outcomes : {"rrrrrrrrrrX", "arrrrrrrrrX", "rrrrrrrrraX"}) {
        ArtefactTrial trial;
        INFO(outcomes);
        CHECK(play(trial, outcomes) == "X");
        CHECK(trial.verdict() == CriteriaVerdict::passed);
        CHECK_FALSE(trial.extended());
        CHECK(trial.count().trials == 10);
    }
}

TEST_CASE("common criteria: two accepted ask for ten more and pass when none of those is") {
    ArtefactTrial trial;
    CHECK(play(trial, "arrrrrrrra").empty());
    CHECK(trial.extended());
    CHECK(trial.verdict() == CriteriaVerdict::running);
    CHECK(play(trial, "rrrrrrrrr").empty());
    CHECK(trial.verdict() == CriteriaVerdict::running);
    CHECK(play(trial, "rX") == "X");
    CHECK(trial.verdict() == CriteriaVerdict::passed);
    CHECK(trial.count().trials == 20);
    CHECK(trial.count().errors == 2);
}

TEST_CASE("common criteria: a third acceptance fails at once, within ten or in the ten more") {
    ArtefactTrial early;
    CHECK(play(early, "aaarrr") == "rrr");
    CHECK(early.verdict() == CriteriaVerdict::failed);
    CHECK(early.count().trials == 3);
    ArtefactTrial late;
    CHECK(play(late, "aarrrrrrrrrrrrrrrrraX") == "X");
    CHECK(late.verdict() == CriteriaVerdict::failed);
    CHECK(late.count().trials == 20);
}

TEST_CASE("common criteria: a species is presented by three subjects with three artefacts each") {
    SpeciesTrial species;
    std::set<std::tuple<std::size_t, std::size_t, std::size_t>> seen;
    while (const auto next = species.next()) {
        CHECK(next->subject < 3);
        CHECK(next->artefact < 3);
        CHECK(next->attempt < 10);
        seen.insert({next->subject, next->artefact, next->attempt});
        CHECK(species.verdict() == CriteriaVerdict::running);
        species.record(false);
    }
    CHECK(seen.size() == 90);
    CHECK(species.verdict() == CriteriaVerdict::passed);
    CHECK(species.count().trials == 90);
    CHECK(species.count().errors == 0);
}

TEST_CASE("common criteria: one failing artefact fails the species and the others go on") {
    SpeciesTrial species;
    std::size_t presentations = 0;
    while (const auto next = species.next()) {
        ++presentations;
        species.record(next->subject == 1 && next->artefact == 2);
    }
    CHECK(species.verdict() == CriteriaVerdict::failed);
    CHECK(presentations == 8 * 10 + 3);
    CHECK(species.artefact(1, 2).verdict() == CriteriaVerdict::failed);
    CHECK(species.artefact(2, 2).verdict() == CriteriaVerdict::passed);
    CHECK(species.count().errors == 3);
}

TEST_CASE("common criteria: one acceptance with each artefact still passes") {
    SpeciesTrial species;
    while (const auto next = species.next()) species.record(next->attempt == 4);
    CHECK(species.verdict() == CriteriaVerdict::passed);
    CHECK(species.count().errors == 9);
    CHECK(std::string(to_string(species.verdict())) == "passed");
}
