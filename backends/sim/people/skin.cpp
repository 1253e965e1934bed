#include "skin.h"

namespace strongroom::people {
namespace {

struct Mole {
    V3 p;
    float size = 0;
    float depth = 0;
};

// Everything that is the same for all texels.
struct Painter {
    const Head& head;
    const Features& f;
    V3 skin, hair, lip;
    float shift_x, shift_y;  // of the noise: another place of the tile for each person
    float detail;
    std::array<Mole, 7> moles{};

    Painter(const Head& h, const Features& features, float detail_of_skin)
        : head(h),
          f(features),
          skin(as_v3(h.skin)),
          hair(as_v3(h.hair)),
          lip(as_v3(h.lip)),
          shift_x(256 * unit_of(h.marks + 1)),
          shift_y(256 * unit_of(h.marks + 2)),
          detail(detail_of_skin) {
        std::uint64_t k = h.marks + 10;
        for (Mole& mole : moles) {
            mole.p = {(unit_of(k) - 0.5F) * 1.0F, -0.85F + 1.4F * unit_of(k + 1), 0};
            mole.size = 0.008F + 0.012F * unit_of(k + 2) * unit_of(k + 2);
            mole.depth = unit_of(k + 3) < 0.45F ? 0.55F * unit_of(k + 4) : 0;
            k += 5;
        }
    }

