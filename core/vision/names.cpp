#include "names.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace strongroom::vision {

namespace {

// Levenshtein distance, one row at a time; names longer than 64 letters are cut.
std::size_t edits(std::string_view a, std::string_view b) {
    std::array<std::size_t, 65> row{};
    a = a.substr(0, row.size() - 1);
    b = b.substr(0, row.size() - 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t fewest = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const auto candidate : known) {
        const std::size_t count = edits(name, candidate);
        if (count < fewest) {
            fewest = count;
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> known) {
    const auto best = nearest(name, known);
    return best.empty() ? std::string() : "; did you mean '" + std::string(best) + "'?";
}

std::string joined(std::span<const std::string_view> names) {
    std::string text;
    for (const auto name : names) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

}  // namespace strongroom::vision
