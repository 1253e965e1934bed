// Triangles into a picture with a depth buffer.
#pragma once

#include <span>
#include <vector>

#include "mesh.h"

namespace strongroom::people {

// A vertex as it appears in the picture: where, how far, and the light that it sends.
struct Lit {
    float x = 0;
    float y = 0;
    float near = 0;  // 1 / distance: greater is closer
    float red = 0;   // irradiance by colour, 1: a white surface looks white
    float green = 0;
    float blue = 0;
    float shine = 0;  // mirrored light, added
    float u = 0;
    float v = 0;
    float a = 0;
    float b = 0;
    float spare = 0;
};

struct Target {
    int width = 0;
    int height = 0;
    float* pixels = nullptr;  // red, green, blue interleaved
    std::vector<float> near;

    void reset(int w, int h, float* to) {
        width = w;
        height = h;
        pixels = to;
        near.assign(at(w * h), 0.F);
    }
};

enum class Sides : std::uint8_t { front, back, both };

// Calls shade(lit, pixel) for each visible pixel of the triangles; it writes the pixel and answers
// whether the surface is there (then it hides what lies behind) or is seen through.
template <class Shade>
void draw(Target& target, std::span<const Lit> lit, std::span<const Triangle> triangles,
          Sides sides, Shade&& shade) {
    for (const Triangle& t : triangles) {
        const Lit* a = &lit[t[0]];
        const Lit* b = &lit[t[1]];
        const Lit* c = &lit[t[2]];
        if (a->near <= 0 || b->near <= 0 || c->near <= 0) continue;
        float area = (b->x - a->x) * (c->y - a->y) - (c->x - a->x) * (b->y - a->y);
        if (area >= 0) {  // rows go down: what faces the camera turns the other way
            if (sides == Sides::front || area < 1e-9F) continue;
            std::swap(b, c);
            area = -area;
        } else if (sides == Sides::back) {
            continue;
        }
        if (area > -1e-9F) continue;
        const float low_x = std::min({a->x, b->x, c->x});
        const float high_x = std::max({a->x, b->x, c->x});
        const float low_y = std::min({a->y, b->y, c->y});
        const float high_y = std::max({a->y, b->y, c->y});
        if (high_x < 0 || high_y < 0 || low_x > static_cast<float>(target.width - 1) ||
            low_y > static_cast<float>(target.height - 1)) {
            continue;
        }
        const int x0 = std::max(0, static_cast<int>(low_x + 0.99999F));
        const int x1 = std::min(target.width - 1, static_cast<int>(high_x));
        const int y0 = std::max(0, static_cast<int>(low_y + 0.99999F));
        const int y1 = std::min(target.height - 1, static_cast<int>(high_y));
        if (x0 > x1 || y0 > y1) continue;
        const float scale = 1 / area;
        const float bx = (c->y - a->y) * scale;
        const float by = -(c->x - a->x) * scale;
        const float cx = -(b->y - a->y) * scale;
        const float cy = (b->x - a->x) * scale;
        for (int y = y0; y <= y1; ++y) {
            const float dy = static_cast<float>(y) - a->y;
            for (int x = x0; x <= x1; ++x) {
                const float dx = static_cast<float>(x) - a->x;
                const float wb = bx * dx + by * dy;
                const float wc = cx * dx + cy * dy;
                const float wa = 1 - wb - wc;
                if (wa < -1e-4F || wb < -1e-4F || wc < -1e-4F) continue;
                const std::size_t pixel = at(y * target.width + x);
                const float near = wa * a->near + wb * b->near + wc * c->near;
                if (near <= target.near[pixel]) continue;
                Lit l;
                l.red = wa * a->red + wb * b->red + wc * c->red;
                l.green = wa * a->green + wb * b->green + wc * c->green;
                l.blue = wa * a->blue + wb * b->blue + wc * c->blue;
                l.shine = wa * a->shine + wb * b->shine + wc * c->shine;
                l.u = wa * a->u + wb * b->u + wc * c->u;
                l.v = wa * a->v + wb * b->v + wc * c->v;
                l.a = wa * a->a + wb * b->a + wc * c->a;
                l.b = wa * a->b + wb * b->b + wc * c->b;
                l.x = static_cast<float>(x);
                l.y = static_cast<float>(y);
                if (shade(l, target.pixels + 3 * pixel)) target.near[pixel] = near;
            }
        }
    }
}

}  // namespace strongroom::people
