#include "maths.h"

#include <vector>

namespace strongroom::people {
namespace {

constexpr int lattice = 256;

const std::vector<float>& lattice_values() {
    static const std::vector<float> values = [] {
        std::vector<float> v(at(lattice * lattice));
        std::uint64_t i = 0;
        // Uniform values, scaled so that what is interpolated between them has about unit variance.
        for (float& value : v) value = (unit_of(i++ + 0x51aU) - 0.5F) * 5.2F;
        return v;
    }();
    return values;
}

}  // namespace

float noise(float x, float y) {
    const std::vector<float>& v = lattice_values();
    const float fx = std::floor(x);
    const float fy = std::floor(y);
    const int ix = static_cast<int>(fx) & (lattice - 1);
    const int iy = static_cast<int>(fy) & (lattice - 1);
    const int jx = (ix + 1) & (lattice - 1);
    const int jy = (iy + 1) & (lattice - 1);
    float tx = x - fx;
    float ty = y - fy;
    tx = tx * tx * (3 - 2 * tx);
    ty = ty * ty * (3 - 2 * ty);
    const float top = mix(v[at(iy * lattice + ix)], v[at(iy * lattice + jx)], tx);
    const float bottom = mix(v[at(jy * lattice + ix)], v[at(jy * lattice + jx)], tx);
    return mix(top, bottom, ty);
}

float rough_noise(float x, float y) {
    return 0.68F * noise(x, y) + 0.5F * noise(2.1F * x + 17, 2.1F * y + 5) +
           0.35F * noise(4.3F * x + 51, 4.3F * y + 29);
}

}  // namespace strongroom::people
