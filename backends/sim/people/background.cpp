#include "background.h"

#include <opencv2/imgproc.hpp>

#include "maths.h"

namespace strongroom::people {
namespace {

constexpr int wide = 160;
constexpr int high = 120;

// A picture of 160 x 120 on which rooms are painted before they are blurred and enlarged.
struct Canvas {
    cv::Mat pixels = cv::Mat(high, wide, CV_32FC3);
    Rng rng;

    explicit Canvas(std::uint64_t seed) : rng(scramble(seed)) {}

    float uniform(double low, double up) { return to_float(rng.uniform(low, up)); }
    V3 tint(double low, double up, double colour) {
        const double grey = rng.uniform(low, up);
        return {to_float(grey * (1 + rng.uniform(-colour, colour))), to_float(grey),
                to_float(grey * (1 + rng.uniform(-colour, colour)))};
    }
    void box(float x0, float y0, float x1, float y1, V3 c) {
        const int left = std::clamp(static_cast<int>(x0), 0, wide);
        const int right = std::clamp(static_cast<int>(x1), 0, wide);
        const int top = std::clamp(static_cast<int>(y0), 0, high);
        const int bottom = std::clamp(static_cast<int>(y1), 0, high);
        if (left >= right || top >= bottom) return;
        pixels({top, bottom}, {left, right}) = cv::Scalar(c.x, c.y, c.z);
    }
    void disc(float x, float y, float radius, V3 c) {
        cv::circle(pixels, {static_cast<int>(x), static_cast<int>(y)}, static_cast<int>(radius),
                   cv::Scalar(c.x, c.y, c.z), -1);
    }
    void shade(float top, float bottom) {
        for (int y = 0; y < high; ++y) {
            pixels.row(y) *= mix(top, bottom, static_cast<float>(y) / high);
        }
    }
};

void paint_vault(Canvas& c) {
    const V3 steel = c.tint(0.16, 0.34, 0.12);
    c.box(0, 0, wide, high, steel * 0.45F);
    const float w = c.uniform(15, 28);
    const float h = c.uniform(9, 17);
    const float x0 = -c.uniform(0, w);
    for (float y = -c.uniform(0, h); y < high; y += h) {
        for (float x = x0; x < wide; x += w) {
            c.box(x + 1, y + 1, x + w - 1, y + h - 1, steel * c.uniform(0.85, 1.15));
            c.disc(x + w * 0.8F, y + h * 0.5F, 1.4F, steel * 1.9F);
        }
    }
    c.shade(1.1F, 0.85F);
}

void paint_office(Canvas& c) {
    c.box(0, 0, wide, high, c.tint(0.30, 0.6, 0.15));
    for (int i = 0; i < 7; ++i) {  // shelves, screens, pictures
        const float x = c.uniform(-15, wide);
        const float y = c.uniform(5, 85);
        const V3 colour = c.tint(0.04, 0.5, 0.6);
        const float w = c.uniform(10, 40);
        const float h = c.uniform(8, 36);
        c.box(x - 1, y - 1, x + w + 1, y + h + 1, colour * 0.5F);
        c.box(x, y, x + w, y + h, colour);
    }
    c.box(0, c.uniform(88, 108), wide, high, c.tint(0.06, 0.25, 0.4));
}

void paint_corridor(Canvas& c) {
    const V3 wall = c.tint(0.25, 0.5, 0.15);
    c.box(0, 0, wide, high, wall);
    const float cx = c.uniform(45, 115);
    const float cy = c.uniform(45, 70);
    for (int i = 6; i >= 0; --i) {
        const float s = 0.12F + 0.16F * static_cast<float>(i);
        c.box(cx - wide * s * 0.6F, cy - high * s * 0.7F, cx + wide * s * 0.6F,
              cy + high * s * 0.7F, wall * (0.45F + 0.10F * static_cast<float>(i)));
        c.box(cx - 12 * s, cy - high * s * 0.7F, cx + 12 * s, cy - high * s * 0.66F,
              V3{1.2F, 1.2F, 1.15F});
    }
    c.box(cx - 6, cy - 6, cx + 6, cy + 9, c.tint(0.05, 0.3, 0.5));
}

void paint_window(Canvas& c) {
    c.box(0, 0, wide, high, c.tint(0.2, 0.4, 0.15));
    const float x = c.uniform(-20, 70);
    const float w = c.uniform(50, 90);
    const V3 sky = V3{0.85F, 0.95F, 1.1F} * c.uniform(0.8, 1.5);
    c.box(x, 4, x + w, 95, sky);
    for (int i = 0; i < 5; ++i) {
        const float left = x + c.uniform(0, 80);
        c.box(std::min(left, x + w), c.uniform(40, 80), std::min(left + 18, x + w), 95,
              sky * c.uniform(0.3, 0.6));
    }
    const V3 frame = c.tint(0.3, 0.6, 0.1);
    for (const float t : {0.F, 0.5F, 1.F}) c.box(x + w * t - 2, 2, x + w * t + 2, 97, frame);
}

}  // namespace

std::vector<float> paint_background(Background background, std::uint64_t seed, int width,
                                    int height) {
    Canvas canvas(seed + 0x6b5U * static_cast<std::uint64_t>(background));
    switch (background) {
        case Background::wall:
            canvas.box(0, 0, wide, high, canvas.tint(0.25, 0.7, 0.2));
            canvas.shade(canvas.uniform(0.85, 1.1), canvas.uniform(0.75, 1.05));
            break;
        case Background::vault: paint_vault(canvas); break;
        case Background::office: paint_office(canvas); break;
        case Background::corridor: paint_corridor(canvas); break;
        case Background::window: paint_window(canvas); break;
    }
    cv::GaussianBlur(canvas.pixels, canvas.pixels, {}, canvas.uniform(0.8, 2.4));
    std::vector<float> result(at(width) * at(height) * 3);
    cv::Mat out(height, width, CV_32FC3, result.data());
    cv::resize(canvas.pixels, out, out.size(), 0, 0, cv::INTER_LINEAR);
    // Plaster and dust.
    const float grain = canvas.uniform(0.005, 0.03);
    const float scale = 640.F / static_cast<float>(width);
    for (int y = 0; y < height; ++y) {
        float* p = result.data() + static_cast<std::ptrdiff_t>(y) * width * 3;
        for (int x = 0; x < width; ++x, p += 3) {
            const float n = 1 + grain * noise(static_cast<float>(x) * scale * 0.15F,
                                              static_cast<float>(y) * scale * 0.15F);
            for (int k = 0; k < 3; ++k) p[k] *= n;
        }
    }
    return result;
}

}  // namespace strongroom::people
