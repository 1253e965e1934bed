// Which face model a command works with: a pack over pictures, or the simulator's scores.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "auth/policy.h"
#include "vision/model_pack.h"

namespace strongroom::cli {

struct PackChoice {
    std::string pack = "dlib-densenet";
    std::filesystem::path models;
    std::string pin;
};

// Adds --pack, --models and --pin.
void add_pack_options(CLI::App& command, PackChoice& choice);

// Loads the pack. Throws InputError.
[[nodiscard]] vision::ModelPack load_pack(const PackChoice& choice);

// The same, and refuses a pack that only finds faces.
[[nodiscard]] vision::ModelPack load_comparing_pack(const PackChoice& choice);

// Name, digests and pin, for machines.
[[nodiscard]] nlohmann::ordered_json describe_pack(const vision::ModelPack& pack);

// The pack's threshold with its evidence, as a policy takes it. Throws InputError when the pack
// states none that was measured.
[[nodiscard]] auth::FaceThreshold threshold_of(const vision::ModelPack& pack);

// The score distributions that come with the program: beside it, or installed with it. Throws
// InputError when the program was torn from its data.
[[nodiscard]] std::filesystem::path default_scores();

// The picture files that `paths` name: files as they are, folders by their files in order of
// name, without hidden ones. Throws InputError when there is none.
[[nodiscard]] std::vector<std::filesystem::path> pictures_in(
    const std::vector<std::filesystem::path>& paths);

}  // namespace strongroom::cli
