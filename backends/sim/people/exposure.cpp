#include "exposure.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "maths.h"

namespace strongroom::people {
namespace {

constexpr int curve_steps = 8192;
constexpr float curve_end = 2;  // of linear light; brighter is white

// Linear light to 8-bit steps: highlights roll off, then the sRGB curve.
const std::vector<float>& tone_curve() {
    static const std::vector<float> curve = [] {
        std::vector<float> c(curve_steps + 1);
        for (int i = 0; i <= curve_steps; ++i) {
            double x = double{curve_end} * i / curve_steps;
            constexpr double knee = 0.6;
            if (x > knee) x = knee + (1 - knee) * (1 - std::exp(-(x - knee) / (1 - knee)));
            const double y = x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055;
            c[at(i)] = to_float(std::min(255.0, 255 * 1.012 * y));
        }
        return c;
    }();
    return curve;
}

constexpr std::size_t tile_size = 1U << 16U;

// Normal deviates; every row of every frame begins elsewhere in them.
const std::vector<float>& noise_tile() {
    static const std::vector<float> tile = [] {
        std::vector<float> t(tile_size);
        Rng rng(0x7011eU);
        for (float& v : t) v = to_float(rng.normal(0, 1));
        return t;
    }();
    return tile;
}

void smear(cv::Mat& image, const Lens& lens) {
    if (lens.blur > 0) {
        const int reach = std::max(1, static_cast<int>(std::ceil(2.6 * lens.blur)));
        cv::GaussianBlur(image, image, {2 * reach + 1, 2 * reach + 1}, lens.blur, lens.blur,
                         cv::BORDER_REPLICATE);
    }
    if (lens.motion_blur <= 0.5) return;
    const int reach = static_cast<int>(std::ceil(lens.motion_blur / 2));
    cv::Mat kernel = cv::Mat::zeros(2 * reach + 1, 2 * reach + 1, CV_32F);
    const double angle = lens.motion_angle * CV_PI / 180;
    constexpr int fine = 16;  // steps a pixel, spread over the four pixels around each
    const int steps = 2 * reach * fine;
    for (int i = 0; i <= steps; ++i) {
        const double along = lens.motion_blur * (double{i * 1.0} / steps - 0.5);
        const double x = reach + along * std::cos(angle);
        const double y = reach - along * std::sin(angle);
        const int ix = std::clamp(static_cast<int>(x), 0, 2 * reach - 1);
        const int iy = std::clamp(static_cast<int>(y), 0, 2 * reach - 1);
        const double tx = x - ix;
        const double ty = y - iy;
        kernel.at<float>(iy, ix) += to_float((1 - tx) * (1 - ty));
        kernel.at<float>(iy, ix + 1) += to_float(tx * (1 - ty));
        kernel.at<float>(iy + 1, ix) += to_float((1 - tx) * ty);
        kernel.at<float>(iy + 1, ix + 1) += to_float(tx * ty);
    }
    kernel /= cv::sum(kernel)[0];
    cv::filter2D(image, image, -1, kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
}

// One row: gain, curve, noise, 8 bits; red, green, blue become blue, green, red.
void develop_row(float* row, std::uint8_t* out, int width, const std::array<float, 3>& gain,
                 float loss_there, float loss, const float* noise, float deviation, float shift) {
    const float* curve = tone_curve().data();
    constexpr float scale = curve_steps / curve_end;
    const float middle = 0.5F * static_cast<float>(width - 1);
    for (int x = 0; x < width; ++x) {
        const float dx = static_cast<float>(x) - middle;
        const float bright = (loss_there - loss * dx * dx) * scale;
        for (int k = 0; k < 3; ++k) {
            const float v = row[3 * x + k] * gain[at(k)] * bright;
            row[3 * x + k] = std::min(std::max(0.F, v), float{curve_steps});
        }
    }
    for (int i = 0; i < 3 * width; ++i) row[i] = curve[static_cast<int>(row[i])];
    for (int i = 0; i < 3 * width; ++i) {
        const float v = row[i] + shift + noise[i] * deviation * (0.55F + 0.0035F * row[i]) + 0.5F;
        row[i] = std::min(std::max(v, 0.F), 255.F);
    }
    for (int x = 0; x < width; ++x) {
        out[3 * x] = static_cast<std::uint8_t>(row[3 * x + 2]);
        out[3 * x + 1] = static_cast<std::uint8_t>(row[3 * x + 1]);
        out[3 * x + 2] = static_cast<std::uint8_t>(row[3 * x]);
    }
}

void compress(std::vector<std::uint8_t>& pixels, int width, int height, int quality) {
    const cv::Mat image(height, width, CV_8UC3, pixels.data());
    std::vector<std::uint8_t> file;
    cv::imencode(".jpg", image, file, {cv::IMWRITE_JPEG_QUALITY, quality});
    cv::Mat back = cv::imdecode(file, cv::IMREAD_COLOR);
    std::copy(back.data, back.data + pixels.size(), pixels.begin());
}

}  // namespace

std::vector<std::uint8_t> develop(LinearImage light, const Shot& shot) {
    const Lens& lens = shot.lens;
    const int width = light.width;
    const int height = light.height;
    cv::Mat image(height, width, CV_32FC3, light.pixels.data());
    smear(image, lens);
    const std::array<float, 3> gain{to_float(lens.exposure * lens.white_balance_red),
                                    to_float(lens.exposure),
                                    to_float(lens.exposure * lens.white_balance_blue)};
    // Squared distance from the middle, 1 in the corners.
    const float corner = 0.25F * static_cast<float>(width * width + height * height);
    const float loss = to_float(lens.vignette) / corner;
    std::vector<std::uint8_t> pixels(at(width) * at(height) * 3);
    for (int y = 0; y < height; ++y) {
        const float dy = static_cast<float>(y) - 0.5F * static_cast<float>(height - 1);
        const std::uint64_t seed = scramble(shot.noise_seed) + static_cast<std::uint64_t>(y);
        const std::size_t free = tile_size - at(3 * width);
        const float* noise = noise_tile().data() + scramble(seed) % free;
        const float shift =
            to_float(lens.row_noise) * noise_tile()[scramble(seed ^ 0x5eedU) % tile_size];
        const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(y) * width * 3;
        develop_row(light.pixels.data() + from, pixels.data() + from, width, gain,
                    1 - loss * dy * dy, loss, noise, to_float(lens.noise), shift);
    }
    if (lens.jpeg_quality > 0) compress(pixels, width, height, lens.jpeg_quality);
    return pixels;
}

}  // namespace strongroom::people
