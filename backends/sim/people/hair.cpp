#include "body.h"

namespace strongroom::people {
namespace {

// How a style looks, in half head heights.
struct Cut {
    float top = 0.06F;     // thickness at the crown
    float side = 0.03F;    // above the ears
    float bumps = 0;       // of curls
    float nape = -0.50F;   // where it ends behind
    float recess = 0.05F;  // of the temples
    bool parted = false;
};

Cut cut_of(const Head& head, const Features& f) {
    const float own = unit_of(head.marks + 77);
    Cut cut;
    switch (head.hair_style) {
        case HairStyle::bald: cut = {0.012F, 0.016F, 0, -0.42F, 0.05F, false}; break;
        case HairStyle::short_cut:
            cut = {0.055F + 0.06F * own, 0.028F, 0.006F, -0.48F, 0.05F + 0.08F * f.age, false};
            break;
        case HairStyle::side_parting:
            cut = {0.12F + 0.05F * own, 0.045F, 0.006F, -0.50F, 0.05F, true};
            break;
        case HairStyle::long_straight:
            cut = {0.085F + 0.03F * own, 0.07F, 0.004F, -0.75F, 0.01F, own < 0.5F};
            break;
        case HairStyle::curly:
            cut = {0.15F + 0.10F * own, 0.10F + 0.06F * own, 0.05F, -0.55F, 0.03F, false};
            break;
        case HairStyle::bun: cut = {0.045F, 0.035F, 0.003F, -0.50F, 0.02F, own < 0.3F}; break;
    }
    return cut;
}

// The height of the edge of the hair at `theta` (0 in front).
float edge(const Head& head, const Features& f, const Cut& cut, float theta) {
    const float around = std::abs(theta);
    if (head.hair_style == HairStyle::bald) {
        // A wreath, or nothing at all.
        const float wreath = unit_of(head.marks + 78) < 0.5F ? 2.F : 0.F;
        if (wreath > 0) return 2;
        return mix(1.5F, cut.nape, soft(1.15F, 1.9F, around));
    }
    float front = f.hairline * f.height;
    front += cut.recess * bell(around - 0.62F, 0.20F) - 0.03F * bell(around, 0.35F);
    if (cut.parted) front += 0.05F * soft(-0.7F, 0.5F, theta) - 0.05F;
    const float sideburn = f.eye_y - 0.18F;
    float y = mix(front, sideburn, soft(0.74F, 1.14F, around));
    y = mix(y, f.eye_y + 0.10F, bell(around - 1.58F, 0.24F));  // round the ear
    return mix(y, cut.nape, soft(1.70F, 2.05F, around));
}

Mesh shell(const Head& head, const Features& f, const HeadMesh& mesh, const Cut& cut) {
    Mesh hair;
    hair.vertices.reserve(mesh.mesh.vertices.size());
    const float shift = 256 * unit_of(head.marks + 79);
    const float parting = unit_of(head.marks + 80) < 0.5F ? 0.22F : -0.22F;
    std::vector<bool> used;
    for (const Vertex& skin : mesh.mesh.vertices) {
        const float theta = theta_of(skin.u);
        Vertex v = skin;
        float within = skin.p.y - edge(head, f, cut, theta);
        if (head.hair_style == HairStyle::bald) within = std::min(within, 0.36F - skin.p.y);
        v.a = within;
        const float high = soft(0.25F, 0.95F, skin.p.y);
        float thick = mix(cut.side, cut.top, high);
        if (cut.parted) thick *= 1 - 0.45F * bell(skin.p.x - parting, 0.035F) * high;
        thick += cut.bumps * high * 0.6F * noise(theta * 7 + shift, skin.p.y * 7) +
                 cut.bumps * noise(theta * 12 + shift, skin.p.y * 12);
        thick *= soft(-0.03F, 0.10F, within);
        v.p = v.p + (skin.n + V3{0, 0.35F * high, 0}) * (thick + 0.006F);
        v.b = thick;
        v.occlusion = 0.75F + 0.25F * soft(0, 0.1F, within);
        hair.vertices.push_back(v);
        used.push_back(within > -0.10F);
    }
    const int columns = mesh.columns;
    for (int r = 0; r + 1 < mesh.rows; ++r) {
        for (int c = 0; c + 1 < columns; ++c) {
            const auto a = static_cast<std::uint32_t>(r * columns + c);
            const auto above = a + static_cast<std::uint32_t>(columns);
            if (used[a] || used[a + 1] || used[above + 1]) {
                hair.triangles.push_back({a, a + 1, above + 1});
            }
            if (used[a] || used[above + 1] || used[above]) {
                hair.triangles.push_back({a, above + 1, above});
            }
        }
    }
    compute_normals(hair);
    for (int r = 0; r < mesh.rows; ++r) {
        Vertex& first = hair.vertices[at(r * columns)];
        Vertex& last = hair.vertices[at(r * columns + columns - 1)];
        first.n = last.n = normalised(first.n + last.n);
    }
    return hair;
}

void append(Mesh& to, Mesh&& part) {
    const auto first = static_cast<std::uint32_t>(to.vertices.size());
    to.vertices.insert(to.vertices.end(), part.vertices.begin(), part.vertices.end());
    for (const Triangle& t : part.triangles) {
        to.triangles.push_back({t[0] + first, t[1] + first, t[2] + first});
    }
}

// What hangs down behind and beside the face.
Mesh curtain(const Head& head, const Features& f, const Cut& cut) {
    Mesh hair;
    constexpr int rows = 60;
    constexpr int columns = 70;
    const float own = unit_of(head.marks + 81);
    const float length = 1.0F + 0.9F * own;
    const float open = 0.98F + 0.35F * unit_of(head.marks + 82);  // where the face begins
    const float shift = 256 * unit_of(head.marks + 83);
    for (int r = 0; r < rows; ++r) {
        const float down = 1 - static_cast<float>(r) / (rows - 1);
        const float y = mix(0.62F, -length, down);
        for (int c = 0; c < columns; ++c) {
            const float s = static_cast<float>(c) / (columns - 1);
            const float theta = open + (6.2831853F - 2 * open) * s;
            const V3 skull =
                head_point(f, theta > 3.14159265F ? theta - 6.2831853F : theta, std::max(y, 0.0F));
            const float hang = soft(0.2F, -0.9F, y);
            const float wave = 0.02F * noise(s * 22 + shift, y * 1.2F);
            const float out = cut.side + 0.035F + wave;
            const float across = std::hypot(skull.x, skull.z);
            const float grow = (across + out) / across;
            Vertex v;
            v.p = {skull.x * grow * mix(1.F, 1.08F, hang), y,
                   skull.z * grow * mix(1.F, 0.80F, hang) - 0.10F * hang};
            v.u = s * 1.6F;
            v.v = y * 0.3F;
            const float ends = -length + 0.06F * noise(s * 40 + shift, 3);
            v.a = std::min({y - ends, (s - 0.0F) * 2 + 0.02F, (1 - s) * 2 + 0.02F});
            v.b = 0.1F;
            v.occlusion = mix(0.95F, 0.7F, hang);
            hair.vertices.push_back(v);
        }
    }
    add_grid_triangles(hair, rows, columns);
    compute_normals(hair);
    return hair;
}

Mesh ball(V3 centre, float size, float shift) {
    Mesh hair;
    constexpr int rows = 20;
    constexpr int columns = 28;
    for (int r = 0; r < rows; ++r) {
        const float up = 3.14159265F * (static_cast<float>(r) / (rows - 1) - 0.5F);
        for (int c = 0; c < columns; ++c) {
            const float theta = 6.2831853F * static_cast<float>(c) / (columns - 1);
            const float bump = size * (1 + 0.05F * noise(theta * 3 + shift, up * 3));
            Vertex v;
            v.n = {std::cos(up) * std::sin(theta), std::sin(up), std::cos(up) * std::cos(theta)};
            v.p = centre + v.n * bump;
            v.u = static_cast<float>(c) / columns;
            v.v = static_cast<float>(r) / rows;
            v.a = 1;
            v.b = size;
            v.occlusion = 0.9F;
            hair.vertices.push_back(v);
        }
    }
    add_grid_triangles(hair, rows, columns);
    compute_normals(hair);
    return hair;
}

}  // namespace

Hair make_hair(const Head& head, const Features& f, const HeadMesh& mesh) {
    const Cut cut = cut_of(head, f);
    Mesh hair = shell(head, f, mesh, cut);
    const std::size_t on_skull = hair.triangles.size();
    if (head.hair_style == HairStyle::long_straight) append(hair, curtain(head, f, cut));
    if (head.hair_style == HairStyle::bun) {
        const bool high = unit_of(head.marks + 84) < 0.5F;
        const V3 centre = high ? V3{0, f.height * 1.10F, -0.25F} : V3{0, 0.35F, -f.depth * 1.15F};
        append(hair, ball(centre, 0.27F, 256 * unit_of(head.marks + 85)));
    }
    return {std::move(hair), on_skull};
}

}  // namespace strongroom::people
