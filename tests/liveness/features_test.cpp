// What the measurements of passive liveness see: pictures made so that one thing changes.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "catch.h"
#include "vision/passive_liveness.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::vision;
using namespace std::chrono_literals;

namespace {

constexpr int width = 480;
constexpr int height = 360;
constexpr double unit = 50;  // distance of the eyes
const cv::Point2d middle(240, 170);

hal::Frame frame_of(const cv::Mat& values, Instant captured = Instant{} + 1s) {
    cv::Mat bytes;
    values.convertTo(bytes, CV_8UC3);
    hal::Frame frame;
    frame.width = bytes.cols;
    frame.height = bytes.rows;
    frame.format = hal::PixelFormat::bgr8;
    frame.captured = captured;
    const auto* first = bytes.ptr<std::uint8_t>();
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        first, first + bytes.total() * bytes.elemSize());
    return frame;
}

// A face's points, upright, its eyes `unit` apart, moved by (x, y).
Detection face_at(double x = 0, double y = 0, double size = unit) {
    Detection face;
    const auto at = [&](double u, double v) {
        return Point{middle.x + x + u * size, middle.y + y + v * size};
    };
    face.landmarks.points = {at(-0.5, -0.5), at(0.5, -0.5), at(0, 0.1), at(-0.4, 0.65),
                             at(0.4, 0.65)};
    face.box = {middle.x + x - size, middle.y + y - size, 2 * size, 2.2 * size};
    return face;
}

// Skin-coloured blotches on a grey wall, with a little of a camera's noise.
cv::Mat scene(int seed = 1, cv::Point2d face = {0, 0}, cv::Point2d wall = {0, 0},
              double noise = 1.5) {
    cv::RNG rng(static_cast<std::uint64_t>(seed));
    cv::Mat picture(height, width, CV_32FC3, cv::Scalar(120, 120, 120));
    for (int i = 0; i < 60; ++i) {
        const cv::Point at(rng.uniform(0, width) + static_cast<int>(wall.x),
                           rng.uniform(0, height) + static_cast<int>(wall.y));
        const double grey = rng.uniform(90, 150);
        cv::circle(picture, at, rng.uniform(10, 30), cv::Scalar::all(grey), -1);
    }
    cv::GaussianBlur(picture, picture, {}, 3);
    cv::Mat skin = picture.clone();
    cv::Mat mask = cv::Mat::zeros(height, width, CV_32F);
    const cv::Point centre(static_cast<int>(middle.x + face.x),
                           static_cast<int>(middle.y + face.y));
    cv::ellipse(mask, centre, {66, 85}, 0, 0, 360, cv::Scalar(1), -1);
    cv::GaussianBlur(mask, mask, {}, 2);
    skin.setTo(cv::Scalar(110, 140, 190));
    for (int i = 0; i < 40; ++i) {
        const cv::Point at = centre + cv::Point(rng.uniform(-60, 60), rng.uniform(-80, 80));
        const double light = rng.uniform(0.8, 1.15);
        cv::circle(skin, at, rng.uniform(3, 12), cv::Scalar(110, 140, 190) * light, -1);
    }
    cv::GaussianBlur(skin, skin, {}, 1.2);
    cv::Mat mask3;
    cv::merge(std::vector<cv::Mat>{mask, mask, mask}, mask3);
    picture = picture.mul(cv::Scalar::all(1) - mask3) + skin.mul(mask3);
    cv::Mat grain(height, width, CV_32FC3);
    cv::RNG grains(static_cast<std::uint64_t>(seed * 77 + static_cast<int>(face.x * 3 + wall.x)));
    grains.fill(grain, cv::RNG::NORMAL, 0, noise);
    return picture + grain;
}

using Numbers = std::map<std::string, double>;

Numbers named(const Result<std::vector<float>>& values) {
    REQUIRE(values);
    const auto& names = PassiveFeatures::names();
    REQUIRE(values->size() == names.size());
    Numbers numbers;
    for (std::size_t i = 0; i < names.size(); ++i) {
        REQUIRE(std::isfinite((*values)[i]));
        numbers[names[i]] = static_cast<double>((*values)[i]);
    }
    REQUIRE(numbers.size() == names.size());  // no name twice
    return numbers;
}

Numbers measured(const cv::Mat& picture, const Detection& face = face_at()) {
    PassiveFeatures features;
    return named(features.measure(frame_of(picture), face));
}

