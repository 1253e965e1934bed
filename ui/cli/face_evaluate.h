// `strongroom face evaluate`: how often a model pack errs on a set of pictures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "faces.h"

namespace strongroom::cli {

struct FaceEvaluation {
    PackChoice pack;
    std::filesystem::path pairs;
    std::filesystem::path images;
    bool all_pairs = false;
    std::size_t visits = 0;  // references a visit; 0: no visits
    std::size_t rotations = 1000;
    std::string data_set;
    std::filesystem::path json;
    std::filesystem::path scores;
    std::filesystem::path distribution;
    int rounds = 500;
    std::uint64_t seed = 1;
};

// Measures, prints, and writes what was asked for. Returns 0. Throws InputError, and what the
// libraries throw for files that are not as they should be.
int evaluate_faces(const FaceEvaluation& options);

}  // namespace strongroom::cli
