#include "vision/model_pack.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/assert.h"
#include "models.h"
#include "names.h"
#include "vision/digest.h"
#include "vision/passive_liveness.h"

namespace strongroom::vision {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t model_bytes_max = std::uintmax_t{1} << 30U;

// The manifests that come with the program lie beside it: in the build folder, or installed.
fs::path registry_beside_program() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error) return {};
    const fs::path folder = program.parent_path();
    for (const char* relative :
         {"packs", "../share/strongroom/packs", "../share/strongroom-door/packs",
          "../core/vision/packs", "../packs"}) {
        const fs::path candidate = (folder / relative).lexically_normal();
        if (fs::is_directory(candidate, error)) return candidate;
    }
    return {};
}

// Manifests of one folder by pack name, so that the order is the same on every file system.
void read_folder(const fs::path& folder, bool from_registry,
                 std::map<std::string, PackListing>& packs, std::vector<std::string>& errors) {
    std::error_code error;
    if (folder.empty() || !fs::is_directory(folder, error)) return;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const fs::path& path = entry.path();
        if (fs::is_directory(path, error)) {
            if (fs::exists(path / "pack.yaml", error)) files.push_back(path / "pack.yaml");
        } else if (path.filename().string().ends_with(".pack.yaml")) {
            files.push_back(path);
        }
    }
    if (error) errors.push_back(folder.string() + ": cannot be listed: " + error.message());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        try {
            PackManifest manifest = read_manifest(file);
            const std::string name = manifest.name;
            const auto known = packs.find(name);
            if (known == packs.end()) {
                packs.emplace(name, PackListing{std::move(manifest), from_registry});
            } else if (known->second.from_registry == from_registry) {
                errors.push_back(file.string() + ":1: pack '" + name + "' is also described by " +
                                 known->second.manifest.path.string() + ", which is used");
            }
        } catch (const PackError& problem) {
            errors.emplace_back(problem.what());
        }
    }
}

std::string read_whole(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) throw PackError(file.string() + ": cannot be read: " + error.message());
    if (size > model_bytes_max) throw PackError(file.string() + ": is larger than 1 GiB");
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in) throw PackError(file.string() + ": cannot be read: check its permissions");
    return bytes;
}

// The bytes of the file with this role, verified; empty when the pack has none.
std::string verified(const PackPlaces& places, const PackManifest& manifest,
                     std::string_view role) {
    const PackFile* file = manifest.find_file(role);
    if (file == nullptr) return {};
    const auto path = locate(places, manifest, *file);
    if (!path) {
        const std::string where = places.models.empty() ? "no model directory is set"
                                                        : "it is not in " + places.models.string();
        throw PackError("pack '" + manifest.name + "': " + file->name + " is missing: " + where +
                        "; give --models DIR or STRONGROOM_MODELS, or run `strongroom models "
                        "fetch " +
                        manifest.name + "`");
    }
    std::string bytes = read_whole(*path);
    const std::string actual = sha256(bytes);
    if (actual != file->sha256) {
        throw PackError(path->string() + ": is not the file of pack '" + manifest.name +
                        "': its SHA-256 is " + actual + ", the manifest (" +
                        manifest.path.string() + ") states " + file->sha256 +
                        "; it is altered or cut short: fetch it again");
    }
    return bytes;
}

template <class Make>
auto made(const PackManifest& manifest, std::string_view role, Make make) {
    try {
        return make();
    } catch (const std::exception& problem) {
        const PackFile* file = manifest.find_file(role);
        throw PackError("pack '" + manifest.name +
                        "': " + (file == nullptr ? std::string(role) : file->name) +
                        " cannot be loaded as " + std::string(role) + ": " + problem.what());
    }
}

std::unique_ptr<FaceDetector> make_detector(const PackPlaces& places,
                                            const PackManifest& manifest) {
    if (manifest.detector == DetectorKind::yunet) {
        const std::string model = verified(places, manifest, "detector");
        return made(manifest, "detector", [&] {
            return make_yunet(model, manifest.detector_long_side, manifest.detector_score);
        });
    }
    const std::string landmarks = verified(places, manifest, "landmarks");
    return made(manifest, "landmarks", [&] {
        return make_dlib_hog(landmarks, manifest.landmarks, manifest.detector_long_side,
                             manifest.detector_score);
    });
}

