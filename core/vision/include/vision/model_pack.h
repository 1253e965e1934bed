// A model pack: which networks find and compare faces, described by a YAML manifest, with the
// thresholds that were measured for them. The format is described in docs/model-packs.md.
//
// Loading belongs to composing a program: it throws PackError, whose text says what, where and what
// to do. A loaded pack is used by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hal/face_observer.h"
#include "vision/geometry.h"
#include "vision/stages.h"

namespace strongroom::vision {

class PackError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A file that a pack needs. A manifest names it by its bytes; the name is where to look.
struct PackFile {
    std::string role;            // "detector", "landmarks", "embedder" or "liveness-1", -2 ...
    std::string name;            // without folders
    std::string sha256;          // 64 lower-case hexadecimal digits
    std::string url;             // public home, https; may be empty: then it cannot be fetched
    std::string archive_sha256;  // of the packed file, for a url that ends in .bz2; optional
    std::string licence;
};

enum class DetectorKind : std::uint8_t { dlib_hog, yunet };
enum class EmbedderKind : std::uint8_t {
    dlib_resnet,
    dlib_densenet,
    sface,
    arcface_onnx,
    built_in,  // a part that the program brings: no manifest file can name it
};
enum class ColourOrder : std::uint8_t { bgr, rgb };

[[nodiscard]] std::string_view to_string(DetectorKind kind);
[[nodiscard]] std::string_view to_string(EmbedderKind kind);
[[nodiscard]] std::string_view to_string(ColourOrder order);
[[nodiscard]] std::string_view to_string(ChipTemplate chip_template);
[[nodiscard]] std::string_view to_string(Metric metric);

// What the network is fed: (value - mean) * scale for each channel, in `colour` order.
struct EmbedderInput {
    int size = 112;  // pixels a side
    ColourOrder colour = ColourOrder::rgb;
    std::array<double, 3> mean{};
    std::array<double, 3> scale{1, 1, 1};
    ChipTemplate chip_template = ChipTemplate::arcface;
};

// With 95 % bounds.
struct MeasuredRate {
    double value = 0;
    double lower = 0;
    double upper = 0;
};

// How a threshold came about. `measured` is false for what others have published.
struct Evidence {
    bool measured = false;
    std::string data_set;
    std::string protocol;
    std::int64_t genuine = 0;  // comparisons
    std::int64_t impostor = 0;
    std::int64_t failures_to_acquire = 0;
    std::optional<MeasuredRate> fmr;  // with 95 % bounds
    std::optional<MeasuredRate> fnmr;
    std::string command;
    std::string note;
};

// Distances up to and including `distance` are the same person's.
struct Threshold {
    std::string name;  // such as "fmr-1e-3"
    double distance = 0;
    Evidence evidence;
};

enum class LivenessKind : std::uint8_t {
    minifasnet,
    trees,  // vision/passive_liveness.h over one file of trees
};
// What a network for presentation attack detection is shown around the face's box.
enum class CropShape : std::uint8_t {
    inside,  // the box, larger by a factor, moved into the frame; less than that when it is too
             // small; scaled to a square each way on its own
    square,  // a square around the box, its border mirrored where the frame ends
};
[[nodiscard]] std::string_view to_string(LivenessKind kind);
[[nodiscard]] std::string_view to_string(CropShape crop);

// One of the networks whose live probabilities are averaged: pixels (0 to 255) * scale in, one
// number a class out, of which the softmax is taken.
struct LivenessNetwork {
    std::string role;  // of its file
    int size = 80;     // pixels a side
    ColourOrder colour = ColourOrder::bgr;
    double scale = 1;
    double box = 2.7;  // factor
    CropShape crop = CropShape::inside;
    int live = 1;  // which class is bona fide, from 0
};

// How a liveness threshold came about, as ISO/IEC 30107-3 reports it.
struct LivenessEvidence {
    bool measured = false;
    std::string data_set;
    std::string protocol;
    std::int64_t bona_fide = 0;  // presentations
    std::int64_t attacks = 0;
    std::optional<MeasuredRate> apcer;  // of the worst species, with 95 % bounds
    std::optional<MeasuredRate> bpcer;
    std::string worst_species;
    std::string command;
    std::string note;
};

// Scores from `score` up are taken for live.
struct LivenessThreshold {
    std::string name;
    double score = 0.5;
    LivenessEvidence evidence;
};

struct PackLiveness {
    LivenessKind kind = LivenessKind::minifasnet;
    std::vector<LivenessNetwork> networks;  // of minifasnet: one or more
    std::vector<LivenessThreshold> thresholds;
};

struct PackManifest {
    std::string name;
    std::string title;
    std::filesystem::path path;  // where it was read from
    std::string sha256;          // over the manifest's own bytes: what a configuration pins

