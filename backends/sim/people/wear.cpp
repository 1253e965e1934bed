#include "wear.h"

namespace strongroom::people {
namespace {

constexpr float pi = 3.14159265F;

// A layer over the head's own grid; `where` says how far inside the piece a vertex lies, and
// `place` where the piece is there.
template <class Where, class Place>
Mesh layer(const HeadMesh& mesh, Where&& where, Place&& place) {
    Mesh piece;
    piece.vertices.reserve(mesh.mesh.vertices.size());
    std::vector<bool> used;
    for (const Vertex& skin : mesh.mesh.vertices) {
        Vertex v = skin;
        const float theta = theta_of(skin.u);
        const float within = where(skin, theta);
        v.p = place(skin, theta, within);
        v.u = theta;
        v.v = skin.p.y;
        v.a = within;
        v.b = 0;
        v.occlusion = 1;
        piece.vertices.push_back(v);
        used.push_back(within > -0.06F);
    }
    for (int r = 0; r + 1 < mesh.rows; ++r) {
        for (int c = 0; c + 1 < mesh.columns; ++c) {
            const auto a = static_cast<std::uint32_t>(r * mesh.columns + c);
            const auto above = a + static_cast<std::uint32_t>(mesh.columns);
            if (!used[a] && !used[a + 1] && !used[above] && !used[above + 1]) continue;
            piece.triangles.push_back({a, a + 1, above + 1});
            piece.triangles.push_back({a, above + 1, above});
        }
    }
    compute_normals(piece);
    return piece;
}

// Rows times columns of points: at(s, t), each from 0 to 1.
template <class At>
void add_patch(Mesh& mesh, int rows, int columns, At&& vertex_at) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            mesh.vertices.push_back(
                vertex_at(static_cast<float>(c) / static_cast<float>(columns - 1),
                          static_cast<float>(r) / static_cast<float>(rows - 1)));
        }
    }
    add_grid_triangles(mesh, rows, columns, first);
}

Mesh glasses(const Features& f) {
    Mesh mesh;
    const float front = head_point(f, 0, f.eye_y).z + 0.085F;
    const float half = f.eye_gap + 0.235F;
    add_patch(mesh, 17, 61, [&](float s, float t) {
        Vertex v;
        v.a = (2 * s - 1) * half;
        v.b = (2 * t - 1) * 0.24F - 0.03F;
        v.p = {v.a, f.eye_y + v.b, front - 0.32F * v.a * v.a - 0.04F * v.b};
        v.u = 0;
        return v;
    });
    const V3 ear = head_point(f, 1.60F, f.eye_y + 0.03F);
    for (const float side : {-1.F, 1.F}) {  // the temples
        add_patch(mesh, 2, 7, [&](float s, float t) {
            const V3 from{side * (half - 0.02F), f.eye_y + 0.05F, front - 0.32F * half * half};
            const V3 to{side * (std::abs(ear.x) + 0.02F), f.eye_y + 0.03F, ear.z - 0.02F};
            Vertex v;
            v.p = mix(from, to, s) + V3{side * 0.02F * std::sin(pi * s), (t - 0.5F) * 0.04F, 0};
            v.u = 1;
            return v;
        });
    }
    compute_normals(mesh);
    return mesh;
}

Mesh cap(const Features& f, const HeadMesh& head, bool with_visor) {
    const float line = with_visor ? 0.47F : 0.42F;
    Mesh mesh = layer(
        head,
        [&](const Vertex& v, float theta) {
            const float back = with_visor ? 0.30F : 0.12F;
            return v.p.y - mix(line, back, soft(0.7F, 2.2F, std::abs(theta)));
        },
        [&](const Vertex& v, float /*theta*/, float within) {
            const float puff = with_visor ? 0.13F : 0.10F;
            return v.p + (v.n + V3{0, 0.3F, 0}) * (0.075F + puff * soft(0, 0.35F, within));
        });
    if (!with_visor) return mesh;
    const float top = line + 0.03F;
    add_patch(mesh, 8, 33, [&](float s, float t) {
        const float theta = (2 * s - 1) * 0.98F;
        const V3 rim = head_point(f, theta, top);
        const float reach = 0.50F * std::sqrt(std::max(0.F, 1 - (2 * s - 1) * (2 * s - 1)));
        Vertex v;
        v.p = V3{rim.x * 1.12F, top + 0.03F, rim.z + 0.075F} +
              V3{0, -0.20F * t - 0.06F * (2 * s - 1) * (2 * s - 1), reach * t};
        v.a = 1;
        v.b = 1;
        v.v = t;
        return v;
    });
    compute_normals(mesh);
    for (Vertex& v : mesh.vertices) {
        if (v.b > 0.5F && v.n.y < 0) v.n = v.n * -1.F;
    }
    return mesh;
}

