// Private: what the landmarks tell: the five points that vision aligns by, and the expression.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/face_observation.h"
#include "landmark_forest.h"
#include "vision/geometry.h"

namespace strongroom::face_model {

// Eye centres (midway between an eye's corners, which a blink does not move), nose tip, mouth
// corners.
[[nodiscard]] vision::Landmarks landmarks_of(const Shape& shape);

// Height over width of each eye: the eye aspect ratio of Soukupova and Cech, "Real-time eye blink
// detection using facial landmarks", Computer Vision Winter Workshop 2016, from four points an eye.
struct EyeAspect {
    double left = 0;
    double right = 0;
};
[[nodiscard]] EyeAspect eye_aspect(const Shape& shape);

// What pose and expression are read from: a 1, both eye aspect ratios and their maximum, and each
// point where it lies when the face is laid onto the mean shape.
inline constexpr std::size_t feature_count = 4 + 2 * people::point_count;
using Features = std::array<double, feature_count>;
[[nodiscard]] Features features_of(const Shape& shape, const Shape& mean);

// What is read by a line through the features, each in its own unit.
enum class Reading : std::uint8_t { eyes_open, mouth_open, smile, yaw, pitch };
inline constexpr std::size_t reading_count = 5;
using Lines = std::array<std::array<float, feature_count>, reading_count>;

// The file "landmarks": the forest and the lines.
struct LandmarkModel {
    LandmarkForest forest;
    Lines lines{};

    [[nodiscard]] static std::string_view architecture();
    // Throws vision::PackError.
    [[nodiscard]] static LandmarkModel read(std::string_view file);
    [[nodiscard]] std::string write() const;

    // Each 0 to 1.
    [[nodiscard]] FaceExpression expression(const Shape& shape) const;
    // Degrees; yaw and pitch within 60 either way.
    [[nodiscard]] vision::HeadPose pose(const Shape& shape) const;
};

}  // namespace strongroom::face_model
