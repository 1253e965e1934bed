// Colour and light: what inks and screens cannot show, and how skin shines.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "liveness_view.h"

namespace strongroom::vision {

namespace {

// Pixels as luma, two colour differences and saturation.
struct Pixels {
    std::vector<float> luma;
    std::vector<float> red;   // red minus luma
    std::vector<float> blue;  // blue minus luma
    std::vector<float> saturation;
};

void take(Pixels& pixels, const cv::Vec3f& bgr) {
    const float luma = 0.114F * bgr[0] + 0.587F * bgr[1] + 0.299F * bgr[2];
    const float most = std::max({bgr[0], bgr[1], bgr[2]});
    const float least = std::min({bgr[0], bgr[1], bgr[2]});
    pixels.luma.push_back(luma);
    pixels.red.push_back(bgr[2] - luma);
    pixels.blue.push_back(bgr[0] - luma);
    pixels.saturation.push_back((most - least) / (most + 8.0F));
}

// The oval of the face, every second pixel.
Pixels within_face(const cv::Mat& face) {
    Pixels pixels;
    for (int y = 0; y < face.rows; y += 2) {
        const double v = 2.0 * y / face.rows - 1;
        for (int x = 0; x < face.cols; x += 2) {
            const double u = 2.0 * x / face.cols - 1;
            if (u * u + v * v < 0.8) take(pixels, face.at<cv::Vec3f>(y, x));
        }
    }
    return pixels;
}

// A ring of the surroundings, `inner` to `outer` in halves of the picture.
Pixels within_ring(const cv::Mat& around, double inner, double outer) {
    Pixels pixels;
    for (int y = 0; y < around.rows; ++y) {
        const double v = 2.0 * y / around.rows - 1;
        for (int x = 0; x < around.cols; ++x) {
            const double u = 2.0 * x / around.cols - 1;
            const double far = std::max(std::abs(u), std::abs(v));
            // Not below the face, where the body is.
            if (far >= inner && far < outer && v < 0.3) take(pixels, around.at<cv::Vec3f>(y, x));
        }
    }
    return pixels;
}

double share_at(std::vector<float> values, double share) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

struct Moments {
    double mean = 0;
    double deviation = 0;
};
Moments moments(const std::vector<float>& values) {
    if (values.empty()) return {};
    double sum = 0;
    double squares = 0;
    for (const float value : values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double count = static_cast<double>(values.size());
    const double mean = sum / count;
    return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
    const Moments first = moments(a);
    const Moments second = moments(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (static_cast<double>(a[i]) - first.mean) * (static_cast<double>(b[i]) - second.mean);
    }
    const double scale = first.deviation * second.deviation * static_cast<double>(a.size());
    return sum / (scale + 1e-3);
}

// Colour of what is brightest, and how much brighter than the rest it is.
void add_shine(FeatureSink& sink, const Pixels& face) {
    const double middle = share_at(face.luma, 0.5);
    const double bright = share_at(face.luma, 0.97);
    double saturation = 0, count = 0, shining = 0, clipped = 0;
    for (std::size_t i = 0; i < face.luma.size(); ++i) {
        const double luma = static_cast<double>(face.luma[i]);
        if (luma >= bright) {
            saturation += static_cast<double>(face.saturation[i]);
            count += 1;
        }
        if (luma > 1.35 * middle) shining += 1;
        if (luma > 245) clipped += 1;
    }
    const double total = static_cast<double>(std::max<std::size_t>(1, face.luma.size()));
    sink.add("shine_saturation", saturation / std::max(1.0, count));
    sink.add("shine_share", shining / total);
    sink.add("clipped_share", clipped / total);
    sink.add("shine", (bright - middle) / (middle + 8));
    sink.add("shine_top", (share_at(face.luma, 0.995) - bright) / (middle + 8));
}

// How light falls over the face: parts of a 3 x 3 grid against its middle.
void add_shading(FeatureSink& sink, const cv::Mat& face) {
    cv::Mat small;
    cv::resize(grey_of(face), small, {3, 3}, 0, 0, cv::INTER_AREA);
    const double middle = static_cast<double>(small.at<float>(1, 1)) + 8;
    for (int i = 0; i < 9; ++i) {
        if (i != 4)
            sink.add("shading", i, static_cast<double>(small.at<float>(i / 3, i % 3)) / middle);
    }
}

void add_colours(FeatureSink& sink, const Pixels& pixels) {
    const Moments red = moments(pixels.red);
    const Moments blue = moments(pixels.blue);
    const Moments saturation = moments(pixels.saturation);
    const double middle = share_at(pixels.luma, 0.5);
    sink.add("middle", middle);
    sink.add("darkest", share_at(pixels.luma, 0.01));
    sink.add("brightest", share_at(pixels.luma, 0.99));
    sink.add("contrast", moments(pixels.luma).deviation / (middle + 8));
    sink.add("red", red.mean / (middle + 8));
    sink.add("blue", blue.mean / (middle + 8));
    sink.add("red_spread", red.deviation / (middle + 8));
    sink.add("blue_spread", blue.deviation / (middle + 8));
    sink.add("saturation", saturation.mean);
    sink.add("saturation_spread", saturation.deviation);
    sink.add("saturation_low", share_at(pixels.saturation, 0.05));
    sink.add("saturation_high", share_at(pixels.saturation, 0.95));
}

// Logs of luma, and of red and blue against green.
cv::Vec3d tint_of(const cv::Scalar& bgr) {
    return {std::log(0.114 * bgr[0] + 0.587 * bgr[1] + 0.299 * bgr[2] + 4),
            std::log((bgr[2] + 4) / (bgr[1] + 4)), std::log((bgr[0] + 4) / (bgr[1] + 4))};
}

cv::Vec3d cheeks_of(const cv::Mat& face) {
    const cv::Rect left(face.cols / 10, face.rows / 2, face.cols / 5, face.rows / 5);
    cv::Rect right = left;
    right.x = face.cols - left.x - left.width;
    return (tint_of(cv::mean(face(left))) + tint_of(cv::mean(face(right)))) / 2;
}

// Rows of a picture, in shares of it; the middle half of its columns.
cv::Vec3d band_tint(const cv::Mat& part, double from, double to) {
    const int first = static_cast<int>(from * part.rows);
    const int last = std::max(first + 1, static_cast<int>(to * part.rows));
    return tint_of(
        cv::mean(part.rowRange(first, std::min(last, part.rows))
                     .colRange(part.cols / 4, std::max(part.cols / 4 + 1, 3 * part.cols / 4))));
}

// Masks have holes for the eyes: the lids are another's skin than the cheeks, and the neck's.
void add_lids(FeatureSink& sink, const LivenessView& view, const cv::Vec3d& cheeks) {
    const cv::Vec3d neck = tint_of(cv::mean(view.neck)) - cheeks;
    cv::Vec3d lids, under;
    double widest = 0;
    for (const cv::Mat& eye : view.eyes) {
        const cv::Vec3d lower = band_tint(eye, 0.62, 0.7);
        const cv::Vec3d below = band_tint(eye, 0.86, 1);
        lids += (lower - cheeks) / 2;
        under += (below - cheeks) / 2;
        widest = std::max(widest, std::hypot(lower[1] - below[1], lower[2] - below[2]));
        // Steps down the column through the eye: a rim is one that is sharp.
        double step = 0;
        cv::Vec3d before = band_tint(eye, 0.58, 0.64);
        for (double at = 0.64; at < 0.98; at += 0.06) {
            const cv::Vec3d now = band_tint(eye, at, at + 0.06);
            step = std::max(step, std::hypot(now[1] - before[1], now[2] - before[2]));
            before = now;
        }
        sink.add(&eye == view.eyes.data() ? "left_lid_step" : "right_lid_step", step);
    }
    for (int i = 0; i < 3; ++i) {
        sink.add("lids", i, lids[i]);
        sink.add("lids_to_under", i, lids[i] - under[i]);
    }
    sink.add("lids_apart", widest);
    // How far lids and neck differ from the cheeks in the same way.
    const double sizes = std::hypot(lids[1], lids[2]) * std::hypot(neck[1], neck[2]);
    const double together = lids[1] * neck[1] + lids[2] * neck[2];
    sink.add("lids_as_neck", together * 100);
    sink.add("lids_as_neck_share", together / (sizes + 1e-4));
}

// A mask ends somewhere, and what is under it has another colour.
void add_tints(FeatureSink& sink, const LivenessView& view) {
    const cv::Vec3d cheeks = cheeks_of(view.face);
    const auto apart = [&](const char* name, const cv::Vec3d& other) {
        for (int i = 0; i < 3; ++i) sink.add(name, i, other[i] - cheeks[i]);
        sink.add(name, 3, std::hypot(other[1] - cheeks[1], other[2] - cheeks[2]));
    };
    apart("neck", tint_of(cv::mean(view.neck)));
    apart("forehead", tint_of(cv::mean(view.forehead)));
    add_lids(sink, view, cheeks);
    constexpr int columns = 4;
    constexpr int rows = 5;
    cv::Mat grid;
    cv::resize(view.face, grid, {columns, rows}, 0, 0, cv::INTER_AREA);
    std::array<std::array<cv::Vec3d, columns>, rows> tints;
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < columns; ++x) {
            tints.at(static_cast<std::size_t>(y)).at(static_cast<std::size_t>(x)) =
                tint_of(cv::Scalar(grid.at<cv::Vec3f>(y, x))) - cheeks;
        }
    }
    double across = 0, down = 0;
    for (std::size_t y = 0; y < rows; ++y) {
        for (std::size_t x = 0; x < columns; ++x) {
            const cv::Vec3d& tint = tints.at(y).at(x);
            const int cell = static_cast<int>(y * columns + x);
            sink.add("cell_red", cell, tint[1]);
            sink.add("cell_blue", cell, tint[2]);
            const auto step = [&](const cv::Vec3d& other) {
                return std::hypot(tint[1] - other[1], tint[2] - other[2]);
            };
            if (x > 0) across = std::max(across, step(tints.at(y).at(x - 1)));
            if (y > 0) down = std::max(down, step(tints.at(y - 1).at(x)));
        }
    }
    sink.add("cell_step_across", across);
    sink.add("cell_step_down", down);
}

}  // namespace

