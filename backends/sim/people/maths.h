// Small arithmetic of the renderer: vectors, soft steps and bumps, and one tile of smooth noise.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "people/head.h"

namespace strongroom::people {

inline float to_float(double value) { return static_cast<float>(value); }
constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

struct V3 {
    float x = 0;
    float y = 0;
    float z = 0;
};
inline V3 operator+(V3 a, V3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline V3 operator-(V3 a, V3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline V3 operator*(V3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline V3 operator*(V3 a, V3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
inline float dot(V3 a, V3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline V3 cross(V3 a, V3 b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline V3 normalised(V3 a) {
    const float length = std::sqrt(dot(a, a));
    return length > 1e-12F ? a * (1 / length) : V3{0, 0, 1};
}
inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline V3 mix(V3 a, V3 b, float t) { return a + (b - a) * t; }
inline V3 as_v3(const Colour& c) { return {to_float(c.red), to_float(c.green), to_float(c.blue)}; }

inline float clamp01(float v) { return std::clamp(v, 0.F, 1.F); }
// 0 at `from`, 1 at `to` (which may be the smaller), smooth between.
inline float soft(float from, float to, float v) {
    const float t = clamp01((v - from) / (to - from));
    return t * t * (3 - 2 * t);
}
// Nearly exp(-t) for t >= 0, without a library's exponential: exactly 0 from t = 8 on.
inline float bell_of(float t) {
    float b = std::max(0.F, 1 - t * 0.125F);
    b *= b;
    b *= b;
    return b * b;
}
inline float bell(float x, float sx) { return bell_of(0.5F * x * x / (sx * sx)); }
inline float bell(float x, float y, float sx, float sy) {
    return bell_of(0.5F * (x * x / (sx * sx) + y * y / (sy * sy)));
}
// Distance from (x, y) to the segment (ax, ay)-(bx, by).
inline float to_segment(float x, float y, float ax, float ay, float bx, float by) {
    const float dx = bx - ax;
    const float dy = by - ay;
    const float t = clamp01(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy));
    return std::hypot(x - ax - t * dx, y - ay - t * dy);
}

inline std::uint64_t scramble(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}
inline float unit_of(std::uint64_t z) {
    return static_cast<float>(scramble(z) >> 40U) * 0x1.0p-24F;
}

// Smooth noise of zero mean and about unit variance that repeats every 256 cells of its lattice;
// the same on every machine. For coordinates above -4096.
inline constexpr int noise_lattice = 256;
extern const std::array<float, at(noise_lattice* noise_lattice)>& noise_values;

inline float noise(float x, float y) {
    // Shifted so that cutting off the fraction rounds down, by whole periods.
    constexpr float shift = noise_lattice * 16;
    x += shift;
    y += shift;
    const int cell_x = static_cast<int>(x);
    const int cell_y = static_cast<int>(y);
    const int ix = cell_x & (noise_lattice - 1);
    const int iy = (cell_y & (noise_lattice - 1)) * noise_lattice;
    const int jx = (ix + 1) & (noise_lattice - 1);
    const int jy = (iy + noise_lattice) & (noise_lattice * noise_lattice - 1);
    float tx = x - static_cast<float>(cell_x);
    float ty = y - static_cast<float>(cell_y);
    tx = tx * tx * (3 - 2 * tx);
    ty = ty * ty * (3 - 2 * ty);
    const float* v = noise_values.data();
    const float top = v[iy + ix] + (v[iy + jx] - v[iy + ix]) * tx;
    const float bottom = v[jy + ix] + (v[jy + jx] - v[jy + ix]) * tx;
    return top + (bottom - top) * ty;
}

// Rotation, then shift.
struct Rigid {
    std::array<float, 9> r{1, 0, 0, 0, 1, 0, 0, 0, 1};
    V3 t;
    [[nodiscard]] V3 turn(V3 p) const {
        return {r[0] * p.x + r[1] * p.y + r[2] * p.z, r[3] * p.x + r[4] * p.y + r[5] * p.z,
                r[6] * p.x + r[7] * p.y + r[8] * p.z};
    }
    [[nodiscard]] V3 operator()(V3 p) const { return turn(p) + t; }
};

}  // namespace strongroom::people
