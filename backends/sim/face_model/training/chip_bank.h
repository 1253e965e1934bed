// Private: the pictures that the embedder is trained on, all made before the training begins.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "landmark_training.h"
#include "people/head.h"
#include "people/sets.h"

namespace strongroom::face_model {

// The chips of each person one after another; BGR.
struct ChipBank {
    std::size_t persons = 0;
    std::size_t each = 0;  // chips a person
    std::vector<std::uint8_t> pixels;
    std::vector<std::array<float, people::head_numbers>> numbers;  // of each person

    [[nodiscard]] const std::uint8_t* chip(std::size_t person, std::size_t which) const;
};

struct ChipPlan {
    people::Set set = people::Set::training;
    std::size_t persons = 4000;
    std::size_t each = 14;
    std::size_t threads = 2;
    std::uint64_t seed = 1;
};

// Renders, places landmarks as the pack does, in boxes as its detector draws them, and cuts the
// chips out. Prints its progress.
[[nodiscard]] ChipBank make_chips(const ChipPlan& plan, const LandmarkModel& model,
                                  const BoxHabit& habit);

// So that several trainings may use the same chips. Both throw std::runtime_error with the name.
void save(const ChipBank& bank, const std::string& file);
[[nodiscard]] ChipBank load_chips(const std::string& file);

}  // namespace strongroom::face_model
