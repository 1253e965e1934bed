#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include <yaml-cpp/yaml.h>

#include "names.h"
#include "vision/digest.h"
#include "vision/model_pack.h"

namespace strongroom::vision {

namespace {

constexpr std::uintmax_t manifest_bytes_max = 64 * 1024;

using Names = std::initializer_list<std::string_view>;

// One mapping of the manifest: hands out its values and refuses what nobody asked for.
class Section {
public:
    Section(YAML::Node node, std::string file, std::string path)
        : node_(std::move(node)), file_(std::move(file)), path_(std::move(path)) {
        if (!node_.IsMap()) refuse(node_, "must be a mapping of keys to values");
    }

    void allow_only(Names known) const {
        for (const auto& entry : node_) {
            const auto key = entry.first.as<std::string>();
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                throw PackError(place(entry.first) + "unknown key '" + key + "' in " + where() +
                                suggestion(key, known));
            }
        }
    }

    bool has(const char* key) const { return node_[key].IsDefined(); }

    Section section(const char* key) const { return {required(key), file_, child(key)}; }

    std::vector<Section> list(const char* key) const {
        std::vector<Section> sections;
        const YAML::Node value = required(key);
        if (!value.IsSequence()) refuse(value, "must be a list", key);
        for (const auto& item : value) {
            sections.emplace_back(item, file_,
                                  child(key) + "[" + std::to_string(sections.size()) + "]");
        }
        return sections;
    }

    std::string text(const char* key) const {
        const YAML::Node value = required(key);
        if (!value.IsScalar() || value.Scalar().empty()) refuse(value, "must be a text", key);
        return value.Scalar();
    }
    std::string text_or(const char* key, const std::string& otherwise) const {
        return has(key) ? text(key) : otherwise;
    }

    double number(const char* key, double low, double high) const {
        return number_of(required(key), key, low, high);
    }
    double number_or(const char* key, double otherwise, double low, double high) const {
        return has(key) ? number(key, low, high) : otherwise;
    }
    int whole(const char* key, int low, int high) const {
        const double value = number(key, low, high);
        if (value != std::floor(value)) refuse(node_[key], "must be a whole number", key);
        return static_cast<int>(value);
    }
    bool truth(const char* key) const {
        const YAML::Node value = required(key);
        bool result = false;
        if (!YAML::convert<bool>::decode(value, result))
            refuse(value, "must be true or false", key);
        return result;
    }

    // `count` numbers, or one that stands for all of them.
    std::vector<double> numbers(const char* key, std::size_t count, double low, double high) const {
        const YAML::Node value = required(key);
        if (value.IsScalar()) return std::vector<double>(count, number_of(value, key, low, high));
        if (!value.IsSequence() || value.size() != count) {
            refuse(value, "must be a list of " + std::to_string(count) + " numbers", key);
        }
        std::vector<double> result;
        for (const auto& item : value) result.push_back(number_of(item, key, low, high));
        return result;
    }

    // One of `names`, as its position.
    std::size_t choice(const char* key, Names names) const {
        const std::string value = text(key);
        const auto* found = std::find(names.begin(), names.end(), value);
        if (found == names.end()) {
            throw PackError(place(node_[key]) + "'" + child(key) + "' cannot be '" + value + "'" +
                            suggestion(value, names) + "; known: " + joined(names));
        }
        return static_cast<std::size_t>(std::distance(names.begin(), found));
    }

    [[noreturn]] void refuse(const std::string& what, const char* key) const {
        refuse(node_[key].IsDefined() ? node_[key] : node_, what, key);
    }

private:
    YAML::Node required(const char* key) const {
        const YAML::Node value = node_[key];
        if (!value.IsDefined() || value.IsNull()) {
            throw PackError(place(node_) + "'" + std::string(key) + "' is missing in " + where());
        }
        return value;
    }

    double number_of(const YAML::Node& value, const char* key, double low, double high) const {
        double result = 0;
        if (!YAML::convert<double>::decode(value, result) || !(result >= low && result <= high)) {
            std::ostringstream range;
            range << "must be a number from " << low << " to " << high;
            refuse(value, range.str(), key);
        }
        return result;
    }

