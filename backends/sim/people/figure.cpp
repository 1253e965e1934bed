#include "figure.h"

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

namespace {

// Whose head is under a mask does not show in its shape.
Head dressed(const Head& face, const Head& wearer) {
    Head head = face;
    head.hair_style = wearer.hair_style;
    head.hairline = wearer.hairline;
    head.marks = wearer.marks;
    return head;
}

}  // namespace

Figure::Figure(const Head& face, const Head& wearer, const Material& material, bool masked,
               float detail)
    : face_(face),
      wearer_(wearer),
      material_(material),
      masked_(masked),
      detail_(detail),
      features_(dressed(face, wearer)),
      mesh_(make_head_mesh(features_, detail, to_float(material.swelling))),
      skin_(bake_skin(face, features_, mesh_, detail < 1 ? 256 : 512, to_float(material.detail),
                      to_float(material.saturation))),
      ears_(make_ears(features_)),
      body_(make_body(features_)),
      hair_(make_hair(dressed(face, wearer), features_, mesh_)) {}

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

    // A direction in the head's own axes.
    [[nodiscard]] V3 in_head(V3 d) const {
        const auto& r = head.r;
        return V3{r[0] * d.x + r[3] * d.y + r[6] * d.z, r[1] * d.x + r[4] * d.y + r[7] * d.z,
                  r[2] * d.x + r[5] * d.y + r[8] * d.z} *
               (1 / unit);
    }

    void light(V3 p, V3 n, const Finish& finish, float open, float shadow, Lit& lit) const {
        view.project(p, lit);
        if (dot(n, p) > 0.35F * to_float(shot.place.distance)) {
            // Turned away: hardly seen, and then from inside.
            const V3 dim = lamps.colour * (0.55F * lamps.ambient * open);
            lit.red = dim.x;
            lit.green = dim.y;
            lit.blue = dim.z;
            return;
        }
        illuminate(lamps, finish, p, n, open, shadow, lit);
    }
};

namespace {

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

void Figure::draw_face(Target& target, const Drawing& drawing, const Complexion& complexion,
                       const std::vector<Lit>& face) const {
    draw(target, face, mesh_.mesh.triangles, Sides::front, PaintSkin{complexion});
    draw(target, face, mesh_.eyes, Sides::front,
         PaintEye(complexion, drawing.in_head(drawing.lamps.key_to)));
    draw(target, face, mesh_.mouth, Sides::front, PaintMouth{complexion});
}

void Figure::draw_hair(Target& target, const Drawing& drawing, const Complexion& complexion) const {
    const Headwear hat = drawing.shot.appearance.headwear;
    if (hat == Headwear::scarf) return;
    const Finish finish{{0.25F, 0.25F, 0.25F}, 0.05F};
    Mesh pressed;
    const Mesh* mesh = &hair_.mesh;
    if (hat != Headwear::none) {
        // A hat presses the hair down; what stood on the head goes into it.
        pressed = hair_.mesh;
        mesh = &pressed;
        const auto& skin = mesh_.mesh.vertices;
        for (std::size_t i = 0; i < pressed.vertices.size(); ++i) {
            Vertex& v = pressed.vertices[i];
            if (i < skin.size()) {
                const V3 flat = skin[i].p + skin[i].n * 0.02F;
                v.p = mix(v.p, flat, soft(0.05F, 0.38F, skin[i].p.y));
            } else if (v.p.y > 0.30F) {
                v.p = v.p * 0.8F;
            }
        }
    }
    const std::vector<Lit> lit = light_rigid(drawing, *mesh, drawing.head, finish);
    const std::span<const Triangle> triangles(mesh->triangles);
    // Its inside first: the edge of what lies before it is seen through.
    for (const Sides sides : {Sides::back, Sides::front}) {
        draw(target, lit, triangles.first(hair_.on_skull), sides, PaintHair{complexion});
    }
    draw(target, lit, triangles.subspan(hair_.on_skull), Sides::both, PaintHair{complexion});
}

void Figure::draw_piece(Target& target, const Drawing& drawing, const Complexion& complexion,
                        Piece piece) {
    std::optional<Mesh>& mesh = pieces_[static_cast<std::size_t>(piece)];
    if (!mesh) mesh = make_piece(piece, features_, mesh_);
    Finish finish{{0.1F, 0.1F, 0.1F}, 0.06F};
    if (piece == Piece::hand) finish = {};
    draw(target, light_rigid(drawing, *mesh, drawing.head, finish), mesh->triangles, Sides::both,
         PaintPiece(piece, complexion));
}

std::optional<FaceTruth> Figure::draw_into(Target& target, const Shot& asked) {
    Shot shot = asked;
    if (material_.stiffness > 0) {
        // A stiff face shows little of what moves beneath it.
        const double moves = 1 - material_.stiffness;
        Expression& e = shot.expression;
        e.mouth_open *= moves;
        e.smile *= moves;
        e.brows *= moves;
        if (!material_.eye_holes) {
            e.eyes_open = 1 - (1 - e.eyes_open) * moves;
            e.gaze_x *= moves;
            e.gaze_y *= moves;
        }
    }
    const Drawing drawing(shot);
    Finish skin_finish;
    skin_finish.shine *= to_float(material_.specular) * (1.15F - 0.4F * features_.age);
    const float beat = 0.006F * std::sin(6.2831853F * to_float(std::fmod(shot.time * 1.17, 1.0)));
    const auto flush = [&](double share) {
        const float b = beat * to_float(share);
        return V3{1 - 0.3F * b, 1 - b, 1 - 0.5F * b};
    };
    Complexion complexion{face_,   wearer_,       features_,
                          skin_,   material_,     masked_,
                          shot,    drawing.lamps, flush(material_.pulse),
                          flush(1)};

    // The nearest first: what lies behind is then skipped.
    const std::vector<Lit> face = light_head(drawing, mesh_, skin_finish);
    draw_face(target, drawing, complexion, face);
    draw_hair(target, drawing, complexion);
    if (shot.appearance.headwear != Headwear::scarf) {
        draw(target, light_rigid(drawing, ears_, drawing.head, {}), ears_.triangles, Sides::both,
             PaintEar{complexion});
    }
    const Finish cloth_finish{{0.1F, 0.1F, 0.1F}, 0.015F};
    draw(target, light_body(drawing, body_, cloth_finish), body_.triangles, Sides::front,
         PaintBody(complexion));
    switch (shot.appearance.headwear) {
        case Headwear::none: break;
        case Headwear::cap: draw_piece(target, drawing, complexion, Piece::cap); break;
        case Headwear::beanie: draw_piece(target, drawing, complexion, Piece::beanie); break;
        case Headwear::scarf: draw_piece(target, drawing, complexion, Piece::scarf); break;
    }
    if (shot.appearance.cover == Cover::surgical_mask) {
        draw_piece(target, drawing, complexion, Piece::surgical_mask);
    }
    if (shot.appearance.eyewear != Eyewear::none) {
        draw_piece(target, drawing, complexion, Piece::glasses);
    }
    if (shot.appearance.cover == Cover::hair) {
        draw_piece(target, drawing, complexion, Piece::fringe);
    }
    if (shot.appearance.cover == Cover::hand) {
        draw_piece(target, drawing, complexion, Piece::hand);
    }
    return truth_of(drawing, mesh_, features_, face);
}

}  // namespace strongroom::people
