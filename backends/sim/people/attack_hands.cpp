// Hands that hold a sheet or a case: tapered rods, shaded as round.
#include "attack_paint.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

struct Rod {
    V3 from;  // by the sheet's own axes, metres
    V3 to;
    float from_radius = 0;
    float to_radius = 0;
    V3 colour;
    bool nail = false;  // at its end
};

struct Disc {
    float x = 0;
    float y = 0;
    float radius = 0;
};

std::optional<Disc> seen(const View& view, V3 at, float radius) {
    if (at.z < 0.05F) return std::nullopt;
    const vision::Point p = view.project(at);
    return Disc{to_float(p.x), to_float(p.y), radius * view.focal / at.z};
}

// Darkens what lies behind a rod and a little beside it.
void shade_below(LinearImage& image, const Disc& a, const Disc& b, float x, float y, float* pixel) {
    (void)image;
    const float reach = 1.7F * std::max(a.radius, b.radius);
    const float away = to_segment(x, y, a.x, a.y, b.x + 0.01F, b.y) / reach;
    if (away < 1) {
        const float dark = 1 - 0.45F * soft(1, 0.4F, away);
        for (int k = 0; k < 3; ++k) pixel[k] *= dark;
    }
}

void paint_rod(LinearImage& image, const View& view, const Room& room, const Surface& surface,
               const Rod& rod, bool shadow) {
    const auto first = seen(view, surface.beside(rod.from), rod.from_radius);
    const auto last = seen(view, surface.beside(rod.to), rod.to_radius);
    if (!first || !last) return;
    const Disc a = *first;
    const Disc b = *last;
    const float most = (shadow ? 1.8F : 1.0F) * std::max(a.radius, b.radius) + 2;
    const auto bounded = [](float v, int size) {
        return static_cast<int>(std::clamp(v, 0.0F, static_cast<float>(size - 1)));
    };
    const int left = bounded(std::min(a.x, b.x) - most, image.width);
    const int right = bounded(std::max(a.x, b.x) + most, image.width);
    const int top = bounded(std::min(a.y, b.y) - most, image.height);
    const int bottom = bounded(std::max(a.y, b.y) + most, image.height);
    const float dx = b.x - a.x;
    const float dy = b.y - a.y;
    const float length = std::max(dx * dx + dy * dy, 1e-3F);
    for (int row = top; row <= bottom; ++row) {
        // Only the part of the rod that is near this row.
        const auto along = [&](float y) { return clamp01((y - a.y) / dy); };
        const float upper = std::fabs(dy) < 1 ? 0 : along(to_float(row) - most);
        const float lower = std::fabs(dy) < 1 ? 1 : along(to_float(row) + most);
        const float x0 = a.x + dx * upper;
        const float x1 = a.x + dx * lower;
        const int first_column = std::max(left, static_cast<int>(std::min(x0, x1) - most));
        const int last_column = std::min(right, static_cast<int>(std::max(x0, x1) + most + 1));
        for (int column = first_column; column <= last_column; ++column) {
            const float x = static_cast<float>(column);
            const float y = static_cast<float>(row);
            float* pixel = image.pixels.data() + 3 * (row * image.width + column);
            const float t = clamp01(((x - a.x) * dx + (y - a.y) * dy) / length);
            const float radius = mix(a.radius, b.radius, t);
            const float ox = x - a.x - t * dx;
            const float oy = y - a.y - t * dy;
            const float square = ox * ox + oy * oy;
            if (square > most * most) continue;
            const float away = std::sqrt(square);
            const float cover = clamp01(radius - away + 0.5F);
            if (shadow && cover < 1) shade_below(image, a, b, x, y, pixel);
            if (cover <= 0) continue;
            const float out = std::min(away / radius, 0.98F);
            const float scale = away > 1e-3F ? out / away : 0.0F;
            const V3 normal{ox * scale, -oy * scale, -std::sqrt(1 - out * out)};
            V3 colour = rod.colour;
            // Knuckle's creases and redder tips.
            if (rod.nail) {
                colour = colour * V3{1 + 0.12F * t, 1 - 0.06F * t, 1 - 0.05F * t};
                const float nx = (x - b.x + 0.25F * (a.x - b.x) / std::sqrt(length) * b.radius) /
                                 (0.62F * b.radius);
                const float ny = (y - b.y + 0.25F * (a.y - b.y) / std::sqrt(length) * b.radius) /
                                 (0.62F * b.radius);
                const float nail = soft(1.15F, 0.9F, nx * nx + ny * ny);
                colour = mix(colour, colour * 1.12F + V3{0.06F, 0.03F, 0.03F}, nail);
            }
            const float round = 0.8F + 0.2F * std::sqrt(1 - out * out);
            blend(pixel, colour * room.diffuse(normal) * round, cover);
        }
    }
}

struct Grip {
    float side = 1;       // 1: at the right edge, -1: at the left one
    float edge = 0;       // of the thing, metres from its middle
    float height = 0;     // of the hold
    bool narrow = false;  // fingertips come round to the front, as about a phone
};

