// Screens: light of their own through a grid of pixels, glass before it, a bezel about it.
#include <numbers>

#include "attack_paint.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

// Bars of `width` at each whole number, seen through a window. This is where moire comes from: it
// is exact, whatever the ratio of the two grids.
class Bars {
public:
    Bars(float half_window, float width)
        : half_(half_window), width_(width), scale_(1 / (2 * half_window * width)) {}
    // The bars' share of the window about `middle`, against what it is on average.
    [[nodiscard]] float through(float middle) const {
        return (lit_until(middle + half_) - lit_until(middle - half_)) * scale_;
    }

private:
    [[nodiscard]] float lit_until(float x) const {
        const float whole = whole_below(x);
        return whole * width_ + std::min(x - whole, width_);
    }
    float half_;
    float width_;
    float scale_;
};

class Grid {
public:
    // The photosites of a small camera gather light on about half of their area.
    Grid(const Instrument& instrument, const Footprint& footprint)
        : pitch_(to_float(instrument.pixels_per_metre)),
          visibility_(to_float(instrument.moire)),
          columns_(std::max(0.275F * footprint.s * pitch_, 0.02F), 0.29F),
          rows_(std::max(0.275F * footprint.y * pitch_, 0.02F), 0.82F) {}
    // Share of each colour's light against the average.
    [[nodiscard]] V3 seen(float s, float y, V3 ray) const {
        // No lens is without distortion: the fringes bend.
        const float bent = pitch_ * (1 + 0.02F * (ray.x * ray.x + ray.y * ray.y));
        const float u = s * bent;
        const float row = rows_.through(y * bent);
        const auto part = [&](float shift) {
            return 1 + visibility_ * (row * columns_.through(u + shift) - 1);
        };
        return {part(0), part(1.0F / 3), part(2.0F / 3)};
    }

private:
    float pitch_;
    float visibility_;
    Bars columns_;
    Bars rows_;
};

// How bright the screen is while each row of the frame is exposed.
std::vector<float> flicker_of_rows(const Instrument& instrument, int rows, double time) {
    constexpr double readout = 0.030;  // seconds from the first row to the last
    std::vector<float> light(at(rows));
    for (int row = 0; row < rows; ++row) {
        const double turns = instrument.refresh_rate * (time + readout * row / rows);
        light[at(row)] =
            1 - to_float(instrument.flicker *
                         (0.5 - 0.5 * std::cos(2 * std::numbers::pi * std::fmod(turns, 1.0))));
    }
    return light;
}

struct Case {
    float half_width = 0;  // of the lit area
    float half_height = 0;
    float bezel = 0;
    float chin = 0;    // more of it below
    float corner = 0;  // radius of the outer corners
    float lit_corner = 0;
    V3 rim;
};

Case case_of(const Instrument& instrument) {
    Case c;
    c.half_width = to_float(instrument.width) / 2;
    c.half_height = to_float(instrument.height) / 2;
    c.bezel = to_float(instrument.border * instrument.width);
    Rng rng = Rng(instrument.seed).fork("case");
    const float grey = to_float(rng.uniform(0.03, 0.45));
    c.rim = {grey, grey, grey};
    if (instrument.species == Species::phone_replay) {
        c.corner = 0.009F;
        c.lit_corner = c.bezel < 0.005F ? 0.006F : 0.0005F;
    } else if (instrument.species == Species::tablet_replay) {
        c.corner = 0.009F;
        c.lit_corner = 0.001F;
    } else {
        c.corner = 0.005F;
        c.lit_corner = 0.0005F;
        c.chin = 0.6F * c.bezel;
    }
    return c;
}

// Metres inside a rectangle with round corners; negative outside.
float inside(float x, float y, float half_width, float half_height, float radius) {
    const float qx = std::fabs(x) - half_width + radius;
    const float qy = std::fabs(y) - half_height + radius;
    if (qx <= 0 || qy <= 0) return radius - std::max(qx, qy);
    return radius - std::sqrt(qx * qx + qy * qy);
}