Mesh scarf(const Features& f, const HeadMesh& head) {
    Mesh mesh = layer(
        head,
        [&](const Vertex& v, float theta) {
            const float ex = v.p.x / (f.width * 0.86F);
            const float ey = (v.p.y + 0.20F) / 0.79F;
            const float oval = std::sqrt(ex * ex + ey * ey) - 1;
            return std::max(oval * 0.6F, std::abs(theta) - 1.15F);
        },
        [](const Vertex& v, float theta, float within) {
            const float fold = 0.012F * noise(theta * 3 + 9, v.p.y * 5);
            return v.p + v.n * (0.05F + 0.06F * soft(0, 0.25F, within) + fold);
        });
    add_patch(mesh, 24, 61, [&](float s, float t) {
        const float theta = (2 * s - 1) * pi;
        const float down = 1 - t;
        const float y = mix(-0.72F, -1.75F, down);
        const float wide = mix(0.50F, 1.05F, down * down) + 0.02F * noise(theta * 4, down * 3);
        Vertex v;
        v.p = {wide * std::sin(theta) * 1.05F, y,
               -0.14F - 0.14F * down +
                   mix(0.66F, 0.86F, down) * wide / mix(0.50F, 1.05F, down) * std::cos(theta)};
        v.a = 1;
        v.u = theta;
        v.v = y;
        v.occlusion = mix(0.65F, 1.F, soft(0, 0.3F, down));
        return v;
    });
    compute_normals(mesh);
    return mesh;
}

Mesh surgical_mask(const Features& f, const HeadMesh& head) {
    const float nose = head_point(f, 0, f.nose_base() + 0.07F).z;
    return layer(
        head,
        [&](const Vertex& v, float theta) {
            const float ax = std::abs(theta);
            const float top = f.eye_y - 0.17F - 0.14F * soft(0.1F, 0.9F, ax);
            const float cloth = std::min({top - v.p.y, v.p.y + 0.985F * f.height, 1.12F - ax});
            // Bands to the ears.
            const float high = mix(f.eye_y - 0.30F, f.eye_y - 0.05F, soft(1.1F, 1.55F, ax));
            const float low = mix(f.mouth_y - 0.16F, f.eye_y - 0.22F, soft(1.1F, 1.55F, ax));
            const float band = 0.018F - std::min(std::abs(v.p.y - high), std::abs(v.p.y - low));
            return ax > 1.05F && ax < 1.55F ? std::max(cloth, band) : cloth;
        },
        [&](const Vertex& v, float theta, float within) {
            V3 p = v.p + v.n * 0.022F;
            const float tent = nose + 0.01F - 1.05F * p.x * p.x -
                               0.9F * std::max(0.F, f.nose_base() - 0.10F - p.y) *
                                   std::max(0.F, f.nose_base() - 0.10F - p.y);
            if (std::abs(theta) < 1.1F) {
                p.z = mix(p.z, std::max(p.z, tent), soft(0, 0.16F, within));
            }
            return p;
        });
}

void add_blob(Mesh& mesh, V3 from, V3 to, float wide, float flat) {
    const V3 axis = to - from;
    const V3 along = normalised(axis);
    const V3 side = normalised(cross(along, V3{0, 0, 1}));
    const V3 out = cross(side, along);
    add_patch(mesh, 17, 17, [&](float s, float t) {
        const float angle = 2 * pi * s;
        const float round = std::sqrt(
            std::sqrt(std::max(0.F, 1 - (2 * t - 1) * (2 * t - 1) * (2 * t - 1) * (2 * t - 1))));
        Vertex v;
        v.p = from + axis * t + side * (wide * round * std::cos(angle)) -
              out * (flat * round * std::sin(angle));
        v.a = t;
        v.occlusion = 0.9F;
        return v;
    });
}

