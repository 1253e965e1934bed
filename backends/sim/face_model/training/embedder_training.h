// Private: trains the file "embedder".
//
// First the trunk learns to read the numbers that make a head (mean squared error: every picture
// teaches all of them), then the whole network to bring pictures of one person together and those
// of others apart (dlib's loss_metric, which takes the hardest impostor pairs of a batch). Each
// step's batch is halved between two threads, whose gradients are averaged: the result depends on
// the seed and not on which was faster.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "chip_bank.h"

namespace strongroom::face_model {

struct EmbedderPlan {
    std::size_t reading_steps = 2000;
    std::size_t reading_batch = 128;
    std::size_t metric_steps = 400;
    std::size_t metric_people = 64;  // a batch; even
    std::size_t metric_chips = 4;    // of each of them
    double reading_rate = 1e-3;
    double metric_rate = 5e-4;
    std::uint64_t seed = 1;
    // Where the trunk is kept after the first phase; when it is there, that phase is left out.
    // Empty: nowhere.
    std::string trunk_file;
};

// The weight file. `unseen` is looked at for progress alone. `keep` is given a usable weight file
// after the first phase. Prints its progress.
[[nodiscard]] std::string train_embedder(const EmbedderPlan& plan, const ChipBank& bank,
                                         const ChipBank& unseen,
                                         const std::function<void(const std::string&)>& keep);

}  // namespace strongroom::face_model
