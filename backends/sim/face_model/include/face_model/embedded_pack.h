// The embedded face model: a model pack that needs no file and no download, trained by this project
// on its own simulated people (docs/face-model.md is its model card). It is for simulation: the
// program of the door does not contain it.
#pragma once

#include <string_view>

#include "vision/model_pack.h"

namespace strongroom::face_model {

// "embedded".
inline constexpr std::string_view pack_name = "embedded";

// The pack: dlib's HOG detector on a reduced frame, landmarks, expression, embedder, thresholds as
// measured on the development set. Each call makes new parts; a pack is used by one thread at a
// time. Throws vision::PackError when the weights in this program are damaged.
[[nodiscard]] vision::ModelPack embedded_pack();

// The bytes of weight files, as they lie in the project's folder.
struct Weights {
    std::string_view landmarks;
    std::string_view embedder;
};
// Those in this program; valid for ever.
[[nodiscard]] Weights embedded_weights();

// The same pack with other weights, for whoever trains or tests them: its thresholds are those of
// embedded_pack() only when the weights are. Throws vision::PackError, naming the part, for bytes
// that are truncated, altered, or the weights of another architecture.
[[nodiscard]] vision::ModelPack pack_with(const Weights& weights);

}  // namespace strongroom::face_model
