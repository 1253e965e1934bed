// A print on the attacker's own head: cut out along the face, or the whole head, with holes for the
// eyes.
#include "attack_scene.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

struct Ellipse {
    float x = 0;
    float y = 0;
    float half_width = 1;
    float half_height = 1;
    float taper = 0;  // how much narrower it is at its lower end
    // About how many pixels inside; negative outside.
    [[nodiscard]] float inside(float px, float py) const {
        const float dy = (py - y) / half_height;
        const float below = std::clamp(dy, 0.0F, 1.0F);
        const float dx = (px - x) / (half_width * (1 - taper * below));
        return (1 - std::sqrt(dx * dx + dy * dy)) * std::min(half_width, half_height);
    }
};

vision::Point of(const FaceTruth& truth, Point point) {
    return truth.points[static_cast<std::size_t>(point)];
}

vision::Point middle(vision::Point a, vision::Point b) {
    return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

vision::Point eye_of(const FaceTruth& truth, bool left) {
    return left ? middle(of(truth, Point::left_eye_outer), of(truth, Point::left_eye_inner))
                : middle(of(truth, Point::right_eye_outer), of(truth, Point::right_eye_inner));
}

double apart(vision::Point a, vision::Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

// The line along which scissors went, in pixels of the source picture.
class Cut {
public:
    Cut(const Instrument& instrument, const FaceTruth& face, const Silhouette& person)
        : person_(&person) {
        Rng rng = Rng(instrument.seed).fork("scissors");
        const vision::Point left = eye_of(face, true);
        const vision::Point right = eye_of(face, false);
        const float eyes = to_float(apart(left, right));
        const vision::Point brow =
            middle(of(face, Point::left_brow_inner), of(face, Point::right_brow_inner));
        const vision::Point chin = of(face, Point::chin);
        // In a hurry the face alone is cut out. Who takes care leaves hair, ears and neck on it,
        // which cover her own, and follows their outline.
        const bool partial = instrument.species == Species::partial_mask;
        const float careful = to_float(instrument.quality);
        const float careless = 1 - careful;
        const float head = partial ? 0 : careful;
        const float generous = to_float(rng.uniform(0.96, 1.0)) + 0.12F * careless;
        const float top = to_float(brow.y) - (0.55F + 2.3F * head) * eyes * generous;
        bottom_ = to_float(chin.y) + (0.05F + 0.4F * head) * eyes;
        const float half_box = to_float(face.box.width / 2);
        outline_.x = to_float(face.box.x) + half_box;
        outline_.y = (top + bottom_) / 2;
        outline_.half_width = half_box * generous * (1 + 0.9F * head);
        outline_.half_height = (bottom_ - top) / 2;
        outline_.taper = 0.22F - 0.12F * head;
        // The careful cut along the lids; the less so larger and more angular holes.
        const float wide = eyes * (partial ? 0.245F + 0.08F * careless : 0.17F + 0.155F * careless);
        const float high = eyes * (partial ? 0.10F + 0.09F * careless : 0.06F + 0.13F * careless);
        holes_ = {Ellipse{to_float(left.x), to_float(left.y), wide, high, 0},
                  Ellipse{to_float(right.x), to_float(right.y), wide, high, 0}};
        wobble_ = eyes * (0.03F + 0.04F * careless);
        phase_ = to_float(rng.uniform(0, 100));
        slope_ = to_float(rng.normal(0, 0.08));
        part_ = partial ? (rng.uniform() < 0.65 ? Part::lower : Part::upper) : Part::whole;
        const float height = to_float(chin.y - brow.y) + 0.15F * eyes;
        line_ = part_ == Part::lower
                    ? bottom_ - to_float(instrument.coverage) * height
                    : to_float(brow.y) - 0.1F * eyes + to_float(instrument.coverage) * height;
    }
    // Pixels of the source within the paper; negative beside it and in the holes.
    [[nodiscard]] float inside(float x, float y) const {
        const float along = 3.0F * (x + y) / outline_.half_width;
        const float wobbled = wobble_ * noise(along + phase_, 0.5F + phase_);
        float depth = std::min(outline_.inside(x, y), person_->inside(x, y)) + wobbled;
        if (part_ == Part::lower)
            depth = std::min(depth, y - line_ + slope_ * (x - outline_.x) + wobbled);
        if (part_ == Part::upper)
            depth = std::min(depth, line_ - y + slope_ * (x - outline_.x) + wobbled);
        return std::min(depth, -hole(x, y));
    }
    // Pixels within a hole for an eye.
    [[nodiscard]] float hole(float x, float y) const {
        return std::max(holes_[0].inside(x, y), holes_[1].inside(x, y));
    }

private:
    enum class Part : std::uint8_t { whole, lower, upper };
    const Silhouette* person_;
    Ellipse outline_;
    std::array<Ellipse, 2> holes_;
    float bottom_ = 0;
    float wobble_ = 0;
    float phase_ = 0;
    float line_ = 0;
    float slope_ = 0;
    Part part_ = Part::whole;
};

// The sheet lies before the attacker's face so that the holes are before her eyes.
struct Worn {
    Surface surface;
    Placed placed;
};

Worn wear(const Attempt& attempt, const View& view, const FaceTruth& wearer,
          const SourcePicture& picture) {
    const Shot& shot = attempt.shot;
    const FaceTruth& printed = picture.truth();
    const vision::Point left = eye_of(wearer, true);
    const vision::Point right = eye_of(wearer, false);
    const vision::Point target = middle(left, right);
    const vision::Point eyes = middle(eye_of(printed, true), eye_of(printed, false));
    Worn out;
    out.placed = {&picture, 0, 0, to_float(eyes.x), to_float(eyes.y)};
    // Noses keep it off the face.
    constexpr float before = 0.105F;
    out.surface = surface_at(
        {to_float(shot.place.right), to_float(shot.place.up), to_float(shot.place.distance)},
        shot.pose.yaw, shot.pose.pitch, shot.pose.roll, std::fabs(attempt.instrument.bend));
    out.surface.centre = out.surface.centre + out.surface.normal * before;
    // Turned heads show their eyes closer together; the paper is turned as they are.
    const double slant = std::max(0.35, std::cos(shot.pose.yaw * 3.14159265 / 180));
    const float z = out.surface.centre.z;
    const double pixels = apart(eye_of(printed, true), eye_of(printed, false));
    out.placed.metres =
        to_float(apart(left, right) / slant * static_cast<double>(z / view.focal) / pixels);
    const V3 ray = view.ray(to_float(target.x), to_float(target.y));
    out.surface.centre = ray * z;
    out.placed.level = picture.level_for(footprint_of(view, out.surface).s / out.placed.metres);
    return out;
}

void paint_mask(LinearImage& image, const View& view, const Room& room, const Worn& worn,
                const Instrument& instrument, const Cut& cut) {
    const Surface& surface = worn.surface;
    const Placed& placed = worn.placed;
    const Footprint footprint = footprint_of(view, surface);
    const float half_width = to_float(instrument.width) / 2;
    const float half_height = to_float(instrument.height) / 2;
    const Ink ink(instrument, footprint);
    const Sheen sheen(room, surface, half_width, instrument.gloss,
                      0.012F + 0.03F * to_float(instrument.gloss));
    const Extent extent = extent_of(view, surface, half_width, half_height, 0);
    const float pixel = 0.5F * (footprint.s + footprint.y);
    constexpr float shadow = 0.011F;  // how far its shadow reaches on the skin, metres
    // The careful bend it before they draw where the picture goes, so that from the front it looks
    // as it should, and print it darker by what the paper mirrors.
    const float careful =
        instrument.species == Species::partial_mask ? 0 : to_float(instrument.quality);
    const V3 haze = V3{1, 1, 1} * (0.02F * careful);
    // White paper where it was cut, metres.
    const float rim = 0.0002F + 0.0005F * (1 - to_float(instrument.quality));
    paint(image, view, surface, extent, [&](const Hit& hit, V3 ray, int, float* out) {
        const float along = mix(hit.s, hit.chord, careful);
        const float x = placed.middle_x + along / placed.metres;
        const float y = placed.middle_y - hit.y / placed.metres;
        const float depth = cut.inside(x, y) * placed.metres;
        if (depth < -shadow) return;
        const float cover = clamp01(depth / pixel + 0.5F);
        if (cover < 1) {
            const float dark = 1 - 0.5F * soft(-shadow, 0, depth);
            for (int k = 0; k < 3; ++k) out[k] *= dark;
        }
        if (cover <= 0) return;
        const V3 wanted = placed.sample(along, hit.y) - haze;
        V3 c = ink.print(wanted, hit.s, hit.y);
        const float white = 1 - clamp01((depth - rim) / pixel + 0.5F);
        c = mix(c, ink.paper(hit.s, hit.y), 0.8F * white);
        // Pressed over the nose it has a crease: one side of it turns to the light.
        const float crease =
            bell(hit.s, 0.006F) * soft(0.01F, -0.02F, hit.y) * soft(-0.065F, -0.035F, hit.y);
        const float fold = 1 + 0.14F * crease * (hit.s < 0 ? -1.0F : 1.0F);
        c = c * sheen.diffuse(hit.chord) * fold + sheen.mirrored(hit.chord, ray);
        blend(out, c, cover);
    });
}

}  // namespace

Picture show_paper_mask(Renderer& renderer, Studio& studio, const Attempt& attempt) {
    const Instrument& instrument = attempt.instrument;
    Renderer::Scene scene = renderer.render_scene(attempt.attacker, attempt.shot);
    if (!scene.face) return renderer.expose(std::move(scene), attempt.shot);
    const Studio::Still& still = studio.still(instrument, attempt.victim, attempt.source, 1.35,
                                              finest_for(instrument, attempt.shot, false));
    const SourcePicture& picture = still.picture;
    const View view(attempt.shot.lens);
    const FaceTruth wearer = *scene.face;
    const Worn worn = wear(attempt, view, wearer, picture);
    const Cut cut(instrument, picture.truth(), still.silhouette);
    paint_mask(scene.light, view, Room(attempt.shot), worn, instrument, cut);
    // What the paper shows is where the paper has it; the eyes are hers who wears it.
    if (const auto shown = truth_on(worn.surface, view, worn.placed, 0)) {
        FaceTruth truth = wearer;
        const bool whole = instrument.species == Species::paper_mask;
        if (whole) truth.box = shown->box;
        for (std::size_t i = 0; i < point_count; ++i) {
            const vision::Point at_source = picture.truth().points[i];
            const float x = to_float(at_source.x);
            const float y = to_float(at_source.y);
            const bool eye = i <= static_cast<std::size_t>(Point::right_eye_lower);
            if (!eye && (whole || cut.inside(x, y) > 0)) truth.points[i] = shown->points[i];
        }
        if (whole) {
            truth.expression.mouth_open = 0;
            truth.expression.smile = 0;
            truth.expression.brows = 0;
        }
        scene.face = truth;
    }
    return renderer.expose(std::move(scene), attempt.shot);
}

}  // namespace strongroom::people::attack