// A wave over the picture, `period` pixels long.
cv::Mat wave(double period, double size, cv::Scalar colour, double angle = 0) {
    cv::Mat picture(height, width, CV_32FC3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double along = x * std::cos(angle) + y * std::sin(angle);
            const double value = size * std::sin(2 * CV_PI * along / period);
            picture.at<cv::Vec3f>(y, x) = {static_cast<float>(colour[0] * value),
                                           static_cast<float>(colour[1] * value),
                                           static_cast<float>(colour[2] * value)};
        }
    }
    return picture;
}

}  // namespace

TEST_CASE("liveness features: a grid over the face stands out of its spectrum") {
    const auto plain = measured(scene());
    const auto grid = measured(scene() + wave(4, 3, {1, 1, 1}, 0.3));
    CHECK(grid.at("frequency.grey.peak_1.1") > plain.at("frequency.grey.peak_1.1") + 2);
    CHECK(grid.at("frequency.grey.peak_radius") == Approx(128.0 / 4).margin(1.5));
    CHECK(grid.at("frequency.colour.peak_1.1") < plain.at("frequency.colour.peak_1.1") + 1.5);
    const auto coloured = measured(scene() + wave(4, 3, {-1, 0, 1}, 0.3));
    CHECK(coloured.at("frequency.colour.peak_1.1") > plain.at("frequency.colour.peak_1.1") + 2);
}

TEST_CASE("liveness features: blur takes the finest texture away and leaves the coarse") {
    cv::Mat blurred;
    cv::GaussianBlur(scene(), blurred, {}, 2);
    const auto sharp = measured(scene());
    const auto soft = measured(blurred);
    CHECK(soft.at("texture.band.0") < sharp.at("texture.band.0") - 1);
    CHECK(soft.at("texture.band.3") == Approx(sharp.at("texture.band.3")).margin(0.5));
    CHECK(soft.at("frequency.grey.band.6") < sharp.at("frequency.grey.band.6") - 1);
}

TEST_CASE("liveness features: noise is measured, and whether the channels share it") {
    cv::Mat grain(height, width, CV_32F);
    cv::RNG(5).fill(grain, cv::RNG::NORMAL, 0, 5);
    cv::Mat shared;
    cv::merge(std::vector<cv::Mat>{grain, grain, grain}, shared);
    const auto plain = measured(scene());
    const auto own = measured(scene(1, {}, {}, 5));
    const auto same = measured(scene() + shared);
    CHECK(own.at("texture.noise") > plain.at("texture.noise") + 0.5);
    CHECK(same.at("texture.noise") > plain.at("texture.noise") + 0.5);
    CHECK(std::abs(own.at("texture.noise_red_green")) < 0.2);
    CHECK(same.at("texture.noise_red_green") > 0.6);
}

TEST_CASE("liveness features: the border of a screen is found on all four sides") {
    cv::Mat framed = scene();
    const cv::Rect screen(static_cast<int>(middle.x) - 95, static_cast<int>(middle.y) - 100, 190,
                          230);
    cv::rectangle(framed, screen, cv::Scalar::all(20), 9);
    const auto without = measured(scene());
    const auto with = measured(framed);
    CHECK(with.at("edges.weakest_side") > 20);
    CHECK(without.at("edges.weakest_side") < 10);
    CHECK(with.at("edges.right_offset") == Approx(95 / (2.8 * unit)).margin(0.06));
    CHECK(with.at("edges.left_offset") == Approx(95 / (2.8 * unit)).margin(0.06));
    CHECK(with.at("edges.right_step") > without.at("edges.right_step"));
}

TEST_CASE("liveness features: colour of the face is told from colour around it") {
    cv::Mat bluish = scene();
    bluish += cv::Scalar(30, 0, -20);
    const auto plain = measured(scene());
    const auto cast = measured(bluish);
    CHECK(cast.at("colour.face.blue") > plain.at("colour.face.blue") + 0.1);
    CHECK(cast.at("colour.far.blue") > plain.at("colour.far.blue") + 0.1);
    cv::Mat pale = scene();
    cv::Mat grey;
    cv::cvtColor(pale, grey, cv::COLOR_BGR2GRAY);
    cv::cvtColor(grey, grey, cv::COLOR_GRAY2BGR);
    CHECK(measured(grey).at("colour.face.saturation") < 0.1);
    CHECK(plain.at("colour.face.saturation") > 0.3);
    cv::Mat shining = scene();
    cv::circle(shining, cv::Point(middle) + cv::Point(-15, -20), 12, cv::Scalar::all(252), -1);
    CHECK(measured(shining).at("colour.face.shine") > plain.at("colour.face.shine") + 0.1);
    CHECK(measured(shining).at("colour.face.clipped_share") > 0.01);
}

