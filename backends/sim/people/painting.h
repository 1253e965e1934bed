// What each kind of surface looks like, pixel by pixel: functions for draw() of raster.h.
#pragma once

#include "light.h"
#include "skin.h"

namespace strongroom::people {

// What the parts of one person share in one picture.
struct Complexion {
    const Head& head;    // whose face is seen
    const Head& wearer;  // whose hair, ears and neck; under a mask somebody else's
    const Features& f;
    const SkinTexture& skin;
    const Material& material;
    bool masked = false;
    const Shot& shot;
    const Lamps& lamps;
    V3 pulse;         // of the face
    V3 wearer_pulse;  // of everything else

    [[nodiscard]] V3 skin_at(const Lit& l) const {
        const Texel t = skin.sample(l.u, l.v);
        V3 c{t.red, t.green, t.blue};
        if (t.beard > 0.002F) {
            const double own = l.b > f.mouth_y ? head.moustache : head.beard;
            const float amount = clamp01(to_float(own + shot.appearance.beard_growth));
            // Stubble shimmers through; a full beard covers.
            const float cover = t.beard * amount * (1.25F - 0.35F * amount);
            c = mix(c, as_v3(head.hair) * 0.8F + V3{0.010F, 0.008F, 0.007F},
                    std::min(0.92F, cover));
        }
        if (shot.appearance.make_up > 0) c = made_up(c, l);
        return c * pulse;
    }

private:
    [[nodiscard]] V3 made_up(V3 c, const Lit& l) const;
};

inline bool put(const Lit& l, V3 colour, float shine, float* pixel) {
    pixel[0] = colour.x * l.red + shine * l.shine;
    pixel[1] = colour.y * l.green + shine * l.shine;
    pixel[2] = colour.z * l.blue + shine * l.shine;
    return true;
}

// Make-up and a mask's holes have their places in the painters of eyes and lips.
struct PaintSkin {
    const Complexion& c;
    bool operator()(const Lit& l, float* pixel) const { return put(l, c.skin_at(l), 1, pixel); }
};

class PaintEye {
public:
    // `key`: the direction to the key light in the head's own axes.
    PaintEye(const Complexion& complexion, V3 key);
    bool operator()(const Lit& l, float* pixel) const;

private:
    [[nodiscard]] V3 ball(float x, float y, float upper, float& glint) const;

    const Complexion& c_;
    V3 iris_;
    bool hole_;
    float gaze_x_, gaze_y_, open_;
    float glint_x_, glint_y_;
};

struct PaintMouth {
    const Complexion& c;
    bool operator()(const Lit& l, float* pixel) const;
};

struct PaintEar {
    const Complexion& c;
    bool operator()(const Lit& l, float* pixel) const;
};

struct PaintHair {
    const Complexion& c;
    bool operator()(const Lit& l, float* pixel) const;
};

class PaintBody {
public:
    explicit PaintBody(const Complexion& complexion);
    bool operator()(const Lit& l, float* pixel) const;

private:
    const Complexion& c_;
    V3 cloth_;
    V3 second_;
    int cut_;      // round neck, V, shirt with a collar
    int pattern_;  // plain, stripes, fine check
};

}  // namespace strongroom::people
