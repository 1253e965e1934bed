// Frames put in the camera's place: the victim's own film, or her face swapped into another's.
#include <array>

#include "attack_scene.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

// An oval about the face, a little smaller than it: what face swapping programs replace.
struct Oval {
    float x = 0;
    float y = 0;
    float half_width = 1;
    float half_height = 1;
    float turn_cos = 1;
    float turn_sin = 0;
    // 0 in the middle, 1 on the line.
    [[nodiscard]] float radius(float px, float py) const {
        const float dx = px - x;
        const float dy = py - y;
        const float u = (dx * turn_cos + dy * turn_sin) / half_width;
        const float v = (dy * turn_cos - dx * turn_sin) / half_height;
        return std::sqrt(std::sqrt(u * u * u * u + v * v * v * v));
    }
};

Oval oval_of(const FaceTruth& truth) {
    const auto at_point = [&](Point p) { return truth.points[static_cast<std::size_t>(p)]; };
    const vision::Eyes eyes = vision::eyes_of(truth.landmarks());
    const double size = eyes.distance();
    const vision::Point chin = at_point(Point::chin);
    const double x = 0.5 * (eyes.left.x + eyes.right.x);
    const double y = 0.5 * (eyes.left.y + eyes.right.y);
    const double down = std::hypot(chin.x - x, chin.y - y);
    const double angle = truth.pose.roll * 3.14159265358979 / 180;
    Oval o;
    // From above the brows to just above the chin's edge.
    const double height = (down + 0.55 * size) / 2;
    const double shift = height - 0.55 * size;
    o.x = to_float(x - shift * std::sin(angle));
    o.y = to_float(y + shift * std::cos(angle));
    o.half_width = to_float(1.02 * size);
    o.half_height = to_float(height * 0.98);
    o.turn_cos = to_float(std::cos(angle));
    o.turn_sin = to_float(std::sin(angle));
    return o;
}

V3 mean_within(const LinearImage& image, const Oval& oval) {
    V3 sum;
    float count = 0;
    for (int row = 0; row < image.height; row += 4) {
        for (int column = 0; column < image.width; column += 4) {
            if (oval.radius(to_float(column), to_float(row)) > 0.8F) continue;
            const float* p = image.pixels.data() + 3 * (row * image.width + column);
            sum = sum + V3{p[0], p[1], p[2]};
            count += 1;
        }
    }
    return sum * (1 / std::max(count, 1.0F));
}

// The face of one picture laid into another.
class Swap {
public:
    // Both scenes show a face; `frame` is another for each frame of a film.
    Swap(const Instrument& instrument, const Renderer::Scene& from, const Renderer::Scene& into,
         std::uint64_t frame)
        : seam_(to_float(instrument.blending)),
          from_oval_(oval_of(*from.face)),
          into_oval_(oval_of(*into.face)),
          face_(from.light) {
        const vision::Landmarks a = into.face->landmarks();
        const vision::Landmarks b = from.face->landmarks();
        back_ = vision::fit_similarity(a.points, b.points).value_or(vision::Similarity{});
        // The networks that swap faces give small pictures, trembling from frame to frame.
        Rng trembling = Rng(frame).fork("tremble");
        const double step = static_cast<double>(seam_ * from_oval_.half_width) * 0.025;
        back_.tx += step * trembling.normal(0, 1);
        back_.ty += step * trembling.normal(0, 1);
        const float glow = 1 + 0.05F * seam_ * to_float(trembling.normal(0, 1));
        const float texel =
            2 * from_oval_.half_width / 0.9F / to_float(instrument.source_resolution);
        level_ = face_.level_for(texel);
        // Its colour is fitted to the other's skin, never quite.
        const V3 has = mean_within(from.light, from_oval_);
        const V3 wanted = mean_within(into.light, into_oval_);
        Rng colours = Rng(instrument.seed).fork("colour");
        const auto fitted = [&](float a_mean, float b_mean) {
            const float off = 1 + 0.22F * seam_ * to_float(colours.normal(0, 1));
            return std::clamp(b_mean / std::max(a_mean, 1e-3F) * off, 0.3F, 3.0F) * glow;
        };
        gain_ = {fitted(has.x, wanted.x), fitted(has.y, wanted.y), fitted(has.z, wanted.z)};
    }

    void into(LinearImage& image) const {
        const float border = 0.10F + 0.22F * (1 - seam_);
        for (int row = 0; row < image.height; ++row) {
            for (int column = 0; column < image.width; ++column) {
                const float outer = into_oval_.radius(to_float(column), to_float(row));
                if (outer >= 1) continue;
                const vision::Point p =
                    back_({static_cast<double>(column), static_cast<double>(row)});
                const float x = to_float(p.x);
                const float y = to_float(p.y);
                const float share = soft(1, 1 - border, std::max(outer, from_oval_.radius(x, y)));
                if (share <= 0) continue;
                float* pixel = image.pixels.data() + 3 * (row * image.width + column);
                blend(pixel, face_.sample(level_, x, y) * gain_, share);
            }
        }
    }

    // Where the points of the face come to lie.
    [[nodiscard]] FaceTruth carried(const FaceTruth& from, const FaceTruth& into) const {
        FaceTruth truth = from;
        const vision::Similarity forth = back_.inverse();
        for (vision::Point& p : truth.points) p = forth(p);
        truth.box = into.box;
        truth.pose = into.pose;
        return truth;
    }

private:
    float seam_;
    Oval from_oval_;
    Oval into_oval_;
    SourcePicture face_;
    vision::Similarity back_;  // from the picture it goes into to that which it comes from
    int level_ = 0;
    V3 gain_{1, 1, 1};
};

// The source's own shot, as large as the camera's frames.
Shot stream_shot(const Attempt& attempt) {
    const Instrument& instrument = attempt.instrument;
    Shot shot = attempt.source;
    shot.lens.focal_length *= static_cast<double>(attempt.shot.lens.width) / shot.lens.width;
    shot.lens.width = attempt.shot.lens.width;
    shot.lens.height = attempt.shot.lens.height;
    if (instrument.video) return shot;
    shot.pose = {};
    shot.expression = {};
    shot.time = 0;
    shot.noise_seed = instrument.seed;
    shot.pose.yaw = (1 - instrument.source_frontal) * ((instrument.seed & 1U) != 0 ? 30 : -30);
    return shot;
}

}  // namespace

Picture show_injection(Renderer& renderer, const Attempt& attempt) {
    const Shot shot = stream_shot(attempt);
    if (attempt.instrument.blending < 0.01) return renderer.render(attempt.victim, shot);
    Renderer::Scene stage = renderer.render_scene(attempt.attacker, shot);
    const Renderer::Scene victim = renderer.render_scene(attempt.victim, shot);
    if (!victim.face || !stage.face) return renderer.expose(std::move(stage), shot);
    const Swap swap(attempt.instrument, victim, stage, shot.noise_seed);
    swap.into(stage.light);
    stage.face = swap.carried(*victim.face, *stage.face);
    return renderer.expose(std::move(stage), shot);
}

}  // namespace strongroom::people::attack