std::unique_ptr<FaceEmbedder> make_embedder(const PackPlaces& places,
                                            const PackManifest& manifest) {
    if (!manifest.embedder) return nullptr;
    const std::string model = verified(places, manifest, "embedder");
    auto embedder = made(manifest, "embedder", [&] {
        switch (*manifest.embedder) {
            case EmbedderKind::dlib_resnet: return make_dlib_resnet(model);
            case EmbedderKind::dlib_densenet: return make_dlib_densenet(model);
            case EmbedderKind::sface:
            case EmbedderKind::arcface_onnx: return make_onnx_embedder(model, manifest.input);
            case EmbedderKind::built_in: break;
        }
        throw PackError("is no file: this kind of embedder is part of a program");
    });
    FaceChip black;
    black.size = embedder->chip_size();
    const auto side = static_cast<std::size_t>(black.size);
    black.pixels.assign(side * side * 3, 0);
    const auto features = embedder->embed(black);
    const std::size_t dimensions = features ? features->size() : 0;
    if (dimensions != static_cast<std::size_t>(manifest.dimensions)) {
        throw PackError(manifest.path.string() + ": states " + std::to_string(manifest.dimensions) +
                        " dimensions, the embedder gives " + std::to_string(dimensions));
    }
    return embedder;
}

std::unique_ptr<LivenessDetector> make_liveness(const PackPlaces& places,
                                                const PackManifest& manifest) {
    if (!manifest.liveness) return nullptr;
    if (manifest.liveness->kind == LivenessKind::trees) {
        const std::string bytes = verified(places, manifest, "liveness-1");
        return made(manifest, "liveness-1", [&]() -> std::unique_ptr<LivenessDetector> {
            const std::vector<std::uint8_t> trees(bytes.begin(), bytes.end());
            return std::make_unique<PassiveLiveness>(TreeModel::read(trees));
        });
    }
    std::vector<std::string> models;
    for (const auto& network : manifest.liveness->networks) {
        models.push_back(verified(places, manifest, network.role));
        // One by one, so that the text names the file that cannot be loaded.
        (void)made(manifest, network.role,
                   [&] { return make_minifasnet({models.back()}, {network}); });
    }
    return make_minifasnet(models, manifest.liveness->networks);
}

std::string percent(const MeasuredRate& rate) {
    std::ostringstream out;
    out.precision(3);
    out << rate.value * 100 << " % (" << rate.lower * 100 << " to " << rate.upper * 100 << ")";
    return out.str();
}

}  // namespace

std::string_view to_string(DetectorKind kind) {
    switch (kind) {
        case DetectorKind::dlib_hog: return "dlib-hog";
        case DetectorKind::yunet: return "yunet";
    }
    return "invalid";
}

std::string_view to_string(EmbedderKind kind) {
    switch (kind) {
        case EmbedderKind::dlib_resnet: return "dlib-resnet";
        case EmbedderKind::dlib_densenet: return "dlib-densenet";
        case EmbedderKind::sface: return "sface";
        case EmbedderKind::arcface_onnx: return "arcface-onnx";
        case EmbedderKind::built_in: return "built-in";
    }
    return "invalid";
}

std::string_view to_string(LivenessKind kind) {
    switch (kind) {
        case LivenessKind::minifasnet: return "minifasnet";
        case LivenessKind::trees: return "trees";
    }
    return "invalid";
}

std::string_view to_string(CropShape crop) {
    return crop == CropShape::inside ? "inside" : "square";
}

std::string_view to_string(ColourOrder order) { return order == ColourOrder::bgr ? "bgr" : "rgb"; }

std::string_view to_string(ChipTemplate chip_template) {
    return chip_template == ChipTemplate::dlib ? "dlib" : "arcface";
}

std::string_view to_string(Metric metric) {
    return metric == Metric::euclidean ? "euclidean" : "cosine";
}

const PackFile* PackManifest::find_file(std::string_view role) const {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const PackFile& file) { return file.role == role; });
    return found == files.end() ? nullptr : &*found;
}

hal::FaceModelId PackManifest::model_id() const {
    std::ostringstream list;
    list.precision(17);
    list << "strongroom face model 1\ndetector " << to_string(detector) << '\n';
    list << "embedder " << (embedder ? to_string(*embedder) : "none") << '\n';
    for (const auto& file : files) {
        if (!file.role.starts_with("liveness")) list << file.role << ' ' << file.sha256 << '\n';
    }
    // Where there is a choice: what was enrolled before there was one stays valid.
    if (landmarks == LandmarkScheme::centres) list << "landmarks of centres\n";
    list << "input " << input.size << ' ' << to_string(input.colour) << ' '
         << to_string(input.chip_template) << ' ' << to_string(metric);
    for (const double value : input.mean) list << ' ' << value;
    for (const double value : input.scale) list << ' ' << value;
    list << '\n';
    return {std::stoull(vision::sha256(list.str()).substr(0, 16), nullptr, 16)};
}

PackPlaces PackPlaces::find(const fs::path& models) { return {models, registry_beside_program()}; }

std::vector<PackListing> list_packs(const PackPlaces& places, std::vector<std::string>& errors) {
    std::map<std::string, PackListing> packs;
    read_folder(places.models, false, packs, errors);
    read_folder(places.registry, true, packs, errors);
    std::vector<PackListing> list;
    for (auto& [name, listing] : packs) list.push_back(std::move(listing));
    return list;
}

