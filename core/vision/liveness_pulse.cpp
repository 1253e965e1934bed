// OpenCV before our own header, which uses its types.
// clang-format off
#include <opencv2/core.hpp>
#include "liveness_pulse.h"
// clang-format on

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "vision/passive_liveness.h"

namespace strongroom::vision {

namespace {

constexpr double window_seconds = 3;
constexpr double shortest_seconds = 0.95;  // under one beat there is nothing to see
constexpr std::size_t fewest_looks = 7;

// Light of an 8-bit step, as cameras encode it.
double light_of(float step) {
    static const std::array<double, 256> table = [] {
        std::array<double, 256> values{};
        for (std::size_t i = 0; i < values.size(); ++i) {
            values.at(i) = std::pow(static_cast<double>(i) / 255, 2.2);
        }
        return values;
    }();
    return table.at(static_cast<std::size_t>(std::clamp(step + 0.5F, 0.0F, 255.0F)));
}

// Mean light of the pixels that are neither dark nor near white, where the camera bends colours.
struct Light {
    double red = 0;
    double green = 0;
    double blue = 0;
    double count = 0;
    void add(const cv::Vec3f& bgr) {
        const float most = std::max({bgr[0], bgr[1], bgr[2]});
        if (most > 235 || most < 25) return;
        blue += light_of(bgr[0]);
        green += light_of(bgr[1]);
        red += light_of(bgr[2]);
        count += 1;
    }
};

using Series = std::vector<double>;

double dot(const Series& a, const Series& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

// What of a series does not go with time or with how much light there is: what the directions
// given so far leave of it.
class Drift {
public:
    void take(Series direction) {
        leave(direction);
        const double size = std::sqrt(dot(direction, direction));
        if (size < 1e-6) return;
        for (double& value : direction) value /= size;
        directions_.push_back(std::move(direction));
    }
    void leave(Series& series) const {
        for (const Series& direction : directions_) {
            const double share = dot(series, direction);
            for (std::size_t i = 0; i < series.size(); ++i) series[i] -= share * direction[i];
        }
    }

private:
    std::vector<Series> directions_;
};

// A wave of one frequency in the parts of series that a drift leaves.
class Beat {
public:
    Beat(const Series& times, double frequency, const Drift& drift) {
        for (const double time : times) {
            sine_.push_back(std::sin(2 * CV_PI * frequency * time));
            cosine_.push_back(std::cos(2 * CV_PI * frequency * time));
        }
        drift.leave(sine_);
        drift.leave(cosine_);
        kept_ = (dot(sine_, sine_) + dot(cosine_, cosine_)) / 2;
        unit(sine_);
        const double along = dot(sine_, cosine_);
        for (std::size_t i = 0; i < cosine_.size(); ++i) cosine_[i] -= along * sine_[i];
        unit(cosine_);
    }
    [[nodiscard]] cv::Point2d in(const Series& left) const {
        return {dot(left, sine_), dot(left, cosine_)};
    }
    // Of a wave whose part is this.
    [[nodiscard]] double amplitude(cv::Point2d part) const {
        return cv::norm(part) / std::sqrt(kept_ + 0.2);
    }

private:
    static void unit(Series& series) {
        const double size = std::sqrt(dot(series, series)) + 1e-9;
        for (double& value : series) value /= size;
    }
    Series sine_;
    Series cosine_;
    double kept_ = 0;  // of its square, by the drift
};

struct Heart {
    double wave = 0;   // amplitude of the face's best wave
    double share = 0;  // of what the drift leaves of the face
    double noise = 0;  // root mean square of what the wave leaves
    double neck_wave = 0;
    double neck_share = 0;
    double face_at_neck = 0;  // share of the face that the neck's wave explains
    double follows = 0;       // the face's wave by the neck's: 1 as in the neck, 0 not at all
    double together = 0;      // the highest mean share of both at one frequency
};

Heart heart_of(const Series& times, const Series& face, const Series& neck, const Drift& drift) {
    const double face_whole = dot(face, face) + 1e-9;
    const double neck_whole = dot(neck, neck) + 1e-9;
    Heart heart;
    for (double frequency = 0.8; frequency < 2.25; frequency += 0.1) {
        const Beat beat(times, frequency, drift);
        const cv::Point2d in_face = beat.in(face);
        const cv::Point2d in_neck = beat.in(neck);
        const double face_share = in_face.dot(in_face) / face_whole;
        const double neck_share = in_neck.dot(in_neck) / neck_whole;
        heart.together = std::max(heart.together, (face_share + neck_share) / 2);
        if (face_share > heart.share) {
            heart.share = face_share;
            heart.wave = beat.amplitude(in_face);
        }
        if (neck_share > heart.neck_share) {
            heart.neck_share = neck_share;
            heart.neck_wave = beat.amplitude(in_neck);
            heart.face_at_neck = face_share;
            heart.follows = in_face.dot(in_neck) / (in_neck.dot(in_neck) + 1e-8);
        }
    }
    heart.noise =
        std::sqrt(face_whole * std::max(0.0, 1 - heart.share) / static_cast<double>(times.size()));
    return heart;
}

void add_heart(FeatureSink& sink, const Heart& heart) {
    sink.add("wave", std::log(heart.wave + 1e-4));
    sink.add("share", heart.share);
    sink.add("noise", std::log(heart.noise + 1e-5));
    sink.add("neck_wave", std::log(heart.neck_wave + 1e-4));
    sink.add("neck_share", heart.neck_share);
    sink.add("face_at_neck", heart.face_at_neck);
    sink.add("follows", std::clamp(heart.follows, -3.0, 3.0));
    sink.add("together", heart.together);
}

}  // namespace

LivenessPulse::Glow LivenessPulse::cheeks(const LivenessView& view) {
    Light light;
    const cv::Mat& face = view.face;
    for (int y = 0; y < face.rows; ++y) {
        const double v = 2.0 * y / face.rows - 1;
        // Below the eyes and above the mouth: neither blinks nor words.
        if (v < -0.26 || v > 0.36) continue;
        const auto* row = face.ptr<cv::Vec3f>(y);
        for (int x = 0; x < face.cols; ++x) {
            if (std::abs(2.0 * x / face.cols - 1) < 0.6) light.add(row[x]);
        }
    }
    const double count = std::max(1.0, light.count);
    return {std::log(light.red / count + 1e-3), std::log(light.green / count + 1e-3),
            std::log(light.blue / count + 1e-3)};
}

LivenessPulse::Glow LivenessPulse::neck(const LivenessView& view) {
    Light light;
    for (int y = 0; y < view.neck.rows; ++y) {
        const auto* row = view.neck.ptr<cv::Vec3f>(y);
        for (int x = 0; x < view.neck.cols; ++x) light.add(row[x]);
    }
    const double count = std::max(1.0, light.count);
    return {std::log(light.red / count + 1e-3), std::log(light.green / count + 1e-3),
            std::log(light.blue / count + 1e-3)};
}

void LivenessPulse::forget() { looks_.clear(); }

void LivenessPulse::measure(const LivenessView& view, Instant captured, FeatureSink& sink) {
    sink.group("pulse");
    const double now = std::chrono::duration<double>(captured.time_since_epoch()).count();
    // Another size or an older frame is another film.
    const bool goes_on = size_ == view.overview.size() && !looks_.empty();
    if (!goes_on || now < looks_.back().seconds) forget();
    size_ = view.overview.size();
    looks_.push_back({now, cheeks(view), neck(view)});
    while (now - looks_.front().seconds > window_seconds) looks_.pop_front();
    const double seconds = now - looks_.front().seconds;
    if (seconds < shortest_seconds || looks_.size() < fewest_looks) {
        for (const char* name :
             {"seconds", "sway", "green.wave", "green.share", "green.noise", "green.neck_wave",
              "green.neck_share", "green.face_at_neck", "green.follows", "green.together",
              "green_blue.wave", "green_blue.share", "green_blue.noise", "green_blue.neck_wave",
              "green_blue.neck_share", "green_blue.face_at_neck", "green_blue.follows",
              "green_blue.together"}) {
            sink.add(name, static_cast<double>(PassiveFeatures::no_history));
        }
        return;
    }
    Series ones, times, squares, light, green, neck_green, blue, neck_blue;
    double mean = 0;
    for (const Look& look : looks_) mean += look.face.green / static_cast<double>(looks_.size());
    double sway = 0;
    for (const Look& look : looks_) {
        const double time = look.seconds - looks_.front().seconds;
        const Glow& f = look.face;
        const Glow& n = look.neck;
        ones.push_back(1);
        times.push_back(time);
        squares.push_back(time * time);
        // How much light there is, mixed so that blood, which takes 0.3 times as much red as green,
        // does not show in it.
        light.push_back(f.red - 0.3 * f.green);
        green.push_back(f.green - (f.red + f.blue) / 2);
        neck_green.push_back(n.green - (n.red + n.blue) / 2);
        blue.push_back(f.green - f.blue);
        neck_blue.push_back(n.green - n.blue);
        sway += (f.green - mean) * (f.green - mean);
    }
    Drift drift;
    drift.take(ones);
    drift.take(times);
    drift.take(light);
    if (looks_.size() >= 11) drift.take(squares);
    for (Series* series : {&green, &neck_green, &blue, &neck_blue}) drift.leave(*series);
    sink.add("seconds", seconds);
    sink.add("sway", 0.5 * std::log(sway / static_cast<double>(looks_.size()) + 1e-7));
    sink.group("pulse.green");
    add_heart(sink, heart_of(times, green, neck_green, drift));
    sink.group("pulse.green_blue");
    add_heart(sink, heart_of(times, blue, neck_blue, drift));
}

}  // namespace strongroom::vision