TEST_CASE("liveness features: a sheet moves with the face on it, a wall stays behind a head") {
    const auto follows = [](cv::Point2d face_step, cv::Point2d wall_step) {
        PassiveFeatures features;
        Numbers last;
        for (int i = 0; i < 6; ++i) {
            const cv::Point2d face = face_step * i;
            const auto picture = scene(1, face, wall_step * i);
            last = named(features.measure(frame_of(picture, Instant{} + 100ms * i),
                                          face_at(face.x, face.y)));
        }
        return last;
    };
    const auto head = follows({2, 1}, {0, 0});
    const auto sheet = follows({2, 1}, {2, 1});
    CHECK(head.at("motion.follows") < 0.3);
    CHECK(sheet.at("motion.follows") > 0.5);
    CHECK(sheet.at("motion.near_by_face") > 2 * head.at("motion.near_by_face"));
}

TEST_CASE("liveness features: flicker of the face alone is a screen's") {
    const auto flutter = [](double face_gain, double all_gain) {
        PassiveFeatures features;
        Numbers last;
        for (int i = 0; i < 8; ++i) {
            cv::Mat picture = scene();
            const double sign = i % 2 == 0 ? 1 : -1;
            picture *= 1 + all_gain * sign;
            picture(cv::Rect(150, 70, 180, 200)) *= 1 + face_gain * sign;
            last = named(features.measure(frame_of(picture, Instant{} + 100ms * i), face_at()));
        }
        return last;
    };
    const auto calm = flutter(0, 0);
    const auto screen = flutter(0.03, 0);
    const auto room = flutter(0, 0.03);
    CHECK(screen.at("motion.face_flutter") > calm.at("motion.face_flutter") + 2);
    CHECK(screen.at("motion.flutter_apart") > room.at("motion.flutter_apart") + 2);
}

TEST_CASE("liveness features: a heart's beat is seen in living skin and missed on a mask") {
    // Two seconds of a face whose skin loses `size` of its green light with each beat, and of a
    // neck below it that always does.
    const auto film = [](double size, int frames) {
        const cv::Mat still = scene(1, {}, {}, 0);
        const cv::Rect neck(190, 255, 100, 50);
        PassiveFeatures features;
        Numbers last;
        for (int i = 0; i < frames; ++i) {
            const double beat = std::sin(2 * CV_PI * 1.3 * 0.1 * i);
            const auto flush = [&](cv::Mat part, double much) {
                // Of the light; steps of 8 bits go with its root.
                const auto gain = [&](double share) { return 1 - share * much * beat / 2.2; };
                cv::multiply(part, cv::Scalar(gain(0.5), gain(1), gain(0.3)), part);
            };
            cv::Mat picture = still.clone();
            picture(neck).setTo(cv::Scalar(100, 130, 175));
            flush(picture(cv::Rect(150, 70, 180, 180)), size);
            flush(picture(neck), 0.01);
            cv::Mat grain(height, width, CV_32FC3);
            cv::RNG(static_cast<std::uint64_t>(100 + i)).fill(grain, cv::RNG::NORMAL, 0, 2);
            last = named(
                features.measure(frame_of(picture + grain, Instant{} + 100ms * i), face_at()));
        }
        return last;
    };
    const auto living = film(0.01, 20);
    const auto mask = film(0, 20);
    CHECK(living.at("pulse.green.wave") == Approx(std::log(0.006)).margin(0.3));
    CHECK(living.at("pulse.green.wave") > mask.at("pulse.green.wave") + 1);
    CHECK(living.at("pulse.green.share") > mask.at("pulse.green.share") + 0.2);
    CHECK(living.at("pulse.green.follows") == Approx(1).margin(0.35));
    CHECK(mask.at("pulse.green.follows") == Approx(0).margin(0.3));
    CHECK(living.at("pulse.seconds") == Approx(1.9).margin(0.01));
    // Before a beat is over there is nothing to say.
    CHECK(film(0.01, 9).at("pulse.green.wave") == Approx(PassiveFeatures::no_history));
}

