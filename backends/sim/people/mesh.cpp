#include "mesh.h"

namespace strongroom::people {

Features::Features(const Head& h)
    : width(to_float(h.width)),
      height(to_float(h.height)),
      depth(to_float(h.depth)),
      jaw(to_float(h.jaw)),
      cheek(to_float(h.cheek)),
      chin(to_float(h.chin)),
      forehead(to_float(h.forehead)),
      brow_ridge(to_float(h.brow_ridge)),
      nose_width(to_float(h.nose_width)),
      nose_length(to_float(h.nose_length)),
      nose_height(to_float(h.nose_height)),
      nose_bend(to_float(h.nose_bend)),
      eye_gap(to_float(h.eye_gap)),
      eye_width(to_float(h.eye_width)),
      eye_height(to_float(h.eye_height)),
      eye_y(to_float(h.eye_y)),
      eye_slant(to_float(h.eye_slant)),
      mouth_y(to_float(h.mouth_y)),
      mouth_width(to_float(h.mouth_width)),
      lip_height(to_float(h.lip_height)),
      ear_size(to_float(h.ear_size)),
      ear_angle(to_float(h.ear_angle)),
      hairline(to_float(h.hairline)),
      brow_thickness(to_float(h.brow_thickness)),
      brow_y(to_float(h.brow_y)),
      brow_slope(to_float(h.brow_slope)),
      beard(to_float(h.beard)),
      moustache(to_float(h.moustache)),
      freckles(to_float(h.freckles)),
      age(to_float(h.age)) {}

void compute_normals(Mesh& mesh) {
    for (Vertex& v : mesh.vertices) v.n = {};
    for (const Triangle& t : mesh.triangles) {
        const V3 a = mesh.vertices[t[0]].p;
        const V3 normal = cross(mesh.vertices[t[1]].p - a, mesh.vertices[t[2]].p - a);
        for (const std::uint32_t i : t) mesh.vertices[i].n = mesh.vertices[i].n + normal;
    }
    for (Vertex& v : mesh.vertices) v.n = normalised(v.n);
}

void add_grid_triangles(Mesh& mesh, int rows, int columns, std::uint32_t first) {
    for (int row = 0; row + 1 < rows; ++row) {
        for (int column = 0; column + 1 < columns; ++column) {
            const auto a = first + static_cast<std::uint32_t>(row * columns + column);
            const auto above = a + static_cast<std::uint32_t>(columns);
            mesh.triangles.push_back({a, a + 1, above + 1});
            mesh.triangles.push_back({a, above + 1, above});
        }
    }
}

LidCurve lids(const Features& f, float along, float open) {
    const float round = std::max(0.F, 1 - along * along);
    // The upper lid's highest point lies towards the nose, the lower lid's lowest away from it.
    const float top = f.eye_height * round * (0.96F + 0.20F * along);
    const float bottom = -f.eye_height * 0.72F * round * (1 - 0.25F * along);
    return {mix(bottom * 0.7F, top, open), mix(bottom * 0.7F, bottom, open)};
}

float theta_of(float u) {
    const float s = 2 * u - 1;
    return 3.14159265F * (0.42F * s + 0.58F * s * s * s);
}

namespace {

float nose(const Features& f, float x, float y) {
    const float ax = std::abs(x);
    const float base = f.nose_base();
    const float t = std::clamp((f.eye_y + 0.03F - y) / f.nose_length, -0.6F, 1.1F);
    const float high = f.nose_height * (0.27F + 0.54F * std::clamp(t, -0.2F, 0.86F)) +
                       f.nose_bend * bell(t - 0.42F, 0.18F) * 1.5F;
    const float sigma = f.nose_width * (0.34F + 0.20F * std::max(0.F, t));
    const float from_above = soft(f.eye_y + 0.20F, f.eye_y - 0.03F, y);
    const float below = soft(base - 0.045F, base + 0.080F, y);
    float h = high * bell(ax, sigma) * from_above * below;
    h += 0.24F * f.nose_height * bell(ax, y - base - 0.065F, f.nose_width * 0.44F, 0.055F) * below;
    h += 0.44F * f.nose_height *
         bell(ax - f.nose_width * 0.72F, y - base - 0.045F, f.nose_width * 0.25F, 0.040F);
    h -= 0.030F * bell(ax - f.nose_width * 1.12F, y - base - 0.05F, 0.022F, 0.055F);
    // Columella and nostrils.
    h += 0.05F * bell(ax, y - base - 0.005F, 0.022F, 0.03F);
    h -= 0.03F * bell(ax - f.nose_width * 0.42F, y - base + 0.002F, 0.028F, 0.016F);
    return h;
}

float mouth(const Features& f, float x, float y) {
    const float lip = f.lip_height;
    const float my = y - f.mouth_y;
    const float ax = std::abs(x);
    float h = 0.050F * bell(x, my, 0.24F, 0.13F);
    h += 0.034F * bell(x, my - 0.50F * lip, f.mouth_width * 0.56F, lip * 0.50F);
    h += 0.044F * bell(x, my + 0.62F * lip, f.mouth_width * 0.48F, lip * 0.60F);
    h -= 0.028F * bell(x, my, f.mouth_width * 0.75F, 0.012F);
    h -= 0.022F * bell(ax - f.mouth_width, my, 0.035F, 0.035F);
    h -= 0.034F * bell(x, my + 2.3F * lip, 0.12F, 0.045F);
    h -= 0.011F * bell(x, y - 0.5F * (f.nose_base() + f.mouth_y + lip), 0.02F, 0.05F);
    return h;
}

float eyes(const Features& f, float x, float y) {
    const float ax = std::abs(x);
    const float ey = y - f.eye_y;
    float h = -0.080F * bell(ax - f.eye_gap, ey - 0.02F, 0.16F, 0.10F);
    h -= 0.050F * bell(ax - f.eye_gap + f.eye_width * 1.05F, ey, 0.045F, 0.05F);
    h += 0.052F * bell(ax - f.eye_gap, ey, f.eye_width * 0.72F, 0.062F);
    h -= 0.016F * bell(ax - f.eye_gap, ey - f.eye_height * 1.9F, f.eye_width, 0.016F);
    h -= (0.006F + 0.020F * f.age) * bell(ax - f.eye_gap + 0.02F, ey + 0.115F, 0.10F, 0.018F);
    h += (0.004F + 0.016F * f.age) * bell(ax - f.eye_gap + 0.01F, ey + 0.085F, 0.09F, 0.022F);
    h += f.brow_ridge * bell(ax - f.eye_gap * 0.95F, ey - f.brow_y + 0.02F, 0.17F, 0.05F);
    return h;
}

// What features add towards the camera.
float relief(const Features& f, float x, float y) {
    const float ax = std::abs(x);
    float h = nose(f, x, y) + mouth(f, x, y) + eyes(f, x, y);
    h += f.cheek * bell(ax - 0.40F, y - f.eye_y + 0.20F, 0.14F, 0.12F);
    h -= (0.02F + 0.025F * f.age) * bell(ax - 0.42F, y - f.mouth_y + 0.02F, 0.09F, 0.14F);
    h += (0.03F + f.chin) * bell(x, y + 0.86F * f.height, 0.15F, 0.10F);
    h += f.forehead * bell(x, y - 0.48F, 0.42F, 0.24F);
    h -= 0.03F * bell(ax - 0.62F, y - 0.28F, 0.10F, 0.16F);
    const float fold = to_segment(ax, y, f.nose_width + 0.035F, f.nose_base() + 0.05F,
                                  f.mouth_width + 0.07F, f.mouth_y - 0.01F);
    h -= (0.006F + 0.018F * f.age) * bell(fold, 0.018F);
    const float marionette = to_segment(ax, y, f.mouth_width + 0.04F, f.mouth_y - 0.03F,
                                        f.mouth_width + 0.06F, f.mouth_y - 0.17F);
    h -= 0.014F * f.age * bell(marionette, 0.018F);
    return h;
}

}  // namespace

V3 head_point(const Features& f, float theta, float y) {
    const float t = std::clamp(y / f.height, -1.F, 1.F);
    const float low = std::max(0.F, -t);
    const float s = std::sin(theta);
    const float c = std::cos(theta);
    // Cross-sections: rounder above than below, where the face stays deep down to the chin.
    const float wide_power = t < 0 ? 2.9F : 2.35F;
    const float deep_power = t < 0 ? 5.0F : 2.4F;
    const float wide = std::pow(1 - std::pow(std::abs(t), wide_power), 1 / wide_power);
    const float deep = std::pow(1 - std::pow(std::abs(t), deep_power), 1 / deep_power);
    const float narrowing = 1 - f.jaw * soft(0.05F, 1.F, low) - 0.16F * soft(0.55F, 1.F, low);
    // Wider above the ears, at the back.
    const float skull = 1 + 0.06F * soft(0.1F, -0.5F, c) * soft(0.2F, 0.F, low) -
                        0.07F * bell(t - 0.38F, 0.20F) * soft(0.1F, 0.5F, c);
    V3 p;
    p.x = f.width * wide * narrowing * skull * s;
    p.y = y;
    if (c >= 0) {
        p.z = f.depth * deep * c * (1 - 0.05F * soft(0.35F, 0.9F, t));
        // The jaw: its side lies in front of the ear, the face narrows to the chin like a V.
        p.z -= 0.10F * soft(0.3F, 0.9F, low) * s * s;
    } else {
        const float nape = mix(1.F, 0.50F, soft(0.15F, 0.8F, low));
        p.z = f.depth * 1.08F * std::min(deep, wide + 0.12F) * c * nape;
        p.z -= 0.10F * soft(0.3F, 0.9F, low) * s * s;
    }
    const float front = soft(0.02F, 0.45F, c);
    if (front > 0) p.z += relief(f, p.x, p.y) * front;
    return p;
}

namespace {

// Heights of the grid's rows: dense over the face, with two rows along the line of the mouth.
std::vector<float> row_heights(const Features& f, float detail) {
    const int under = std::max(4, static_cast<int>(8 * detail));
    const int face = static_cast<int>(116 * detail);
    const int crown = static_cast<int>(26 * detail);
    std::vector<float> t;
    for (int i = 0; i < under; ++i) {
        const float s = static_cast<float>(i) / static_cast<float>(under);
        t.push_back(-1 + 0.035F * s * s);
    }
    for (int i = 0; i < face; ++i) {
        t.push_back(mix(-0.965F, 0.55F, static_cast<float>(i) / static_cast<float>(face)));
    }
    for (int i = 0; i <= crown; ++i) {
        const float s = static_cast<float>(i) / static_cast<float>(crown);
        t.push_back(mix(0.55F, 1.F, 1 - (1 - s) * (1 - s)));
    }
    for (float& y : t) y *= f.height;
    std::size_t nearest = 1;
    for (std::size_t i = 1; i < t.size(); ++i) {
        if (std::abs(t[i] - f.mouth_y) < std::abs(t[nearest] - f.mouth_y)) nearest = i;
    }
    t[nearest] = f.mouth_y + Features::lip_gap;
    t[nearest - 1] = f.mouth_y - Features::lip_gap;
    return t;
}

// How hollow a place is, from how far it lies under its smoothed surroundings.
void occlude(HeadMesh& head, float detail) {
    const int rows = head.rows;
    const int columns = head.columns;
    auto& vertices = head.mesh.vertices;
    std::vector<V3> across(vertices.size());
    std::vector<V3> smooth(vertices.size());
    for (const int reach : {static_cast<int>(9 * detail), static_cast<int>(4 * detail)}) {
        for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < columns; ++c) {
                V3 sum;
                for (int k = -reach; k <= reach; ++k) {
                    const int other = (c + k + columns - 1) % (columns - 1);
                    sum = sum + vertices[at(r * columns + other)].p;
                }
                across[at(r * columns + c)] = sum * (1.F / static_cast<float>(2 * reach + 1));
            }
        }
        for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < columns; ++c) {
                V3 sum;
                for (int k = -reach; k <= reach; ++k) {
                    sum = sum + across[at(std::clamp(r + k, 0, rows - 1) * columns + c)];
                }
                smooth[at(r * columns + c)] = sum * (1.F / static_cast<float>(2 * reach + 1));
            }
        }
        for (std::size_t i = 0; i < vertices.size(); ++i) {
            const float out = dot(vertices[i].p - smooth[i], vertices[i].n);
            vertices[i].occlusion *= std::clamp(0.93F + 3.6F * out, 0.55F, 1.08F);
        }
    }
    for (Vertex& v : vertices) {
        // Under the chin and the jaw little light arrives.
        v.occlusion *= 1 - 0.55F * soft(-0.35F, -0.95F, v.n.y) * soft(-0.6F, -0.9F, v.p.y);
    }
}

