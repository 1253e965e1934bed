#include "biometrics/split.h"

#include <string>
#include <vector>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::biometrics;

namespace {

// Twenty impostor distances 0.51 to 0.70 and genuine ones 0.1 to 0.6.
std::vector<Comparison> development() {
    std::vector<Comparison> comparisons;
    for (std::uint32_t i = 0; i < 20; ++i) {
        comparisons.push_back({i, i + 1, 0.51 + 0.01 * i});
        comparisons.push_back({i, i, 0.1 + 0.025 * i});
    }
    return comparisons;
}

Provenance provenance() {
    Provenance from;
    from.data_set = "development";
    from.model = "a model";
    from.identities = {101, 121};
    return from;
}

std::string complaint(const ChosenThreshold& threshold, const IdentityRange& test) {
    try {
        expect_applicable(threshold, test);
        return {};
    } catch (const EvaluationError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("split: a threshold is set on the development set and says what it did there") {
    const auto chosen = choose_threshold(development(), 0.1, provenance());
    CHECK(chosen.distance <= 0.53);
    CHECK(chosen.distance >= 0.52);
    CHECK(chosen.provenance.false_matches.errors == 2);
    CHECK(chosen.provenance.false_matches.trials == 20);
    // Genuine distances above 0.525 are 0.55 and 0.575.
    CHECK(chosen.provenance.false_non_matches.errors == 2);
    CHECK(complaint(chosen, {122, 200}).empty());
}

TEST_CASE("split: people of the development set may not be in the test set") {
    const auto chosen = choose_threshold(development(), 0.1, provenance());
    CHECK(complaint(chosen, {121, 200}).find("of the development set (101 to 121)") !=
          std::string::npos);
    CHECK(complaint(chosen, {1, 101}).find("in the test set") != std::string::npos);
    CHECK(complaint(chosen, {105, 106}).find("in the test set") != std::string::npos);
    CHECK(complaint(chosen, {1, 100}).empty());
}

TEST_CASE("split: a threshold without provenance is refused with what is missing") {
    ChosenThreshold bare;
    bare.distance = 0.6;
    const std::string text = complaint(bare, {1, 10});
    CHECK(text.find("does not say where it comes from") != std::string::npos);
    CHECK(text.find("the data set, the model, the people, the impostor comparisons") !=
          std::string::npos);
    auto chosen = choose_threshold(development(), 0.1, provenance());
    chosen.provenance.model.clear();
    CHECK(complaint(chosen, {200, 210}).find("missing: the model)") != std::string::npos);
}

TEST_CASE("split: an empty test set is refused") {
    const auto chosen = choose_threshold(development(), 0.1, provenance());
    CHECK(complaint(chosen, {5, 4}).find("the test set is empty") != std::string::npos);
    CHECK_THROWS_AS(expect_comparisons({}, "test"), EvaluationError);
    CHECK_THROWS_AS(expect_comparisons({{1, 1, 0.5}}, "test"), EvaluationError);
    CHECK_THROWS_AS(expect_comparisons({{1, 2, 0.5}}, "test"), EvaluationError);
    CHECK_NOTHROW(expect_comparisons({{1, 1, 0.5}, {1, 2, 0.5}}, "test"));
}

TEST_CASE("split: too small a development set cannot set a threshold") {
    CHECK_THROWS_AS(choose_threshold(development(), 0.01, provenance()), EvaluationError);
    auto nobody = provenance();
    nobody.identities = {};
    CHECK_THROWS_AS(choose_threshold(development(), 0.1, nobody), EvaluationError);
}
