// Presentation attacks as the camera sees them (ISO/IEC 30107-1: presentation attack instruments,
// by species).
//
// An instrument is made once (a source picture is taken of the victim, printed, filmed or cast) and
// then presented many times. Every parameter is a number with a meaning, so that an attack
// potential can be swept; `quality` sets them all together.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "people/renderer.h"

namespace strongroom::people {

enum class Species : std::uint8_t {
    bona_fide,
    print_matte,
    print_glossy,
    phone_replay,
    tablet_replay,
    laptop_replay,
    paper_mask,  // cut out, with holes for the eyes
    silicone_mask,
    partial_mask,  // a print over part of the attacker's own face
    photo_beside,  // a photograph held beside a live face
    injection,     // frames replaced before the extractor: no second camera, no surface
};
inline constexpr std::size_t species_count = 11;

[[nodiscard]] std::string_view to_string(Species species);
// None for an unknown name.
[[nodiscard]] std::optional<Species> species_named(std::string_view name);
// All but bona_fide.
[[nodiscard]] std::span<const Species> attack_species();

// One artefact. Fields that a species does not use are ignored.
struct Instrument {
    Species species = Species::print_matte;
    std::uint64_t seed = 1;  // which artefact of its kind
    double quality = 0.5;    // 0 to 1: what instrument() below derived the rest from

    // Where the picture on it comes from.
    double source_resolution = 200;  // pixels across the face in the source, 20 to 1000
    double source_frontal = 1;       // 1: taken from the front; 0: 30 degrees to the side

    // Surface.
    double pixels_per_metre = 4000;  // of the print or the screen
    double gamut = 0.8;              // 0 to 1: how much of the colour it can show
    double contrast = 0.8;           // 0 to 1
    double gloss = 0.2;              // 0 matte to 1 mirror
    double bend = 0;                 // radius of curvature, 1/metre; 0 is flat
    double border = 0.1;             // white border or bezel, share of the width
    bool hand = true;                // that holds it is seen

    // Screens.
    double brightness = 1;     // against the room
    double refresh_rate = 60;  // hertz
    double flicker = 0.05;     // 0 to 1: depth of its flicker
    double moire = 0.5;        // 0 to 1: visibility of the pixel grid
    double colour_cast = 0.1;  // 0 to 1, bluish
    double reflection = 0.1;   // 0 to 1: of the room in the glass
    bool video = true;         // a film that moves, not a still

    // Masks.
    Material material;
    double coverage = 1;  // partial_mask: share of the face that it covers, 0 to 1
};

// A typical instrument of this species and quality: 0 made in a minute, 1 the best that can be
// bought. Asserts a species other than bona_fide, 0 <= quality <= 1.
[[nodiscard]] Instrument make_instrument(Species species, double quality, std::uint64_t seed);

// What cannot be, one sentence each; empty when all is possible.
[[nodiscard]] std::vector<std::string> check(const Instrument& instrument);

// How it is held before the camera; poses of the head in the Shot are those of the attacker, who
// moves the instrument with her head or her hand.
struct Presentation {
    double distance = 0.35;  // of prints and screens from the camera, metres
    double tilt = 0;         // degrees about the vertical axis: what turning a flat thing does
    double lean = 0;         // degrees about the horizontal axis
    double spin = 0;         // degrees about the optical axis
    double shake_x = 0;      // shift in pixels
    double shake_y = 0;
};

class AttackRenderer {
public:
    // `renderer` outlives it. One thread at a time.
    explicit AttackRenderer(Renderer& renderer);
    ~AttackRenderer();
    AttackRenderer(const AttackRenderer&) = delete;
    AttackRenderer& operator=(const AttackRenderer&) = delete;

    // The attacker shows `instrument`, made of `victim`, to the camera of `shot`. In a film or an
    // injected stream the victim moves as `source` says (its light and place are the source's own);
    // in a still only source.appearance, lighting and background are used. The truth in the picture
    // is that of the face that the instrument shows. Throws RenderError.
    [[nodiscard]] Picture render(const Instrument& instrument, const Head& victim,
                                 const Head& attacker, const Shot& shot, const Shot& source,
                                 const Presentation& presentation);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::people