V3 when_open(const Features& f, V3 p, float front) {
    const float mx = p.x / (f.mouth_width * 0.95F);
    const float line = std::max(0.F, 1 - mx * mx);
    const float under = f.mouth_y - p.y;
    const float jaw = bell(p.x, 0.36F) * front;
    if (under <= 0) {
        const float lip = line * bell(under, f.lip_height * 1.1F);
        return V3{0, 0.035F * lip * front, 0};
    }
    const float weight = mix(line, jaw, soft(0, 0.17F, under)) * front;
    return V3{0, -0.24F * weight, -0.05F * weight};
}

V3 when_smiling(const Features& f, V3 p, float front) {
    const float ax = std::abs(p.x);
    const float side = p.x < 0 ? -1.F : 1.F;
    const float corner = bell(ax - f.mouth_width, p.y - f.mouth_y, 0.12F, 0.10F);
    const float cheek = bell(ax - 0.38F, p.y - f.eye_y + 0.27F, 0.13F, 0.10F);
    const float lips = bell(p.x, p.y - f.mouth_y, f.mouth_width * 0.8F, 0.09F);
    const float fold = to_segment(ax, p.y, f.nose_width + 0.05F, f.nose_base() + 0.03F,
                                  f.mouth_width + 0.13F, f.mouth_y + 0.02F);
    V3 d;
    d.x = side * (0.075F * corner + 0.03F * lips * ax / f.mouth_width);
    d.y = 0.075F * corner + 0.035F * cheek - 0.012F * lips;
    d.z = -0.045F * corner + 0.045F * cheek - 0.02F * lips - 0.030F * bell(fold, 0.022F);
    return d * front;
}

