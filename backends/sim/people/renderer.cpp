#include "people/renderer.h"

#include <deque>
#include <list>

#include "background.h"
#include "base/assert.h"
#include "body.h"
#include "exposure.h"
#include "field_limits.h"
#include "figure.h"

namespace strongroom::people {

vision::Landmarks FaceTruth::landmarks() const {
    const auto point = [this](Point p) { return points[static_cast<std::size_t>(p)]; };
    const auto between = [&](Point a, Point b) {
        return vision::Point{(point(a).x + point(b).x) / 2, (point(a).y + point(b).y) / 2};
    };
    vision::Landmarks marks;
    marks.scheme = vision::LandmarkScheme::centres;
    marks.points = {between(Point::left_eye_outer, Point::left_eye_inner),
                    between(Point::right_eye_outer, Point::right_eye_inner), point(Point::nose_tip),
                    point(Point::mouth_left), point(Point::mouth_right)};
    return marks;
}

namespace {

void refuse(const std::vector<std::string>& faults) {
    if (!faults.empty()) throw RenderError(faults.front());
}

}  // namespace

struct Renderer::Implementation {
    explicit Implementation(std::size_t kept) : heads_kept(kept) {}

    struct Behind {
        Background background{};
        std::uint64_t seed = 0;
        int width = 0;
        int height = 0;
        std::vector<float> pixels;
    };

    Figure& figure(const Head& face, const Head& wearer, const Material& material, bool masked,
                   float detail) {
        for (auto it = figures.begin(); it != figures.end(); ++it) {
            if (!it->is_of(face, wearer, material, masked, detail)) continue;
            figures.splice(figures.begin(), figures, it);
            return figures.front();
        }
        refuse(check_head(face));
        refuse(check_head(wearer));
        refuse(check_material(material));
        figures.emplace_front(face, wearer, material, masked, detail);
        if (figures.size() > heads_kept) figures.pop_back();
        return figures.front();
    }

    const std::vector<float>& behind(const Shot& shot) {
        for (const Behind& b : backgrounds) {
            if (b.background == shot.background && b.seed == shot.background_seed &&
                b.width == shot.lens.width && b.height == shot.lens.height) {
                return b.pixels;
            }
        }
        if (backgrounds.size() >= 4) backgrounds.pop_back();
        backgrounds.push_front({shot.background, shot.background_seed, shot.lens.width,
                                shot.lens.height,
                                paint_background(shot.background, shot.background_seed,
                                                 shot.lens.width, shot.lens.height)});
        return backgrounds.front().pixels;
    }

    // The background, lit; and an empty depth buffer.
    LinearImage begin(const Shot& shot) {
        refuse(check(shot));
        const Lamps lamps(shot.lighting, shot.time);
        const std::vector<float>& from = behind(shot);
        LinearImage light{shot.lens.width, shot.lens.height, std::vector<float>(from.size())};
        const V3 gain =
            lamps.colour * (0.55F * lamps.key + 0.4F * lamps.fill + 0.8F * lamps.ambient);
        for (std::size_t i = 0; i < from.size(); i += 3) {
            light.pixels[i] = from[i] * gain.x;
            light.pixels[i + 1] = from[i + 1] * gain.y;
            light.pixels[i + 2] = from[i + 2] * gain.z;
        }
        target.reset(light.width, light.height, light.pixels.data());
        return light;
    }

    std::size_t heads_kept;
    std::list<Figure> figures;  // used last, first
    std::deque<Behind> backgrounds;
    Target target;
};

Renderer::Renderer(std::size_t heads_kept) {
    STRONGROOM_ASSERT(heads_kept >= 1);
    implementation_ = std::make_unique<Implementation>(heads_kept);
}
Renderer::~Renderer() = default;

Picture Renderer::render(const Head& head, const Shot& shot) {
    return expose(render_scene(head, shot), shot);
}

Renderer::Scene Renderer::render_scene(const Head& head, const Shot& shot) {
    Scene scene;
    scene.light = implementation_->begin(shot);
    Figure& figure = implementation_->figure(head, head, {}, false, detail_for(shot));
    scene.face = figure.draw_into(implementation_->target, shot);
    return scene;
}

Picture Renderer::render_mask(const Head& face, const Head& wearer, const Material& material,
                              const Shot& shot) {
    return expose(render_mask_scene(face, wearer, material, shot), shot);
}

Renderer::Scene Renderer::render_mask_scene(const Head& face, const Head& wearer,
                                            const Material& material, const Shot& shot) {
    Scene scene;
    scene.light = implementation_->begin(shot);
    Figure& figure = implementation_->figure(face, wearer, material, true, detail_for(shot));
    scene.face = figure.draw_into(implementation_->target, shot);
    return scene;
}

Renderer::Scene Renderer::render_background(const Shot& shot) {
    return {implementation_->begin(shot), std::nullopt};
}

Picture Renderer::expose(Scene scene, const Shot& shot) {
    Picture picture;
    picture.width = scene.light.width;
    picture.height = scene.light.height;
    picture.pixels = develop(std::move(scene.light), shot);
    picture.face = std::move(scene.face);
    return picture;
}

}  // namespace strongroom::people