// The picture as the screen shows it: its light, before its grid.
class Panel {
public:
    Panel(const Instrument& instrument, float white) {
        const float cast = to_float(instrument.colour_cast);
        const float power = to_float(instrument.brightness) * white;
        white_ = V3{1 - 0.38F * cast, 1 - 0.1F * cast, 1 + 0.22F * cast} * power;
        black_ = 0.001F + 0.09F * (1 - to_float(instrument.contrast));
        gamut_ = 0.4F + 0.6F * to_float(instrument.gamut);
        const double half_width = instrument.width / 2;
        dim_corners_ = to_float(0.35 * (1 - instrument.quality) / (half_width * half_width));
        half_height_ = to_float(instrument.height * (1 - instrument.letterbox)) / 2;
        Rng rng = Rng(instrument.seed).fork("panel");
        bars_ = rng.uniform() < 0.3 ? 0.9F : 0.0F;
    }
    // `rows`: the frame's in a metre of the screen.
    [[nodiscard]] V3 light(const Placed& placed, float s, float y, float rows) const {
        const float shown = clamp01((half_height_ - std::fabs(y)) * rows + 0.5F);
        V3 c = V3{bars_, bars_, bars_};
        if (shown > 0) {
            const V3 wanted = placed.sample(s, y);
            const float grey = luminance(wanted);
            c = mix(c, mix(V3{grey, grey, grey}, wanted, gamut_), shown);
        }
        const float level = 1 - dim_corners_ * s * s;
        const auto lit = [&](float v) { return black_ + (1 - black_) * clamp01(v); };
        return V3{lit(c.x), lit(c.y), lit(c.z)} * white_ * level;
    }

private:
    V3 white_;
    float black_ = 0;
    float gamut_ = 1;
    float dim_corners_ = 0;  // at a metre from the middle, squared
    float half_height_ = 0;
    float bars_ = 0;
};

}  // namespace

bool is_screen(Species species) {
    return species == Species::phone_replay || species == Species::tablet_replay ||
           species == Species::laptop_replay;
}

void paint_screen(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                  const Instrument& instrument, const Placed& placed, double time) {
    const Footprint footprint = footprint_of(view, surface);
    const Case body = case_of(instrument);
    const float half_width = body.half_width + body.bezel;
    const float half_height = body.half_height + body.bezel + body.chin / 2;
    const float middle = -body.chin / 2;
    const Grid grid(instrument, footprint);
    const Panel panel(instrument, room.white());
    const float reflection = to_float(instrument.reflection);
    const Sheen glass(room, surface, half_width, instrument.gloss, 0.004F + 0.05F * reflection);
    const std::vector<float> flicker = flicker_of_rows(instrument, view.height, time);
    const Extent extent = extent_of(view, surface, half_width, half_height, 0.002F + body.chin);
    const V3 plastic{0.012F, 0.012F, 0.013F};
    const float pixels = 2 / (footprint.s + footprint.y);  // in a metre
    const float rows = 1 / footprint.y;
    paint(image, view, surface, extent, [&](const Hit& hit, V3 ray, int row, float* out) {
        const float depth = inside(hit.s, hit.y - middle, half_width, half_height, body.corner);
        const float cover = clamp01(depth * pixels + 0.5F);
        if (cover <= 0) return;
        const float lit = clamp01(
            inside(hit.s, hit.y, body.half_width, body.half_height, body.lit_corner) * pixels +
            0.5F);
        const V3& room_light = glass.diffuse(hit.chord);
        V3 c = plastic * room_light;
        if (lit > 0) {
            const V3 shown = panel.light(placed, hit.s, hit.y, rows) *
                             grid.seen(hit.s, hit.y, ray) * flicker[at(row)];
            c = mix(c, shown + room_light * (0.006F * reflection), lit);
        }
        c = c + glass.mirrored(hit.chord, ray);
        // The frame of the case is a millimetre and a half wide.
        const float rim = 1 - clamp01((depth - 0.0015F) * pixels + 0.5F);
        if (rim > 0) c = mix(c, body.rim * room_light, rim);
        blend(out, c, cover);
    });
}

void paint_keyboard(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                    const Instrument& instrument) {
    const Case body = case_of(instrument);
    const float below = body.half_height + body.bezel + body.chin;
    const float half_depth = 0.55F * to_float(instrument.width) * 0.65F;
    const float half_width = body.half_width + body.bezel;
    // Opened by a hundred degrees: it leads towards the camera and a little down.
    Surface deck = surface;
    deck.up = normalised(surface.normal * -1.0F + surface.up * 0.25F);
    deck.normal = normalised(surface.up + surface.normal * 0.25F);
    deck.bend = 0;
    deck.centre = surface.beside({0, -below, 0}) - deck.up * half_depth;
    const V3 metal = body.rim * 0.8F + V3{0.04F, 0.04F, 0.04F};
    const Sheen sheen(room, deck, half_width, 0.3, 0.02F);
    const Extent extent = extent_of(view, deck, half_width, half_depth, 0.01F);
    paint(image, view, deck, extent, [&](const Hit& hit, V3, int, float* out) {
        if (std::fabs(hit.s) > half_width || std::fabs(hit.y) > half_depth) return;
        V3 c = metal;
        // Keys are 19 mm apart, in the half next to the hinge.
        if (hit.y > -0.1F * half_depth && hit.y < 0.88F * half_depth &&
            std::fabs(hit.s) < 0.92F * half_width) {
            const float along = hit.s / 0.019F;
            const float up = hit.y / 0.019F;
            const auto off = [](float v) { return std::fabs(v - whole_below(v + 0.5F)); };
            if (off(along) < 0.42F && off(up) < 0.42F) {
                c = {0.02F, 0.02F, 0.02F};
            }
        }
        blend(out, c * sheen.diffuse(hit.chord), 1);
    });
}

}  // namespace strongroom::people::attack