TEST_CASE("liveness features: the edge of a hole around the eye is seen as a rim") {
    const auto with_rims = [](double dark) {
        cv::Mat picture = scene(1, {}, {}, 0);
        for (const double side : {-0.5, 0.5}) {
            const cv::Point eye(static_cast<int>(middle.x + side * unit),
                                static_cast<int>(middle.y - 0.5 * unit));
            cv::Mat ring = cv::Mat::zeros(height, width, CV_32F);
            cv::ellipse(ring, eye, {16, 11}, 0, 0, 360, cv::Scalar(dark), 1, cv::LINE_AA);
            cv::Mat ring3;
            cv::merge(std::vector<cv::Mat>{ring, ring, ring}, ring3);
            picture = picture.mul(cv::Scalar::all(1) - ring3);
        }
        return measured(picture);
    };
    const auto plain = with_rims(0);
    const auto mask = with_rims(0.4);
    CHECK(mask.at("rims.depth_low_worse") > plain.at("rims.depth_low_worse") + 0.02);
    CHECK(mask.at("rims.depth") > plain.at("rims.depth") + 0.02);
    CHECK(mask.at("rims.radius") == Approx(11 / unit).margin(0.03));
}

TEST_CASE("liveness features: a new track knows nothing of the one before") {
    PassiveFeatures features;
    const auto first = features.measure(frame_of(scene(1)), face_at());
    const auto second = features.measure(frame_of(scene(2), Instant{} + 1100ms), face_at());
    CHECK(named(first).at("motion.follows") == Approx(PassiveFeatures::no_history));
    CHECK(named(second).at("motion.follows") > -10);
    features.begin_track();
    CHECK(*features.measure(frame_of(scene(1)), face_at()) == *first);
    // The same film again gives the same numbers; another order gives others.
    CHECK(*features.measure(frame_of(scene(2), Instant{} + 1100ms), face_at()) == *second);
    features.begin_track();
    (void)features.measure(frame_of(scene(2)), face_at());
    CHECK(*features.measure(frame_of(scene(1), Instant{} + 1100ms), face_at()) != *second);
    // A frame from before the last one, or of another size, begins anew.
    const auto earlier = features.measure(frame_of(scene(1), Instant{} + 500ms), face_at());
    CHECK(named(earlier).at("motion.follows") == Approx(PassiveFeatures::no_history));
    cv::Mat cropped = scene(1)(cv::Rect(0, 0, 400, 330)).clone();
    const auto other = features.measure(frame_of(cropped, Instant{} + 2s), face_at());
    CHECK(named(other).at("motion.follows") == Approx(PassiveFeatures::no_history));
}

TEST_CASE("liveness features: where the face is comes from the points, in either scheme") {
    Detection corners;
    corners.landmarks.scheme = LandmarkScheme::corners;
    const auto at = [&](double u, double v) {
        return Point{middle.x + u * unit, middle.y + v * unit};
    };
    corners.landmarks.points = {at(0.72, -0.5), at(0.28, -0.5), at(-0.72, -0.5), at(-0.28, -0.5),
                                at(0, 0.12)};
    const auto by_corners = measured(scene(), corners);
    const auto by_centres = measured(scene());
    CHECK(by_corners.at("edges.unit") == Approx(by_centres.at("edges.unit")).epsilon(0.05));
    CHECK(by_corners.at("texture.band.1") == Approx(by_centres.at("texture.band.1")).margin(0.15));
}

TEST_CASE("liveness features: what cannot be measured is an error, at the border it can be") {
    PassiveFeatures features;
    const auto good = frame_of(scene());
    CHECK(features.measure(hal::Frame{}, face_at()).error().code == Errc::corrupt);
    auto grey = good;
    grey.format = hal::PixelFormat::gray8;
    CHECK(features.measure(grey, face_at()).error().code == Errc::corrupt);
    Detection none;
    CHECK(features.measure(good, none).error().code == Errc::out_of_range);
    Detection wild = face_at();
    wild.landmarks.points[0].x = std::nan("");
    CHECK(features.measure(good, wild).error().code == Errc::out_of_range);
    CHECK(features.measure(good, face_at(5000, 0)).error().code == Errc::out_of_range);
    for (const double x : {-230.0, -150.0, 150.0, 230.0}) {
        CHECK(features.measure(good, face_at(x, 100)));
    }
    CHECK(features.measure(good, face_at(0, 0, 5)));
    CHECK(features.measure(good, face_at(0, 0, 250)));
    CHECK(features.measure(frame_of(cv::Mat(8, 8, CV_32FC3, cv::Scalar::all(9))),
                           face_at(4 - middle.x, 4 - middle.y, 6)));
}