PackManifest find_pack(const PackPlaces& places, const std::string& name) {
    std::vector<std::string> errors;
    const auto packs = list_packs(places, errors);
    std::vector<std::string_view> names;
    for (const auto& pack : packs) {
        if (pack.manifest.name == name) return pack.manifest;
        names.push_back(pack.manifest.name);
    }
    std::string text = "no model pack is called '" + name + "'" + suggestion(name, names) +
                       (names.empty() ? "; there are none: give --models DIR or STRONGROOM_MODELS"
                                      : "; known: " + joined(names));
    for (const auto& error : errors) text += "\n" + error;
    throw PackError(text);
}

std::optional<fs::path> locate(const PackPlaces& places, const PackManifest& manifest,
                               const PackFile& file) {
    std::error_code error;
    for (const fs::path& folder : {manifest.path.parent_path(), places.models}) {
        if (folder.empty()) continue;
        const fs::path candidate = folder / file.name;
        if (fs::is_regular_file(candidate, error)) return candidate;
    }
    return std::nullopt;
}

FileState check_file(const PackPlaces& places, const PackManifest& manifest, const PackFile& file) {
    const auto path = locate(places, manifest, file);
    if (!path) return FileState::missing;
    try {
        return sha256(read_whole(*path)) == file.sha256 ? FileState::good : FileState::altered;
    } catch (const PackError&) {
        return FileState::unreadable;
    }
}

ModelPack::ModelPack(PackManifest manifest, std::unique_ptr<FaceDetector> detector,
                     std::unique_ptr<FaceEmbedder> embedder,
                     std::unique_ptr<LivenessDetector> liveness)
    : manifest_(std::move(manifest)),
      detector_(std::move(detector)),
      embedder_(std::move(embedder)),
      liveness_(std::move(liveness)),
      model_(manifest_.model_id()) {
    STRONGROOM_ASSERT(detector_ != nullptr);
}

ModelPack ModelPack::load(const PackPlaces& places, const PackManifest& manifest,
                          const std::string& pin) {
    if (!pin.empty() && !is_sha256(pin)) {
        throw PackError("the pin of pack '" + manifest.name +
                        "' must be 64 lower-case hexadecimal digits");
    }
    if (!pin.empty() && pin != manifest.sha256) {
        throw PackError(manifest.path.string() + ": is not the manifest that is pinned: its " +
                        "SHA-256 is " + manifest.sha256 + ", pinned is " + pin +
                        "; if the change is meant, pin the new value");
    }
    auto detector = make_detector(places, manifest);
    auto embedder = make_embedder(places, manifest);
    auto liveness = make_liveness(places, manifest);
    ModelPack pack(manifest, std::move(detector), std::move(embedder), std::move(liveness));
    pack.pinned_ = !pin.empty();
    return pack;
}

void ModelPack::read_expression_with(std::unique_ptr<ExpressionReader> reader) {
    expression_ = std::move(reader);
}

const Threshold& ModelPack::threshold() const {
    if (manifest_.thresholds.empty()) {
        throw PackError("pack '" + manifest_.name + "' states no threshold: measure it with " +
                        "`strongroom face evaluate` and add it to " + manifest_.path.string());
    }
    return manifest_.thresholds.front();
}

const LivenessThreshold& ModelPack::liveness_threshold() const {
    if (!manifest_.liveness || manifest_.liveness->thresholds.empty()) {
        throw PackError("pack '" + manifest_.name + "' states no liveness threshold: measure it " +
                        "with `strongroom face evaluate --attacks` and add it to " +
                        manifest_.path.string());
    }
    return manifest_.liveness->thresholds.front();
}

std::string ModelPack::summary() const {
    std::ostringstream out;
    out << "pack " << manifest_.name << ", manifest " << manifest_.sha256.substr(0, 16)
        << (pinned_ ? " (pinned)" : " (NOT pinned)");
    if (!manifest_.embedder) {
        return out.str() + (manifest_.liveness ? ", finds faces and detects presentation attacks"
                                               : ", finds faces only");
    }
    if (manifest_.thresholds.empty()) return out.str() + ", no threshold";
    const Threshold& own = manifest_.thresholds.front();
    out << ", threshold " << own.name << " = " << own.distance << ' '
        << to_string(manifest_.metric);
    const Evidence& evidence = own.evidence;
    if (!evidence.measured) {
        out << ", NOT MEASURED here (" << evidence.data_set << ")";
        return out.str();
    }
    out << ", measured on " << evidence.data_set << ": FMR " << percent(*evidence.fmr) << ", FNMR "
        << percent(*evidence.fnmr) << ", " << evidence.genuine << " genuine and "
        << evidence.impostor << " impostor comparisons";
    return out.str();
}

}  // namespace strongroom::vision
