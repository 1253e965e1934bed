// The detector that is built in, on rendered people and attacks: does it tell them apart at all?
// The rates are liveness_train's and the campaigns' to measure.
#include <algorithm>
#include <string>
#include <vector>

#include "catch.h"
#include "liveness_model/boosting.h"
#include "liveness_model/liveness_model.h"
#include "liveness_model/measured.h"
#include "liveness_model/trials.h"
#include "vision/passive_liveness.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::liveness_model;
using people::Set;
using people::Species;

namespace {

vision::Detection detection_of(const people::FaceTruth& truth) {
    vision::Detection face;
    face.box = truth.box;
    face.landmarks = truth.landmarks();
    return face;
}

// Scores after each frame of a film; the test set, whose people and artefacts no model has seen.
std::vector<double> scores(vision::LivenessDetector& detector, Trial trial, int frames = 5) {
    vision::use_one_thread();
    static Stage stage;
    stage.begin(trial);
    detector.begin_track();
    std::vector<double> list;
    for (int i = 0; i < frames; ++i) {
        const auto shown = stage.show(i);
        if (!shown.truth) continue;
        const auto reading = detector.assess(shown.frame, detection_of(*shown.truth));
        REQUIRE(reading);
        CHECK(reading->kind == hal::Liveness::measured);
        list.push_back(reading->score);
    }
    REQUIRE_FALSE(list.empty());
    return list;
}

Trial trial_of(Species species, double quality, std::uint64_t index) {
    Trial trial = make_trial(Set::test, species, index);
    trial.quality = quality;
    return trial;
}

}  // namespace

TEST_CASE("embedded liveness: living people are above the threshold, crude attacks below") {
    const auto detector = embedded_detector();
    int living = 0;
    for (std::uint64_t i = 0; i < 6; ++i) {
        Trial trial = trial_of(Species::bona_fide, 0, i);
        trial.difficulty = 0.3;
        if (scores(*detector, trial).back() >= 0.5) ++living;
    }
    CHECK(living >= 5);
    for (const Species species :
         {Species::print_matte, Species::print_glossy, Species::phone_replay,
          Species::tablet_replay, Species::laptop_replay, Species::paper_mask}) {
        INFO(to_string(species));
        int accepted = 0;
        for (std::uint64_t i = 0; i < 2; ++i) {
            if (scores(*detector, trial_of(species, 0.1, i)).back() >= 0.5) ++accepted;
        }
        CHECK(accepted == 0);
    }
}

TEST_CASE("embedded liveness: the same film gives the same scores, after another one too") {
    const auto first = embedded_detector();
    const auto second = embedded_detector();
    const Trial living = trial_of(Species::bona_fide, 0, 1);
    const Trial print = trial_of(Species::print_glossy, 0.5, 1);
    const auto before = scores(*first, living);
    const auto attack = scores(*first, print);
    CHECK(scores(*first, living) == before);
    CHECK(scores(*second, living) == before);
    CHECK(scores(*second, print) == attack);
    CHECK(before != attack);
}

TEST_CASE("embedded liveness: the trees say what made them and are small") {
    const auto trees = embedded_trees();
    CHECK(trees.parts().origin.rfind("liveness_train ", 0) == 0);
    CHECK(trees.parts().names == vision::PassiveFeatures::names());
    CHECK(trees.bytes().size() < 1U << 20U);
}

TEST_CASE(
    "liveness trials: nobody and no artefact is in two sets, and some qualities in one only") {
    for (const Set set : {Set::training, Set::development, Set::test}) {
        int unseen = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            const Trial trial = make_trial(set, Species::print_matte, i);
            CHECK(people::set_of(trial.face) == set);
            CHECK(people::set_of(trial.attacker) == set);
            CHECK(people::set_of(trial.artefact) == set);
            unseen += kept_out(trial.quality) ? 1 : 0;
            const Trial again = make_trial(set, Species::print_matte, i);
            CHECK(again.visit == trial.visit);
            CHECK(again.quality == trial.quality);
            CHECK(make_trial(set, Species::phone_replay, i).visit != trial.visit);
        }
        CHECK((unseen > 0) == (set == Set::test));
    }
}

TEST_CASE("liveness training: trees find the number that tells, and find it again") {
    Examples examples;
    examples.columns = 3;
    Rng rng(7);
    for (int i = 0; i < 600; ++i) {
        const bool live = rng.uniform() < 0.5;
        const double noise = rng.normal(0, 1);
        examples.values.push_back(static_cast<float>(rng.normal(0, 1)));
        examples.values.push_back(static_cast<float>(noise + (live ? 3 : -3)));
        examples.values.push_back(i % 2 == 0 ? -1000.0F : static_cast<float>(rng.normal(0, 1)));
        examples.live.push_back(live);
        examples.weight.push_back(live ? 1.0 : 0.5);
    }
    BoostingOptions options;
    options.trees = 30;
    options.depth = 2;
    options.column_share = 1;
    const Boosted boosted = boost(examples, options);
    CHECK(boosted.gain[1] > 10 * std::max(boosted.gain[0], boosted.gain[2]));
    vision::TreeModel::Parts parts;
    parts.names = {"a", "b", "c"};
    parts.bias = boosted.bias;
    parts.trees = boosted.trees;
    const vision::TreeModel model(parts);
    CHECK(model.log_odds(std::array{0.0F, 3.0F, 0.0F}) > 1);
    CHECK(model.log_odds(std::array{0.0F, -3.0F, 0.0F}) < -1);
    const Boosted again = boost(examples, options);
    parts.trees = again.trees;
    CHECK(vision::TreeModel(parts).bytes() == model.bytes());
}

TEST_CASE(
    "liveness training: measurements of rendered films are the same on any number of threads") {
    std::vector<Trial> trials;
    for (std::uint64_t i = 0; i < 3; ++i) {
        trials.push_back(make_trial(Set::training, Species::bona_fide, i));
        trials.back().frames = 2;
    }
    const auto one = measure(trials, {1, 0.03});
    const auto two = measure(trials, {2, 0.03});
    REQUIRE(one.size() == 3);
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK_FALSE(one[i].frames.empty());
        CHECK(one[i].frames == two[i].frames);
    }
}
