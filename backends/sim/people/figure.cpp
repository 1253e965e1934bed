#include "figure.h"

#include "painting.h"

namespace strongroom::people {
namespace {

constexpr double degree = 3.14159265358979323846 / 180;
constexpr float unit = 0.115F;  // metres in half a head's height

Rigid rotation(const Pose& pose) {
    const float cy = to_float(std::cos(pose.yaw * degree));
    const float sy = to_float(std::sin(pose.yaw * degree));
    const float cp = to_float(std::cos(pose.pitch * degree));
    const float sp = to_float(std::sin(pose.pitch * degree));
    const float cr = to_float(std::cos(pose.roll * degree));
    const float sr = to_float(std::sin(pose.roll * degree));
    // Pitch about x, then yaw about y, then roll about z (clockwise in the picture).
    const std::array<float, 9> yp{cy, -sy * sp, sy * cp, 0, cp, sp, -sy, -cy * sp, cy * cp};
    Rigid m;
    for (std::size_t c = 0; c < 3; ++c) {
        m.r[c] = cr * yp[c] + sr * yp[3 + c];
        m.r[3 + c] = -sr * yp[c] + cr * yp[3 + c];
        m.r[6 + c] = yp[6 + c];
    }
    return m;
}

Rigid placed(const Pose& pose, const Place& place) {
    Rigid m = rotation(pose);
    for (float& v : m.r) v *= unit;
    m.t = {to_float(place.right), to_float(place.up), to_float(-place.distance)};
    return m;
}

}  // namespace

float detail_for(const Shot& shot) {
    const double size = shot.lens.focal_length * double{unit} / shot.place.distance;
    return size < 80 ? 0.55F : 1.F;
}

Figure::Figure(const Head& head, const Material& material, float detail)
    : head_(head),
      material_(material),
      detail_(detail),
      features_(head),
      mesh_(make_head_mesh(features_, detail, to_float(material.swelling))),
      skin_(bake_skin(head, features_, mesh_, detail < 1 ? 256 : 512, to_float(material.detail),
                      to_float(material.saturation))),
      ears_(make_ears(features_)),
      body_(make_body(features_)),
      hair_(make_hair(head, features_, mesh_)) {}

namespace {

// Everything about one drawing that its parts share.
struct Drawing {
    const Shot& shot;
    View view;
    Lamps lamps;
    Rigid head;  // to metres before the camera
    Rigid torso;
    std::array<float, expression_shapes> weights{};

    explicit Drawing(const Shot& s) : shot(s), view(s.lens), lamps(s.lighting, s.time) {
        head = placed(s.pose, s.place);
        Pose of_torso;
        of_torso.yaw = 0.25 * s.pose.yaw;
        of_torso.roll = 0.1 * s.pose.roll;
        torso = placed(of_torso, s.place);
        weights = {to_float(s.expression.mouth_open), to_float(s.expression.smile),
                   to_float(s.expression.brows)};
    }

