// The trees of a liveness model: what they answer, how they are kept, and what is refused.
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "../vision/support.h"
#include "catch.h"
#include "vision/passive_liveness.h"

using namespace strongroom;
using namespace strongroom::vision;
using namespace std::chrono_literals;

namespace {

using Node = TreeModel::Node;

TreeModel::Parts two_trees() {
    TreeModel::Parts parts;
    parts.names = {"a", "b"};
    parts.bias = 0.5;
    parts.trees = {{Node{0, 1, 2, 10}, Node{-1, 0, 0, -1}, Node{1, 3, 4, 0}, Node{-1, 0, 0, 2},
                    Node{-1, 0, 0, 3}},
                   {Node{-1, 0, 0, 0.25F}}};
    parts.threshold = 0.75;
    parts.slope = 2;
    parts.origin = "by hand";
    return parts;
}

std::string complaint(const TreeModel::Parts& parts) {
    try {
        const TreeModel model(parts);
        return {};
    } catch (const LivenessModelError& problem) {
        return problem.what();
    }
}

bool refused(std::span<const std::uint8_t> bytes) {
    try {
        (void)TreeModel::read(bytes);
        return false;
    } catch (const LivenessModelError&) {
        return true;
    }
}

// Live when the face is brighter than `limit` in the middle.
TreeModel brightness_model(float limit, float strength = 3) {
    TreeModel::Parts parts;
    parts.names = PassiveFeatures::names();
    std::int16_t feature = 0;
    while (parts.names.at(static_cast<std::size_t>(feature)) != "colour.face.middle") ++feature;
    parts.trees = {
        {Node{feature, 1, 2, limit}, Node{-1, 0, 0, -strength}, Node{-1, 0, 0, strength}}};
    return TreeModel(parts);
}

Detection face() {
    Detection detection;
    detection.box = {60, 40, 80, 100};
    detection.landmarks.points = {Point{80, 70}, Point{120, 70}, Point{100, 95}, Point{84, 115},
                                  Point{116, 115}};
    return detection;
}

double odds_to_score(double odds) { return 1 / (1 + std::exp(-odds)); }

}  // namespace

TEST_CASE("liveness trees: the log-odds are the sum of the leaves that are reached") {
    const TreeModel model(two_trees());
    const auto odds = [&](float a, float b) { return model.log_odds(std::array{a, b}); };
    CHECK(odds(10, 5) == Approx(0.5 - 1 + 0.25));
    CHECK(odds(11, 0) == Approx(0.5 + 2 + 0.25));
    CHECK(odds(11, 1) == Approx(0.5 + 3 + 0.25));
    CHECK(odds(std::numeric_limits<float>::quiet_NaN(), 0) == Approx(0.5 + 2 + 0.25));
}

TEST_CASE("liveness trees: what is written is read again") {
    const TreeModel model(two_trees());
    const auto bytes = model.bytes();
    const TreeModel again = TreeModel::read(bytes);
    CHECK(again.bytes() == bytes);
    CHECK(again.parts().names == model.parts().names);
    CHECK(again.parts().threshold == 0.75);
    CHECK(again.parts().slope == 2);
    CHECK(again.parts().origin == "by hand");
    CHECK(again.log_odds(std::array{11.0F, 1.0F}) == model.log_odds(std::array{11.0F, 1.0F}));
}

TEST_CASE("liveness trees: damaged, shortened and lengthened bytes are refused") {
    auto bytes = TreeModel(two_trees()).bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK(refused(std::span(bytes).first(size)));
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] ^= 0x20;
        CHECK(refused(bytes));
        bytes[at] ^= 0x20;
    }
    CHECK_FALSE(refused(bytes));
    bytes.push_back(0);
    CHECK(refused(bytes));
}

TEST_CASE("liveness trees: parts that do not hang together are refused") {
    CHECK(complaint(two_trees()).empty());
    const auto broken = [](auto change) {
        auto parts = two_trees();
        change(parts);
        return complaint(parts);
    };
    CHECK(broken([](auto& p) { p.trees[0][0].left = 0; }).find("leads nowhere") !=
          std::string::npos);
    CHECK(broken([](auto& p) { p.trees[0][2].right = 9; }).find("leads nowhere") !=
          std::string::npos);
    CHECK(broken([](auto& p) { p.trees[0][0].feature = 2; }).find("does not name") !=
          std::string::npos);
    CHECK(broken([](auto& p) { p.trees[1][0].limit = NAN; }).find("none") != std::string::npos);
    CHECK(broken([](auto& p) { p.trees.clear(); }).find("no trees") != std::string::npos);
    CHECK(broken([](auto& p) { p.trees[1].clear(); }).find("impossible size") != std::string::npos);
    CHECK(broken([](auto& p) { p.slope = 0; }).find("slope") != std::string::npos);
    CHECK(broken([](auto& p) { p.threshold = INFINITY; }).find("threshold") != std::string::npos);
}

TEST_CASE("liveness detector: a model for other measurements is refused") {
    CHECK_THROWS_AS(PassiveLiveness(TreeModel(two_trees())), LivenessModelError);
    auto parts = brightness_model(100).parts();
    std::swap(parts.names[0], parts.names[1]);
    CHECK_THROWS_AS(PassiveLiveness(TreeModel(parts)), LivenessModelError);
}

TEST_CASE("liveness detector: the score is that of the last frames of this track") {
    PassiveLiveness detector(brightness_model(100));
    const auto assess = [&](std::uint8_t grey, int index) {
        auto frame = test::plain_frame(200, 160, grey);
        frame.captured = Instant{} + 100ms * index;
        const auto reading = detector.assess(frame, face());
        REQUIRE(reading);
        CHECK(reading->kind == hal::Liveness::measured);
        return reading->score;
    };
    CHECK(assess(150, 0) == Approx(odds_to_score(3)));
    CHECK(assess(50, 1) == Approx(0.5));
    CHECK(assess(50, 2) == Approx(odds_to_score(-1)));
    detector.begin_track();
    CHECK(assess(50, 3) == Approx(odds_to_score(-3)));
    // A face shown long before earns nothing.
    detector.begin_track();
    for (int i = 0; i < 100; ++i) (void)assess(150, i);
    for (int i = 0; i < static_cast<int>(PassiveLiveness::window); ++i) (void)assess(50, 100 + i);
    CHECK(assess(50, 200) == Approx(odds_to_score(-3)));
    CHECK(detector.assess(hal::Frame{}, face()).error().code == Errc::corrupt);
}

TEST_CASE("liveness detector: no single frame outweighs the others") {
    PassiveLiveness detector(brightness_model(100, 1000));
    auto bright = test::plain_frame(200, 160, 150);
    auto dark = test::plain_frame(200, 160, 50);
    CHECK(detector.assess(bright, face())->score == Approx(odds_to_score(6)));
    CHECK(detector.assess(dark, face())->score == Approx(0.5));
}
