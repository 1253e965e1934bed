// The skin of a head as a picture that its mesh carries.
#pragma once

#include <vector>

#include "mesh.h"

namespace strongroom::people {

// Linear reflectance and, in the fourth channel, how dense hair of a beard can grow, 0 to 1.
struct Texel {
    float red = 0;
    float green = 0;
    float blue = 0;
    float beard = 0;
};

struct SkinTexture {
    int side = 0;
    std::vector<Texel> texels;

    // u and v between 0 and 1.
    [[nodiscard]] Texel sample(float u, float v) const {
        const float x = u * static_cast<float>(side - 1);
        const float y = v * static_cast<float>(side - 1);
        const int ix = std::min(static_cast<int>(x), side - 2);
        const int iy = std::min(static_cast<int>(y), side - 2);
        const float tx = x - static_cast<float>(ix);
        const float ty = y - static_cast<float>(iy);
        const Texel* t = texels.data() + static_cast<std::ptrdiff_t>(iy) * side + ix;
        const float a = (1 - tx) * (1 - ty);
        const float b = tx * (1 - ty);
        const float c = (1 - tx) * ty;
        const float d = tx * ty;
        const Texel& e = t[side];
        const Texel& g = t[side + 1];
        return {a * t[0].red + b * t[1].red + c * e.red + d * g.red,
                a * t[0].green + b * t[1].green + c * e.green + d * g.green,
                a * t[0].blue + b * t[1].blue + c * e.blue + d * g.blue,
                a * t[0].beard + b * t[1].beard + c * e.beard + d * g.beard};
    }
};

// `detail` and `saturation`: see Material. `brows`: whether they are painted.
[[nodiscard]] SkinTexture bake_skin(const Head& head, const Features& features,
                                    const HeadMesh& mesh, int side, float detail, float saturation);

}  // namespace strongroom::people
