#include "landmark_forest.h"

#include <cmath>
#include <utility>

#include "base/assert.h"

namespace strongroom::face_model {

namespace {

constexpr std::size_t coordinates = 2 * people::point_count;

float at(const GreyImage& image, double x, double y) {
    const long column = std::lround(x);
    const long row = std::lround(y);
    if (column < 0 || row < 0 || column >= image.width || row >= image.height) return 0;
    return image
        .pixels[static_cast<std::size_t>(row) * image.stride + static_cast<std::size_t>(column)];
}

// Turns and scales, without the shift, from the mean shape to this one.
vision::Similarity turn_between(const Shape& mean, const Shape& shape) {
    vision::Similarity turn = vision::fit_similarity(mean, shape).value_or(vision::Similarity{});
    turn.tx = 0;
    turn.ty = 0;
    return turn;
}

std::size_t leaf_of(const LandmarkForest::Tree& tree, const std::vector<float>& values) {
    std::size_t node = 0;
    while (node < tree.splits.size()) {
        const auto& split = tree.splits[node];
        const bool left = values[split.first] - values[split.second] > split.threshold;
        node = 2 * node + (left ? 1 : 2);
    }
    return node - tree.splits.size();
}

LandmarkForest::Tree read_tree(Reader& in, std::size_t depth, std::size_t pixels) {
    LandmarkForest::Tree tree;
    const std::size_t leaves = std::size_t{1} << depth;
    tree.splits.resize(leaves - 1);
    for (auto& split : tree.splits) {
        split.first = in.u16();
        split.second = in.u16();
        split.threshold = in.half();
        if (split.first >= pixels || split.second >= pixels) {
            in.refuse("a split looks at a pixel that is not there");
        }
    }
    tree.step = in.f32();
    tree.leaves.resize(leaves * coordinates);
    for (auto& leaf : tree.leaves) leaf = in.i8();
    return tree;
}

}  // namespace

LandmarkForest::LandmarkForest(const Shape& mean, std::vector<Stage> stages)
    : mean_(mean), stages_(std::move(stages)) {}

LandmarkForest::LandmarkForest(Reader& in) {
    for (auto& point : mean_) {
        point.x = in.f32();
        point.y = in.f32();
    }
    stages_.resize(in.count("stages", 1, 100));
    const std::size_t trees = in.count("trees a stage", 1, 1000);
    const std::size_t depth = in.count("levels", 1, 8);
    const std::size_t pixels = in.count("pixels a stage", 2, 10'000);
    for (auto& stage : stages_) {
        stage.anchors.resize(pixels);
        stage.offsets.resize(pixels);
        for (std::size_t i = 0; i < pixels; ++i) {
            stage.anchors[i] = in.u16();
            if (stage.anchors[i] >= people::point_count) in.refuse("a pixel lies at no point");
            stage.offsets[i].x = in.half();
            stage.offsets[i].y = in.half();
        }
        for (std::size_t i = 0; i < trees; ++i) {
            stage.trees.push_back(read_tree(in, depth, pixels));
        }
    }
}

void LandmarkForest::write(Writer& out) const {
    STRONGROOM_ASSERT(!stages_.empty() && !stages_.front().trees.empty());
    for (const auto& point : mean_) {
        out.f32(static_cast<float>(point.x));
        out.f32(static_cast<float>(point.y));
    }
    const Stage& first = stages_.front();
    std::uint32_t depth = 0;
    while ((std::size_t{1} << depth) <= first.trees.front().splits.size()) ++depth;
    out.u32(static_cast<std::uint32_t>(stages_.size()));
    out.u32(static_cast<std::uint32_t>(first.trees.size()));
    out.u32(depth);
    out.u32(static_cast<std::uint32_t>(first.anchors.size()));
    for (const Stage& stage : stages_) {
        for (std::size_t i = 0; i < stage.anchors.size(); ++i) {
            out.u16(stage.anchors[i]);
            out.half(static_cast<float>(stage.offsets[i].x));
            out.half(static_cast<float>(stage.offsets[i].y));
        }
        for (const Tree& tree : stage.trees) {
            for (const Split& split : tree.splits) {
                out.u16(split.first);
                out.u16(split.second);
                out.half(split.threshold);
            }
            out.f32(tree.step);
            for (const std::int8_t leaf : tree.leaves) out.i8(leaf);
        }
    }
}

Shape LandmarkForest::place(const GreyImage& image, const vision::Box& box) const {
    const auto to_image = [&](vision::Point p) {
        return vision::Point{box.x + p.x * (box.width - 1), box.y + p.y * (box.height - 1)};
    };
    Shape shape = mean_;
    std::vector<float> values;
    std::array<float, coordinates> moves{};
    for (const Stage& stage : stages_) {
        const vision::Similarity turn = turn_between(mean_, shape);
        values.resize(stage.anchors.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const vision::Point offset = turn(stage.offsets[i]);
            const vision::Point& anchor = shape[stage.anchors[i]];
            const vision::Point p = to_image({anchor.x + offset.x, anchor.y + offset.y});
            values[i] = at(image, p.x, p.y);
        }
        moves.fill(0);
        for (const Tree& tree : stage.trees) {
            const std::int8_t* leaf = &tree.leaves[leaf_of(tree, values) * coordinates];
            for (std::size_t i = 0; i < coordinates; ++i) {
                moves[i] += tree.step * static_cast<float>(leaf[i]);
            }
        }
        for (std::size_t i = 0; i < shape.size(); ++i) {
            shape[i].x += static_cast<double>(moves[2 * i]);
            shape[i].y += static_cast<double>(moves[2 * i + 1]);
        }
    }
    for (auto& point : shape) point = to_image(point);
    return shape;
}

}  // namespace strongroom::face_model
