// Points, boxes and the similarity transform that lays a face onto a template: plain arithmetic.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace strongroom::vision {

// Pixels of the frame in which it was found: x to the right, y down, pixel centres at whole
// numbers.
struct Point {
    double x = 0;
    double y = 0;
    friend constexpr bool operator==(const Point&, const Point&) = default;
};

// May reach outside the frame.
struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    [[nodiscard]] constexpr double area() const { return width * height; }
};

// Intersection over union, 0 to 1; 0 for empty boxes.
[[nodiscard]] double overlap(const Box& a, const Box& b);

// Which five points a landmark finder gives, in image order ("left" is left in the image).
enum class LandmarkScheme : std::uint8_t {
    centres,  // left eye's centre, right eye's centre, nose tip, left and right mouth corner
              // (YuNet)
    corners,  // right eye's outer and inner corner, left eye's outer and inner corner, base of the
              // nose: the order of dlib's shape_predictor_5_face_landmarks
};

struct Landmarks {
    LandmarkScheme scheme = LandmarkScheme::centres;
    std::array<Point, 5> points{};
};

struct Eyes {
    Point left;
    Point right;
    [[nodiscard]] double distance() const;
};
[[nodiscard]] Eyes eyes_of(const Landmarks& landmarks);

// Rotation, one scale and a shift, no reflection: (x, y) becomes (a x - b y + tx, b x + a y + ty).
struct Similarity {
    double a = 1;
    double b = 0;
    double tx = 0;
    double ty = 0;
    [[nodiscard]] Point operator()(Point p) const;
    [[nodiscard]] double scale() const;
    [[nodiscard]] Similarity inverse() const;  // asserts scale() > 0
};

// The similarity that maps `from` onto `to` with the least sum of squared distances. None when the
// points of either side coincide or are not finite. Asserts equal sizes of 2 or more.
[[nodiscard]] std::optional<Similarity> fit_similarity(std::span<const Point> from,
                                                       std::span<const Point> to);

// Angles of the head in degrees, estimated from five points under weak perspective; 0 is frontal.
// An estimate for a quality gate, within about ten degrees: noses differ.
struct HeadPose {
    double yaw = 0;    // positive: the nose points to the right of the image
    double pitch = 0;  // positive: the nose points up
    double roll = 0;   // positive: the line of the eyes falls to the right of the image
};
[[nodiscard]] HeadPose estimate_pose(const Landmarks& landmarks);

}  // namespace strongroom::vision