    [[nodiscard]] V3 ground(V3 p, float front) const;
    [[nodiscard]] V3 around_eyes(V3 c, V3 p) const;
    [[nodiscard]] V3 lips(V3 c, V3 p) const;
    [[nodiscard]] V3 nose_holes(V3 c, V3 p) const;
    [[nodiscard]] V3 brows(V3 c, V3 p) const;
    [[nodiscard]] V3 wrinkles(V3 c, V3 p) const;
    [[nodiscard]] float beard(V3 p) const;
    [[nodiscard]] Texel paint(V3 p) const;
};

V3 Painter::ground(V3 p, float front) const {
    const float around = std::atan2(p.x, p.z + 0.2F);
    const float nx = around * 10 + shift_x;
    const float ny = p.y * 8 + shift_y;
    V3 c = skin;
    const float blotches = 0.025F * noise(nx * 0.45F, ny * 0.45F) + 0.02F * noise(nx, ny);
    const float pores = 0.016F * noise(nx * 6, ny * 6) + 0.014F * noise(nx * 13 + 7, ny * 13);
    c = c * (1 + detail * (blotches + pores));
    const float red = 0.02F * detail * noise(nx * 0.6F + 90, ny * 0.6F + 40);
    c = V3{c.x * (1 + red), c.y * (1 - red), c.z * (1 - red)};
    if (f.freckles > 0.02F) {
        const float spots = soft(1.1F, 1.7F, noise(nx * 4.5F + 33, ny * 4.5F + 71)) *
                            bell(p.y - f.eye_y + 0.2F, 0.28F) * f.freckles * front * detail;
        c = c * V3{1 - 0.28F * spots, 1 - 0.42F * spots, 1 - 0.5F * spots};
    }
    if (f.age > 0.5F) {
        const float spots = soft(1.2F, 1.9F,
                                 0.7F * noise(nx * 1.3F + ny * 0.9F, ny * 1.3F - nx * 0.9F + 60) +
                                     0.7F * noise(nx * 2.1F + 133, ny * 2.1F + 21));
        c = c * (1 - 0.18F * spots * (f.age - 0.5F) * 2 * detail);
    }
    // Where the blood shows.
    const float ax = std::abs(p.x);
    const float warm = front * (0.75F * bell(ax - 0.37F, p.y - f.eye_y + 0.26F, 0.14F, 0.12F) +
                                0.9F * bell(p.x, p.y - f.nose_base() - 0.05F, 0.11F, 0.08F) +
                                0.4F * bell(p.x, p.y + 0.88F, 0.14F, 0.08F));
    c = c * V3{1 + 0.05F * warm, 1 - 0.075F * warm, 1 - 0.08F * warm};
    for (const Mole& mole : moles) {
        if (mole.depth <= 0 || front <= 0) continue;
        const float m =
            mole.depth * detail * bell(p.x - mole.p.x, p.y - mole.p.y, mole.size, mole.size);
        c = c * V3{1 - 0.75F * m, 1 - m, 1 - m};
    }
    return c;
}

V3 Painter::around_eyes(V3 c, V3 p) const {
    const float ax = std::abs(p.x);
    const float ey = p.y - f.eye_y;
    const float socket = bell(ax - f.eye_gap, ey, 0.16F, 0.085F);
    const float bag = bell(ax - f.eye_gap + 0.03F, ey + 0.095F, 0.10F, 0.03F);
    const float shade = 0.14F * socket + (0.08F + 0.16F * f.age) * bag;
    c = c * V3{1 - shade, 1 - 1.15F * shade, 1 - 1.05F * shade};
    // The fold of the upper lid.
    const float along = (ax - f.eye_gap) / (f.eye_width * 1.1F);
    const float fold = ey - f.eye_height * (1.75F - 0.75F * along * along) - f.eye_slant * along;
    if (std::abs(along) < 1.1F) {
        c = c * (1 - 0.30F * bell(fold, 0.009F) * soft(1.1F, 0.7F, std::abs(along)));
    }
    return c;
}

V3 Painter::lips(V3 c, V3 p) const {
    const float mx = p.x / f.mouth_width;
    if (std::abs(mx) >= 1.05F) return c;
    const float round = std::max(0.F, 1 - mx * mx);
    const float my = p.y - f.mouth_y;
    const float bow = 1 - 0.20F * bell(mx, 0.13F) + 0.06F * bell(std::abs(mx) - 0.28F, 0.15F);
    const float upper = f.lip_height * 0.95F * std::pow(round, 0.75F) * bow;
    const float lower = -f.lip_height * 1.25F * std::sqrt(round);
    const float in =
        soft(upper + 0.010F, upper - 0.008F, my) * soft(lower - 0.012F, lower + 0.012F, my);
    V3 colour = lip * (1 + 0.10F * soft(0, lower, my) - 0.10F * soft(0, upper, my));
    colour = colour * (1 + detail * 0.05F * noise(p.x * 90 + shift_x, p.y * 12));
    c = mix(c, colour, 0.88F * in);
    const float line = bell(my, 0.009F) * soft(1.05F, 0.85F, std::abs(mx));
    return mix(c, lip * 0.22F, 0.8F * line);
}

V3 Painter::nose_holes(V3 c, V3 p) const {
    const float nx = std::abs(p.x) - f.nose_width * 0.46F;
    const float ny = p.y - f.nose_base() - 0.000F;
    const float hole = std::min(1.F, 1.5F * bell(nx, ny, f.nose_width * 0.20F, 0.014F));
    const float wing =
        bell(std::abs(p.x) - f.nose_width * 1.08F, p.y - f.nose_base() - 0.04F, 0.015F, 0.04F);
    c = c * (1 - 0.14F * wing);
    return mix(c, skin * V3{0.16F, 0.10F, 0.09F}, 0.85F * hole);
}

V3 Painter::brows(V3 c, V3 p) const {
    const float ax = std::abs(p.x);
    const float along = (ax - 0.11F) / 0.36F;  // 0 inner to 1 outer end
    if (along < -0.1F || along > 1.05F) return c;
    const float arch = 0.05F * (1 - (along - 0.62F) * (along - 0.62F) / 0.38F);
    const float middle = f.eye_y + f.brow_y - 0.035F + arch + f.brow_slope * (along * 2 - 1);
    const float thick = f.brow_thickness * (1.05F - 0.65F * soft(0.45F, 1.F, along));
    const float hairs =
        1 + 0.45F * detail * noise(ax * 95 - p.y * 60 + shift_x, p.y * 55 + ax * 20);
    const float in = soft(thick * 1.25F, thick * 0.45F, std::abs(p.y - middle)) *
                     soft(-0.08F, 0.06F, along) * soft(1.05F, 0.9F, along);
    const V3 dark = hair * 0.75F + V3{0.012F, 0.009F, 0.008F};
    return mix(c, dark, clamp01(in * (0.72F + 0.2F * hairs)) * 0.88F);
}

V3 Painter::wrinkles(V3 c, V3 p) const {
    const float old = f.age;
    if (old < 0.08F) return c;
    const float ax = std::abs(p.x);
    float w = 0;
    for (const float y : {0.36F, 0.46F, 0.56F}) {
        const float line = p.y - y - 0.02F * noise(p.x * 3 + y * 40 + shift_x, y * 9);
        w += 0.6F * bell(line, 0.014F) * soft(0.42F, 0.15F, ax);
    }
    for (const float slope : {-0.5F, 0.F, 0.5F}) {  // crow's feet
        const float from = f.eye_gap + f.eye_width * 1.2F;
        const float line = p.y - f.eye_y - slope * (ax - from) - 0.01F;
        w += 0.8F * bell(line, 0.008F) * soft(from, from + 0.03F, ax) *
             soft(from + 0.13F, from + 0.06F, ax);
    }
    const float fold = to_segment(ax, p.y, f.nose_width + 0.03F, f.nose_base() + 0.05F,
                                  f.mouth_width + 0.06F, f.mouth_y);
    w += 0.8F * bell(fold, 0.016F);
    return c * (1 - 0.26F * old * std::min(w, 1.4F));
}

// Where a full beard grows, as density.
float Painter::beard(V3 p) const {
    const float ax = std::abs(p.x);
    if (p.z < -0.12F) return 0;
    const float around = std::atan2(ax, p.z + 0.15F);
    // The line from the sideburn over the cheek to the corner of the mouth.
    const float cheek = mix(f.mouth_y + 0.10F, f.eye_y - 0.12F, soft(0.45F, 1.25F, around));
    float density =
        soft(cheek + 0.05F, cheek - 0.07F, p.y + 0.02F * noise(p.x * 14 + shift_x, p.y * 14));
    const float mx = p.x / (f.mouth_width * 1.08F);
    const float my = p.y - f.mouth_y;
    const bool above = my > 0;
    if (above) {
        // The moustache: between nose and lip.
        const float lip_there = f.lip_height * std::max(0.F, 1 - mx * mx);
        const float moustache = soft(lip_there * 0.75F, lip_there * 0.95F + 0.02F, my) *
                                soft(0.02F, -0.035F,
                                     p.y - f.nose_base() + 0.06F * mx * mx +
                                         0.012F * noise(p.x * 40, p.y * 30 + shift_x)) *
                                soft(1.40F, 0.85F, std::abs(mx));
        density = std::max(density * soft(1.0F, 1.35F, std::abs(mx)), moustache);
    } else {
        const float lip_there = f.lip_height * 1.25F * std::sqrt(std::max(0.F, 1 - mx * mx));
        density *= std::abs(mx) < 1 ? soft(lip_there, lip_there + 0.03F, -my) : 1;
        density *= 1 - 0.5F * bell(ax - 0.13F, -my - lip_there - 0.03F, 0.05F, 0.03F);
    }
    const float hairs = 0.88F + 0.15F * noise(p.x * 105 + shift_x, p.y * 50 + shift_y);
    return clamp01(density * hairs);
}

Texel Painter::paint(V3 p) const {
    const float front = soft(0.1F, 0.3F, p.z);
    V3 c = ground(p, front);
    float hairs = 0;
    if (front > 0) {
        V3 face = around_eyes(c, p);
        face = lips(face, p);
        face = nose_holes(face, p);
        face = wrinkles(face, p);
        face = brows(face, p);
        c = mix(c, face, front);
    }
    if (p.y < 0.1F) hairs = beard(p);
    return {c.x, c.y, c.z, hairs};
}

}  // namespace

SkinTexture bake_skin(const Head& head, const Features& features, const HeadMesh& mesh, int side,
                      float detail, float saturation) {
    SkinTexture texture;
    texture.side = side;
    texture.texels.resize(at(side * side));
    const Painter painter(head, features, detail);
    for (int row = 0; row < side; ++row) {
        const float y = static_cast<float>(row) / static_cast<float>(side - 1) *
                        static_cast<float>(mesh.rows - 1);
        const int r = std::min(static_cast<int>(y), mesh.rows - 2);
        const float ty = y - static_cast<float>(r);
        for (int column = 0; column < side; ++column) {
            const float x = static_cast<float>(column) / static_cast<float>(side - 1) *
                            static_cast<float>(mesh.columns - 1);
            const int c = std::min(static_cast<int>(x), mesh.columns - 2);
            const float tx = x - static_cast<float>(c);
            const Vertex* v = &mesh.mesh.vertices[at(r * mesh.columns + c)];
            const Vertex* w = v + mesh.columns;
            const float px = mix(mix(v[0].a, v[1].a, tx), mix(w[0].a, w[1].a, tx), ty);
            const float py = mix(mix(v[0].b, v[1].b, tx), mix(w[0].b, w[1].b, tx), ty);
            const float pz = mix(mix(v[0].p.z, v[1].p.z, tx), mix(w[0].p.z, w[1].p.z, tx), ty);
            Texel t = painter.paint({px, py, pz});
            if (saturation != 1) {
                const float grey = (t.red + t.green + t.blue) / 3;
                t.red = std::max(0.F, mix(grey, t.red, saturation));
                t.green = std::max(0.F, mix(grey, t.green, saturation));
                t.blue = std::max(0.F, mix(grey, t.blue, saturation));
            }
            texture.texels[at(row * side + column)] = t;
        }
    }
    return texture;
}

}  // namespace strongroom::people
