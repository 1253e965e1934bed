// Instruments as values: names, what is typical of a species and a quality, what is impossible.
#include <array>
#include <cmath>
#include <sstream>

#include "base/assert.h"
#include "maths.h"
#include "people/attack.h"

namespace strongroom::people {
namespace {

constexpr std::array<std::string_view, species_count> names{
    "bona_fide",  "print_matte",   "print_glossy", "phone_replay", "tablet_replay", "laptop_replay",
    "paper_mask", "silicone_mask", "partial_mask", "photo_beside", "injection"};
constexpr std::array<Species, species_count - 1> attacks{
    Species::print_matte,   Species::print_glossy, Species::phone_replay,  Species::tablet_replay,
    Species::laptop_replay, Species::paper_mask,   Species::silicone_mask, Species::partial_mask,
    Species::photo_beside,  Species::injection};

// Draws around what is typical.
class Maker {
public:
    Maker(Species species, double quality, std::uint64_t seed)
        : rng_(Rng(seed).fork(to_string(species))), quality_(quality) {}
    // From the value at quality 0 to that at 1, times a factor near 1, within the limits.
    double vary(double worst, double best, double low, double high, double spread = 0.15) {
        const double typical = worst + (best - worst) * quality_;
        return std::clamp(typical * (1 + rng_.normal(0, spread)), low, high);
    }
    // Positive, from worst to best by equal ratios.
    double ratio(double worst, double best, double low, double high, double spread = 0.15) {
        const double typical = worst * std::pow(best / worst, quality_);
        return std::clamp(typical * std::exp(rng_.normal(0, spread)), low, high);
    }
    bool chance(double share) { return rng_.uniform() < share; }
    double sign() { return chance(0.5) ? 1 : -1; }
    Rng& rng() { return rng_; }
    [[nodiscard]] double quality() const { return quality_; }

private:
    Rng rng_;
    double quality_;
};

void make_print(Instrument& i, Maker& m, bool glossy) {
    i.pixels_per_metre = m.ratio(glossy ? 3000 : 2200, glossy ? 16000 : 12000, 1500, 24000);
    i.gamut = m.vary(glossy ? 0.7 : 0.55, glossy ? 0.98 : 0.92, 0.3, 1, 0.06);
    i.contrast = m.vary(glossy ? 0.7 : 0.5, glossy ? 0.98 : 0.92, 0.3, 1, 0.06);
    i.gloss = glossy ? m.vary(0.88, 0.66, 0.5, 0.95, 0.05) : m.vary(0.14, 0.06, 0, 0.3, 0.3);
    i.bend = m.sign() * m.ratio(1.6, 0.15, 0, 4, 0.5);
    i.border = m.vary(0.1, -0.02, 0, 0.25, 0.3);
    i.hand = m.chance(0.95 - 0.35 * m.quality());
    i.face_width = m.vary(0.135, 0.145, 0.1, 0.16, 0.04);
    i.video = false;
}

void make_phone(Instrument& i, Maker& m) {
    // 6.1 inches at 19.5 to 9, give or take.
    i.width = m.rng().uniform(0.0625, 0.0675);
    i.height = i.width * m.rng().uniform(1.95, 2.17);
    i.face_width = i.width * m.vary(0.72, 0.82, 0.6, 0.9, 0.03);
    i.letterbox = m.chance(0.75 - 0.75 * m.quality()) ? m.rng().uniform(0.2, 0.36) : 0;
    i.pixels_per_metre = m.ratio(8500, 18000, 6000, 22000, 0.1);
    i.border = m.vary(0.07, 0.035, 0.02, 0.12, 0.2);
    i.refresh_rate = m.chance(0.5) ? m.rng().uniform(59.4, 60.6) : m.rng().uniform(236, 244);
    i.gloss = m.vary(0.93, 0.9, 0.85, 0.97, 0.02);
}

void make_tablet(Instrument& i, Maker& m) {
    // 10.9 inches at 4 to 3.
    i.width = m.rng().uniform(0.150, 0.168);
    i.height = i.width * m.rng().uniform(1.33, 1.5);
    i.face_width = std::min(m.vary(0.12, 0.14, 0.09, 0.15, 0.04), 0.88 * i.width);
    i.letterbox = m.chance(0.4 - 0.4 * m.quality()) ? m.rng().uniform(0.05, 0.18) : 0;
    i.pixels_per_metre = m.ratio(5500, 10400, 4500, 13000, 0.1);
    i.border = m.vary(0.1, 0.05, 0.03, 0.14, 0.2);
    i.refresh_rate = m.rng().uniform(59.4, 60.6);
    i.gloss = m.vary(0.92, 0.88, 0.8, 0.97, 0.03);
}

void make_laptop(Instrument& i, Maker& m) {
    // 14 inches at 16 to 9 or 16 to 10.
    i.width = m.rng().uniform(0.295, 0.315);
    i.height = i.width / m.rng().uniform(1.58, 1.79);
    i.face_width = i.height * m.vary(0.56, 0.62, 0.45, 0.7, 0.04);
    i.pixels_per_metre = m.ratio(4300, 8600, 3800, 10500, 0.1);
    i.border = m.vary(0.05, 0.025, 0.015, 0.08, 0.2);
    i.refresh_rate = m.rng().uniform(59.4, 60.6);
    i.gloss = m.chance(0.6) ? m.rng().uniform(0.25, 0.5) : m.rng().uniform(0.8, 0.92);
    i.hand = m.chance(0.7);
}

void make_screen(Instrument& i, Maker& m) {
    i.source_resolution = m.ratio(90, 420, 60, 800);
    i.gamut = m.vary(0.7, 1, 0.5, 1, 0.06);
    i.contrast = m.vary(0.72, 0.99, 0.5, 1, 0.05);
    const double wrong = m.chance(0.6) ? 1.7 : 0.55;
    i.brightness = std::clamp(
        std::pow(wrong, 1 - m.quality()) * 0.95 * std::exp(m.rng().normal(0, 0.1)), 0.3, 3.0);
    i.flicker = m.ratio(0.28, 0.015, 0, 0.6, 0.4);
    i.moire = m.ratio(0.95, 0.08, 0, 1, 0.25);
    i.colour_cast = m.ratio(0.5, 0.04, 0, 1, 0.4);
    i.reflection = m.ratio(0.7, 0.06, 0, 1, 0.35);
    i.video = m.chance(0.7);
}

// Cut from a sheet that is as large as a face, or as a head when care is taken.
void make_mask_paper(Instrument& i, Maker& m) {
    make_print(i, m, m.chance(0.3 * (1 - m.quality())));
    i.contrast = m.vary(0.5, 1, 0.3, 1, 0.06 * (1 - m.quality()));
    i.gamut = m.vary(0.55, 1, 0.3, 1, 0.06 * (1 - m.quality()));
    i.width = 0.21 + 0.08 * m.quality();
    i.height = 0.26 + 0.12 * m.quality();
    i.bend = m.ratio(3.0, 5.0, 1, 6.5, 0.15);
    i.hand = false;
    i.border = 0;
}

void make_mask_partial(Instrument& i, Maker& m) {
    make_print(i, m, m.chance(0.3));
    i.width = 0.21;
    i.height = 0.26;
    i.bend = m.ratio(3.0, 6.5, 1, 9, 0.15);
    i.hand = false;
    i.border = 0;
    i.coverage = m.vary(0.42, 0.75, 0.3, 0.85, 0.08);
}

void make_silicone(Instrument& i, Maker& m) {
    i.material.specular =
        m.chance(0.5) ? m.ratio(2.6, 1.15, 0.1, 4, 0.2) : m.ratio(0.2, 0.85, 0.1, 4, 0.2);
    i.material.detail = m.vary(0.05, 0.85, 0, 1);
    i.material.saturation = m.vary(0.55, 0.95, 0.3, 1.2, 0.1);
    i.material.pulse = 0;
    i.material.stiffness = m.vary(0.95, 0.35, 0, 1, 0.1);
    i.material.swelling = m.ratio(0.07, 0.015, 0.005, 0.1, 0.2);
    i.material.eye_holes = true;
    i.material.mouth_hole = m.chance(0.3 + 0.5 * m.quality());
}

// Collects the sentences about what is outside its limits.
class Limits {
public:
    void within(std::string_view field, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            std::ostringstream text;
            text << field << " is " << value << ", but must be from " << low << " to " << high
                 << ".";
            sentences_.push_back(text.str());
        }
    }
    void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }
    std::vector<std::string> take() { return std::move(sentences_); }

private:
    std::vector<std::string> sentences_;
};

