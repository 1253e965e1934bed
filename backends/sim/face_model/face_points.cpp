#include "face_points.h"

#include <algorithm>
#include <cmath>

namespace strongroom::face_model {

namespace {

using people::Point;

vision::Point at(const Shape& shape, Point point) { return shape[static_cast<std::size_t>(point)]; }

double apart(const Shape& shape, Point a, Point b) {
    const vision::Point p = at(shape, a);
    const vision::Point q = at(shape, b);
    return std::hypot(p.x - q.x, p.y - q.y);
}

vision::Point midway(const Shape& shape, Point a, Point b) {
    const vision::Point p = at(shape, a);
    const vision::Point q = at(shape, b);
    return {(p.x + q.x) / 2, (p.y + q.y) / 2};
}

double read_line(const Lines& lines, Reading reading, const Features& features) {
    const auto& line = lines[static_cast<std::size_t>(reading)];
    double value = 0;
    for (std::size_t i = 0; i < features.size(); ++i) {
        value += features[i] * static_cast<double>(line[i]);
    }
    return value;
}

double ratio(double height, double width) { return width > 0 ? std::min(height / width, 2.0) : 0; }

}  // namespace

vision::Landmarks landmarks_of(const Shape& shape) {
    vision::Landmarks landmarks;
    landmarks.scheme = vision::LandmarkScheme::centres;
    landmarks.points = {midway(shape, Point::left_eye_outer, Point::left_eye_inner),
                        midway(shape, Point::right_eye_inner, Point::right_eye_outer),
                        at(shape, Point::nose_tip), at(shape, Point::mouth_left),
                        at(shape, Point::mouth_right)};
    return landmarks;
}

EyeAspect eye_aspect(const Shape& shape) {
    return {ratio(apart(shape, Point::left_eye_upper, Point::left_eye_lower),
                  apart(shape, Point::left_eye_outer, Point::left_eye_inner)),
            ratio(apart(shape, Point::right_eye_upper, Point::right_eye_lower),
                  apart(shape, Point::right_eye_outer, Point::right_eye_inner))};
}

Features features_of(const Shape& shape, const Shape& mean) {
    const EyeAspect eyes = eye_aspect(shape);
    const auto onto_mean = vision::fit_similarity(shape, mean).value_or(vision::Similarity{});
    Features features{1, eyes.left, eyes.right, std::max(eyes.left, eyes.right)};
    std::size_t next = 4;
    for (const auto& point : shape) {
        const vision::Point laid = onto_mean(point);
        features[next++] = laid.x;
        features[next++] = laid.y;
    }
    return features;
}

std::string_view LandmarkModel::architecture() {
    return "regression trees for 23 points, leaves in bytes; 5 lines of 50 features";
}

LandmarkModel LandmarkModel::read(std::string_view file) {
    constexpr std::string_view part = "landmarks of the embedded face model";
    Reader in(part, unpack_weights(part, architecture(), file));
    LandmarkModel model;
    model.forest = LandmarkForest(in);
    for (auto& line : model.lines) {
        for (float& weight : line) weight = in.f32();
    }
    if (!in.at_end()) in.refuse("the weights are longer than the architecture");
    return model;
}

std::string LandmarkModel::write() const {
    Writer out;
    forest.write(out);
    for (const auto& line : lines) {
        for (const float weight : line) out.f32(weight);
    }
    return pack_weights(architecture(), out.bytes());
}

FaceExpression LandmarkModel::expression(const Shape& shape) const {
    const Features features = features_of(shape, forest.mean());
    const auto share = [&](Reading reading) {
        return static_cast<float>(std::clamp(read_line(lines, reading, features), 0.0, 1.0));
    };
    return {share(Reading::eyes_open), share(Reading::mouth_open), share(Reading::smile)};
}

vision::HeadPose LandmarkModel::pose(const Shape& shape) const {
    const Features features = features_of(shape, forest.mean());
    const auto angle = [&](Reading reading) {
        return std::clamp(read_line(lines, reading, features), -60.0, 60.0);
    };
    // Between the eyes, as everywhere.
    const double roll = vision::estimate_pose(landmarks_of(shape)).roll;
    return {angle(Reading::yaw), angle(Reading::pitch), roll};
}

}  // namespace strongroom::face_model