Mesh hand(const Features& f) {
    Mesh mesh;
    const float z = head_point(f, 0, f.nose_base() + 0.07F).z + 0.04F;
    add_blob(mesh, {0.22F, -1.55F, z - 0.05F}, {0.12F, -0.72F, z + 0.02F}, 0.30F, 0.11F);
    for (int finger = 0; finger < 4; ++finger) {
        const float k = static_cast<float>(finger);
        const float x = -0.15F + 0.165F * k;
        const float tip = f.nose_base() + 0.03F + 0.10F * (1.5F - std::abs(k - 1.4F)) - 0.04F;
        add_blob(mesh, {x + 0.03F, -0.92F, z}, {x - 0.06F, tip, z - 0.35F * x * x}, 0.078F, 0.07F);
    }
    add_blob(mesh, {0.48F, -1.15F, z - 0.05F}, {0.56F, -0.58F, z - 0.12F}, 0.085F, 0.075F);
    compute_normals(mesh);
    return mesh;
}

Mesh fringe(const Features& f) {
    Mesh mesh;
    add_patch(mesh, 40, 50, [&](float s, float t) {
        const float theta = (2 * s - 1) * 0.85F;
        const float y = mix(f.eye_y - 0.42F, 0.72F, t);
        Vertex v;
        v.p = head_point(f, theta, y);
        v.p.z = std::max(v.p.z, head_point(f, theta, f.eye_y + f.brow_y).z) + 0.05F;
        v.p.x *= 1.03F;
        v.u = s;
        v.v = t;
        return v;
    });
    compute_normals(mesh);
    return mesh;
}

}  // namespace

Mesh make_piece(Piece piece, const Features& f, const HeadMesh& mesh) {
    switch (piece) {
        case Piece::glasses: return glasses(f);
        case Piece::cap: return cap(f, mesh, true);
        case Piece::beanie: return cap(f, mesh, false);
        case Piece::scarf: return scarf(f, mesh);
        case Piece::hand: return hand(f);
        case Piece::surgical_mask: return surgical_mask(f, mesh);
        case Piece::fringe: return fringe(f);
    }
    return {};
}

PaintPiece::PaintPiece(Piece piece, const Complexion& complexion) : piece_(piece), c_(complexion) {
    const bool owned = piece == Piece::glasses;  // hers for years; the rest is of the day
    const std::uint64_t seed =
        owned ? complexion.wearer.marks + 500 : scramble(complexion.shot.background_seed) + 600;
    const float grey = unit_of(seed) * unit_of(seed) * (owned ? 0.16F : 0.45F) + 0.012F;
    const float tint = owned ? 0.5F : 0.8F;
    colour_ = {grey * (1 + tint * (unit_of(seed + 1) - 0.4F)), grey,
               grey * (1 + tint * (unit_of(seed + 2) - 0.6F))};
    round_ = unit_of(seed + 3);
    thick_ = 0.012F + 0.020F * unit_of(seed + 4);
    if (piece == Piece::surgical_mask) {
        colour_ = unit_of(seed + 5) < 0.6F ? V3{0.30F, 0.52F, 0.66F} : V3{0.62F, 0.62F, 0.62F};
    }
}

bool PaintPiece::glasses(const Lit& l, float* pixel) const {
    const bool dark = c_.shot.appearance.eyewear == Eyewear::sunglasses;
    if (l.u > 0.5F) return put(l, colour_, 1, pixel);
    const float ax = std::abs(l.a) - c_.f.eye_gap;
    const float y = l.b + 0.035F + 0.02F * ax;
    const float half_x = 0.195F;
    const float half_y = mix(0.125F, 0.165F, round_) + (dark ? 0.02F : 0.F);
    const float power = mix(4.F, 2.F, round_);
    const float r = std::pow(
        std::pow(std::abs(ax) / half_x, power) + std::pow(std::abs(y) / half_y, power), 1 / power);
    const float distance = (r - 1) * 0.16F;
    float rim = soft(thick_ * 0.75F, thick_ * 0.45F, std::abs(distance));
    if (std::abs(l.a) < c_.f.eye_gap - half_x + 0.02F) {  // the bridge
        rim = std::max(rim, soft(thick_, thick_ * 0.6F, std::abs(y - 0.045F)));
    }
    if (l.a * l.a > (c_.f.eye_gap + half_x) * (c_.f.eye_gap + half_x)) {
        rim = std::max(rim, soft(0.022F, 0.014F, std::abs(y - 0.075F)));
    }
    if (distance < 0) {
        const float streak = bell(ax * 0.8F + y * 1.1F - 0.05F, 0.05F);
        const float sky = 0.035F + 0.08F * streak;
        const float mirrored = sky * (c_.lamps.key + c_.lamps.ambient);
        const float through = dark ? 0.07F : 0.90F;
        for (int k = 0; k < 3; ++k) {
            pixel[k] = pixel[k] * through + mirrored * (dark ? 0.8F : 0.5F);
        }
    }
    if (rim <= 0) return false;
    const V3 before{pixel[0], pixel[1], pixel[2]};
    put(l, colour_, 1.5F, pixel);
    pixel[0] = mix(before.x, pixel[0], rim);
    pixel[1] = mix(before.y, pixel[1], rim);
    pixel[2] = mix(before.z, pixel[2], rim);
    return rim > 0.6F;
}

