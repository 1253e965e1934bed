#include "painting.h"

namespace strongroom::people {

PaintEye::PaintEye(const Complexion& complexion, V3 key)
    : c_(complexion),
      iris_(as_v3(complexion.material.eye_holes ? complexion.wearer.iris : complexion.head.iris)),
      hole_(complexion.masked && complexion.material.eye_holes),
      gaze_x_(to_float(complexion.shot.expression.gaze_x) * complexion.f.eye_width * 0.42F),
      gaze_y_(to_float(complexion.shot.expression.gaze_y) * complexion.f.eye_height * 0.55F),
      open_(to_float(complexion.shot.expression.eyes_open)),
      glint_x_(0.022F * key.x),
      glint_y_(0.022F * key.y) {}

// The eyeball at (x, y) from the middle of the opening.
V3 PaintEye::ball(float x, float y, float upper, float& glint) const {
    const Features& f = c_.f;
    const float along = x / f.eye_width;
    V3 c{0.55F, 0.515F, 0.485F};
    c = c * (1 - 0.30F * along * along);
    const float red = soft(0.6F, 1.0F, std::abs(along));
    c = mix(c, V3{0.50F, 0.22F, 0.19F}, 0.45F * red);
    const float iris = 0.0525F;
    const float dx = x - gaze_x_;
    const float dy = y - gaze_y_;
    const float r = std::sqrt(dx * dx + dy * dy);
    if (r < iris * 1.1F) {
        const float s = r / iris;
        V3 colour = iris_ * (1.25F - 0.55F * soft(0.75F, 1.F, s) + 0.35F * bell(s - 0.5F, 0.15F));
        colour = colour * (1 + 0.5F * std::max(0.F, -dy / iris));  // light gathers below
        colour = mix(colour, V3{0.006F, 0.006F, 0.006F}, soft(0.42F, 0.34F, s));
        c = mix(c, colour, soft(1.08F, 0.92F, s));
    }
    glint = bell(dx - glint_x_, dy - glint_y_, 0.0085F, 0.0085F);
    // The shadow of the upper lid.
    return c * (0.42F + 0.58F * soft(-0.002F, 0.042F, upper - y));
}

bool PaintEye::operator()(const Lit& l, float* pixel) const {
    const Features& f = c_.f;
    const float ax = std::abs(l.a);
    const float out = (ax - f.eye_gap) / f.eye_width;
    V3 colour = c_.skin_at(l);
    float shine = 1;
    const float y = l.b - f.eye_y - f.eye_slant * out;
    const LidCurve lid = lids(f, -out, open_);
    if (hole_) {
        const float ey = (l.b - f.eye_y) / (f.eye_height * 2.1F);
        const float r = std::sqrt(out * out / 2.0F + ey * ey);
        const V3 around = as_v3(c_.wearer.skin) * V3{0.80F, 0.74F, 0.74F} * c_.wearer_pulse;
        colour = mix(colour, around, soft(1.0F, 0.95F, r));
        colour = colour * (1 - 0.6F * bell(r - 1, 0.05F));
    }
    if (std::abs(out) < 1.12F) {
        const float inside = std::min(lid.upper - y, y - lid.lower);
        const float in = std::abs(out) < 1 ? soft(-0.005F, 0.005F, inside) : 0.F;
        if (in > 0) {
            float glint = 0;
            const float x = l.a < 0 ? l.a + f.eye_gap : l.a - f.eye_gap;
            const V3 eyeball = ball(x, y, lid.upper, glint);
            colour = mix(colour, eyeball, in);
            shine = 1 - in;
            const float g = glint * in * (c_.lamps.key * 0.9F + 0.1F);
            colour = colour + V3{g, g, g};
        }
        // Lashes above, a moist edge below.
        const float reach = soft(1.12F, 0.95F, std::abs(out));
        const float lash = bell(y - lid.upper, 0.0085F + 0.003F * out) * reach;
        const float made_up = to_float(c_.shot.appearance.make_up);
        colour = mix(colour, V3{0.012F, 0.009F, 0.008F}, lash * (0.72F + 0.2F * made_up));
        const float edge = bell(y - lid.lower, 0.006F) * reach * open_;
        colour = mix(colour, colour * V3{0.62F, 0.48F, 0.45F}, edge * 0.7F);
        shine *= 1 - lash;
    }
    return put(l, colour, shine, pixel);
}

V3 Complexion::made_up(V3 c, const Lit& l) const {
    const float much = to_float(shot.appearance.make_up);
    const float mx = l.a / f.mouth_width;
    const float round = std::max(0.F, 1 - mx * mx);
    const float my = l.b - f.mouth_y;
    const float upper = f.lip_height * 0.95F * round;
    const float lower = -f.lip_height * 1.25F * std::sqrt(round);
    const float lips = soft(upper + 0.008F, upper - 0.008F, my) *
                       soft(lower - 0.010F, lower + 0.010F, my) * soft(0, 0.1F, round);
    c = mix(c, c * V3{0.95F, 0.38F, 0.45F}, much * lips);
    const float ax = std::abs(l.a);
    const float cheek = bell(ax - 0.38F, l.b - f.eye_y + 0.27F, 0.11F, 0.08F);
    c = mix(c, c * V3{1.05F, 0.80F, 0.82F}, 0.5F * much * cheek);
    const float lid = bell(ax - f.eye_gap, l.b - f.eye_y - f.eye_height * 1.5F, f.eye_width * 0.8F,
                           f.eye_height * 0.6F);
    return mix(c, c * V3{0.55F, 0.45F, 0.55F}, 0.6F * much * lid);
}

bool PaintMouth::operator()(const Lit& l, float* pixel) const {
    const V3 lip = as_v3(c.masked && c.material.mouth_hole ? c.wearer.lip : c.head.lip);
    const float open = to_float(c.shot.expression.mouth_open);
    const float t = (l.b - c.f.mouth_y) / Features::lip_gap;  // -1 lower lip to 1 upper lip
    V3 inside{0.035F, 0.010F, 0.009F};
    const float along = l.a / c.f.mouth_width;
    // The upper teeth, less of them the wider the mouth.
    const float edge = 1 - std::min(1.6F, 0.30F / std::max(open, 0.05F));
    const float teeth = soft(edge - 0.1F, edge + 0.1F, t) * soft(0.75F, 0.55F, std::abs(along));
    const float gaps = 0.82F + 0.18F * std::abs(std::cos(along * 14));
    inside = mix(inside, V3{0.55F, 0.51F, 0.44F} * gaps * (1 - 0.45F * along * along),
                 teeth * soft(0.02F, 0.12F, open));
    const float shade = 1 - 0.5F * soft(0.5F, 1.F, t);
    const V3 colour = mix(lip * 0.30F, inside * shade, soft(0.02F, 0.10F, open));
    return put(l, colour * c.pulse, 0.2F, pixel);
}

bool PaintEar::operator()(const Lit& l, float* pixel) const {
    const V3 skin = as_v3(c.wearer.skin) * V3{1.0F, 0.90F, 0.88F} * (1 - 0.25F * l.a);
    return put(l, skin * c.wearer_pulse, 0.5F, pixel);
}

bool PaintHair::operator()(const Lit& l, float* pixel) const {
    const float curly = c.wearer.hair_style == HairStyle::curly ? 1.F : 0.F;
    const float across = mix(l.u * 240, l.u * 70, curly);
    const float down = mix(l.v * 9, l.v * 60, curly);
    const float strand = noise(across, down);
    const float edge = l.a + 0.010F * noise(l.u * 90, l.v * 40) + 0.010F * strand;
    if (edge <= 0) return false;
    const float cover = soft(0, 0.07F, edge);
    const V3 hair = as_v3(c.wearer.hair);
    V3 colour = hair * (1 + 0.24F * strand + 0.15F * noise(across * 0.27F, down * 0.6F));
    const float shine = 0.8F + 0.5F * strand;
    const V3 before{pixel[0], pixel[1], pixel[2]};
    put(l, colour, shine * (0.35F + std::min(1.F, 3 * hair.x)), pixel);
    if (cover < 1) {
        pixel[0] = mix(before.x, pixel[0], cover);
        pixel[1] = mix(before.y, pixel[1], cover);
        pixel[2] = mix(before.z, pixel[2], cover);
        return cover > 0.5F;
    }
    return true;
}

PaintBody::PaintBody(const Complexion& complexion) : c_(complexion) {
    const std::uint64_t seed =
        scramble(complexion.shot.background_seed) ^ scramble(complexion.wearer.marks + 5);
    const auto draw_colour = [&](std::uint64_t k) {
        const float grey = 0.03F + 0.5F * unit_of(seed + k) * unit_of(seed + k);
        const float colour = 0.55F * unit_of(seed + k + 1);
        return V3{grey * (1 + colour * (unit_of(seed + k + 2) - 0.5F) * 2),
                  grey * (1 + colour * (unit_of(seed + k + 3) - 0.5F)),
                  grey * (1 + colour * (unit_of(seed + k + 4) - 0.5F) * 2)};
    };
    cloth_ = draw_colour(10);
    second_ = draw_colour(20);
    cut_ = static_cast<int>(unit_of(seed + 30) * 3);
    pattern_ = static_cast<int>(unit_of(seed + 31) * 5);
}

bool PaintBody::operator()(const Lit& l, float* pixel) const {
    const float ax = std::abs(l.a);
    float edge = l.b + 1.33F;  // above 0: skin
    if (cut_ == 1) edge = l.b + 1.36F + 0.5F * std::max(0.F, 0.42F - ax * 1.1F);
    if (cut_ == 2) edge = l.b + 1.20F + 0.42F * std::max(0.F, 0.20F - ax);
    if (edge > 0) {
        const V3 skin = as_v3(c_.wearer.skin) * V3{0.96F, 0.93F, 0.92F};
        return put(l, skin * c_.wearer_pulse, 2, pixel);
    }
    V3 cloth = cloth_;
    if (pattern_ == 0 && std::fmod(l.b * 9 + 100, 2.F) < 1) cloth = second_;
    if (pattern_ == 1 && std::fmod(ax * 16, 2.F) < 0.35F) cloth = mix(cloth, second_, 0.6F);
    cloth = cloth * (1 + 0.10F * noise(l.a * 5, l.b * 4) + 0.04F * noise(l.a * 60, l.b * 60));
    const float seam = cut_ == 2 ? 0.16F : 0.06F;
    if (edge > -seam) cloth = cloth * (cut_ == 2 ? 1.12F : 0.86F);
    if (cut_ == 2 && edge <= -seam) {
        cloth = cloth * (1 - 0.45F * bell(edge + seam, 0.025F));
        if (ax < 0.07F) cloth = cloth * (1 - 0.3F * bell(ax - 0.07F, 0.012F));
    }
    cloth = cloth * (1 - 0.35F * bell(edge, 0.02F));
    return put(l, cloth, 1, pixel);
}

}  // namespace strongroom::people
