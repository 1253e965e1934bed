// Private: error rates of a pack on simulated people, through the real pipeline.
#pragma once

#include <cstdint>
#include <string>

#include "face_model/embedded_pack.h"
#include "people/sets.h"

namespace strongroom::face_model {

struct MeasurementPlan {
    people::Set set = people::Set::development;
    std::size_t persons = 500;
    std::size_t each = 10;  // pictures, each of its own visit
    double difficulty = 0.5;
    std::size_t threads = 2;
    int rounds = 200;  // of the bootstrap
    std::uint64_t seed = 1;
};

// Every picture with every other; lines for people and, with bounds, for evidence.cpp. Prints its
// progress.
[[nodiscard]] std::string measure(const Weights& weights, const MeasurementPlan& plan);

}  // namespace strongroom::face_model
