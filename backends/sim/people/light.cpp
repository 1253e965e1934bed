#include "light.h"

namespace strongroom::people {
namespace {

constexpr double degree = 3.14159265358979323846 / 180;

V3 towards(double azimuth, double elevation) {
    return {to_float(std::sin(azimuth * degree) * std::cos(elevation * degree)),
            to_float(std::sin(elevation * degree)),
            to_float(std::cos(azimuth * degree) * std::cos(elevation * degree))};
}

}  // namespace

Lamps::Lamps(const Lighting& lighting, double time) {
    const double wave = std::sin(2 * 180 * degree * lighting.flicker_frequency * time);
    const float flicker = to_float(1 - lighting.flicker_depth * (0.5 + 0.5 * wave));
    key_to = towards(lighting.key_azimuth, lighting.key_elevation);
    const double other_side = lighting.key_azimuth > 0 ? -40 : 40;
    fill_to = towards(other_side - lighting.key_azimuth * 0.3, 12);
    key = to_float(lighting.key) * flicker;
    fill = to_float(lighting.fill) * flicker;
    ambient = to_float(lighting.ambient) * flicker;
    // Against a camera that is balanced for 5000 kelvin.
    const double warm = 5000 / lighting.temperature;
    colour = {to_float(std::pow(warm, 0.35)), 1, to_float(std::pow(warm, -0.55))};
}

}  // namespace strongroom::people
