// Private: the network that compares faces. Templates alone; dlib's types come from whoever
// includes it, so that no header names dlib's, and each network is written out in one source file.
//
// Seven convolutions from a chip of 64 x 64 pixels down to 4 x 4 places of 128 numbers, and from
// all of these one linear map: where something is in an aligned face says who it is, so the places
// are not averaged. 22 million multiplications, 610 thousand weights.
#pragma once

#include <cstddef>
#include <string_view>

#include "vision/stages.h"

namespace strongroom::face_model {

inline constexpr int chip_size = 64;
inline constexpr vision::ChipTemplate chip_template = vision::ChipTemplate::dlib;
inline constexpr long embedding_size = 96;
inline constexpr std::string_view embedder_architecture =
    "chip 64 dlib rgb; conv 5x5/2 24, 3x3/2 48, 3x3 48, 3x3/2 96, 3x3 96, 3x3/2 128, 3x3 128; "
    "linear 96; with biases, binary16";

}  // namespace strongroom::face_model
