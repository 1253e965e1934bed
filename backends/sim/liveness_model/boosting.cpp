#include "liveness_model/boosting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/assert.h"
#include "base/rng.h"

namespace strongroom::liveness_model {

namespace {

constexpr std::size_t bins = 64;

// A column's values as numbers of bins; limits[b] is the upper end of bin b.
struct Column {
    std::vector<float> limits;
    std::vector<std::uint8_t> bin;  // a row
};

Column bin_column(const Examples& examples, std::size_t column) {
    const std::size_t rows = examples.rows();
    std::vector<float> sorted(rows);
    for (std::size_t r = 0; r < rows; ++r)
        sorted[r] = examples.values[r * examples.columns + column];
    const std::vector<float> values = sorted;
    std::sort(sorted.begin(), sorted.end());
    Column result;
    for (std::size_t b = 1; b < bins; ++b) {
        const std::size_t at = b * rows / bins;
        if (at == 0) continue;
        const float limit = sorted[at - 1] + (sorted[at] - sorted[at - 1]) / 2;
        if (sorted[at] > limit && (result.limits.empty() || limit > result.limits.back())) {
            result.limits.push_back(limit);
        }
    }
    result.bin.resize(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        const auto found = std::lower_bound(result.limits.begin(), result.limits.end(), values[r]);
        result.bin[r] = static_cast<std::uint8_t>(found - result.limits.begin());
    }
    return result;
}

struct Sums {
    double gradient = 0;
    double curvature = 0;
    double weight = 0;
    void add(const Sums& other) {
        gradient += other.gradient;
        curvature += other.curvature;
        weight += other.weight;
    }
    [[nodiscard]] Sums without(const Sums& other) const {
        return {gradient - other.gradient, curvature - other.curvature, weight - other.weight};
    }
};

struct Split {
    double gain = 0;
    std::size_t column = 0;
    std::size_t bin = 0;  // goes left up to and including this one
};

class Booster {
public:
    Booster(const Examples& examples, const BoostingOptions& options)
        : examples_(examples), options_(options), rng_(options.seed), sums_(examples.rows()) {
        for (std::size_t c = 0; c < examples.columns; ++c) {
            columns_.push_back(bin_column(examples, c));
        }
    }

    Boosted run() {
        Boosted result;
        result.gain.assign(examples_.columns, 0);
        double live = 0, all = 0;
        for (std::size_t r = 0; r < examples_.rows(); ++r) {
            all += examples_.weight[r];
            if (examples_.live[r]) live += examples_.weight[r];
        }
        STRONGROOM_ASSERT(live > 0 && live < all);
        result.bias = std::log(live / (all - live));
        log_odds_.assign(examples_.rows(), result.bias);
        for (int i = 0; i < options_.trees; ++i) result.trees.push_back(grow(result.gain));
        return result;
    }

private:
    [[nodiscard]] double value_of(const Sums& sums) const {
        return -options_.rate * sums.gradient / (sums.curvature + options_.shrinkage);
    }
    [[nodiscard]] double worth(const Sums& sums) const {
        return sums.gradient * sums.gradient / (sums.curvature + options_.shrinkage);
    }

    // Gradients of the logistic loss, and the rows and columns of this tree.
    std::vector<std::size_t> draw_rows() {
        std::vector<std::size_t> rows;
        for (std::size_t r = 0; r < examples_.rows(); ++r) {
            const double p = 1 / (1 + std::exp(-log_odds_[r]));
            const double weight = examples_.weight[r];
            sums_[r] = {weight * (p - (examples_.live[r] ? 1.0 : 0.0)), weight * p * (1 - p),
                        weight};
            if (rng_.uniform() < options_.row_share) rows.push_back(r);
        }
        return rows;
    }
    std::vector<std::size_t> draw_columns() {
        std::vector<std::size_t> columns;
        for (std::size_t c = 0; c < examples_.columns; ++c) {
            if (rng_.uniform() < options_.column_share) columns.push_back(c);
        }
        return columns;
    }

    [[nodiscard]] Split best_split(const std::vector<std::size_t>& rows,
                                   const std::vector<std::size_t>& columns,
                                   const Sums& total) const {
        Split best;
        for (const std::size_t c : columns) {
            std::array<Sums, bins> histogram{};
            const auto& bin = columns_[c].bin;
            for (const std::size_t r : rows) histogram[bin[r]].add(sums_[r]);
            Sums left;
            for (std::size_t b = 0; b < columns_[c].limits.size(); ++b) {
                left.add(histogram[b]);
                const Sums right = total.without(left);
                if (left.weight < options_.leaf_weight_min ||
                    right.weight < options_.leaf_weight_min) {
                    continue;
                }
                const double gain = worth(left) + worth(right) - worth(total);
                if (gain > best.gain) best = {gain, c, b};
            }
        }
        return best;
    }

    vision::TreeModel::Tree grow(std::vector<double>& gains) {
        const auto columns = draw_columns();
        vision::TreeModel::Tree tree(1);
        grow_node(tree, 0, draw_rows(), columns, options_.depth, gains);
        for (std::size_t r = 0; r < examples_.rows(); ++r) log_odds_[r] += leaf_of(tree, r);
        return tree;
    }

    void grow_node(vision::TreeModel::Tree& tree, std::size_t at,
                   const std::vector<std::size_t>& rows, const std::vector<std::size_t>& columns,
                   int depth, std::vector<double>& gains) {
        Sums total;
        for (const std::size_t r : rows) total.add(sums_[r]);
        const Split split = depth > 0 ? best_split(rows, columns, total) : Split{};
        if (split.gain <= 1e-6) {
            tree[at].limit = static_cast<float>(value_of(total));
            return;
        }
        gains[split.column] += split.gain;
        std::vector<std::size_t> left, right;
        for (const std::size_t r : rows) {
            (columns_[split.column].bin[r] <= split.bin ? left : right).push_back(r);
        }
        const std::size_t first = tree.size();
        tree.resize(first + 2);
        tree[at] = {static_cast<std::int16_t>(split.column), static_cast<std::uint16_t>(first),
                    static_cast<std::uint16_t>(first + 1),
                    columns_[split.column].limits[split.bin]};
        grow_node(tree, first, left, columns, depth - 1, gains);
        grow_node(tree, first + 1, right, columns, depth - 1, gains);
    }

    [[nodiscard]] double leaf_of(const vision::TreeModel::Tree& tree, std::size_t row) const {
        std::size_t at = 0;
        while (tree[at].feature >= 0) {
            const auto column = static_cast<std::size_t>(tree[at].feature);
            const float value = examples_.values[row * examples_.columns + column];
            at = value <= tree[at].limit ? tree[at].left : tree[at].right;
        }
        return static_cast<double>(tree[at].limit);
    }

    const Examples& examples_;
    BoostingOptions options_;
    Rng rng_;
    std::vector<Column> columns_;
    std::vector<Sums> sums_;
    std::vector<double> log_odds_;
};

}  // namespace

Boosted boost(const Examples& examples, const BoostingOptions& options) {
    STRONGROOM_ASSERT(examples.values.size() == examples.rows() * examples.columns);
    STRONGROOM_ASSERT(examples.weight.size() == examples.rows());
    return Booster(examples, options).run();
}

}  // namespace strongroom::liveness_model
