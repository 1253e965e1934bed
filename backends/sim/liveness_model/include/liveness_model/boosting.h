// Gradient boosting of small trees for two classes, by histograms. Equal input gives equal
// trees.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vision/passive_liveness.h"

namespace strongroom::liveness_model {

struct Examples {
    std::size_t columns = 0;
    std::vector<float> values;   // rows * columns
    std::vector<bool> live;      // a row
    std::vector<double> weight;  // a row, above 0
    [[nodiscard]] std::size_t rows() const { return live.size(); }
};

struct BoostingOptions {
    int trees = 640;
    int depth = 5;
    double rate = 0.07;
    double row_share = 0.6;
    double column_share = 0.3;
    double leaf_weight_min = 4;  // of rows, in weights
    double shrinkage = 4;        // added to a leaf's curvature
    std::uint64_t seed = 1;
};

struct Boosted {
    double bias = 0;
    std::vector<vision::TreeModel::Tree> trees;
    std::vector<double> gain;  // a column: by how much its splits lowered the loss
};

// Asserts rows of both classes and as many values as rows times columns.
[[nodiscard]] Boosted boost(const Examples& examples, const BoostingOptions& options);

}  // namespace strongroom::liveness_model
