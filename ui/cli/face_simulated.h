// `strongroom face evaluate --simulated N`: how often models err on simulated people whom they were
// not trained on. Every rate is labelled SIMULATED.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "faces.h"
#include "simulated_faces.h"

namespace strongroom::cli {

struct SimulatedEvaluation {
    SimulatedFaces faces;              // the set whose rates are reported
    std::size_t development = 150;     // people of the development set; 0: none
    PackChoice pack;                   // its name as given
    bool pack_given = false;           // else the embedded model
    std::string baseline;              // "" or "lbph": instead of a pack, or beside one
    bool compare = false;              // embedded, LBPH and every pack that can be loaded
    std::vector<std::string> packs;    // with compare: these and no others
    std::filesystem::path thresholds;  // --json of an earlier run, instead of a development set
    std::filesystem::path json;
    std::filesystem::path scores;
    std::filesystem::path html;
    std::filesystem::path distribution;
    int rounds = 500;
};

// Measures, prints, and writes what was asked for. Returns 0. Throws InputError, Interrupted,
// biometrics::EvaluationError.
int evaluate_simulated(const SimulatedEvaluation& options);

}  // namespace strongroom::cli