struct Hands {
    std::array<Grip, 2> grips;
    int count = 0;
};

Hands hands_of(const Instrument& instrument) {
    Hands hands;
    Rng rng = Rng(instrument.seed).fork("hands");
    const float half_height = to_float(instrument.height) / 2;
    const bool bezel = is_screen(instrument.species);
    const float edge =
        to_float(instrument.width) * (bezel ? 0.5F + to_float(instrument.border) : 0.5F);
    const bool phone = instrument.species == Species::phone_replay;
    const bool beside = instrument.species == Species::photo_beside;
    const bool two = !phone && !beside && rng.uniform() < 0.6;
    // Beside the face it is held at its far edge.
    const float first = beside ? side_of_photo(instrument) : rng.uniform() < 0.5 ? 1.0F : -1.0F;
    hands.count = two ? 2 : 1;
    for (int i = 0; i < hands.count; ++i) {
        const float down = instrument.species == Species::laptop_replay
                               ? -1.35F
                               : to_float(rng.uniform(-0.62, -0.12));
        hands.grips[at(i)] = {i == 0 ? first : -first, edge, down * half_height, phone};
    }
    return hands;
}

// x outwards from the edge, y up from the hold, z towards the camera.
Rod rod_at(const Grip& grip, V3 from, V3 to, float from_radius, float to_radius, V3 colour,
           bool nail = false) {
    const auto placed = [&](V3 p) {
        return V3{grip.side * (grip.edge + p.x), grip.height + p.y, p.z};
    };
    return {placed(from), placed(to), from_radius, to_radius, colour, nail};
}

// The sheet's edges lean back where it is bent.
V3 skin_of(const Head& owner) { return as_v3(owner.skin) * V3{1.0F, 0.93F, 0.92F}; }

}  // namespace

void paint_hands_behind(LinearImage& image, const View& view, const Room& room,
                        const Surface& surface, const Instrument& instrument, const Head& owner) {
    const Hands hands = hands_of(instrument);
    Rng rng = Rng(owner.seed).fork("sleeve");
    const auto dye = [&] { return to_float(rng.uniform(0.02, 0.35)); };
    const V3 cloth{dye(), dye(), dye()};
    const V3 skin = skin_of(owner);
    for (int i = 0; i < hands.count; ++i) {
        const Grip& grip = hands.grips[at(i)];
        const auto rod = [&](V3 from, V3 to, float a, float b, V3 colour) {
            paint_rod(image, view, room, surface, rod_at(grip, from, to, a, b, colour), false);
        };
        rod({0.035F, -0.15F, -0.06F}, {0.08F, -0.36F, -0.12F}, 0.036F, 0.05F, cloth);
        rod({0.02F, -0.075F, -0.04F}, {0.034F, -0.15F, -0.06F}, 0.027F, 0.026F, skin);
        rod({0.012F, -0.012F, -0.035F}, {0.02F, -0.07F, -0.04F}, 0.024F, 0.03F, skin);
        if (grip.narrow) continue;
        for (int finger = 0; finger < 3; ++finger) {
            const float up = 0.022F - 0.019F * to_float(finger);
            rod({0.016F, up, -0.02F}, {-0.03F, up + 0.012F, -0.008F}, 0.0088F, 0.0075F, skin);
        }
    }
}

void paint_hands_before(LinearImage& image, const View& view, const Room& room,
                        const Surface& surface, const Instrument& instrument, const Head& owner) {
    const Hands hands = hands_of(instrument);
    const V3 skin = skin_of(owner);
    for (int i = 0; i < hands.count; ++i) {
        const Grip& grip = hands.grips[at(i)];
        if (grip.narrow) {
            // Across the back: the thumb's ball on one side, four fingertips on the other.
            const Grip other{-grip.side, grip.edge, grip.height, true};
            for (int finger = 0; finger < 4; ++finger) {
                const float up = 0.035F - 0.0185F * to_float(finger);
                paint_rod(image, view, room, surface,
                          rod_at(other, {0.009F, up - 0.006F, -0.012F}, {-0.004F, up, 0.003F},
                                 0.0078F, 0.0066F, skin * (1 - 0.05F * to_float(finger & 1)), true),
                          true);
            }
            paint_rod(image, view, room, surface,
                      rod_at(grip, {0.016F, -0.045F, -0.012F}, {0.001F, 0.022F, 0.003F}, 0.0135F,
                             0.0086F, skin, true),
                      true);
            continue;
        }
        paint_rod(image, view, room, surface,
                  rod_at(grip, {0.018F, -0.052F, -0.012F}, {0.003F, -0.022F, 0.008F}, 0.0135F,
                         0.0115F, skin),
                  false);
        paint_rod(image, view, room, surface,
                  rod_at(grip, {0.003F, -0.022F, 0.008F}, {-0.02F, 0.006F, 0.008F}, 0.0115F,
                         0.0092F, skin, true),
                  true);
    }
}

}  // namespace strongroom::people::attack
