#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.h"
#include "support.h"
#include "vision/stages.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

constexpr std::array<Point, 5> arcface{Point{38.2946, 51.6963}, Point{73.5318, 51.5014},
                                       Point{56.0252, 71.7366}, Point{41.5493, 92.3655},
                                       Point{70.7299, 92.2041}};

Landmarks mapped(const Similarity& by) {
    Landmarks landmarks;
    for (std::size_t i = 0; i < arcface.size(); ++i) landmarks.points[i] = by(arcface[i]);
    return landmarks;
}

double squares(const Similarity& fit, std::span<const Point> from, std::span<const Point> to) {
    double sum = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const Point p = fit(from[i]);
        sum += (p.x - to[i].x) * (p.x - to[i].x) + (p.y - to[i].y) * (p.y - to[i].y);
    }
    return sum;
}

}  // namespace

TEST_CASE("vision geometry: a similarity is found again from the points it moved") {
    const Similarity truth{1.2, -0.7, 14, -3};
    std::vector<Point> to;
    for (const Point& p : arcface) to.push_back(truth(p));
    const auto fit = fit_similarity(arcface, to);
    REQUIRE(fit);
    CHECK(fit->a == Approx(1.2));
    CHECK(fit->b == Approx(-0.7));
    CHECK(fit->tx == Approx(14));
    CHECK(fit->ty == Approx(-3));
}

TEST_CASE("vision geometry: no neighbour of the fitted similarity has a smaller sum of squares") {
    std::vector<Point> to(arcface.begin(), arcface.end());
    to[0].x += 3;
    to[2].y -= 5;
    to[4].x -= 2;
    const auto fit = fit_similarity(arcface, to);
    REQUIRE(fit);
    const double least = squares(*fit, arcface, to);
    for (const double step : {-1e-3, 1e-3}) {
        CHECK(squares({fit->a + step, fit->b, fit->tx, fit->ty}, arcface, to) > least);
        CHECK(squares({fit->a, fit->b + step, fit->tx, fit->ty}, arcface, to) > least);
        CHECK(squares({fit->a, fit->b, fit->tx + step, fit->ty}, arcface, to) > least);
        CHECK(squares({fit->a, fit->b, fit->tx, fit->ty + step}, arcface, to) > least);
    }
}

TEST_CASE("vision geometry: points that coincide or are not finite have no similarity") {
    const std::vector<Point> same(5, Point{3, 4});
    CHECK_FALSE(fit_similarity(same, arcface));
    CHECK_FALSE(fit_similarity(arcface, same));
    std::vector<Point> broken(arcface.begin(), arcface.end());
    broken[1].x = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(fit_similarity(broken, arcface));
}

TEST_CASE("vision geometry: the inverse of a similarity undoes it") {
    const Similarity there{0.4, 1.1, -7, 20};
    const Point p = there.inverse()(there({12.5, -8}));
    CHECK(p.x == Approx(12.5));
    CHECK(p.y == Approx(-8));
}

TEST_CASE("vision geometry: overlap is intersection over union") {
    CHECK(overlap({0, 0, 10, 10}, {0, 0, 10, 10}) == Approx(1));
    CHECK(overlap({0, 0, 10, 10}, {5, 0, 10, 10}) == Approx(50.0 / 150));
    CHECK(overlap({0, 0, 10, 10}, {10, 0, 10, 10}) == 0);
    CHECK(overlap({0, 0, 0, 0}, {0, 0, 0, 0}) == 0);
}

TEST_CASE("vision pose: the template's own face is frontal") {
    const HeadPose pose = estimate_pose(mapped({}));
    CHECK(std::abs(pose.yaw) < 5);
    CHECK(std::abs(pose.pitch) < 12);  // a template is drawn, noses differ
    CHECK(std::abs(pose.roll) < 1);
}

TEST_CASE("vision pose: turning the picture changes roll alone") {
    const double angle = 20.0 * 3.14159265358979 / 180;
    const HeadPose frontal = estimate_pose(mapped({}));
    const HeadPose pose = estimate_pose(mapped({3 * std::cos(angle), 3 * std::sin(angle), 0, 0}));
    CHECK(pose.roll == Approx(frontal.roll + 20));
    CHECK(pose.yaw == Approx(frontal.yaw).margin(1e-6));
    CHECK(pose.pitch == Approx(frontal.pitch).margin(1e-6));
}

TEST_CASE("vision pose: a nose that moves right or up means a head turned right or up") {
    Landmarks turned = mapped({});
    turned.points[2].x += 10;
    CHECK(estimate_pose(turned).yaw > 20);
    turned = mapped({});
    turned.points[2].y -= 8;
    CHECK(estimate_pose(turned).pitch > 15);
}

TEST_CASE("vision pose: points that no face has are never frontal") {
    Landmarks flat;
    flat.points = {Point{0, 0}, Point{10, 0}, Point{5, 0}, Point{0, 0}, Point{10, 0}};
    CHECK(std::abs(estimate_pose(flat).yaw) > 45);
}

