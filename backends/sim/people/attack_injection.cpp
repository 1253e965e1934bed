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

}  // namespace

Picture show_injection(Renderer& renderer, const Attempt& attempt) {
    const Instrument& instrument = attempt.instrument;
    Shot shot = attempt.source;
    const double size = static_cast<double>(attempt.shot.lens.width) / shot.lens.width;
    shot.lens.width = attempt.shot.lens.width;
    shot.lens.height = attempt.shot.lens.height;
    shot.lens.focal_length *= size;
    if (!instrument.video) {
        shot.pose = {};
        shot.expression = {};
        shot.time = 0;
        shot.noise_seed = instrument.seed;
    }
    const double aside = (1 - instrument.source_frontal) * ((instrument.seed & 1U) != 0 ? 30 : -30);
    if (!instrument.video) shot.pose.yaw = std::clamp(shot.pose.yaw + aside, -90.0, 90.0);
    if (instrument.blending < 0.01) return renderer.render(attempt.victim, shot);

    Renderer::Scene stage = renderer.render_scene(attempt.attacker, shot);
    Renderer::Scene swapped = renderer.render_scene(attempt.victim, shot);
    if (!swapped.face) return renderer.expose(std::move(stage), shot);
    const FaceTruth truth = *swapped.face;
    const Oval oval = oval_of(truth);
    const float seam = to_float(instrument.blending);
    // The networks that swap faces give small pictures, trembling from frame to frame.
    Rng trembling = Rng(shot.noise_seed).fork("tremble");
    const float step = seam * oval.half_width * 0.025F;
    const float dx = step * to_float(trembling.normal(0, 1));
    const float dy = step * to_float(trembling.normal(0, 1));
    const float glow = 1 + 0.05F * seam * to_float(trembling.normal(0, 1));
    const float texel = 2 * oval.half_width / 0.9F / to_float(instrument.source_resolution);
    // Its colour is fitted to the stage's skin, never quite.
    const V3 from = mean_within(swapped.light, oval);
    const V3 to = mean_within(stage.light, oval);
    Rng colours = Rng(instrument.seed).fork("colour");
    const auto fitted = [&](float a, float b) {
        const float wanted = b / std::max(a, 1e-3F);
        const float off = 1 + 0.22F * seam * to_float(colours.normal(0, 1));
        return std::clamp(wanted * off, 0.3F, 3.0F) * glow;
    };
    const V3 gain{fitted(from.x, to.x), fitted(from.y, to.y), fitted(from.z, to.z)};
    const SourcePicture face(swapped.light);
    const int level = face.level_for(texel);
    const float border = 0.10F + 0.22F * (1 - seam);
    for (int row = 0; row < stage.light.height; ++row) {
        for (int column = 0; column < stage.light.width; ++column) {
            const float x = to_float(column);
            const float y = to_float(row);
            const float share = soft(1, 1 - border, oval.radius(x, y));
            if (share <= 0) continue;
            float* pixel = stage.light.pixels.data() + 3 * (row * stage.light.width + column);
            blend(pixel, face.sample(level, x + dx, y + dy) * gain, share);
        }
    }
    stage.face = truth;
    return renderer.expose(std::move(stage), shot);
}

}  // namespace strongroom::people::attack
