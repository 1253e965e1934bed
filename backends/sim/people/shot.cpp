#include "people/shot.h"

#include <cmath>

#include "field_limits.h"
#include "maths.h"

namespace strongroom::people {
namespace {

void check_person(const Shot& shot, FieldLimits& faults) {
    const Appearance& a = shot.appearance;
    faults.known("appearance.eyewear", a.eyewear, Eyewear::sunglasses);
    faults.known("appearance.headwear", a.headwear, Headwear::scarf);
    faults.known("appearance.cover", a.cover, Cover::hair);
    faults.limit("appearance.beard_growth", a.beard_growth, -1, 1);
    faults.limit("appearance.make_up", a.make_up, 0, 1);
    faults.limit("pose.yaw", shot.pose.yaw, -90, 90);
    faults.limit("pose.pitch", shot.pose.pitch, -60, 60);
    faults.limit("pose.roll", shot.pose.roll, -60, 60);
    const Expression& e = shot.expression;
    faults.limit("expression.gaze_x", e.gaze_x, -1, 1);
    faults.limit("expression.gaze_y", e.gaze_y, -1, 1);
    faults.limit("expression.eyes_open", e.eyes_open, 0, 1);
    faults.limit("expression.mouth_open", e.mouth_open, 0, 1);
    faults.limit("expression.smile", e.smile, 0, 1);
    faults.limit("expression.brows", e.brows, -1, 1);
    faults.limit("place.distance", shot.place.distance, 0.2, 3);
    faults.limit("place.right", shot.place.right, -10, 10);
    faults.limit("place.up", shot.place.up, -10, 10);
}

void check_light(const Shot& shot, FieldLimits& faults) {
    const Lighting& l = shot.lighting;
    const std::size_t before = faults.found.size();
    faults.limit("lighting.key", l.key, 0, 4);
    faults.limit("lighting.fill", l.fill, 0, 4);
    faults.limit("lighting.ambient", l.ambient, 0, 4);
    if (faults.found.size() == before && l.key + l.fill + l.ambient < 1e-3) {
        faults.found.emplace_back(
            "lighting.key, lighting.fill and lighting.ambient are together under 0.001: nothing "
            "can be seen without light; raise one of them.");
    }
    faults.limit("lighting.key_azimuth", l.key_azimuth, -180, 180);
    faults.limit("lighting.key_elevation", l.key_elevation, -90, 90);
    faults.limit("lighting.temperature", l.temperature, 2000, 10000);
    faults.limit("lighting.flicker_depth", l.flicker_depth, 0, 1);
    faults.limit("lighting.flicker_frequency", l.flicker_frequency, 0, 100000);
    faults.known("background", shot.background, Background::window);
}

void check_lens(const Shot& shot, FieldLimits& faults) {
    const Lens& l = shot.lens;
    faults.limit("lens.width", l.width, 64, 4096);
    faults.limit("lens.height", l.height, 64, 4096);
    faults.limit("lens.focal_length", l.focal_length, 16, 20000);
    faults.limit("lens.exposure", l.exposure, 0, 64, true);
    faults.limit("lens.white_balance_red", l.white_balance_red, 0.1, 10);
    faults.limit("lens.white_balance_blue", l.white_balance_blue, 0.1, 10);
    faults.limit("lens.blur", l.blur, 0, 30);
    faults.limit("lens.motion_blur", l.motion_blur, 0, 60);
    faults.limit("lens.motion_angle", l.motion_angle, -360, 360);
    faults.limit("lens.noise", l.noise, 0, 100);
    faults.limit("lens.row_noise", l.row_noise, 0, 100);
    faults.limit("lens.vignette", l.vignette, 0, 1);
    if (l.jpeg_quality != 0) faults.limit("lens.jpeg_quality", l.jpeg_quality, 5, 100);
    faults.limit("time", shot.time, 0, 1e9);
}

}  // namespace

std::vector<std::string> check(const Shot& shot) {
    FieldLimits faults;
    check_person(shot, faults);
    check_light(shot, faults);
    check_lens(shot, faults);
    return faults.found;
}

Shot random_shot(Rng& rng, double difficulty) {
    const double d = std::clamp(difficulty, 0.0, 1.0);
    Shot shot;
    const double u = rng.uniform();
    shot.appearance.eyewear = u < 0.5 * std::min(d, 0.5) ? Eyewear::glasses : Eyewear::none;
    if (rng.uniform() < 0.05 * d) shot.appearance.headwear = Headwear::cap;
    if (rng.uniform() < 0.03 * d) shot.appearance.headwear = Headwear::beanie;
    shot.appearance.beard_growth = d * std::clamp(rng.normal(0, 0.12), -0.3, 0.3);
    shot.appearance.make_up = rng.uniform() < 0.3 * d ? rng.uniform() : 0;
    shot.place.distance = 0.6 + d * rng.uniform(-0.15, 0.30);
    shot.place.right = d * rng.normal(0, 0.03);
    shot.place.up = -0.01 + d * rng.normal(0, 0.025);
    Lighting& light = shot.lighting;
    light.key = 0.72 * std::exp(d * rng.normal(0, 0.40));
    light.key_azimuth = std::clamp(d * rng.normal(0, 50), -100.0, 100.0);
    light.key_elevation = std::clamp(35 + d * rng.normal(0, 20), -10.0, 80.0);
    light.fill = 0.25 * std::exp(d * rng.normal(0, 0.6));
    light.ambient = 0.35 * std::exp(d * rng.normal(0, 0.5));
    light.temperature = std::clamp(5000 + d * rng.normal(0, 1200), 2700.0, 8500.0);
    light.flicker_depth = d * rng.uniform(0, 0.15);
    light.flicker_frequency = rng.uniform() < 0.5 ? 100 : 120;
    shot.background = static_cast<Background>(rng.below(5));
    shot.background_seed = rng.next();
    Lens& lens = shot.lens;
    // The camera sets its exposure by what falls on the scene, imperfectly.
    const double falls = 0.62 * light.key + 0.5 * light.fill + 0.8 * light.ambient;
    lens.exposure = 0.86 / falls * std::exp(d * rng.normal(0, 0.22));
    lens.white_balance_red = std::exp(d * rng.normal(0, 0.07));
    lens.white_balance_blue = std::exp(d * rng.normal(0, 0.07));
    lens.blur = 0.6 + d * std::abs(rng.normal(0, 0.5));
    lens.noise = 1 + d * rng.uniform(0, 6);
    lens.row_noise = d * rng.uniform(0, 0.8);
    lens.vignette = 0.05 + d * rng.uniform(0, 0.25);
    lens.jpeg_quality = rng.uniform() < 0.6 * d ? static_cast<int>(rng.uniform(60, 95)) : 0;
    vary_within_visit(shot, rng, d);
    return shot;
}

void vary_within_visit(Shot& shot, Rng& rng, double difficulty) {
    const double d = std::clamp(difficulty, 0.0, 1.0);
    shot.pose.yaw = std::clamp(rng.normal(0, 1 + 13 * d), -40.0, 40.0);
    shot.pose.pitch = std::clamp(rng.normal(0, 1 + 8 * d), -28.0, 28.0);
    shot.pose.roll = std::clamp(rng.normal(0, 1 + 6 * d), -20.0, 20.0);
    Expression& e = shot.expression;
    e.gaze_x = std::clamp(rng.normal(0, 0.05 + 0.4 * d), -1.0, 1.0);
    e.gaze_y = std::clamp(rng.normal(0, 0.05 + 0.25 * d), -1.0, 1.0);
    e.eyes_open = std::clamp(rng.normal(1 - 0.06 * d, 0.15 * d), 0.45, 1.0);
    e.mouth_open = rng.uniform() < 0.40 * d ? 0.6 * d * rng.uniform() : 0;
    e.smile = rng.uniform() < 0.7 * d ? d * rng.uniform() : 0;
    e.brows = std::clamp(rng.normal(0, 0.5 * d), -1.0, 1.0);
    shot.lens.motion_blur = rng.uniform() < 0.35 * d ? rng.uniform(0, 4) : 0;
    shot.lens.motion_angle = rng.uniform(0, 180);
    shot.time = rng.uniform(0, 20);
    shot.noise_seed = rng.next();
}

}  // namespace strongroom::people