void colour_features(const LivenessView& view, FeatureSink& sink) {
    const Pixels face = within_face(view.face);
    const Pixels near = within_ring(view.around, 0.5, 0.72);
    const Pixels far = within_ring(view.around, 0.78, 1.0);
    sink.group("colour.face");
    add_colours(sink, face);
    sink.add("luma_saturation", correlation(face.luma, face.saturation));
    sink.add("luma_red", correlation(face.luma, face.red));
    sink.add("red_blue", correlation(face.red, face.blue));
    add_shine(sink, face);
    add_shading(sink, view.face);
    sink.group("colour.tint");
    add_tints(sink, view);
    sink.group("colour.near");
    add_colours(sink, near);
    sink.group("colour.far");
    add_colours(sink, far);
    sink.group("colour");
    const auto apart = [&](const char* name, const Pixels& a, const Pixels& b) {
        const double scale_a = share_at(a.luma, 0.5) + 8;
        const double scale_b = share_at(b.luma, 0.5) + 8;
        sink.add(name, 0, std::log(scale_a / scale_b));
        sink.add(name, 1, moments(a.blue).mean / scale_a - moments(b.blue).mean / scale_b);
        sink.add(name, 2, moments(a.red).mean / scale_a - moments(b.red).mean / scale_b);
        sink.add(name, 3, share_at(a.luma, 0.01) - share_at(b.luma, 0.01));
        sink.add(name, 4, share_at(a.luma, 0.99) - share_at(b.luma, 0.99));
    };
    apart("face_to_far", face, far);
    apart("near_to_far", near, far);
    apart("face_to_near", face, near);
}

}  // namespace strongroom::vision
