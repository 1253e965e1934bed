#include "people/head.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "maths.h"

namespace strongroom::people {
namespace {

// A normal value, cut at two and a bit deviations: nobody is impossible.
double spread(Rng& rng, double mean, double deviation) {
    return mean + deviation * std::clamp(rng.normal(0, 1), -2.3, 2.3);
}

Colour blend(const Colour& a, const Colour& b, double t) {
    return {a.red + (b.red - a.red) * t, a.green + (b.green - a.green) * t,
            a.blue + (b.blue - a.blue) * t};
}

Colour shifted(const Colour& c, Rng& rng, double by) {
    const double all = 1 + spread(rng, 0, by);
    return {std::clamp(c.red * all * (1 + spread(rng, 0, by * 0.3)), 0.004, 0.95),
            std::clamp(c.green * all * (1 + spread(rng, 0, by * 0.3)), 0.004, 0.95),
            std::clamp(c.blue * all * (1 + spread(rng, 0, by * 0.3)), 0.004, 0.95)};
}

// How far faces differ: so that a network that was trained on real faces errs on these as often as
// on those.
constexpr double individuality = 1.26;
double shape_spread(Rng& rng, double mean, double deviation) {
    return spread(rng, mean, individuality * deviation);
}

void draw_shape(Head& head, Rng& rng, double femininity) {
    const double f = femininity - 0.5;
    head.width = shape_spread(rng, 0.675 - 0.012 * f, 0.034);
    head.height = shape_spread(rng, 1.0, 0.045);
    head.depth = shape_spread(rng, 0.80, 0.035);
    head.jaw = shape_spread(rng, 0.20 + 0.08 * f, 0.085);
    head.cheek = shape_spread(rng, 0.055, 0.030);
    head.chin = shape_spread(rng, 0.045 - 0.02 * f, 0.030);
    head.forehead = shape_spread(rng, 0.01 + 0.015 * f, 0.025);
    head.brow_ridge = shape_spread(rng, 0.050 - 0.035 * f, 0.022);
    head.nose_width = shape_spread(rng, 0.148 - 0.012 * f, 0.022);
    head.nose_length = shape_spread(rng, 0.385 - 0.015 * f, 0.040);
    head.nose_height = shape_spread(rng, 0.215 - 0.02 * f, 0.036);
    head.nose_bend = shape_spread(rng, 0.005 - 0.02 * f, 0.022);
    head.eye_gap = shape_spread(rng, 0.285, 0.020);
    head.eye_width = shape_spread(rng, 0.135, 0.012);
    head.eye_height = shape_spread(rng, 0.053 + 0.006 * f, 0.010);
    head.eye_y = shape_spread(rng, 0.03, 0.028);
    head.eye_slant = shape_spread(rng, 0.010, 0.020);
    head.mouth_y = head.eye_y - head.nose_length - shape_spread(rng, 0.208, 0.022);
    head.mouth_width = shape_spread(rng, 0.225, 0.026);
    head.lip_height = shape_spread(rng, 0.055 + 0.008 * f, 0.014);
    head.ear_size = shape_spread(rng, 0.26, 0.025);
    head.ear_angle = shape_spread(rng, 0.55, 0.15);
}

constexpr Colour palest{0.72, 0.50, 0.40};
constexpr Colour tanned{0.46, 0.27, 0.175};
constexpr Colour darkest{0.115, 0.058, 0.036};

void draw_colours(Head& head, Rng& rng) {
    const double tone = rng.uniform();  // light to dark
    const Colour base =
        tone < 0.5 ? blend(palest, tanned, tone * 2) : blend(tanned, darkest, tone * 2 - 1);
    head.skin = shifted(base, rng, 0.05);
    static constexpr std::array<Colour, 5> hairs{{{0.012, 0.010, 0.009},
                                                  {0.045, 0.024, 0.014},
                                                  {0.13, 0.065, 0.028},
                                                  {0.36, 0.23, 0.10},
                                                  {0.20, 0.055, 0.018}}};
    const std::uint64_t hair = tone > 0.45 ? (rng.below(4) == 0 ? 1 : 0) : rng.below(hairs.size());
    head.hair = shifted(hairs[hair], rng, 0.15);
    const double grey = std::clamp((head.age - 0.50) * 2.2 + spread(rng, 0, 0.18), 0.0, 0.9);
    head.hair = blend(head.hair, {0.42, 0.42, 0.42}, grey);
    static constexpr std::array<Colour, 4> irises{
        {{0.055, 0.028, 0.014}, {0.12, 0.20, 0.30}, {0.13, 0.17, 0.08}, {0.020, 0.011, 0.008}}};
    const std::uint64_t iris = tone > 0.45 ? (rng.below(3) == 0 ? 0 : 3) : rng.below(irises.size());
    head.iris = shifted(irises[iris], rng, 0.15);
    const Colour lip{head.skin.red * 0.86, head.skin.green * 0.60, head.skin.blue * 0.62};
    head.lip = shifted(lip, rng, 0.07);
}

void draw_hair(Head& head, Rng& rng, bool woman) {
    const double u = rng.uniform();
    if (woman) {
        head.hair_style = u < 0.48   ? HairStyle::long_straight
                          : u < 0.70 ? HairStyle::bun
                          : u < 0.85 ? HairStyle::curly
                          : u < 0.94 ? HairStyle::side_parting
                                     : HairStyle::short_cut;
    } else {
        const double balding = 0.05 + 0.28 * head.age;
        head.hair_style = u < balding ? HairStyle::bald
                          : u < 0.62  ? HairStyle::short_cut
                          : u < 0.86  ? HairStyle::side_parting
                          : u < 0.96  ? HairStyle::curly
                                      : HairStyle::long_straight;
    }
    head.hairline = shape_spread(rng, woman ? 0.60 : 0.60 + 0.09 * head.age, 0.055);
    head.brow_thickness = shape_spread(rng, woman ? 0.024 : 0.034, 0.008);
    head.brow_y = shape_spread(rng, woman ? 0.175 : 0.160, 0.020);
    head.brow_slope = shape_spread(rng, woman ? 0.025 : 0.010, 0.022);
    const bool bearded = !woman && rng.uniform() < 0.36;
    const double fullness = rng.uniform(0.25, 1.0);
    const bool moustached = !woman && rng.uniform() < (bearded ? 0.85 : 0.12);
    const double moustache = rng.uniform(0.3, 1.0);
    const double shadow = rng.uniform(0, 0.18);
    head.beard = woman ? 0 : bearded ? fullness : shadow;
    head.moustache = woman ? 0 : moustached ? std::max(moustache, fullness * 0.6) : shadow;
}

double mixed(double own, double others, double similarity) {
    return own + (others - own) * similarity;
}

// Every number of a head, in a fixed order: shape, colours, hair, skin.
constexpr std::size_t plain_numbers = 42;
template <class AnyHead>
auto fields_of(AnyHead& h) {
    return std::array{
        &h.width,          &h.height,     &h.depth,      &h.jaw,         &h.cheek,
        &h.chin,           &h.forehead,   &h.brow_ridge, &h.nose_width,  &h.nose_length,
        &h.nose_height,    &h.nose_bend,  &h.eye_gap,    &h.eye_width,   &h.eye_height,
        &h.eye_y,          &h.eye_slant,  &h.mouth_y,    &h.mouth_width, &h.lip_height,
        &h.ear_size,       &h.ear_angle,  &h.skin.red,   &h.skin.green,  &h.skin.blue,
        &h.hair.red,       &h.hair.green, &h.hair.blue,  &h.iris.red,    &h.iris.green,
        &h.iris.blue,      &h.lip.red,    &h.lip.green,  &h.lip.blue,    &h.hairline,
        &h.brow_thickness, &h.brow_y,     &h.brow_slope, &h.beard,       &h.moustache,
        &h.freckles,       &h.age};
}

constexpr std::size_t styles = 6;

// Mean and deviation of every number, from a fixed sample of people.
struct Moments {
    std::array<double, head_numbers> mean{};
    std::array<double, head_numbers> deviation{};
};

std::array<double, head_numbers> raw_numbers(const Head& head) {
    static_assert(plain_numbers + styles == head_numbers);
    std::array<double, head_numbers> numbers{};
    const auto fields = fields_of(head);
    static_assert(std::tuple_size_v<decltype(fields_of(head))> == plain_numbers);
    for (std::size_t i = 0; i < plain_numbers; ++i) numbers[i] = *fields[i];
    numbers[plain_numbers + static_cast<std::size_t>(head.hair_style)] = 1;
    return numbers;
}

const Moments& moments() {
    static const Moments made = [] {
        constexpr std::uint64_t sample = 4000;
        Moments m;
        std::array<double, head_numbers> squares{};
        for (std::uint64_t i = 0; i < sample; ++i) {
            const auto numbers = raw_numbers(make_head(scramble(i + 0x9e0b1eU)));
            for (std::size_t k = 0; k < head_numbers; ++k) {
                m.mean[k] += numbers[k] / sample;
                squares[k] += numbers[k] * numbers[k] / sample;
            }
        }
        for (std::size_t k = 0; k < head_numbers; ++k) {
            m.deviation[k] = std::sqrt(std::max(1e-12, squares[k] - m.mean[k] * m.mean[k]));
        }
        return m;
    }();
    return made;
}

}  // namespace

Head make_head(std::uint64_t seed) {
    Head head;
    head.seed = seed;
    const Rng root(scramble(seed));
    Rng rng = root.fork("person");
    const bool woman = rng.uniform() < 0.5;
    const double femininity = std::clamp((woman ? 0.85 : 0.15) + 0.2 * rng.normal(0, 1), 0.0, 1.0);
    const double u = rng.uniform();
    head.age = u * (0.55 + 0.45 * u);
    Rng shape = root.fork("shape");
    draw_shape(head, shape, femininity);
    Rng colours = root.fork("colours");
    draw_colours(head, colours);
    Rng hair = root.fork("hair");
    draw_hair(head, hair, woman);
    Rng skin = root.fork("skin");
    head.freckles = skin.uniform() < 0.15 ? skin.uniform(0.3, 1) : skin.uniform(0, 0.1);
    head.marks = skin.next();
    return head;
}

Head make_relative(std::uint64_t seed, const Head& other, double similarity) {
    STRONGROOM_ASSERT(similarity >= 0 && similarity <= 1);
    Head head = make_head(seed);
    const auto own = fields_of(head);
    const auto others = fields_of(other);
    for (std::size_t i = 0; i < own.size(); ++i) *own[i] = mixed(*own[i], *others[i], similarity);
    Rng rng = Rng(scramble(seed)).fork("relative");
    if (rng.uniform() < similarity) head.hair_style = other.hair_style;
    return head;
}

std::array<float, head_numbers> numbers_of(const Head& head) {
    const auto raw = raw_numbers(head);
    const Moments& m = moments();
    std::array<float, head_numbers> numbers{};
    for (std::size_t k = 0; k < head_numbers; ++k) {
        numbers[k] = to_float((raw[k] - m.mean[k]) / m.deviation[k]);
    }
    return numbers;
}

}  // namespace strongroom::people
