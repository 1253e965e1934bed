#include "body.h"

namespace strongroom::people {

Mesh make_ears(const Features& f) {
    Mesh ears;
    constexpr int rings = 9;
    constexpr int around = 21;
    const V3 at_side = head_point(f, 1.62F, f.eye_y - 0.12F);
    for (const float side : {-1.F, 1.F}) {
        const auto first = static_cast<std::uint32_t>(ears.vertices.size());
        for (int i = 0; i < rings; ++i) {
            const float r = static_cast<float>(i) / static_cast<float>(rings - 1);
            for (int k = 0; k < around; ++k) {
                const float angle = 6.2831853F * static_cast<float>(k) / (around - 1);
                const float up = std::sin(angle);
                const float back = -std::cos(angle);
                // Wider above than at the lobe.
                const float wide = f.ear_size * (0.58F + 0.14F * up) * r;
                const float local_y = f.ear_size * up * r;
                const float local_z = 0.04F - wide * back * 0.95F - 0.06F * up * r;
                const float away = std::max(0.F, 0.10F - local_z);
                const float rim = 0.030F * bell(r - 0.88F, 0.11F) - 0.05F * bell(r - 0.35F, 0.22F) +
                                  0.02F * bell(r - 0.60F, 0.07F);
                Vertex v;
                v.p.x = side * (at_side.x - 0.012F - 0.05F * soft(0.02F, 0.12F, local_z) +
                                away * f.ear_angle + rim);
                v.p.y = at_side.y + local_y;
                v.p.z = at_side.z - 0.04F + local_z;
                v.occlusion =
                    0.62F + 0.38F * soft(0.15F, 0.85F, r) - 0.12F * bell(r - 0.72F, 0.06F);
                v.a = bell(r, 0.25F);
                v.u = 0.5F;
                v.v = 0.5F;
                ears.vertices.push_back(v);
            }
        }
        add_grid_triangles(ears, rings, around, first);
    }
    compute_normals(ears);
    const std::size_t half = ears.vertices.size() / 2;
    for (std::size_t i = 0; i < ears.vertices.size(); ++i) {
        V3& n = ears.vertices[i].n;
        const float side = i < half ? -1.F : 1.F;
        if (n.x * side < 0) n = n * -1.F;
    }
    return ears;
}

float follows_head(float y) { return soft(-1.45F, -0.75F, y); }

namespace {

struct Ring {
    float y, wide, deep, z;
};
constexpr std::array<Ring, 12> body_rings{{{-0.40F, 0.36F, 0.40F, -0.10F},
                                           {-0.80F, 0.375F, 0.40F, -0.17F},
                                           {-1.12F, 0.40F, 0.41F, -0.26F},
                                           {-1.30F, 0.47F, 0.44F, -0.30F},
                                           {-1.42F, 0.68F, 0.50F, -0.32F},
                                           {-1.51F, 0.98F, 0.55F, -0.33F},
                                           {-1.63F, 1.32F, 0.59F, -0.34F},
                                           {-1.80F, 1.58F, 0.62F, -0.34F},
                                           {-2.05F, 1.72F, 0.66F, -0.33F},
                                           {-2.50F, 1.74F, 0.72F, -0.30F},
                                           {-3.20F, 1.66F, 0.76F, -0.30F},
                                           {-4.60F, 1.60F, 0.76F, -0.30F}}};

}  // namespace

Mesh make_body(const Features& f) {
    Mesh body;
    constexpr int steps = 5;
    constexpr int around = 73;
    constexpr int rows = (static_cast<int>(body_rings.size()) - 1) * steps + 1;
    for (int r = rows - 1; r >= 0; --r) {
        const std::size_t i = std::min<std::size_t>(at(r / steps), body_rings.size() - 2);
        const float t = static_cast<float>(r - static_cast<int>(i) * steps) / steps;
        const Ring& a = body_rings[i];
        const Ring& b = body_rings[i + 1];
        const Ring& before = body_rings[i == 0 ? 0 : i - 1];
        const Ring& after = body_rings[std::min(i + 2, body_rings.size() - 1)];
        const auto spline = [&](float Ring::*m) {
            const float p0 = before.*m;
            const float p1 = a.*m;
            const float p2 = b.*m;
            const float p3 = after.*m;
            return 0.5F * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t +
                           (3 * p1 - p0 - 3 * p2 + p3) * t * t * t);
        };
        const float y = spline(&Ring::y);
        const float neck = soft(-1.4F, -1.1F, y);
        const float wide = spline(&Ring::wide) * mix(1.F, f.width / 0.675F, neck);
        for (int c = 0; c < around; ++c) {
            const float theta = 6.2831853F * (static_cast<float>(c) / (around - 1) - 0.5F);
            Vertex v;
            v.u = static_cast<float>(c) / (around - 1);
            v.v = static_cast<float>(r) / (rows - 1);
            v.p = {wide * std::sin(theta), y,
                   spline(&Ring::z) + spline(&Ring::deep) * std::cos(theta)};
            // The cords of the neck and the hollow between the collar bones.
            v.p.z -= 0.03F * bell(v.p.x, y + 1.28F, 0.07F, 0.06F) * soft(0, 0.2F, v.p.z + 0.2F);
            v.a = v.p.x;
            v.b = v.p.y;
            v.occlusion = mix(1.F, 0.55F, soft(-1.15F, -0.75F, y));
            body.vertices.push_back(v);
        }
    }
    add_grid_triangles(body, rows, around);
    compute_normals(body);
    for (int r = 0; r < rows; ++r) {
        Vertex& first = body.vertices[at(r * around)];
        Vertex& last = body.vertices[at(r * around + around - 1)];
        first.n = last.n = normalised(first.n + last.n);
    }
    return body;
}

}  // namespace strongroom::people
