// The geometry and the light of flat or bent things before the camera: prints, screens, hands.
//
// Metres, seen from the camera: x to the right of the image, y up, z away from the camera. No
// state; every function may be called on any thread. Colours are linear red, green and blue as x,
// y, z.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "light.h"
#include "maths.h"
#include "people/renderer.h"
#include "people/shot.h"
#include "vision/geometry.h"

namespace strongroom::people::attack {

[[nodiscard]] inline float luminance(V3 c) { return 0.2126F * c.x + 0.7152F * c.y + 0.0722F * c.z; }

// The camera's eye.
struct View {
    int width = 0;
    int height = 0;
    float centre_x = 0;
    float centre_y = 0;
    float focal = 0;

    explicit View(const Lens& lens);
    // Not of unit length: its z is 1.
    [[nodiscard]] V3 ray(float x, float y) const {
        return {(x - centre_x) / focal, (centre_y - y) / focal, 1.0F};
    }
    // Asserts p.z > 0.
    [[nodiscard]] vision::Point project(V3 p) const;
};

// Where a ray meets a surface.
struct Hit {
    float s = 0;      // along the sheet to its right, metres from its middle
    float y = 0;      // up
    float chord = 0;  // as s, measured straight
    float distance = 0;
};

// A sheet that may be bent about its vertical axis.
struct Surface {
    V3 centre;
    V3 right{1, 0, 0};
    V3 up{0, 1, 0};
    V3 normal{0, 0, -1};  // towards the camera
    float bend = 0;       // 1/metre; positive: the edges lean away from the camera

    [[nodiscard]] std::optional<Hit> meet(V3 ray) const {
        const V3 from{-dot(centre, right), -dot(centre, up), -dot(centre, normal)};
        const float dx = dot(ray, right);
        const float dz = dot(ray, normal);
        const float a = 0.5F * bend * dx * dx;
        const float b = dz + bend * from.x * dx;
        const float c = from.z + 0.5F * bend * from.x * from.x;
        const float under = b * b - 4.0F * a * c;
        if (b > -1e-4F || under < 0) {
            return std::nullopt;
        }
        const float t = bend == 0 ? c / -b : 2.0F * c / (-b + std::sqrt(under));
        if (t <= 0.01F) {
            return std::nullopt;
        }
        const float x = from.x + t * dx;
        return Hit{x * (1.0F + bend * bend * x * x / 6.0F), from.y + t * dot(ray, up), x, t};
    }
    [[nodiscard]] V3 at(float s, float y) const;
    [[nodiscard]] V3 normal_at(float chord) const;
    // A point beside the sheet, by its own axes.
    [[nodiscard]] V3 beside(V3 local) const {
        return centre + right * local.x + up * local.y + normal * local.z;
    }
};
// Turned by yaw, pitch and roll as a Pose is.
[[nodiscard]] Surface surface_at(V3 centre, double yaw, double pitch, double roll, double bend);

// Pixels of the frame that may show it: columns first to last, rows first to last.
struct Extent {
    int left = 0;
    int right = -1;
    int top = 0;
    int bottom = -1;
};
// Of a sheet of this half size, with `margin` more metres on all sides.
[[nodiscard]] Extent extent_of(const View& view, const Surface& surface, float half_width,
                               float half_height, float margin);
// Metres of the sheet in one pixel at its middle, along s and along y.
struct Footprint {
    float s = 0;
    float y = 0;
};
[[nodiscard]] Footprint footprint_of(const View& view, const Surface& surface);

// What a mirror shows of a room.
struct Mirror {
    struct Glow {
        V3 direction;
        V3 peak;
        float sharpness = 0;  // 1 / variance
    };
    std::array<Glow, 4> glows;
    V3 walls;
    [[nodiscard]] V3 seen(V3 direction) const {
        V3 sum = walls * (0.45F + 0.3F * direction.y);
        for (const Glow& glow : glows) {
            const float away = (1.0F - dot(direction, glow.direction)) * glow.sharpness;
            if (away < 8) sum = sum + glow.peak * bell_of(away);
        }
        return sum;
    }
};

// The light of a shot, as it falls on things that are not heads, and what a mirror shows of the
// room.
class Room {
public:
    explicit Room(const Shot& shot);
    // What a white matt thing with this normal sends back.
    [[nodiscard]] V3 diffuse(V3 normal) const;
    // The room in a mirror, by way of a surface whose roughness has this variance (radian squared).
    // Lamps are as bright as their light makes them.
    [[nodiscard]] Mirror mirror(float roughness) const;
    // About the light of white paper somewhere in it: what cameras are exposed for.
    [[nodiscard]] float white() const { return white_; }

private:
    struct Lamp {
        V3 direction;
        V3 colour;
        float size = 0;  // variance, radian squared
        bool lights = true;
    };
    std::array<Lamp, 4> lamps_;
    V3 ambient_;
    float white_ = 1;
};
// Variance of the slopes of a surface of this gloss, and the share of light that it mirrors.
[[nodiscard]] float roughness_of(double gloss);

// As std::floor, which is a call on processors that compilers must assume; |x| under 2^31.
[[nodiscard]] inline float whole_below(float x) {
    const auto whole = static_cast<float>(static_cast<int>(x));
    return whole > x ? whole - 1 : whole;
}
// cos(2 pi turns) within 0.06, without a library call.
[[nodiscard]] inline float wave(float turns) {
    const float x = turns - whole_below(turns) - 0.5F;
    const float triangle = 4.0F * std::fabs(x) - 1.0F;
    return triangle * (1.5F - 0.5F * triangle * triangle);
}
// What is left of a wave that a window averages over; `turns` long is the window.
[[nodiscard]] inline float averaged(float turns) {
    const float angle = 3.14159265F * std::fabs(turns);
    return angle < 1e-3F ? 1.0F : std::sin(angle) / angle;
}
inline void blend(float* pixel, V3 colour, float share) {
    pixel[0] += (colour.x - pixel[0]) * share;
    pixel[1] += (colour.y - pixel[1]) * share;
    pixel[2] += (colour.z - pixel[2]) * share;
}

// Calls draw(hit, ray, row, pixel) for each pixel of `image` in `extent` that sees the surface.
template <typename Draw>
void paint(LinearImage& image, const View& view, const Surface& surface, const Extent& extent,
           const Draw& draw) {
    for (int row = extent.top; row <= extent.bottom; ++row) {
        float* pixel = image.pixels.data() +
                       3 * (static_cast<std::ptrdiff_t>(row) * image.width + extent.left);
        for (int column = extent.left; column <= extent.right; ++column, pixel += 3) {
            const V3 ray = view.ray(static_cast<float>(column), static_cast<float>(row));
            if (const std::optional<Hit> hit = surface.meet(ray)) {
                draw(*hit, ray, row, pixel);
            }
        }
    }
}

}  // namespace strongroom::people::attack
