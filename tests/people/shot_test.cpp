// Shots: what is impossible is refused by name, and random ones are possible.
#include "people/shot.h"

#include <functional>
#include <limits>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::people;

TEST_CASE("people shot: the default shot and thousands of random ones are possible") {
    CHECK(check(Shot{}).empty());
    Rng rng(3);
    for (int i = 0; i < 3000; ++i) {
        const Shot shot = random_shot(rng, (i % 11) / 10.0);
        INFO(i);
        CHECK(check(shot).empty());
    }
}

TEST_CASE("people shot: every impossible number is refused with its field and its limits") {
    struct Bad {
        const char* field;
        const char* limit;
        std::function<void(Shot&)> spoil;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<Bad> all{
        {"appearance.beard_growth", "-1", [](Shot& s) { s.appearance.beard_growth = -1.1; }},
        {"appearance.make_up", "1", [](Shot& s) { s.appearance.make_up = 2; }},
        {"appearance.eyewear", "2", [](Shot& s) { s.appearance.eyewear = Eyewear{7}; }},
        {"appearance.headwear", "3", [](Shot& s) { s.appearance.headwear = Headwear{9}; }},
        {"appearance.cover", "3", [](Shot& s) { s.appearance.cover = Cover{4}; }},
        {"pose.yaw", "90", [](Shot& s) { s.pose.yaw = 91; }},
        {"pose.pitch", "60", [](Shot& s) { s.pose.pitch = -61; }},
        {"pose.roll", "60", [nan](Shot& s) { s.pose.roll = nan; }},
        {"expression.gaze_x", "1", [](Shot& s) { s.expression.gaze_x = 1.2; }},
        {"expression.gaze_y", "1", [](Shot& s) { s.expression.gaze_y = -1.2; }},
        {"expression.eyes_open", "0", [](Shot& s) { s.expression.eyes_open = -0.1; }},
        {"expression.mouth_open", "1", [](Shot& s) { s.expression.mouth_open = 1.1; }},
        {"expression.smile", "1", [](Shot& s) { s.expression.smile = 1.1; }},
        {"expression.brows", "1", [](Shot& s) { s.expression.brows = 1.1; }},
        {"place.distance", "0.2", [](Shot& s) { s.place.distance = 0.1; }},
        {"place.right", "10", [nan](Shot& s) { s.place.right = nan; }},
        {"place.up", "10", [](Shot& s) { s.place.up = 11; }},
        {"lighting.key", "4", [](Shot& s) { s.lighting.key = -1; }},
        {"lighting.fill", "4", [](Shot& s) { s.lighting.fill = 5; }},
        {"lighting.ambient", "4", [](Shot& s) { s.lighting.ambient = -0.1; }},
        {"lighting.key_azimuth", "180", [](Shot& s) { s.lighting.key_azimuth = 200; }},
        {"lighting.key_elevation", "90", [](Shot& s) { s.lighting.key_elevation = 100; }},
        {"lighting.temperature", "2000", [](Shot& s) { s.lighting.temperature = 100; }},
        {"lighting.flicker_depth", "1", [](Shot& s) { s.lighting.flicker_depth = 2; }},
        {"lighting.flicker_frequency", "0", [](Shot& s) { s.lighting.flicker_frequency = -1; }},
        {"background", "4", [](Shot& s) { s.background = Background{9}; }},
        {"lens.width", "64", [](Shot& s) { s.lens.width = 0; }},
        {"lens.height", "4096", [](Shot& s) { s.lens.height = 5000; }},
        {"lens.focal_length", "16", [](Shot& s) { s.lens.focal_length = 0; }},
        {"lens.exposure", "0", [](Shot& s) { s.lens.exposure = 0; }},
        {"lens.white_balance_red", "0.1", [](Shot& s) { s.lens.white_balance_red = 0; }},
        {"lens.white_balance_blue", "10", [](Shot& s) { s.lens.white_balance_blue = 11; }},
        {"lens.blur", "30", [](Shot& s) { s.lens.blur = -1; }},
        {"lens.motion_blur", "60", [](Shot& s) { s.lens.motion_blur = 61; }},
        {"lens.motion_angle", "360", [](Shot& s) { s.lens.motion_angle = 361; }},
        {"lens.noise", "100", [](Shot& s) { s.lens.noise = -1; }},
        {"lens.row_noise", "100", [](Shot& s) { s.lens.row_noise = 101; }},
        {"lens.vignette", "1", [](Shot& s) { s.lens.vignette = 1.5; }},
        {"lens.jpeg_quality", "5", [](Shot& s) { s.lens.jpeg_quality = 3; }},
        {"time", "0", [](Shot& s) { s.time = -1; }},
    };
    for (const Bad& bad : all) {
        Shot shot;
        bad.spoil(shot);
        const auto faults = check(shot);
        INFO(bad.field);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].rfind(bad.field, 0) == 0);
        CHECK(faults[0].find(bad.limit) != std::string::npos);
    }
}

TEST_CASE("people shot: light of nothing at all is refused") {
    Shot shot;
    shot.lighting.key = shot.lighting.fill = shot.lighting.ambient = 0;
    const auto faults = check(shot);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("light") != std::string::npos);
}

TEST_CASE("people shot: difficulty 0 is a passport's photograph, and difficulty widens the shots") {
    double spread_easy = 0;
    double spread_hard = 0;
    int glasses = 0;
    Rng rng(8);
    for (int i = 0; i < 1000; ++i) {
        const Shot easy = random_shot(rng, 0);
        CHECK(std::abs(easy.pose.yaw) < 5);
        CHECK(easy.expression.mouth_open == 0);
        CHECK(easy.appearance.eyewear == Eyewear::none);
        CHECK(easy.place.distance == 0.6);
        spread_easy += std::abs(easy.pose.yaw);
        const Shot middle = random_shot(rng, 0.5);
        CHECK(middle.place.distance >= 0.45);
        CHECK(middle.place.distance <= 0.9);
        glasses += middle.appearance.eyewear == Eyewear::glasses ? 1 : 0;
        spread_hard += std::abs(random_shot(rng, 1).pose.yaw);
    }
    CHECK(spread_hard > 4 * spread_easy);
    CHECK(glasses > 180);
    CHECK(glasses < 320);
}

TEST_CASE("people shot: within a visit the light stays and the pose changes") {
    Rng rng(4);
    const Shot first = random_shot(rng, 0.5);
    Shot second = first;
    vary_within_visit(second, rng, 0.5);
    CHECK(second.lighting.key == first.lighting.key);
    CHECK(second.background_seed == first.background_seed);
    CHECK(second.place.distance == first.place.distance);
    CHECK(second.pose.yaw != first.pose.yaw);
    CHECK(second.noise_seed != first.noise_seed);
}
