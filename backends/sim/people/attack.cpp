#include "people/attack.h"

#include "attack_scene.h"
#include "base/assert.h"

namespace strongroom::people {
namespace {

void refuse_if_any(std::string_view what, const std::vector<std::string>& problems) {
    if (problems.empty()) return;
    std::string text = "The " + std::string(what) + " is impossible:";
    for (const std::string& problem : problems) text += " " + problem;
    throw RenderError(text);
}

}  // namespace

struct AttackRenderer::Implementation {
    Renderer& renderer;
    attack::Studio studio;
};

AttackRenderer::AttackRenderer(Renderer& renderer)
    : implementation_(
          std::make_unique<Implementation>(Implementation{renderer, attack::Studio(renderer)})) {}

AttackRenderer::~AttackRenderer() = default;

Picture AttackRenderer::render(const Instrument& instrument, const Head& victim,
                               const Head& attacker, const Shot& shot, const Shot& source,
                               const Presentation& presentation) {
    refuse_if_any("instrument", check(instrument));
    refuse_if_any("presentation", check(presentation));
    refuse_if_any("shot", check(shot));
    refuse_if_any("source", check(source));
    Implementation& its = *implementation_;
    const attack::Attempt attempt{instrument, victim, attacker, shot, source, presentation};
    switch (instrument.species) {
        case Species::bona_fide: break;
        case Species::print_matte:
        case Species::print_glossy:
        case Species::phone_replay:
        case Species::tablet_replay:
        case Species::laptop_replay:
        case Species::photo_beside: return attack::show_held(its.renderer, its.studio, attempt);
        case Species::paper_mask:
        case Species::partial_mask:
            return attack::show_paper_mask(its.renderer, its.studio, attempt);
        case Species::silicone_mask:
            return its.renderer.render_mask(victim, attacker, instrument.material, shot);
        case Species::injection: return attack::show_injection(its.renderer, attempt);
    }
    STRONGROOM_ASSERT(false);  // check() refuses all others
}

}  // namespace strongroom::people
