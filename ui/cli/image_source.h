// Faces at the level of images: photographs through the real pipeline.
//
// A photograph is what a print attack is, so that liveness cannot be measured here: the scenario
// declares what is alive, and the run's facts say NOT MEASURED.
#pragma once

#include <filesystem>
#include <memory>

#include "faces.h"
#include "scenarios/player.h"

namespace strongroom::cli {

// `data`: the directory that scenarios name their pictures from, or one with a folder `images` that
// is. Throws InputError: no such directory, or a pack that cannot be used.
[[nodiscard]] std::unique_ptr<scenarios::FaceSource> image_source(
    const PackChoice& pack, const std::filesystem::path& data);

}  // namespace strongroom::cli
