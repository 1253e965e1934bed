#include "attack_surface.h"

#include <numbers>

#include "base/assert.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

constexpr float degree = std::numbers::pi_v<float> / 180.0F;

V3 towards(double azimuth, double elevation) {
    const float a = to_float(azimuth) * degree;
    const float e = to_float(elevation) * degree;
    return {std::sin(a) * std::cos(e), std::sin(e), -std::cos(a) * std::cos(e)};
}

}  // namespace

View::View(const Lens& lens)
    : width(lens.width),
      height(lens.height),
      centre_x(static_cast<float>(lens.width - 1) / 2),
      centre_y(static_cast<float>(lens.height - 1) / 2),
      focal(static_cast<float>(lens.focal_length)) {}

vision::Point View::project(V3 p) const {
    STRONGROOM_ASSERT(p.z > 0);
    return {static_cast<double>(centre_x + focal * p.x / p.z),
            static_cast<double>(centre_y - focal * p.y / p.z)};
}

V3 Surface::at(float s, float y) const {
    const float x = s * (1.0F - bend * bend * s * s / 6.0F);
    return beside({x, y, -0.5F * bend * x * x});
}

V3 Surface::normal_at(float chord) const { return normalised(right * (bend * chord) + normal); }

Surface surface_at(V3 centre, double yaw, double pitch, double roll, double bend) {
    const float y = static_cast<float>(yaw) * degree;
    const float p = static_cast<float>(pitch) * degree;
    const float r = static_cast<float>(roll) * degree;
    const auto turned = [&](V3 v) {
        v = {v.x * std::cos(y) - v.z * std::sin(y), v.y, v.x * std::sin(y) + v.z * std::cos(y)};
        v = {v.x, v.y * std::cos(p) - v.z * std::sin(p), v.y * std::sin(p) + v.z * std::cos(p)};
        return V3{v.x * std::cos(r) + v.y * std::sin(r), -v.x * std::sin(r) + v.y * std::cos(r),
                  v.z};
    };
    return {centre, turned({1, 0, 0}), turned({0, 1, 0}), turned({0, 0, -1}),
            static_cast<float>(bend)};
}

Extent extent_of(const View& view, const Surface& surface, float half_width, float half_height,
                 float margin) {
    float left = static_cast<float>(view.width);
    float right = -1;
    float top = static_cast<float>(view.height);
    float bottom = -1;
    const float w = half_width + margin;
    const float h = half_height + margin;
    for (int i = -4; i <= 4; ++i) {
        for (const float side : {-1.0F, 1.0F}) {
            V3 p = surface.at(w * static_cast<float>(i) / 4, side * h);
            p.z = std::max(p.z, 0.02F);  // what is beside the camera or behind it reaches the edge
            const vision::Point at = view.project(p);
            left = std::min(left, static_cast<float>(at.x));
            right = std::max(right, static_cast<float>(at.x));
            top = std::min(top, static_cast<float>(at.y));
            bottom = std::max(bottom, static_cast<float>(at.y));
        }
    }
    const auto within = [](float value, int size) {
        return static_cast<int>(std::clamp(value, -1.0F, static_cast<float>(size)));
    };
    return {std::max(within(left - 2, view.width), 0),
            std::min(within(right + 2, view.width), view.width - 1),
            std::max(within(top - 2, view.height), 0),
            std::min(within(bottom + 2, view.height), view.height - 1)};
}

Footprint footprint_of(const View& view, const Surface& surface) {
    const auto size = [&](V3 along) {
        constexpr float step = 1e-3F;
        const vision::Point a = view.project(surface.centre);
        const vision::Point b = view.project(surface.centre + along * step);
        const double pixels = std::hypot(b.x - a.x, b.y - a.y);
        return step / std::max(static_cast<float>(pixels), 1e-3F);
    };
    return {size(surface.right), size(surface.up)};
}

Room::Room(const Shot& shot) {
    const Lamps lamps(shot.lighting, shot.time);
    // Lamps are given by axes whose z leads towards the camera.
    const auto turned = [](V3 v) { return V3{v.x, v.y, -v.z}; };
    Rng rng = Rng(shot.background_seed).fork("reflections");
    ambient_ = lamps.colour * lamps.ambient;
    lamps_[0] = {turned(lamps.key_to), lamps.colour * lamps.key, 0.006F, true};
    lamps_[1] = {turned(lamps.fill_to), lamps.colour * lamps.fill, 0.05F, true};
    // Parts of the ambient light that a mirror shows apart: a tube at the ceiling, a bright door.
    lamps_[2] = {towards(rng.uniform(-35, 35), rng.uniform(8, 40)), ambient_ * 0.28F, 0.005F,
                 false};
    lamps_[3] = {towards(rng.uniform(-45, 45), rng.uniform(-12, 15)), ambient_ * 0.22F, 0.018F,
                 false};
    white_ = 0.62F * lamps.key + 0.5F * lamps.fill + 0.8F * lamps.ambient;
}

V3 Room::diffuse(V3 normal) const {
    V3 sum = ambient_;
    for (const Lamp& lamp : lamps_) {
        if (lamp.lights) {
            sum = sum + lamp.colour * std::max(0.0F, dot(normal, lamp.direction));
        }
    }
    return sum;
}

Mirror Room::mirror(float roughness) const {
    Mirror mirror;
    mirror.walls = ambient_;
    for (std::size_t i = 0; i < lamps_.size(); ++i) {
        const float variance = lamps_[i].size + roughness;
        mirror.glows[i] = {lamps_[i].direction, lamps_[i].colour * (1 / (2 * variance)),
                           1 / variance};
    }
    return mirror;
}

float roughness_of(double gloss) {
    const double slope = 0.45 * std::pow(1 - gloss, 1.5) + 0.01;
    // A mirror turns by a and its picture by two a.
    return static_cast<float>(4 * slope * slope);
}

}  // namespace strongroom::people::attack
