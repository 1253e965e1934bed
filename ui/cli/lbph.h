// Local binary pattern histograms (Ahonen, Hadid and Pietikäinen 2006), as OpenCV's
// LBPHFaceRecognizer computes them: the textbook method, a baseline and no defence.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "vision/stages.h"

namespace strongroom::cli {

inline constexpr int lbph_grid = 8;        // cells a side
inline constexpr int lbph_patterns = 256;  // eight neighbours at radius 1

// How often each pattern occurs in each cell, cell by cell; cells have equally many pixels, 255 at
// most, so that a chip is 26 to 128 pixels a side (asserted).
[[nodiscard]] std::vector<std::uint8_t> lbph(const vision::FaceChip& chip);

// OpenCV's HISTCMP_CHISQR_ALT over histograms of shares: 2 (a - b)^2 / (a + b), summed. 0 for equal
// ones, up to 4 a cell. `cell_pixels` scales counts to shares. Asserts equal sizes.
[[nodiscard]] double chi_square(const std::vector<std::uint8_t>& a,
                                const std::vector<std::uint8_t>& b, int cell_pixels);

// Pixels of a cell for chips of `size`.
[[nodiscard]] int lbph_cell_pixels(int size);

}  // namespace strongroom::cli