void check_material(Limits& limits, const Material& material) {
    limits.within("material.specular", material.specular, 0, 10);
    limits.within("material.detail", material.detail, 0, 4);
    limits.within("material.saturation", material.saturation, 0, 4);
    limits.within("material.pulse", material.pulse, 0, 4);
    limits.within("material.stiffness", material.stiffness, 0, 1);
    limits.within("material.swelling", material.swelling, 0, 0.1);
}

}  // namespace

std::string_view to_string(Species species) {
    const auto index = static_cast<std::size_t>(species);
    STRONGROOM_ASSERT(index < names.size());
    return names[index];
}

std::optional<Species> species_named(std::string_view name) {
    for (std::size_t index = 0; index < names.size(); ++index) {
        if (names[index] == name) {
            return static_cast<Species>(index);
        }
    }
    return std::nullopt;
}

std::span<const Species> attack_species() { return attacks; }

Instrument make_instrument(Species species, double quality, std::uint64_t seed) {
    STRONGROOM_ASSERT(species != Species::bona_fide);
    STRONGROOM_ASSERT(quality >= 0 && quality <= 1);
    Maker m(species, quality, seed);
    Instrument i;
    i.species = species;
    i.seed = seed;
    i.quality = quality;
    i.source_resolution = m.ratio(65, 420, 40, 800);
    i.source_frontal = m.vary(0.55, 1, 0, 1, 0.1);
    switch (species) {
        case Species::bona_fide: break;
        case Species::print_matte:
        case Species::print_glossy: make_print(i, m, species == Species::print_glossy); break;
        case Species::phone_replay:
            make_phone(i, m);
            make_screen(i, m);
            break;
        case Species::tablet_replay:
            make_tablet(i, m);
            make_screen(i, m);
            break;
        case Species::laptop_replay:
            make_laptop(i, m);
            make_screen(i, m);
            break;
        case Species::paper_mask: make_mask_paper(i, m); break;
        case Species::partial_mask: make_mask_partial(i, m); break;
        case Species::silicone_mask: make_silicone(i, m); break;
        case Species::photo_beside:
            make_print(i, m, m.chance(0.4));
            i.width = m.rng().uniform(0.13, 0.17);
            i.height = i.width * std::sqrt(2.0);
            i.face_width = i.width * m.rng().uniform(0.62, 0.76);
            break;
        case Species::injection:
            i.blending = m.ratio(0.9, 0.03, 0, 1, 0.2);
            i.source_resolution = m.ratio(45, 320, 30, 800);
            i.hand = false;
            break;
    }
    return i;
}

