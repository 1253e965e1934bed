#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <opencv2/imgproc.hpp>

#include "mat_view.h"
#include "vision/stages.h"
#include "warp.h"

namespace strongroom::vision {

namespace {

using Five = std::array<Point, 5>;

// dlib's average face in the unit square: eye centres (means of six contour points each), nose tip
// and mouth corners of its 68-point model.
constexpr Five dlib_centres{Point{0.225492, 0.215990}, Point{0.754761, 0.215990},
                            Point{0.490127, 0.515625}, Point{0.254149, 0.780233},
                            Point{0.726104, 0.780233}};
// The five points of its five-point model, as get_face_chip_details() places them.
constexpr Five dlib_corners{
    Point{0.8595674595992, 0.2134981538014}, Point{0.6460604764104, 0.2289674387677},
    Point{0.1205750620789, 0.2137274526848}, Point{0.3340850613712, 0.2290642403242},
    Point{0.4901123135679, 0.6277975316475}};
constexpr double dlib_padding = 0.25;

// The five-point template of ArcFace, in pixels of its 112 pixel chip.
constexpr double arcface_size = 112;
constexpr Five arcface_centres{Point{38.2946, 51.6963}, Point{73.5318, 51.5014},
                               Point{56.0252, 71.7366}, Point{41.5493, 92.3655},
                               Point{70.7299, 92.2041}};

// Where the points belong in a chip of `size` pixels, and how many of them are used.
struct Target {
    Five points{};
    std::size_t count = 5;
};

Target target_of(ChipTemplate chip_template, LandmarkScheme scheme, int size) {
    Target target;
    const double side = size;
    if (chip_template == ChipTemplate::dlib) {
        const Five& unit = scheme == LandmarkScheme::centres ? dlib_centres : dlib_corners;
        for (std::size_t i = 0; i < unit.size(); ++i) {
            target.points[i] = {(dlib_padding + unit[i].x) / (2 * dlib_padding + 1) * side,
                                (dlib_padding + unit[i].y) / (2 * dlib_padding + 1) * side};
        }
        return target;
    }
    for (std::size_t i = 0; i < arcface_centres.size(); ++i) {
        target.points[i] = {arcface_centres[i].x * side / arcface_size,
                            arcface_centres[i].y * side / arcface_size};
    }
    // Eye corners have no place in this template: the eyes' centres carry the fit.
    if (scheme == LandmarkScheme::corners) target.count = 2;
    return target;
}

std::optional<Similarity> frame_to_chip(const Landmarks& landmarks, ChipTemplate chip_template,
                                        int size) {
    const Target target = target_of(chip_template, landmarks.scheme, size);
    if (target.count == 5) return fit_similarity(landmarks.points, target.points);
    const Eyes eyes = eyes_of(landmarks);
    const std::array<Point, 2> from{eyes.left, eyes.right};
    return fit_similarity(from, std::span(target.points).first(2));
}

}  // namespace

void drop_small(std::vector<Detection>& detections, double ratio) {
    double widest = 0;
    for (const auto& detection : detections) widest = std::max(widest, detection.box.width);
    std::erase_if(detections,
                  [&](const Detection& detection) { return detection.box.width < ratio * widest; });
}

Result<FaceChip> align(const hal::Frame& frame, const Landmarks& landmarks,
                       ChipTemplate chip_template, int size) {
    if (!is_bgr(frame)) return fail(Errc::corrupt);
    if (size < 16 || size > 512) return fail(Errc::out_of_range);
    const auto to_chip = frame_to_chip(landmarks, chip_template, size);
    // A face of more than 32 chips' width is no face; neither is one of a pixel or two.
    if (!to_chip || to_chip->scale() > 64 || to_chip->scale() < 1.0 / 64) {
        return fail(Errc::out_of_range);
    }
    try {
        FaceChip chip;
        chip.size = size;
        chip.pixels.resize(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3);
        cv::Mat target(size, size, CV_8UC3, chip.pixels.data());
        warp(view(frame), *to_chip, target);
        return chip;
    } catch (const std::exception&) {
        return fail(Errc::corrupt);
    }
}

Result<Quality> measure_quality(const hal::Frame& frame, const Landmarks& landmarks) {
    const auto chip = align(frame, landmarks, ChipTemplate::arcface, 112);
    if (!chip) return tl::unexpected(chip.error());
    try {
        cv::Mat grey;
        cv::cvtColor(view(*chip), grey, cv::COLOR_BGR2GRAY);
        cv::Scalar mean;
        cv::Scalar deviation;
        cv::meanStdDev(grey, mean, deviation);
        Quality quality;
        quality.brightness = mean[0];
        quality.contrast = deviation[0];
        // Without the outermost pixels: where the face reaches out of the frame, the edge to the
        // black border would pass for sharpness.
        cv::Mat edges;
        cv::Laplacian(grey, edges, CV_16S);
        cv::meanStdDev(edges(cv::Rect(16, 16, 80, 80)), mean, deviation);
        quality.sharpness = deviation[0] * deviation[0];
        quality.eye_distance = eyes_of(landmarks).distance();
        quality.pose = estimate_pose(landmarks);
        return quality;
    } catch (const std::exception&) {
        return fail(Errc::corrupt);
    }
}

float distance(Metric metric, std::span<const float> a, std::span<const float> b) {
    constexpr float never_alike = std::numeric_limits<float>::infinity();
    if (a.empty() || a.size() != b.size()) return never_alike;
    double squares = 0;
    double dot = 0;
    double norm_a = 0;
    double norm_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i];
        const double y = b[i];
        squares += (x - y) * (x - y);
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    const double value =
        metric == Metric::euclidean ? std::sqrt(squares) : 1 - dot / std::sqrt(norm_a * norm_b);
    return std::isfinite(value) ? static_cast<float>(std::max(value, 0.0)) : never_alike;
}

}  // namespace strongroom::vision