V3 with_raised_brows(const Features& f, V3 p, float front) {
    const float ax = std::abs(p.x);
    const float up =
        bell(ax - f.eye_gap * 0.9F, p.y - f.eye_y - f.brow_y - 0.03F, 0.22F, 0.075F) * front;
    return V3{0, 0.065F * up, 0.006F * up};
}

void add_blends(HeadMesh& head, const Features& f) {
    Mesh moved = head.mesh;
    const auto& rest = head.mesh.vertices;
    for (std::size_t k = 0; k < expression_shapes; ++k) {
        Blend& blend = head.blends[k];
        blend.position.resize(rest.size());
        blend.normal.resize(rest.size());
        for (std::size_t i = 0; i < rest.size(); ++i) {
            const float front = soft(0.05F, 0.35F, rest[i].p.z);
            V3 d;
            switch (static_cast<ExpressionShape>(k)) {
                case ExpressionShape::open_mouth: d = when_open(f, rest[i].p, front); break;
                case ExpressionShape::smile: d = when_smiling(f, rest[i].p, front); break;
                case ExpressionShape::raised_brows:
                    d = with_raised_brows(f, rest[i].p, front);
                    break;
            }
            blend.position[i] = d;
            moved.vertices[i].p = rest[i].p + d;
        }
        compute_normals(moved);
        for (std::size_t i = 0; i < rest.size(); ++i) {
            blend.normal[i] = moved.vertices[i].n - rest[i].n;
        }
    }
}

