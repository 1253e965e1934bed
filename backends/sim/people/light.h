// Lamps, the eye of the camera, and what a surface sends to it.
#pragma once

#include "maths.h"
#include "people/shot.h"
#include "raster.h"

namespace strongroom::people {

// Metres from the camera; it looks along -z.
struct View {
    float focal = 600;
    float middle_x = 320;
    float middle_y = 240;

    explicit View(const Lens& lens)
        : focal(to_float(lens.focal_length)),
          middle_x(0.5F * static_cast<float>(lens.width - 1)),
          middle_y(0.5F * static_cast<float>(lens.height - 1)) {}

    void project(V3 p, Lit& lit) const {
        if (p.z > -0.05F) {  // behind the lens
            lit.near = 0;
            return;
        }
        lit.near = -1 / p.z;
        lit.x = middle_x + focal * p.x * lit.near;
        lit.y = middle_y - focal * p.y * lit.near;
    }
};

struct Lamps {
    V3 key_to;
    V3 fill_to;
    float key = 0;
    float fill = 0;
    float ambient = 0;
    V3 colour{1, 1, 1};

    Lamps(const Lighting& lighting, double time);
};

// How a kind of surface answers light.
struct Finish {
    V3 wrap{0.30F, 0.12F, 0.07F};  // how far light creeps round, by colour: skin is translucent
    float shine = 0.10F;
};

inline void illuminate(const Lamps& lamps, const Finish& finish, V3 p, V3 n, float open,
                       float shadow, Lit& lit) {
    const float to_key = dot(n, lamps.key_to);
    const float to_fill = dot(n, lamps.fill_to);
    const float direct = lamps.key * std::sqrt(open) * shadow;
    const float side = lamps.fill * std::max(0.F, (to_fill + 0.2F) / 1.2F) * std::sqrt(open);
    const float around = lamps.ambient * open * (0.82F + 0.18F * n.y) + side;
    lit.red = around * (0.96F + 0.04F / open) +
              direct * std::max(0.F, (to_key + finish.wrap.x) / (1 + finish.wrap.x));
    lit.green = around + direct * std::max(0.F, (to_key + finish.wrap.y) / (1 + finish.wrap.y));
    lit.blue = around + direct * std::max(0.F, (to_key + finish.wrap.z) / (1 + finish.wrap.z));
    lit.red *= lamps.colour.x;
    lit.green *= lamps.colour.y;
    lit.blue *= lamps.colour.z;
    const V3 to_eye = normalised(p * -1.F);
    float s = std::max(0.F, dot(n, normalised(lamps.key_to + to_eye)));
    const float broad = s * s * s * s;
    s = broad * broad;
    s *= s;
    const float facing = 1 - std::max(0.F, dot(n, to_eye));
    const float grazing = facing * facing * facing;
    lit.shine = finish.shine * open *
                (direct * (0.75F * s + 0.16F * broad * (to_key > 0 ? 1.F : 0.F)) +
                 0.5F * lamps.ambient * grazing);
}

}  // namespace strongroom::people
