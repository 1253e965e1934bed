#include "vision/geometry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/assert.h"

namespace strongroom::vision {

namespace {

constexpr double degrees = 180.0 / std::numbers::pi;

Point mean_of(std::span<const Point> points) {
    Point sum;
    for (const Point& p : points) {
        sum.x += p.x;
        sum.y += p.y;
    }
    const auto n = static_cast<double>(points.size());
    return {sum.x / n, sum.y / n};
}

Point midpoint(Point a, Point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

}  // namespace

double overlap(const Box& a, const Box& b) {
    const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
    const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    if (width <= 0 || height <= 0) return 0;
    const double common = width * height;
    return common / (a.area() + b.area() - common);
}

double Eyes::distance() const { return std::hypot(right.x - left.x, right.y - left.y); }

Eyes eyes_of(const Landmarks& landmarks) {
    const auto& p = landmarks.points;
    if (landmarks.scheme == LandmarkScheme::centres) return {p[0], p[1]};
    return {midpoint(p[2], p[3]), midpoint(p[0], p[1])};
}

Point Similarity::operator()(Point p) const {
    return {a * p.x - b * p.y + tx, b * p.x + a * p.y + ty};
}

double Similarity::scale() const { return std::hypot(a, b); }

Similarity Similarity::inverse() const {
    const double square = a * a + b * b;
    STRONGROOM_ASSERT(square > 0);
    const double ia = a / square;
    const double ib = -b / square;
    return {ia, ib, -(ia * tx - ib * ty), -(ib * tx + ia * ty)};
}

// With both sides centred, the sum of squares is least at
//   a = sum(p . q) / sum(p . p),  b = sum(p x q) / sum(p . p)
// (the two-dimensional case of Umeyama, IEEE PAMI 13(4), 1991, without the reflection).
std::optional<Similarity> fit_similarity(std::span<const Point> from, std::span<const Point> to) {
    STRONGROOM_ASSERT(from.size() == to.size() && from.size() >= 2);
    const Point from_mean = mean_of(from);
    const Point to_mean = mean_of(to);
    double dot = 0;
    double cross = 0;
    double spread = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const Point p{from[i].x - from_mean.x, from[i].y - from_mean.y};
        const Point q{to[i].x - to_mean.x, to[i].y - to_mean.y};
        dot += p.x * q.x + p.y * q.y;
        cross += p.x * q.y - p.y * q.x;
        spread += p.x * p.x + p.y * p.y;
    }
    Similarity fit;
    fit.a = dot / spread;
    fit.b = cross / spread;
    fit.tx = to_mean.x - (fit.a * from_mean.x - fit.b * from_mean.y);
    fit.ty = to_mean.y - (fit.b * from_mean.x + fit.a * from_mean.y);
    const bool usable = std::isfinite(fit.tx) && std::isfinite(fit.ty) && fit.scale() > 1e-9 &&
                        std::isfinite(fit.scale());
    return usable ? std::optional(fit) : std::nullopt;
}

// The nose tip stands before the plane of eyes and mouth corners. When the head turns it therefore
// moves against them by depth * tan(angle); in units of the eye distance the depth of an average
// adult nose is near 0.45. Where the tip projects between eyes and mouth is the median of YuNet's
// points on photographs of people who mostly look straight ahead.
HeadPose estimate_pose(const Landmarks& landmarks) {
    constexpr double nose_depth = 0.45;
    constexpr double face_height = 1.155;  // eye line to mouth line, in eye distances
    constexpr double nose_height = 0.57;   // eye line to nose tip, in face heights
    const Eyes eyes = eyes_of(landmarks);
    HeadPose pose;
    const double roll = std::atan2(eyes.right.y - eyes.left.y, eyes.right.x - eyes.left.x);
    pose.roll = roll * degrees;
    const double distance = eyes.distance();
    if (!(distance > 0)) return pose;
    const Point centre = midpoint(eyes.left, eyes.right);
    const auto upright = [&](Point p) {
        const double x = p.x - centre.x;
        const double y = p.y - centre.y;
        return Point{(std::cos(roll) * x + std::sin(roll) * y) / distance,
                     (-std::sin(roll) * x + std::cos(roll) * y) / distance};
    };
    const auto& p = landmarks.points;
    const Point nose = upright(p[landmarks.scheme == LandmarkScheme::centres ? 2 : 4]);
    if (landmarks.scheme == LandmarkScheme::corners) {
        // The base of the nose protrudes about half as far, and without a mouth there is no pitch.
        pose.yaw = std::atan(nose.x / (nose_depth / 2)) * degrees;
        return pose;
    }
    const Point mouth = upright(midpoint(p[3], p[4]));
    if (mouth.y <= 0.1) return {90, 90, pose.roll};  // no face looks so: never frontal
    const double middle = mouth.x * nose.y / mouth.y;
    pose.yaw = std::atan((nose.x - middle) / nose_depth) * degrees;
    pose.pitch = std::atan((nose_height - nose.y / mouth.y) * face_height / nose_depth) * degrees;
    return pose;
}

}  // namespace strongroom::vision
