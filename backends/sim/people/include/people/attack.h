// Presentation attacks as the camera sees them (ISO/IEC 30107-1: presentation attack instruments,
// by species).
//
// An instrument is made once (a source picture is taken of the victim, printed, filmed or cast) and
// then presented many times. Every parameter is a number with a meaning, so that an attack
// potential can be swept; `quality` sets them all together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
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

    // Surface. Of masks, those of the paper they are cut from.
    double width = 0.210;            // of the sheet or the lit area, metres, 0.02 to 1
    double height = 0.297;           // the same
    double face_width = 0.14;        // of the shown face from cheek to cheek, metres, 0.01 to 1
    double letterbox = 0;            // share of a screen's height beside the picture, 0 to 0.8
    double pixels_per_metre = 4000;  // halftone cells of the print, pixels of the screen
    double gamut = 0.8;              // 0 to 1: how much of the colour it can show
    double contrast = 0.8;           // 0 to 1
    double gloss = 0.2;              // 0 matte to 1 mirror
    double bend = 0;                 // curvature about the vertical axis, 1/metre; 0 is flat
    double border = 0.1;             // white border or bezel, share of the width
    bool hand = true;                // that holds it is seen

    // Screens.
    double brightness = 1;     // of its white, against white paper beside it
    double refresh_rate = 60;  // hertz, of the picture or of its lamp's pulses
    double flicker = 0.05;     // 0 to 1: depth of its flicker, after the exposure has averaged it
    double moire = 0.5;        // 0 to 1: visibility of the pixel grid
    double colour_cast = 0.1;  // 0 to 1, bluish
    double reflection = 0.1;   // 0 to 1: of the room in the glass
    bool video = true;         // a film that moves, not a still; also of an injected stream

    // Masks.
    Material material;
    double coverage = 1;  // partial_mask: share of the face's height that it covers, 0 to 1

    // Injection: 0 is the victim's own picture, 1 a face swapped in with a visible seam, another
    // colour and a tremble.
    double blending = 0;
};

// A typical instrument of this species and quality: 0 made in a minute, 1 the best that can be
// bought. Seeds vary it around what is typical. Asserts a species other than bona_fide,
// 0 <= quality <= 1.
[[nodiscard]] Instrument make_instrument(Species species, double quality, std::uint64_t seed);

// What cannot be, one sentence each, with the field, its value and the limits; empty when all is
// possible.
[[nodiscard]] std::vector<std::string> check(const Instrument& instrument);

// How it is held before the camera; poses of the head in the Shot are those of the attacker, who
// moves the instrument with her head or her hand.
struct Presentation {
    double distance = 0.35;  // of prints and screens from the camera, metres, 0.1 to 3
    double tilt = 0;         // degrees about the vertical axis, -75 to 75; signs as in Pose
    double lean = 0;         // degrees about the horizontal axis, the same
    double spin = 0;         // degrees about the optical axis, the same
    double shake_x = 0;      // shift in pixels
    double shake_y = 0;
};

[[nodiscard]] std::vector<std::string> check(const Presentation& presentation);

// As a practised attacker holds it: so near that the shown face is about as large as her own would
// be in `shot`, as far as the size of the thing allows, nearly upright.
[[nodiscard]] Presentation make_presentation(const Instrument& instrument, const Shot& shot,
                                             Rng& rng);
// The hand's tremor at `time` seconds, added to where it was held at first: a function of the seed.
[[nodiscard]] Presentation hold(const Presentation& at_first, std::uint64_t seed, double time);

class AttackRenderer {
public:
    // `renderer` outlives it. One thread at a time.
    explicit AttackRenderer(Renderer& renderer);
    ~AttackRenderer();
    AttackRenderer(const AttackRenderer&) = delete;
    AttackRenderer& operator=(const AttackRenderer&) = delete;

    // The attacker shows `instrument`, made of `victim`, to the camera of `shot`. In a film or an
    // injected stream the victim moves as `source` says (its light and place are the source's own);
    // in a still only source.appearance, lighting and background are used. An injected stream has
    // the size of `shot`'s frames and all else from `source`; a silicone mask uses no source at
    // all. Who holds a thing nearer than her own head stands behind it.
    //
    // The truth in the picture is that of the face that the instrument shows; none when that is
    // outside the frame. Equal input gives equal pictures. Throws RenderError with what check()
    // says of the instrument, the presentation and the shots.
    [[nodiscard]] Picture render(const Instrument& instrument, const Head& victim,
                                 const Head& attacker, const Shot& shot, const Shot& source,
                                 const Presentation& presentation);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::people