// Parts the triangles among skin, eyes and the band between the lips.
void sort_triangles(HeadMesh& head, const Features& f) {
    std::vector<Triangle> skin;
    for (const Triangle& t : head.mesh.triangles) {
        bool eye = false;
        bool mouth = true;
        for (const std::uint32_t i : t) {
            const Vertex& v = head.mesh.vertices[i];
            const float ax = std::abs(v.a) - f.eye_gap;
            const float ey = v.b - f.eye_y;
            eye |= v.p.z > 0.2F && std::abs(ax) < f.eye_width * 1.6F &&
                   std::abs(ey) < f.eye_height * 2.7F;
            mouth &= v.p.z > 0.2F && std::abs(v.a) < f.mouth_width * 0.97F &&
                     std::abs(v.b - f.mouth_y) < Features::lip_gap * 1.2F;
        }
        (mouth ? head.mouth : eye ? head.eyes : skin).push_back(t);
    }
    head.mesh.triangles = std::move(skin);
}

// Finds (x, y) on the front of the mesh.
Anchor find_anchor(const HeadMesh& head, float x, float y) {
    Anchor best;
    float best_outside = 1e9F;
    for (const Triangle& t : head.mesh.triangles) {
        const Vertex& a = head.mesh.vertices[t[0]];
        const Vertex& b = head.mesh.vertices[t[1]];
        const Vertex& c = head.mesh.vertices[t[2]];
        if (a.p.z < 0 || std::abs(a.a - x) > 0.1F || std::abs(a.b - y) > 0.1F) continue;
        const float area = (b.a - a.a) * (c.b - a.b) - (c.a - a.a) * (b.b - a.b);
        if (std::abs(area) < 1e-9F) continue;
        const float wb = ((x - a.a) * (c.b - a.b) - (c.a - a.a) * (y - a.b)) / area;
        const float wc = ((b.a - a.a) * (y - a.b) - (x - a.a) * (b.b - a.b)) / area;
        const float outside = std::max({-wb, -wc, wb + wc - 1, 0.F});
        if (outside < best_outside) {
            best_outside = outside;
            best = {t, {1 - wb - wc, wb, wc}};
        }
    }
    return best;
}