std::vector<std::string> check(const Instrument& i) {
    Limits limits;
    if (i.species == Species::bona_fide || static_cast<std::size_t>(i.species) >= species_count) {
        limits.add("species is bona_fide or unknown, but must be that of an attack.");
    }
    limits.within("quality", i.quality, 0, 1);
    limits.within("source_resolution", i.source_resolution, 20, 1000);
    limits.within("source_frontal", i.source_frontal, 0, 1);
    limits.within("width", i.width, 0.02, 1);
    limits.within("height", i.height, 0.02, 1);
    limits.within("face_width", i.face_width, 0.01, 1);
    limits.within("letterbox", i.letterbox, 0, 0.8);
    limits.within("pixels_per_metre", i.pixels_per_metre, 100, 100000);
    limits.within("gamut", i.gamut, 0, 1);
    limits.within("contrast", i.contrast, 0, 1);
    limits.within("gloss", i.gloss, 0, 1);
    limits.within("bend", i.bend, -10, 10);
    limits.within("border", i.border, 0, 0.45);
    limits.within("brightness", i.brightness, 0.01, 20);
    limits.within("refresh_rate", i.refresh_rate, 1, 10000);
    limits.within("flicker", i.flicker, 0, 1);
    limits.within("moire", i.moire, 0, 1);
    limits.within("colour_cast", i.colour_cast, 0, 1);
    limits.within("reflection", i.reflection, 0, 1);
    limits.within("coverage", i.coverage, 0.05, 1);
    limits.within("blending", i.blending, 0, 1);
    check_material(limits, i.material);
    if (i.width * std::fabs(i.bend) > 2) {
        limits.add("bend times width is over 2: the sheet would be rolled up.");
    }
    return limits.take();
}

