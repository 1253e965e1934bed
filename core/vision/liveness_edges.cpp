// Edges around the face: sheets and screens end in straight lines, and so do their frames.
#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "liveness_view.h"

namespace strongroom::vision {

namespace {

constexpr int angles = 36;  // of 5 degrees
constexpr int offsets = around_side;
constexpr double face_radius = 0.36;  // in halves of the picture: edges within are the face's own

// A straight edge: how much of it there is, where, and between what.
struct Line {
    double votes = 0;   // its length, in pixels of the picture
    double angle = 0;   // degrees of its normal, 0 to 175
    double offset = 0;  // from the centre along the normal, in halves of the picture
};

struct Votes {
    // By angle of the normal and signed offset.
    std::array<std::array<float, offsets>, angles> count{};
};

Votes vote(const cv::Mat& grey, double& strength) {
    cv::Mat dx, dy;
    cv::Sobel(grey, dx, CV_32F, 1, 0, 3, 0.125);
    cv::Sobel(grey, dy, CV_32F, 0, 1, 3, 0.125);
    Votes votes;
    const double middle = (around_side - 1) / 2.0;
    double sum = 0;
    for (int y = 1; y + 1 < grey.rows; ++y) {
        for (int x = 1; x + 1 < grey.cols; ++x) {
            const double gx = static_cast<double>(dx.at<float>(y, x));
            const double gy = static_cast<double>(dy.at<float>(y, x));
            const double size = std::hypot(gx, gy);
            const double u = (x - middle) / middle;
            const double v = (y - middle) / middle;
            sum += size;
            if (size < 3 || std::hypot(u, v) < face_radius) continue;
            double angle = std::atan2(gy, gx);
            if (angle < 0) angle += CV_PI;
            const int at = static_cast<int>(std::lround(angle / CV_PI * angles)) % angles;
            const double normal = at * CV_PI / angles;
            const double offset = u * std::cos(normal) + v * std::sin(normal);
            const int bin = static_cast<int>(std::lround((offset / 1.5 + 1) / 2 * (offsets - 1)));
            if (bin < 0 || bin >= offsets) continue;
            // Weak and strong edges count much the same: a border need not be striking.
            votes.count.at(static_cast<std::size_t>(at)).at(static_cast<std::size_t>(bin)) +=
                static_cast<float>(std::min(1.0, size / 12));
        }
    }
    strength = sum / static_cast<double>(grey.total());
    return votes;
}

double offset_of(std::size_t bin) {
    return (2.0 * static_cast<double>(bin) / (offsets - 1) - 1) * 1.5;
}

// The strongest line whose normal points within 25 degrees of `towards` and which passes the face
// on that side.
Line strongest(const Votes& votes, double towards) {
    Line best;
    for (std::size_t a = 0; a < angles; ++a) {
        const double normal = static_cast<double>(a) * 180 / angles;
        for (const double turn : {0.0, 180.0}) {
            double away = std::fmod(normal + turn - towards + 540, 360) - 180;
            if (std::abs(away) > 25) continue;
            for (std::size_t b = 1; b + 1 < offsets; ++b) {
                const double offset = turn > 0 ? -offset_of(b) : offset_of(b);
                if (offset < face_radius || offset > 1.0) continue;
                const auto& row = votes.count.at(a);
                const double sum = static_cast<double>(row.at(b - 1) + row.at(b) + row.at(b + 1));
                if (sum > best.votes) best = {sum, away, offset};
            }
        }
    }
    return best;
}

// Mean luma on both sides of an upright or level line.
double step_across(const cv::Mat& grey, const Line& line, double towards) {
    const double middle = (around_side - 1) / 2.0;
    const double angle = (towards + line.angle) * CV_PI / 180;
    const cv::Point2d normal(std::cos(angle), std::sin(angle));
    const cv::Point2d along(-normal.y, normal.x);
    double inner = 0, outer = 0, count = 0;
    for (int i = -30; i <= 30; ++i) {
        const auto sample = [&](double offset, double& value) {
            const cv::Point2d p =
                (normal * offset + along * (i / 40.0)) * middle + cv::Point2d(middle, middle);
            const int x = static_cast<int>(std::lround(p.x));
            const int y = static_cast<int>(std::lround(p.y));
            if (x < 0 || y < 0 || x >= grey.cols || y >= grey.rows) return false;
            value = static_cast<double>(grey.at<float>(y, x));
            return true;
        };
        double a = 0;
        double b = 0;
        if (sample(line.offset - 0.06, a) && sample(line.offset + 0.06, b)) {
            inner += a;
            outer += b;
            count += 1;
        }
    }
    return count < 5 ? 0 : (outer - inner) / count;
}

}  // namespace

void edge_features(const LivenessView& view, FeatureSink& sink) {
    sink.group("edges");
    const cv::Mat grey = grey_of(view.around);
    double strength = 0;
    const Votes votes = vote(grey, strength);
    const double roll = view.place.roll * 180 / CV_PI;
    std::array<Line, 4> lines;
    std::array<double, 4> sides{};
    constexpr std::array<const char*, 4> names{"right", "below", "left", "above"};
    for (std::size_t i = 0; i < 4; ++i) {
        const double towards = 90.0 * static_cast<double>(i);
        lines.at(i) = strongest(votes, towards);
        sides.at(i) = lines.at(i).votes;
        sink.add((std::string(names.at(i)) + "_length").c_str(), lines.at(i).votes);
        sink.add((std::string(names.at(i)) + "_offset").c_str(), lines.at(i).offset);
        sink.add((std::string(names.at(i)) + "_step").c_str(),
                 std::abs(step_across(grey, lines.at(i), towards)));
        sink.add((std::string(names.at(i)) + "_to_roll").c_str(),
                 std::abs(lines.at(i).angle - roll));
    }
    std::sort(sides.begin(), sides.end());
    sink.add("weakest_side", sides[0]);
    sink.add("second_weakest_side", sides[1]);
    sink.add("third_side", sides[2]);
    sink.add("strongest_side", sides[3]);
    sink.add("upright_parallel", std::abs(lines[0].angle - lines[2].angle));
    sink.add("level_parallel", std::abs(lines[1].angle - lines[3].angle));
    sink.add("square", std::abs(lines[0].angle - lines[3].angle));
    sink.add("strength", strength);
    sink.add("unit", view.place.unit);
    sink.add("seen", view.around_seen);
}

}  // namespace strongroom::vision
