// Private: trains the file "landmarks" on the renders' ground truth.
#pragma once

#include <cstdint>
#include <string>

#include "face_points.h"
#include "people/renderer.h"

namespace strongroom::face_model {

// Where the detector puts its box, seen from the true one: shifts of the centre and the ratio of
// sizes, in sides of the true box, as means and standard deviations.
struct BoxHabit {
    double right = 0;
    double down = 0;
    double size = 1;
    double right_deviation = 0.03;
    double down_deviation = 0.03;
    double size_deviation = 0.06;

    [[nodiscard]] vision::Box draw(const people::FaceTruth& truth, Rng& rng) const;
};

struct LandmarkPlan {
    std::size_t pictures = 2700;
    std::size_t checked = 500;  // of the development set
    std::size_t threads = 2;
    std::uint64_t seed = 1;
};

struct LandmarkTraining {
    LandmarkModel model;
    BoxHabit habit;
    std::string report;  // for the model card
};

// Prints its progress. Throws std::exception when nothing can be learnt.
[[nodiscard]] LandmarkTraining train_landmarks(const LandmarkPlan& plan);

}  // namespace strongroom::face_model
