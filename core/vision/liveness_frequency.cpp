// Frequencies: screens and presses print grids, and a grid seen by another grid is moire.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "liveness_view.h"

namespace strongroom::vision {

namespace {

constexpr int half_side = window_side / 2;
constexpr int band_width = 8;  // of the radius, in bins of 1 / window_side cycles a pixel
constexpr int bands = half_side / band_width;
constexpr int rings = 3;
// Where the rings begin and end, in bins: below it is the face itself.
constexpr std::array<int, rings + 1> ring_limits{10, 24, 42, 63};

// Log of the spectrum's squared sizes, the zero frequency in the first bin; columns are half.
struct Spectrum {
    cv::Mat log_power;  // window_side rows, half_side + 1 columns
};

const cv::Mat& taper() {
    static const cv::Mat window = [] {
        cv::Mat hann;
        cv::createHanningWindow(hann, {window_side, window_side}, CV_32F);
        return hann;
    }();
    return window;
}

Spectrum spectrum_of(const cv::Mat& values) {
    cv::Mat flat = values - cv::mean(values)[0];
    flat = flat.mul(taper());
    cv::Mat packed;
    cv::dft(flat, packed, cv::DFT_COMPLEX_OUTPUT);
    Spectrum spectrum;
    spectrum.log_power.create(window_side, half_side + 1, CV_32F);
    for (int y = 0; y < window_side; ++y) {
        const auto* row = packed.ptr<cv::Vec2f>(y);
        auto* out = spectrum.log_power.ptr<float>(y);
        for (int x = 0; x <= half_side; ++x) {
            out[x] = std::log(row[x][0] * row[x][0] + row[x][1] * row[x][1] + 1.0F);
        }
    }
    return spectrum;
}

int signed_row(int y) { return y <= half_side ? y : y - window_side; }

struct Ring {
    std::vector<float> over;  // how far bins are above their radius's mean
};

// Every bin whitened by the mean of its radius, by ring; and the mean of each band.
struct Shape {
    std::array<double, bands> band{};
    std::array<std::vector<float>, rings> over;
    double peak = 0;
    double peak_radius = 0;
    double peak_angle = 0;  // 0 along a row, 90 along a column
    double axes = 0;        // how far the axes are above the diagonals, in the outer rings
};

Shape shape_of(const Spectrum& spectrum) {
    std::array<double, half_side + 1> sums{};
    std::array<double, half_side + 1> counts{};
    const auto each = [&](auto&& visit) {
        for (int y = 0; y < window_side; ++y) {
            const int fy = signed_row(y);
            for (int x = 0; x <= half_side; ++x) {
                const int radius = static_cast<int>(std::lround(std::hypot(x, fy)));
                if (radius < 1 || radius > half_side || (x == 0 && fy < 0)) continue;
                visit(x, fy, static_cast<std::size_t>(radius), spectrum.log_power.at<float>(y, x));
            }
        }
    };
    each([&](int, int, std::size_t radius, float value) {
        sums.at(radius) += static_cast<double>(value);
        counts.at(radius) += 1;
    });
    Shape shape;
    for (std::size_t r = 1; r < sums.size(); ++r) {
        sums.at(r) /= std::max(1.0, counts.at(r));
        if (r < half_side) shape.band.at(r / band_width) += sums.at(r) / band_width;
    }
    double on_axes = 0, axis_bins = 0, off_axes = 0, other_bins = 0;
    each([&](int x, int fy, std::size_t radius, float value) {
        const int bin = static_cast<int>(radius);
        if (bin < ring_limits.front() || bin >= ring_limits.back()) return;
        const double over = static_cast<double>(value) - sums.at(radius);
        std::size_t ring = 0;
        while (bin >= ring_limits.at(ring + 1)) ++ring;
        shape.over.at(ring).push_back(static_cast<float>(over));
        if (over > shape.peak) {
            shape.peak = over;
            shape.peak_radius = bin;
            shape.peak_angle = std::abs(std::atan2(fy, x)) * 180 / CV_PI;
        }
        if (ring == 0) return;
        const double slant = std::min(std::abs(x), std::abs(fy)) / std::hypot(x, fy);
        if (slant < 0.1) {
            on_axes += over;
            axis_bins += 1;
        } else if (slant > 0.5) {
            off_axes += over;
            other_bins += 1;
        }
    });
    shape.axes = on_axes / std::max(1.0, axis_bins) - off_axes / std::max(1.0, other_bins);
    return shape;
}

double mean_of_highest(std::vector<float>& values, std::size_t count) {
    if (values.size() < count) return 0;
    std::partial_sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count),
                      values.end(), std::greater<>());
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
    return sum / static_cast<double>(count);
}

void add_shape(FeatureSink& sink, Shape shape) {
    for (int i = 0; i < bands; ++i) sink.add("band", i, shape.band.at(static_cast<std::size_t>(i)));
    for (int i = 0; i < rings; ++i) {
        auto& over = shape.over.at(static_cast<std::size_t>(i));
        sink.add("peak_1", i, mean_of_highest(over, 1));
        sink.add("peak_4", i, mean_of_highest(over, 4));
        sink.add("peak_16", i, mean_of_highest(over, 16));
        double squares = 0;
        for (const float value : over) {
            squares += static_cast<double>(value) * static_cast<double>(value);
        }
        sink.add("uneven", i, squares / static_cast<double>(std::max<std::size_t>(1, over.size())));
    }
    sink.add("peak_radius", shape.peak_radius);
    sink.add("peak_angle", shape.peak_angle);
    sink.add("axes", shape.axes);
}

}  // namespace

void frequency_features(const LivenessView& view, FeatureSink& sink) {
    std::array<cv::Mat, 3> channels;
    cv::split(view.window, channels.data());
    sink.group("frequency.grey");
    add_shape(sink, shape_of(spectrum_of(grey_of(view.window))));
    // A screen's red and blue points stand beside each other: their moire is one of colour.
    sink.group("frequency.colour");
    add_shape(sink, shape_of(spectrum_of(channels[2] - channels[0])));
}

}  // namespace strongroom::vision