    [[noreturn]] void refuse(const YAML::Node& at, const std::string& what,
                             const std::string& key = {}) const {
        throw PackError(place(at) + (key.empty() ? where() : "'" + child(key) + "'") + " " + what);
    }

    std::string place(const YAML::Node& node) const {
        return file_ + ":" + std::to_string(node.Mark().line + 1) + ": ";
    }
    std::string where() const { return path_.empty() ? "the manifest" : "'" + path_ + "'"; }
    std::string child(const std::string& key) const {
        return path_.empty() ? key : path_ + "." + key;
    }

    YAML::Node node_;
    std::string file_;
    std::string path_;
};

PackFile read_file(const Section& parent, const std::string& role) {
    const Section section = parent.section("file");
    section.allow_only({"name", "sha256", "url", "archive_sha256", "licence"});
    PackFile file;
    file.role = role;
    file.name = section.text("name");
    if (file.name.find('/') != std::string::npos || file.name == "." || file.name == "..") {
        section.refuse("must be the name of a file, without folders", "name");
    }
    file.sha256 = section.text("sha256");
    if (!is_sha256(file.sha256)) {
        section.refuse("must be 64 lower-case hexadecimal digits", "sha256");
    }
    file.url = section.text_or("url", "");
    if (!file.url.empty() && file.url.rfind("https://", 0) != 0) {
        section.refuse("must begin with https://", "url");
    }
    file.archive_sha256 = section.text_or("archive_sha256", "");
    if (!file.archive_sha256.empty() && !file.url.ends_with(".bz2")) {
        section.refuse("belongs to a url that ends in .bz2, and to no other", "archive_sha256");
    }
    if (!file.archive_sha256.empty() && !is_sha256(file.archive_sha256)) {
        section.refuse("must be 64 lower-case hexadecimal digits", "archive_sha256");
    }
    file.licence = section.text_or("licence", "");
    return file;
}

void read_detector(const Section& root, PackManifest& manifest) {
    const Section section = root.section("detector");
    section.allow_only({"kind", "file", "long_side", "score"});
    const bool yunet = section.choice("kind", {"dlib-hog", "yunet"}) == 1;
    manifest.detector = yunet ? DetectorKind::yunet : DetectorKind::dlib_hog;
    manifest.detector_long_side =
        section.has("long_side") ? section.whole("long_side", 64, 2048) : (yunet ? 320 : 640);
    manifest.detector_score = section.number_or("score", yunet ? 0.7 : 0.0, -1, 1);
    if (yunet) {
        manifest.files.push_back(read_file(section, "detector"));
    } else if (section.has("file")) {
        section.refuse("must not be given: dlib-hog is built in", "file");
    }
    if (!root.has("landmarks")) return;
    if (yunet) root.refuse("must not be given: yunet finds its own five points", "landmarks");
    const Section landmarks = root.section("landmarks");
    landmarks.allow_only({"file", "scheme"});
    manifest.files.push_back(read_file(landmarks, "landmarks"));
    if (landmarks.has("scheme") && landmarks.choice("scheme", {"corners", "centres"}) == 1) {
        manifest.landmarks = LandmarkScheme::centres;
    }
}

// What dlib's networks and SFace are fed is fixed by their kind.
EmbedderInput input_of(EmbedderKind kind) {
    EmbedderInput input;
    if (kind == EmbedderKind::dlib_resnet || kind == EmbedderKind::dlib_densenet) {
        input.size = 150;
        input.chip_template = ChipTemplate::dlib;
    }
    return input;
}

EmbedderInput read_input(const Section& embedder) {
    const Section section = embedder.section("input");
    section.allow_only({"size", "colour", "mean", "scale", "chip"});
    EmbedderInput input;
    input.size = section.whole("size", 32, 512);
    input.colour =
        section.choice("colour", {"bgr", "rgb"}) == 0 ? ColourOrder::bgr : ColourOrder::rgb;
    const auto mean = section.numbers("mean", 3, -255, 255);
    const auto scale = section.numbers("scale", 3, 1e-6, 1e3);
    std::copy(mean.begin(), mean.end(), input.mean.begin());
    std::copy(scale.begin(), scale.end(), input.scale.begin());
    input.chip_template = section.choice("chip", {"dlib", "arcface"}) == 0 ? ChipTemplate::dlib
                                                                           : ChipTemplate::arcface;
    return input;
}

void read_embedder(const Section& root, PackManifest& manifest) {
    if (!root.has("embedder")) return;
    const Section section = root.section("embedder");
    section.allow_only({"kind", "file", "input", "metric", "dimensions"});
    constexpr std::array kinds{EmbedderKind::dlib_resnet, EmbedderKind::dlib_densenet,
                               EmbedderKind::sface, EmbedderKind::arcface_onnx};
    const auto kind =
        kinds.at(section.choice("kind", {"dlib-resnet", "dlib-densenet", "sface", "arcface-onnx"}));
    manifest.embedder = kind;
    manifest.files.push_back(read_file(section, "embedder"));
    manifest.metric =
        section.choice("metric", {"euclidean", "cosine"}) == 0 ? Metric::euclidean : Metric::cosine;
    manifest.dimensions = section.whole("dimensions", 64, 2048);
    if (kind == EmbedderKind::arcface_onnx) {
        manifest.input = read_input(section);
    } else if (section.has("input")) {
        section.refuse("must not be given: it is fixed for this kind (only arcface-onnx has it)",
                       "input");
    } else {
        manifest.input = input_of(kind);
    }
    if (manifest.detector == DetectorKind::dlib_hog && manifest.find_file("landmarks") == nullptr) {
        root.refuse(
            "is missing: dlib-hog finds boxes, and comparing needs the five points of "
            "shape_predictor_5_face_landmarks.dat",
            "landmarks");
    }
}

std::optional<MeasuredRate> read_interval(const Section& parent, const char* key) {
    if (!parent.has(key)) return std::nullopt;
    const auto values = parent.numbers(key, 3, 0, 1);
    if (!(values[1] <= values[0] && values[0] <= values[2])) {
        parent.refuse("must be [value, lower bound, upper bound]", key);
    }
    return MeasuredRate{values[0], values[1], values[2]};
}

Threshold read_threshold(const Section& section, Metric metric) {
    section.allow_only({"name", "distance", "evidence"});
    Threshold threshold;
    threshold.name = section.text("name");
    threshold.distance = section.number("distance", 1e-6, metric == Metric::cosine ? 2 : 1000);
    const Section evidence = section.section("evidence");
    evidence.allow_only({"measured", "data_set", "protocol", "genuine", "impostor",
                         "failures_to_acquire", "fmr", "fnmr", "command", "note"});
    Evidence& to = threshold.evidence;
    to.measured = evidence.truth("measured");
    to.data_set = evidence.text("data_set");
    to.protocol = evidence.text_or("protocol", "");
    to.note = evidence.text_or("note", "");
    to.fmr = read_interval(evidence, "fmr");
    to.fnmr = read_interval(evidence, "fnmr");
    if (!to.measured) return threshold;
    constexpr int most = 2'000'000'000;
    to.genuine = evidence.whole("genuine", 1, most);
    to.impostor = evidence.whole("impostor", 1, most);
    to.failures_to_acquire = evidence.whole("failures_to_acquire", 0, most);
    to.command = evidence.text("command");
    if (!to.fmr || !to.fnmr) section.refuse("was measured, so it needs fmr and fnmr", "evidence");
    return threshold;
}

LivenessNetwork read_network(const Section& section, PackManifest& manifest) {
    section.allow_only({"file", "size", "colour", "scale", "box", "crop", "live"});
    LivenessNetwork network;
    network.role = "liveness-" + std::to_string(manifest.liveness->networks.size() + 1);
    manifest.files.push_back(read_file(section, network.role));
    network.size = section.whole("size", 32, 512);
    network.colour =
        section.choice("colour", {"bgr", "rgb"}) == 0 ? ColourOrder::bgr : ColourOrder::rgb;
    network.scale = section.number("scale", 1e-6, 1e3);
    network.box = section.number("box", 0.5, 10);
    network.crop =
        section.choice("crop", {"inside", "square"}) == 0 ? CropShape::inside : CropShape::square;
    network.live = section.whole("live", 0, 15);
    return network;
}

LivenessThreshold read_liveness_threshold(const Section& section) {
    section.allow_only({"name", "score", "evidence"});
    LivenessThreshold threshold;
    threshold.name = section.text("name");
    threshold.score = section.number("score", 1e-6, 1);
    const Section evidence = section.section("evidence");
    evidence.allow_only({"measured", "data_set", "protocol", "bona_fide", "attacks", "apcer",
                         "bpcer", "worst_species", "command", "note"});
    LivenessEvidence& to = threshold.evidence;
    to.measured = evidence.truth("measured");
    to.data_set = evidence.text("data_set");
    to.protocol = evidence.text_or("protocol", "");
    to.note = evidence.text_or("note", "");
    to.apcer = read_interval(evidence, "apcer");
    to.bpcer = read_interval(evidence, "bpcer");
    if (!to.measured) return threshold;
    constexpr int most = 2'000'000'000;
    to.bona_fide = evidence.whole("bona_fide", 1, most);
    to.attacks = evidence.whole("attacks", 1, most);
    to.worst_species = evidence.text("worst_species");
    to.command = evidence.text("command");
    if (!to.apcer || !to.bpcer) {
        section.refuse("was measured, so it needs apcer and bpcer", "evidence");
    }
    return threshold;
}

void read_liveness(const Section& root, PackManifest& manifest) {
    if (!root.has("liveness")) return;
    const Section section = root.section("liveness");
    section.allow_only({"kind", "networks", "file", "thresholds"});
    manifest.liveness.emplace();
    if (section.choice("kind", {"minifasnet", "trees"}) == 1) {
        manifest.liveness->kind = LivenessKind::trees;
        if (section.has("networks"))
            section.refuse("must not be given: trees are one file", "networks");
        manifest.files.push_back(read_file(section, "liveness-1"));
    } else {
        if (section.has("file"))
            section.refuse("must not be given: each network has its own", "file");
        for (const auto& network : section.list("networks")) {
            manifest.liveness->networks.push_back(read_network(network, manifest));
        }
        if (manifest.liveness->networks.empty()) section.refuse("must not be empty", "networks");
    }
    if (!section.has("thresholds")) return;
    for (const auto& threshold : section.list("thresholds")) {
        manifest.liveness->thresholds.push_back(read_liveness_threshold(threshold));
    }
}

PackManifest read_root(const YAML::Node& node, const std::string& shown) {
    const Section root(node, shown, "");
    root.allow_only(
        {"pack", "title", "detector", "landmarks", "embedder", "liveness", "thresholds"});
    PackManifest manifest;
    manifest.name = root.text("pack");
    const bool plain = std::all_of(manifest.name.begin(), manifest.name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (!plain) root.refuse("must be of lower-case letters, digits, '-', '_' and '.'", "pack");
    manifest.title = root.text_or("title", manifest.name);
    read_detector(root, manifest);
    read_embedder(root, manifest);
    read_liveness(root, manifest);
    if (!root.has("thresholds")) return manifest;
    if (!manifest.embedder) {
        root.refuse("must not be given: without an embedder there is no distance", "thresholds");
    }
    for (const auto& section : root.list("thresholds")) {
        manifest.thresholds.push_back(read_threshold(section, manifest.metric));
    }
    return manifest;
}

}  // namespace

PackManifest read_manifest(const std::filesystem::path& file) {
    const std::string shown = file.string();
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) throw PackError(shown + ":1: cannot be read: " + error.message());
    if (size > manifest_bytes_max) {
        throw PackError(shown + ":1: is larger than 64 KiB and so no manifest");
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in) throw PackError(shown + ":1: cannot be read");
    if (text.empty()) throw PackError(shown + ":1: is empty: see docs/model-packs.md");
    try {
        PackManifest manifest = read_root(YAML::Load(text), shown);
        manifest.path = file;
        manifest.sha256 = sha256(text);
        return manifest;
    } catch (const YAML::Exception& problem) {
        throw PackError(shown + ":" + std::to_string(problem.mark.line + 1) +
                        ": is no YAML: " + problem.msg);
    }
}

}  // namespace strongroom::vision