void add_anchors(HeadMesh& head, const Features& f) {
    const auto put = [&](Point point, float x, float y) {
        head.anchors[static_cast<std::size_t>(point)] = find_anchor(head, x, y);
    };
    for (const float side : {-1.F, 1.F}) {
        const bool left = side < 0;
        const float gap = side * f.eye_gap;
        const float out = side * f.eye_width;
        const LidCurve wide = lids(f, 0, 1);
        const float slant = f.eye_slant;
        put(left ? Point::left_eye_outer : Point::right_eye_outer, gap + out, f.eye_y + slant);
        put(left ? Point::left_eye_inner : Point::right_eye_inner, gap - out, f.eye_y - slant);
        put(left ? Point::left_eye_upper : Point::right_eye_upper, gap, f.eye_y + wide.upper);
        put(left ? Point::left_eye_lower : Point::right_eye_lower, gap, f.eye_y + wide.lower);
        const float brow = f.eye_y + f.brow_y;
        put(left ? Point::left_brow_inner : Point::right_brow_inner, side * 0.12F,
            brow - 0.033F - f.brow_slope);
        put(left ? Point::left_brow_outer : Point::right_brow_outer, side * 0.45F,
            brow + 0.002F + f.brow_slope * 0.9F);
        put(left ? Point::nose_left : Point::nose_right, side * f.nose_width * 0.95F,
            f.nose_base() + 0.04F);
        put(left ? Point::mouth_left : Point::mouth_right, side * f.mouth_width * 0.97F, f.mouth_y);
    }
    put(Point::nose_bridge, 0, f.eye_y + 0.02F);
    put(Point::nose_tip, 0, f.nose_base() + 0.075F);
    put(Point::mouth_upper, 0, f.mouth_y + f.lip_height * 0.85F);
    put(Point::mouth_lower, 0, f.mouth_y - f.lip_height * 1.25F);
    put(Point::mouth_inner_upper, 0, f.mouth_y + Features::lip_gap);
    put(Point::mouth_inner_lower, 0, f.mouth_y - Features::lip_gap);
    put(Point::chin, 0, -0.955F * f.height);
}

}  // namespace

HeadMesh make_head_mesh(const Features& f, float detail, float swelling) {
    HeadMesh head;
    const std::vector<float> heights = row_heights(f, detail);
    head.rows = static_cast<int>(heights.size());
    head.columns = static_cast<int>(144 * detail) + 1;
    head.mesh.vertices.reserve(at(head.rows * head.columns));
    for (int r = 0; r < head.rows; ++r) {
        for (int c = 0; c < head.columns; ++c) {
            Vertex v;
            v.u = static_cast<float>(c) / static_cast<float>(head.columns - 1);
            v.v = static_cast<float>(r) / static_cast<float>(head.rows - 1);
            v.p = head_point(f, theta_of(v.u), heights[at(r)]);
            v.a = v.p.x;
            v.b = v.p.y;
            head.mesh.vertices.push_back(v);
        }
    }
    add_grid_triangles(head.mesh, head.rows, head.columns);
    compute_normals(head.mesh);
    for (int r = 0; r < head.rows; ++r) {  // no seam at the back
        Vertex& first = head.mesh.vertices[at(r * head.columns)];
        Vertex& last = head.mesh.vertices[at(r * head.columns + head.columns - 1)];
        first.n = last.n = normalised(first.n + last.n);
    }
    if (swelling > 0) {
        for (Vertex& v : head.mesh.vertices) v.p = v.p + v.n * swelling;
    }
    occlude(head, detail);
    add_blends(head, f);
    add_anchors(head, f);
    sort_triangles(head, f);
    return head;
}

}  // namespace strongroom::people