std::vector<std::string> check(const Presentation& p) {
    Limits limits;
    limits.within("distance", p.distance, 0.1, 3);
    limits.within("tilt", p.tilt, -75, 75);
    limits.within("lean", p.lean, -75, 75);
    limits.within("spin", p.spin, -75, 75);
    limits.within("shake_x", p.shake_x, -4096, 4096);
    limits.within("shake_y", p.shake_y, -4096, 4096);
    return limits.take();
}

Presentation make_presentation(const Instrument& instrument, const Shot& shot, Rng& rng) {
    // A living face is about 0.145 m from cheek to cheek.
    constexpr double face_width = 0.145;
    // Nearer than this the camera is out of focus and sees it; further, arms are too short.
    constexpr double nearest = 0.19;
    Presentation p;
    const double as_large = shot.place.distance * instrument.face_width / face_width;
    p.distance = std::clamp(as_large * rng.uniform(0.85, 1.1), nearest, 1.5);
    const double care = 1.6 - instrument.quality;
    p.tilt = std::clamp(rng.normal(0, 5 * care), -25.0, 25.0);
    p.lean = std::clamp(rng.normal(2, 4 * care), -20.0, 20.0);
    p.spin = std::clamp(rng.normal(0, 2.5 * care), -15.0, 15.0);
    p.shake_x = rng.normal(0, 0.012) * shot.lens.width;
    p.shake_y = rng.normal(0, 0.012) * shot.lens.height;
    return p;
}

Presentation hold(const Presentation& at_first, std::uint64_t seed, double time) {
    // Slow drift and tremor: three waves for each number.
    Rng rng = Rng(seed).fork("hand");
    const auto sway = [&](double size) {
        double sum = 0;
        for (const double frequency : {0.23, 0.71, 4.5}) {
            const double turns = frequency * rng.uniform(0.8, 1.25) * time + rng.uniform();
            sum += std::sin(2 * 3.141592653589793 * turns) * (frequency > 1 ? 0.15 : 0.5);
        }
        return size * sum;
    };
    Presentation p = at_first;
    p.tilt = std::clamp(p.tilt + sway(1.8), -75.0, 75.0);
    p.lean = std::clamp(p.lean + sway(1.5), -75.0, 75.0);
    p.spin = std::clamp(p.spin + sway(1.0), -75.0, 75.0);
    p.shake_x += sway(3.0);
    p.shake_y += sway(3.0);
    p.distance = std::clamp(p.distance * (1 + sway(0.012)), 0.1, 3.0);
    return p;
}

}  // namespace strongroom::people