bool PaintPiece::hat(const Lit& l, float* pixel) const {
    if (l.a <= 0) return false;
    V3 c = colour_ * (1 + 0.05F * noise(l.u * 60, l.v * 60));
    if (piece_ == Piece::beanie) {
        c = c * (0.82F + 0.18F * std::cos(l.u * 44));
        if (l.a < 0.15F) c = c * 1.12F;
        c = c * (1 - 0.3F * bell(l.a - 0.15F, 0.012F));
    } else if (piece_ == Piece::cap) {
        if (l.b < 0.5F) {
            const float panel = std::abs(std::sin(l.u * 3));
            c = c * (1 - 0.25F * bell(panel, 0.04F));
        } else {
            c = c * 0.85F;
        }
    } else {
        c = c * (1 + 0.14F * noise(l.u * 4 + 2, l.v * 9) + 0.1F * noise(l.u * 9, l.v * 14));
    }
    c = c * (0.6F + 0.4F * soft(0, 0.03F, l.a));
    return put(l, c, 0.12F, pixel);
}

bool PaintPiece::mask(const Lit& l, float* pixel) const {
    if (l.a <= 0) return false;
    V3 c = colour_;
    const float middle = l.v - c_.f.mouth_y - 0.02F;
    if (std::abs(l.u) < 1.1F && std::abs(middle) < 0.2F) {
        c = c * (0.90F + 0.10F * std::cos(middle * 75));
    }
    if (l.a < 0.03F) c = c * 0.90F;
    c = c * (0.7F + 0.3F * soft(0, 0.012F, l.a));
    return put(l, c, 0.15F, pixel);
}

bool PaintPiece::fringe(const Lit& l, float* pixel) const {
    const float strand = noise(l.u * 55 + 3, l.v * 2.2F) + 0.5F * noise(l.u * 130, l.v * 3);
    const float edge = strand + 3.6F * l.v - 1.55F - 0.8F * bell(l.u - 0.5F, 0.1F);
    if (edge <= 0) return false;
    const float cover = soft(0, 0.35F, edge);
    const V3 before{pixel[0], pixel[1], pixel[2]};
    put(l, as_v3(c_.wearer.hair) * (1 + 0.2F * strand), 0.4F, pixel);
    pixel[0] = mix(before.x, pixel[0], cover);
    pixel[1] = mix(before.y, pixel[1], cover);
    pixel[2] = mix(before.z, pixel[2], cover);
    return cover > 0.5F;
}

bool PaintPiece::operator()(const Lit& l, float* pixel) const {
    switch (piece_) {
        case Piece::glasses: return glasses(l, pixel);
        case Piece::cap:
        case Piece::beanie:
        case Piece::scarf: return hat(l, pixel);
        case Piece::hand: {
            const V3 skin = as_v3(c_.wearer.skin) * V3{1, 0.93F, 0.92F};
            const float nail = bell(l.a - 0.99F, 0.03F);
            return put(l, skin * c_.wearer_pulse * (1 - 0.1F * nail), 0.8F, pixel);
        }
        case Piece::surgical_mask: return mask(l, pixel);
        case Piece::fringe: return fringe(l, pixel);
    }
    return false;
}

}  // namespace strongroom::people