    DetectorKind detector = DetectorKind::yunet;
    int detector_long_side = 320;
    double detector_score = 0.7;
    // Which five points the file "landmarks" places.
    LandmarkScheme landmarks = LandmarkScheme::corners;

    std::optional<EmbedderKind> embedder;  // none: the pack finds faces and compares nothing
    EmbedderInput input;
    Metric metric = Metric::euclidean;
    int dimensions = 128;

    std::optional<PackLiveness> liveness;  // none: it does not tell a live face from a print

    std::vector<PackFile> files;
    std::vector<Threshold> thresholds;  // the first is the pack's own

    [[nodiscard]] const PackFile* find_file(std::string_view role) const;
    // First 8 bytes of the SHA-256 over the kinds and the digests of all files but those for
    // liveness and over how the embedder is fed: two packs with the same id give comparable
    // templates.
    [[nodiscard]] hal::FaceModelId model_id() const;
};

// Reads one manifest. Throws PackError for a file that is missing, too large, no YAML, or says
// something unknown or impossible; the text begins with "file:line:".
[[nodiscard]] PackManifest read_manifest(const std::filesystem::path& file);

// Where packs and their files are looked for.
struct PackPlaces {
    // The model directory; empty: none.
    std::filesystem::path models;
    // Ready manifests for known models, which come with the program.
    std::filesystem::path registry;

    // With the registry beside the program that runs. Programs take `models` from their option
    // --models, else from the environment's STRONGROOM_MODELS.
    [[nodiscard]] static PackPlaces find(const std::filesystem::path& models);
};

struct PackListing {
    PackManifest manifest;
    bool from_registry = false;
};
// All manifests: of the model directory (NAME/pack.yaml and NAME.pack.yaml), then of the registry,
// without those that the model directory replaces; by name. A manifest that cannot be read does not
// hide the others: its error goes to `errors`.
[[nodiscard]] std::vector<PackListing> list_packs(const PackPlaces& places,
                                                  std::vector<std::string>& errors);

// The manifest of `name`. Throws PackError, naming the packs there are and the nearest name.
[[nodiscard]] PackManifest find_pack(const PackPlaces& places, const std::string& name);

// Where a pack's file is: beside the manifest, or in the model directory. None: not there.
[[nodiscard]] std::optional<std::filesystem::path> locate(const PackPlaces& places,
                                                          const PackManifest& manifest,
                                                          const PackFile& file);

enum class FileState : std::uint8_t { good, missing, unreadable, altered };
[[nodiscard]] FileState check_file(const PackPlaces& places, const PackManifest& manifest,
                                   const PackFile& file);

class ModelPack {
public:
    // Verifies the manifest against `pin` (64 hexadecimal digits; empty: not pinned) and every file
    // against the manifest, then loads them. Throws PackError.
    [[nodiscard]] static ModelPack load(const PackPlaces& places, const PackManifest& manifest,
                                        const std::string& pin = {});
    // A pack from parts, for models that are no files. The parts must fit `manifest`.
    ModelPack(PackManifest manifest, std::unique_ptr<FaceDetector> detector,
              std::unique_ptr<FaceEmbedder> embedder,
              std::unique_ptr<LivenessDetector> liveness = nullptr);

    // Gives the pack what reads expressions; without it the pack measures none.
    void read_expression_with(std::unique_ptr<ExpressionReader> reader);

    [[nodiscard]] const PackManifest& manifest() const { return manifest_; }
    [[nodiscard]] hal::FaceModelId model() const { return model_; }
    // False: the manifest was taken at its word, and whoever can write it chooses the model.
    [[nodiscard]] bool pinned() const { return pinned_; }
    [[nodiscard]] FaceDetector& detector() const { return *detector_; }
    [[nodiscard]] FaceEmbedder* embedder() const { return embedder_.get(); }
    [[nodiscard]] ExpressionReader* expression() const { return expression_.get(); }  // may be null
    // The pack's own, null without one.
    [[nodiscard]] LivenessDetector* liveness() const { return liveness_.get(); }
    // The pack's own threshold; throws PackError when the manifest states none.
    [[nodiscard]] const Threshold& threshold() const;
    // The same for liveness.
    [[nodiscard]] const LivenessThreshold& liveness_threshold() const;
    // One line for people and reports: pack, digest, pinned or not, threshold, measured rates.
    [[nodiscard]] std::string summary() const;

private:
    PackManifest manifest_;
    std::unique_ptr<FaceDetector> detector_;
    std::unique_ptr<FaceEmbedder> embedder_;
    std::unique_ptr<ExpressionReader> expression_;
    std::unique_ptr<LivenessDetector> liveness_;
    hal::FaceModelId model_;
    bool pinned_ = false;
};

}  // namespace strongroom::vision
