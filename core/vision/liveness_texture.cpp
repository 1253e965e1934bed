// Texture: what printing, filming and casting do to the fine grain of skin.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "liveness_view.h"

namespace strongroom::vision {

namespace {

constexpr int patterns = 10;

// Rotation-invariant uniform local binary patterns of 8 neighbours: 0 to 8 neighbours above the
// middle in one run, 9 for all others.
const std::array<std::uint8_t, 256>& pattern_classes() {
    static const auto table = [] {
        std::array<std::uint8_t, 256> classes{};
        for (unsigned code = 0; code < 256; ++code) {
            unsigned changes = 0;
            unsigned ones = 0;
            for (unsigned bit = 0; bit < 8; ++bit) {
                const unsigned next = (bit + 1) % 8;
                changes += ((code >> bit) ^ (code >> next)) & 1U;
                ones += (code >> bit) & 1U;
            }
            classes.at(code) = static_cast<std::uint8_t>(changes <= 2 ? ones : 9);
        }
        return classes;
    }();
    return table;
}

std::array<double, patterns> histogram(const cv::Mat& grey) {
    std::array<double, patterns> counts{};
    const auto& classes = pattern_classes();
    for (int y = 1; y + 1 < grey.rows; ++y) {
        const auto* above = grey.ptr<float>(y - 1);
        const auto* row = grey.ptr<float>(y);
        const auto* below = grey.ptr<float>(y + 1);
        for (int x = 1; x + 1 < grey.cols; ++x) {
            const float middle = row[x];
            const auto bit = [middle](float value, unsigned place) {
                return static_cast<unsigned>(value > middle) << place;
            };
            const unsigned code = bit(above[x - 1], 0) | bit(above[x], 1) | bit(above[x + 1], 2) |
                                  bit(row[x + 1], 3) | bit(below[x + 1], 4) | bit(below[x], 5) |
                                  bit(below[x - 1], 6) | bit(row[x - 1], 7);
            counts.at(classes.at(code)) += 1;
        }
    }
    const double total = std::max(1, (grey.rows - 2) * (grey.cols - 2));
    for (double& count : counts) count /= total;
    return counts;
}

void add_patterns(FeatureSink& sink, const char* name, const cv::Mat& grey) {
    const auto shares = histogram(grey);
    for (int i = 0; i < patterns; ++i) {
        sink.add(name, i, shares.at(static_cast<std::size_t>(i)));
    }
}

cv::Mat halved(const cv::Mat& image) {
    cv::Mat half;
    cv::resize(image, half, {std::max(4, image.cols / 2), std::max(4, image.rows / 2)}, 0, 0,
               cv::INTER_AREA);
    return half;
}

// Band-pass pictures, finest first.
constexpr int band_count = 4;
std::array<cv::Mat, band_count> bands_of(const cv::Mat& grey) {
    std::array<cv::Mat, band_count> bands;
    cv::Mat finer = grey;
    double sigma = 0.8;
    for (auto& band : bands) {
        cv::Mat coarser;
        cv::GaussianBlur(grey, coarser, {}, sigma, sigma, cv::BORDER_REFLECT);
        band = finer - coarser;
        finer = coarser;
        sigma *= 2;
    }
    return bands;
}

double mean_square(const cv::Mat& values) {
    return values.empty() ? 0 : values.dot(values) / static_cast<double>(values.total());
}

// Fourth moment by the square of the second: how rare and strong the detail is.
double kurtosis(const cv::Mat& values) {
    const double second = mean_square(values);
    cv::Mat squares = values.mul(values);
    return mean_square(squares) / (second * second + 1e-3);
}

// Differences of neighbours crosswise, which ramps and edges along the axes do not give: noise.
cv::Mat noise_of(const cv::Mat& channel) {
    cv::Mat result;
    static const cv::Matx33f kernel(1, -2, 1, -2, 4, -2, 1, -2, 1);
    cv::filter2D(channel, result, CV_32F, kernel);
    return result;
}

double median_size(const cv::Mat& values) {
    std::vector<float> sizes;
    sizes.reserve(values.total() / 4 + 1);
    for (int y = 0; y < values.rows; y += 2) {
        const auto* row = values.ptr<float>(y);
        for (int x = 0; x < values.cols; x += 2) sizes.push_back(std::abs(row[x]));
    }
    if (sizes.empty()) return 0;
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    return static_cast<double>(*middle);
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
    return a.dot(b) / std::sqrt(a.dot(a) * b.dot(b) + 1e-3);
}

struct Noise {
    double level = 0;
    double blue_green = 0;
    double red_green = 0;
};
// A sensor's noise is another in each channel; what was filmed or compressed before shares it.
Noise noise_in(const cv::Mat& bgr) {
    if (bgr.empty()) return {};
    std::array<cv::Mat, 3> channels;
    cv::split(bgr, channels.data());
    for (auto& channel : channels) channel = noise_of(channel);
    return {std::log(median_size(channels[1]) + 0.1), correlation(channels[0], channels[1]),
            correlation(channels[2], channels[1])};
}

void add_bands(FeatureSink& sink, const char* name, const std::array<cv::Mat, band_count>& bands,
               const cv::Rect& part) {
    for (int i = 0; i < band_count; ++i) {
        sink.add(name, i, log_energy(mean_square(bands.at(static_cast<std::size_t>(i))(part))));
    }
}

// A part of the face, in shares of the crop.
cv::Rect part_of(const cv::Mat& face, double x, double y, double width, double height) {
    const auto at = [](double share, int size) { return static_cast<int>(share * size); };
    return cv::Rect(at(x, face.cols), at(y, face.rows), std::max(4, at(width, face.cols)),
                    std::max(4, at(height, face.rows))) &
           cv::Rect({}, face.size());
}

}  // namespace

void texture_features(const LivenessView& view, FeatureSink& sink) {
    sink.group("texture");
    const cv::Mat grey = grey_of(view.face);
    const cv::Mat half = halved(grey);
    add_patterns(sink, "pattern", grey);
    add_patterns(sink, "pattern_half", half);
    add_patterns(sink, "pattern_quarter", halved(half));
    const auto bands = bands_of(grey);
    add_bands(sink, "band", bands, {{}, grey.size()});
    add_bands(sink, "band_left_cheek", bands, part_of(grey, 0.1, 0.5, 0.2, 0.2));
    add_bands(sink, "band_right_cheek", bands, part_of(grey, 0.7, 0.5, 0.2, 0.2));
    add_bands(sink, "band_forehead", bands, part_of(grey, 0.3, 0.0, 0.4, 0.1));
    add_bands(sink, "band_eyes", bands, part_of(grey, 0.1, 0.2, 0.8, 0.2));
    add_bands(sink, "band_mouth", bands, part_of(grey, 0.25, 0.65, 0.5, 0.25));
    sink.add("peaked", 0, kurtosis(bands[0]));
    sink.add("peaked", 1, kurtosis(bands[1]));

    const cv::Mat beside = !view.left.empty() ? view.left : view.right;
    const Noise inside = noise_in(view.face);
    const Noise outside = noise_in(beside);
    sink.add("noise", inside.level);
    sink.add("noise_blue_green", inside.blue_green);
    sink.add("noise_red_green", inside.red_green);
    sink.add("noise_beside", outside.level);
    sink.add("noise_beside_blue_green", outside.blue_green);
    sink.add("noise_beside_red_green", outside.red_green);
    sink.add("noise_ratio", inside.level - outside.level);
    if (beside.empty()) {
        for (int i = 0; i < patterns; ++i) sink.add("pattern_beside", i, 0);
        for (int i = 0; i < band_count; ++i) sink.add("band_beside", i, 0);
        return;
    }
    const cv::Mat grey_beside = grey_of(beside);
    add_patterns(sink, "pattern_beside", grey_beside);
    add_bands(sink, "band_beside", bands_of(grey_beside), {{}, grey_beside.size()});
}

}  // namespace strongroom::vision
