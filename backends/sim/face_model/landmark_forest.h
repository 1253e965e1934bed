// Private: landmarks by a cascade of regression trees (Kazemi and Sullivan, "One millisecond face
// alignment with an ensemble of regression trees", CVPR 2014), as dlib's shape_predictor trains it.
//
// It is evaluated here because dlib's own evaluation rounds to whole pixels, which an eye that is
// eight pixels high cannot bear, and because its leaves are stored as bytes. A value; placing is
// const and may be done from several threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "people/renderer.h"
#include "vision/geometry.h"
#include "weights_file.h"

namespace strongroom::face_model {

// In the order of people::Point.
using Shape = std::array<vision::Point, people::point_count>;

struct GreyImage {
    const std::uint8_t* pixels = nullptr;
    int width = 0;
    int height = 0;
    std::size_t stride = 0;  // bytes from row to row
};

class LandmarkForest {
public:
    // Two pixels are compared: the first one's value less the second one's, above the threshold.
    struct Split {
        std::uint16_t first = 0;
        std::uint16_t second = 0;
        float threshold = 0;
    };
    // A full binary tree. A leaf moves each point by its bytes times `step`, in box units.
    struct Tree {
        std::vector<Split> splits;
        std::vector<std::int8_t> leaves;
        float step = 0;
    };
    // The pixels that its trees look at: each lies at an offset from a point of the shape.
    struct Stage {
        std::vector<std::uint16_t> anchors;
        std::vector<vision::Point> offsets;
        std::vector<Tree> trees;
    };

    LandmarkForest() = default;
    // `mean`: in box units, (0, 0) the box's first pixel and (1, 1) its last.
    LandmarkForest(const Shape& mean, std::vector<Stage> stages);
    // Throws vision::PackError.
    explicit LandmarkForest(Reader& in);
    void write(Writer& out) const;

    // Pixels of `image`. Outside the image it is black.
    [[nodiscard]] Shape place(const GreyImage& image, const vision::Box& box) const;
    [[nodiscard]] const Shape& mean() const { return mean_; }

private:
    Shape mean_{};
    std::vector<Stage> stages_;
};

}  // namespace strongroom::face_model
