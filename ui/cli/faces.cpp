#include "faces.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "home.h"

namespace strongroom::cli {

namespace fs = std::filesystem;

void add_pack_options(CLI::App& command, PackChoice& choice) {
    command.add_option("--pack", choice.pack, "Model pack (see `strongroom models list`)")
        ->type_name("NAME")
        ->capture_default_str();
    command
        .add_option("--models", choice.models,
                    "Directory of model files (default: STRONGROOM_MODELS)")
        ->type_name("DIR")
        ->envname("STRONGROOM_MODELS");
    command
        .add_option("--pin", choice.pin,
                    "SHA-256 that the pack's manifest must have; without it the manifest is "
                    "taken at its word")
        ->type_name("SHA256");
}

vision::ModelPack load_pack(const PackChoice& choice) {
    try {
        const auto places = vision::PackPlaces::find(choice.models);
        return vision::ModelPack::load(places, vision::find_pack(places, choice.pack), choice.pin);
    } catch (const vision::PackError& error) {
        throw InputError(error.what());
    }
}

vision::ModelPack load_comparing_pack(const PackChoice& choice) {
    vision::ModelPack pack = load_pack(choice);
    if (pack.embedder() == nullptr) {
        throw InputError("the pack '" + choice.pack +
                         "' only finds faces: choose one that compares (`strongroom models list`)");
    }
    return pack;
}

nlohmann::ordered_json describe_pack(const vision::ModelPack& pack) {
    const vision::PackManifest& manifest = pack.manifest();
    std::ostringstream id;
    id << std::hex << std::setw(16) << std::setfill('0') << pack.model().value;
    nlohmann::ordered_json json{{"name", manifest.name},
                                {"manifest_sha256", manifest.sha256},
                                {"pinned", pack.pinned()},
                                {"model_id", id.str()},
                                {"metric", vision::to_string(manifest.metric)}};
    for (const auto& file : manifest.files) {
        json["files"].push_back({{"name", file.name}, {"sha256", file.sha256}});
    }
    return json;
}

auth::FaceThreshold threshold_of(const vision::ModelPack& pack) {
    try {
        const vision::Threshold& threshold = pack.threshold();
        if (!threshold.evidence.measured || !threshold.evidence.fmr) {
            throw InputError("the pack " + pack.manifest().name + " states a threshold (" +
                             std::to_string(threshold.distance) +
                             ") that was not measured; measure one with `strongroom face "
                             "evaluate` and put it into its manifest (docs/model-packs.md)");
        }
        const vision::MeasuredRate& fmr = *threshold.evidence.fmr;
        return {threshold.distance, fmr.value, fmr.upper};
    } catch (const vision::PackError& error) {
        throw InputError(error.what());
    }
}

fs::path default_scores() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {"data", "../share/strongroom/data"}) {
        const fs::path file = folder / place / "scores-dlib-densenet-att.json";
        if (fs::exists(file, error)) return file.lexically_normal();
    }
    throw InputError("the simulator's scores are not beside the program (" +
                     (folder / "data").string() + "); build or install it as a whole");
}

std::vector<fs::path> pictures_in(const std::vector<fs::path>& paths) {
    std::vector<fs::path> pictures;
    for (const fs::path& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            pictures.push_back(path);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(path, error)) {
            // Hidden files are what desktops leave in folders of pictures.
            const bool hidden = entry.path().filename().native().front() == '.';
            if (entry.is_regular_file() && !hidden) inside.push_back(entry.path());
        }
        if (error) throw InputError(path.string() + " cannot be read: " + error.message());
        std::sort(inside.begin(), inside.end());
        pictures.insert(pictures.end(), inside.begin(), inside.end());
    }
    if (pictures.empty()) throw InputError("no pictures: give files, or folders that hold some");
    return pictures;
}

}  // namespace strongroom::cli