TEST_CASE("vision align: what lies at a landmark lands at its place in the chip") {
    // A white square around each landmark, in a face turned by 90 degrees and three times as large.
    const Similarity place{0, 3, 500, 20};
    const Landmarks landmarks = mapped(place);
    const int side = 640;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side) * side * 3, 0);
    for (const Point& p : landmarks.points) {
        for (int y = -5; y <= 5; ++y) {
            for (int x = -5; x <= 5; ++x) {
                const auto at = (static_cast<std::size_t>(std::lround(p.y) + y) * side +
                                 static_cast<std::size_t>(std::lround(p.x) + x)) *
                                3;
                pixels[at] = pixels[at + 1] = pixels[at + 2] = 255;
            }
        }
    }
    hal::Frame frame = test::plain_frame(side, side, 0);
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(pixels);
    const auto chip = align(frame, landmarks, ChipTemplate::arcface, 112);
    REQUIRE(chip);
    for (const Point& p : arcface) {
        const auto at = (static_cast<std::size_t>(std::lround(p.y)) * 112 +
                         static_cast<std::size_t>(std::lround(p.x))) *
                        3;
        CHECK(chip->pixels[at] > 200);
    }
    CHECK(chip->pixels[(std::size_t{20} * 112 + 20) * 3] < 50);
}

TEST_CASE("vision align: texture finer than the chip becomes grey, not noise") {
    const int side = 1120;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side) * side * 3);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const auto at = (static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)) * 3;
            pixels[at] = pixels[at + 1] = pixels[at + 2] = (x + y) % 2 == 0 ? 255 : 0;
        }
    }
    hal::Frame frame = test::plain_frame(side, side, 0);
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(pixels);
    const auto quality = measure_quality(frame, mapped({10, 0, 0, 0}));
    REQUIRE(quality);
    CHECK(quality->contrast < 5);
    CHECK(quality->brightness == Approx(127.5).margin(3));
}

TEST_CASE("vision align: hopeless input is refused and never thrown") {
    const hal::Frame frame = test::plain_frame(64, 64, 100);
    CHECK(align(frame, mapped({}), ChipTemplate::arcface, 8).error().code == Errc::out_of_range);
    CHECK(align(frame, mapped({}), ChipTemplate::dlib, 4096).error().code == Errc::out_of_range);
    CHECK(align(frame, Landmarks{}, ChipTemplate::dlib, 150).error().code == Errc::out_of_range);
    CHECK(align(frame, mapped({1e-6, 0, 0, 0}), ChipTemplate::dlib, 150).error().code ==
          Errc::out_of_range);
    CHECK(align(hal::Frame{}, mapped({}), ChipTemplate::dlib, 150).error().code == Errc::corrupt);
    const auto grey = test::plain_frame(64, 64, 100, hal::PixelFormat::gray8);
    CHECK(align(grey, mapped({}), ChipTemplate::dlib, 150).error().code == Errc::corrupt);
    // A face wholly outside the frame is a chip of its edge.
    CHECK(align(frame, mapped({1, 0, 5000, -5000}), ChipTemplate::arcface, 112));
}

TEST_CASE("vision quality: brightness and contrast are those of the face's pixels") {
    const auto quality = measure_quality(test::plain_frame(200, 200, 77), mapped({1, 0, 30, 30}));
    REQUIRE(quality);
    CHECK(quality->brightness == Approx(77));
    CHECK(quality->contrast == Approx(0).margin(1e-9));
    CHECK(quality->sharpness == Approx(0).margin(1e-9));
    CHECK(quality->eye_distance == Approx(35.2377).margin(0.01));
}

TEST_CASE("vision distance: lower is more alike in both metrics") {
    const std::vector<float> a{1, 0, 0};
    const std::vector<float> b{0, 2, 0};
    CHECK(distance(Metric::euclidean, a, b) == Approx(std::sqrt(5.0)));
    CHECK(distance(Metric::cosine, a, b) == Approx(1));
    CHECK(distance(Metric::cosine, a, std::vector<float>{5, 0, 0}) == Approx(0).margin(1e-7));
    CHECK(distance(Metric::cosine, a, std::vector<float>{-5, 0, 0}) == Approx(2));
}

TEST_CASE("vision distance: vectors that cannot be compared are never alike") {
    const std::vector<float> a{1, 2, 3};
    const std::vector<float> zero{0, 0, 0};
    const std::vector<float> broken{1, std::numeric_limits<float>::quiet_NaN(), 3};
    CHECK(std::isinf(distance(Metric::euclidean, a, std::vector<float>{1, 2})));
    CHECK(std::isinf(distance(Metric::euclidean, {}, {})));
    CHECK(std::isinf(distance(Metric::cosine, a, zero)));
    CHECK(std::isinf(distance(Metric::euclidean, a, broken)));
    CHECK(std::isinf(distance(Metric::cosine, a, broken)));
}

TEST_CASE("vision detect: boxes much smaller than the largest are dropped") {
    std::vector<Detection> detections(3);
    detections[0].box = {0, 0, 100, 100};
    detections[1].box = {0, 0, 60, 60};
    detections[2].box = {0, 0, 40, 40};
    drop_small(detections, 0.5);
    CHECK(detections.size() == 2);
    std::vector<Detection> none;
    drop_small(none, 0.5);
    CHECK(none.empty());
}