    void light(V3 p, V3 n, const Finish& finish, float open, float shadow, Lit& lit) const {
        view.project(p, lit);
        illuminate(lamps, finish, p, n, open, shadow, lit);
    }
};

void copy_attributes(const Vertex& from, Lit& to) {
    to.u = from.u;
    to.v = from.v;
    to.a = from.a;
    to.b = from.b;
}

std::vector<Lit> light_head(const Drawing& drawing, const HeadMesh& mesh, const Finish& finish) {
    const auto& vertices = mesh.mesh.vertices;
    std::vector<Lit> lit(vertices.size());
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        V3 p = vertices[i].p;
        V3 n = vertices[i].n;
        for (std::size_t k = 0; k < expression_shapes; ++k) {
            const float w = drawing.weights[k];
            if (w == 0) continue;
            p = p + mesh.blends[k].position[i] * w;
            n = n + mesh.blends[k].normal[i] * w;
        }
        drawing.light(drawing.head(p), normalised(drawing.head.turn(n)), finish,
                      vertices[i].occlusion, 1, lit[i]);
        copy_attributes(vertices[i], lit[i]);
    }
    return lit;
}

std::vector<Lit> light_rigid(const Drawing& drawing, const Mesh& mesh, const Rigid& place,
                             const Finish& finish) {
    std::vector<Lit> lit(mesh.vertices.size());
    for (std::size_t i = 0; i < lit.size(); ++i) {
        const Vertex& v = mesh.vertices[i];
        drawing.light(place(v.p), normalised(place.turn(v.n)), finish, v.occlusion, 1, lit[i]);
        copy_attributes(v, lit[i]);
    }
    return lit;
}

std::vector<Lit> light_body(const Drawing& drawing, const Mesh& mesh, const Finish& finish) {
    std::vector<Lit> lit(mesh.vertices.size());
    for (std::size_t i = 0; i < lit.size(); ++i) {
        const Vertex& v = mesh.vertices[i];
        const float w = follows_head(v.p.y);
        const V3 p = mix(drawing.torso(v.p), drawing.head(v.p), w);
        const V3 n = mix(drawing.torso.turn(v.n), drawing.head.turn(v.n), w);
        drawing.light(p, normalised(n), finish, v.occlusion, 1, lit[i]);
        copy_attributes(v, lit[i]);
    }
    return lit;
}

vision::Point point_of(const std::vector<Lit>& lit, const Anchor& anchor) {
    vision::Point p;
    for (std::size_t k = 0; k < 3; ++k) {
        p.x += double{anchor.weights[k] * lit[anchor.corners[k]].x};
        p.y += double{anchor.weights[k] * lit[anchor.corners[k]].y};
    }
    return p;
}

std::optional<FaceTruth> truth_of(const Drawing& drawing, const HeadMesh& mesh, const Features& f,
                                  const std::vector<Lit>& lit) {
    FaceTruth truth;
    truth.pose = drawing.shot.pose;
    truth.expression = drawing.shot.expression;
    for (std::size_t i = 0; i < point_count; ++i) truth.points[i] = point_of(lit, mesh.anchors[i]);
    // Lids: between where they are when the eye is wide open and where they meet.
    const auto close = [&](Point upper, Point lower) {
        vision::Point& u = truth.points[static_cast<std::size_t>(upper)];
        const vision::Point l = truth.points[static_cast<std::size_t>(lower)];
        const double open = drawing.shot.expression.eyes_open;
        u = {l.x + (u.x - l.x) * open, l.y + (u.y - l.y) * open};
    };
    close(Point::left_eye_upper, Point::left_eye_lower);
    close(Point::right_eye_upper, Point::right_eye_lower);
    double x0 = 1e9;
    double y0 = 1e9;
    double x1 = -1e9;
    double y1 = -1e9;
    const float top = f.eye_y + f.brow_y + 0.06F;
    for (std::size_t i = 0; i < lit.size(); ++i) {
        const Vertex& v = mesh.mesh.vertices[i];
        if (v.p.z < 0.25F || v.b > top || v.b < -0.97F * f.height || lit[i].near <= 0) continue;
        x0 = std::min(x0, double{lit[i].x});
        x1 = std::max(x1, double{lit[i].x});
        y0 = std::min(y0, double{lit[i].y});
        y1 = std::max(y1, double{lit[i].y});
    }
    if (x1 < 0 || y1 < 0 || x0 > drawing.shot.lens.width - 1 || y0 > drawing.shot.lens.height - 1) {
        return std::nullopt;
    }
    truth.box = {x0, y0, x1 - x0, y1 - y0};
    return truth;
}

}  // namespace

std::optional<FaceTruth> Figure::draw_into(Target& target, const Shot& shot) const {
    const Drawing drawing(shot);
    Finish skin_finish;
    skin_finish.shine *= to_float(material_.specular) * (1.15F - 0.4F * features_.age);
    const float beat = 0.006F * std::sin(6.2831853F * to_float(std::fmod(shot.time * 1.17, 1.0))) *
                       to_float(material_.pulse);
    Complexion complexion{head_, features_, skin_, shot, drawing.lamps};
    complexion.pulse = {1 - 0.3F * beat, 1 - beat, 1 - 0.5F * beat};

    // The nearest first: what lies behind is then skipped.
    const std::vector<Lit> face = light_head(drawing, mesh_, skin_finish);
    draw(target, face, mesh_.mesh.triangles, Sides::front, PaintSkin{complexion});
    const V3 key = drawing.lamps.key_to;
    const auto& r = drawing.head.r;
    const V3 key_in_head =
        V3{r[0] * key.x + r[3] * key.y + r[6] * key.z, r[1] * key.x + r[4] * key.y + r[7] * key.z,
           r[2] * key.x + r[5] * key.y + r[8] * key.z} *
        (1 / unit);
    draw(target, face, mesh_.eyes, Sides::front, PaintEye(complexion, key_in_head));
    draw(target, face, mesh_.mouth, Sides::front, PaintMouth{complexion});
    const Finish hair_finish{{0.25F, 0.25F, 0.25F}, 0.05F, true};
    draw(target, light_rigid(drawing, hair_, drawing.head, hair_finish), hair_.triangles,
         Sides::both, PaintHair{complexion});
    draw(target, light_rigid(drawing, ears_, drawing.head, skin_finish), ears_.triangles,
         Sides::both, PaintEar{complexion});
    const Finish cloth_finish{{0.1F, 0.1F, 0.1F}, 0.015F, false};
    draw(target, light_body(drawing, body_, cloth_finish), body_.triangles, Sides::front,
         PaintBody(complexion));
    return truth_of(drawing, mesh_, features_, face);
}

}  // namespace strongroom::people
