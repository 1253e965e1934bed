#include <string>

#include "catch.h"
#include "support.h"
#include "vision/model_pack.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

const std::string digest(64, 'a');

const std::string good = R"(pack: mine
title: Mine
detector:
  kind: yunet
  file:
    name: yunet.onnx
    sha256: )" + digest + R"(
embedder:
  kind: arcface-onnx
  metric: cosine
  dimensions: 512
  file:
    name: arc.onnx
    sha256: )" + digest + R"(
  input:
    size: 112
    colour: rgb
    mean: 127.5
    scale: [0.0078125, 0.0078125, 0.0078125]
    chip: arcface
thresholds:
  - name: fmr-1e-3
    distance: 0.6
    evidence:
      measured: true
      data_set: ours
      genuine: 100
      impostor: 2000
      failures_to_acquire: 1
      fmr: [0.001, 0.0001, 0.004]
      fnmr: [0.02, 0.01, 0.05]
      command: strongroom face evaluate
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// What reading it says; empty when it is accepted. The folder's name is cut off.
std::string complaint(const std::string& text) {
    const test::TemporaryFolder folder;
    const auto file = folder.write("mine.pack.yaml", text);
    try {
        (void)read_manifest(file);
        return {};
    } catch (const PackError& problem) {
        const std::string what = problem.what();
        REQUIRE(what.rfind(file.string() + ":", 0) == 0);
        return what.substr(folder.path().string().size() + 1);
    }
}

}  // namespace

TEST_CASE("vision manifest: everything that it states is read") {
    const test::TemporaryFolder folder;
    const auto manifest = read_manifest(folder.write("mine.pack.yaml", good));
    CHECK(manifest.name == "mine");
    CHECK(manifest.sha256 == test::digest_of(good));
    CHECK(manifest.detector == DetectorKind::yunet);
    CHECK(manifest.detector_long_side == 320);
    CHECK(manifest.embedder == EmbedderKind::arcface_onnx);
    CHECK(manifest.metric == Metric::cosine);
    CHECK(manifest.dimensions == 512);
    CHECK(manifest.input.colour == ColourOrder::rgb);
    CHECK(manifest.input.mean[2] == 127.5);
    CHECK(manifest.input.scale[0] == 0.0078125);
    CHECK(manifest.input.chip_template == ChipTemplate::arcface);
    REQUIRE(manifest.files.size() == 2);
    REQUIRE(manifest.find_file("embedder") != nullptr);
    CHECK(manifest.find_file("embedder")->name == "arc.onnx");
    REQUIRE(manifest.thresholds.size() == 1);
    CHECK(manifest.thresholds[0].distance == 0.6);
    CHECK(manifest.thresholds[0].evidence.fmr->upper == 0.004);
    CHECK(manifest.thresholds[0].evidence.impostor == 2000);
}

TEST_CASE("vision manifest: an unknown key is refused with its line and the nearest name") {
    CHECK(complaint(replaced(good, "title: Mine", "titel: Mine")) ==
          "mine.pack.yaml:2: unknown key 'titel' in the manifest; did you mean 'title'?");
    CHECK(complaint(replaced(good, "colour: rgb", "color: rgb")) ==
          "mine.pack.yaml:17: unknown key 'color' in 'embedder.input'; did you mean 'colour'?");
    CHECK(complaint(good + "zzzzzzzz: 1\n") ==
          "mine.pack.yaml:33: unknown key 'zzzzzzzz' in the manifest");
}

TEST_CASE("vision manifest: an unknown kind is refused with what is known") {
    const auto text = complaint(replaced(good, "kind: yunet", "kind: yunett"));
    CHECK(text.find(
              "mine.pack.yaml:4: 'detector.kind' cannot be 'yunett'; did you mean 'yunet'?") == 0);
    CHECK(text.find("known: dlib-hog, yunet") != std::string::npos);
}

TEST_CASE("vision manifest: what is missing is named") {
    CHECK(complaint(replaced(good, "pack: mine\n", "")) ==
          "mine.pack.yaml:1: 'pack' is missing in the manifest");
    CHECK(complaint(replaced(good, "  metric: cosine\n", ""))
              .find("'metric' is missing in 'embedder'") != std::string::npos);
    CHECK(complaint(replaced(good, "      command: strongroom face evaluate\n", ""))
              .find("'command' is missing in 'thresholds[0].evidence'") != std::string::npos);
    CHECK(complaint(replaced(good, "      fmr: [0.001, 0.0001, 0.004]\n", ""))
              .find("needs fmr and fnmr") != std::string::npos);
}

TEST_CASE("vision manifest: values out of their range or of the wrong type are refused") {
    const auto refused = [](const char* from, const char* to, const char* why) {
        const auto text = complaint(replaced(good, from, to));
        INFO(text);
        CHECK(text.find(why) != std::string::npos);
    };
    refused("size: 112", "size: 1e9", "must be a number from 32 to 512");
    refused("size: 112", "size: large", "must be a number from 32 to 512");
    refused("size: 112", "size: 112.5", "must be a whole number");
    refused("distance: 0.6", "distance: .nan", "must be a number");
    refused("distance: 0.6", "distance: 3", "must be a number");
    refused("scale: [0.0078125, 0.0078125, 0.0078125]", "scale: [1, 2]", "list of 3 numbers");
    refused("fmr: [0.001, 0.0001, 0.004]", "fmr: [0.001, 0.002, 0.004]", "lower bound");
    refused("name: arc.onnx", "name: ../arc.onnx", "without folders");
    refused("name: arc.onnx", "name: [a]", "must be a text");
    refused("measured: true", "measured: perhaps", "true or false");
    refused("pack: mine", "pack: My Pack", "lower-case letters");
    refused("sha256: aaaa", "sha256: AAAA", "hexadecimal");
    refused("title: Mine", "title: Mine\nlandmarks: {}", "yunet finds its own");
    refused("thresholds:\n", "thresholds: 5\nold:\n", "unknown key 'old'");
}

TEST_CASE("vision manifest: a url must be https and a digest of a packed file needs one") {
    const std::string name = "    name: arc.onnx\n";
    CHECK(complaint(replaced(good, name, name + "    url: http://a.example/arc.onnx\n"))
              .find("must begin with https://") != std::string::npos);
    CHECK(complaint(replaced(good, name, name + "    archive_sha256: " + digest + "\n"))
              .find(".bz2") != std::string::npos);
    CHECK(complaint(replaced(good, name, name + "    url: https://a.example/arc.onnx.bz2\n"))
              .empty());
}

TEST_CASE("vision manifest: what is no manifest is refused as such") {
    CHECK(complaint("").find("mine.pack.yaml:1: is empty") == 0);
    CHECK(complaint("pack: [unclosed\n").find("is no YAML") != std::string::npos);
    CHECK(complaint("just a text\n").find("must be a mapping") != std::string::npos);
    CHECK(complaint(std::string(70 * 1024, '#')).find("larger than 64 KiB") != std::string::npos);
    CHECK_THROWS_AS(read_manifest("/nonexistent/pack.yaml"), PackError);
    CHECK(complaint(std::string(30000, '[')).find("mine.pack.yaml:") == 0);
}

TEST_CASE("vision manifest: dlib-hog compares only with the five landmarks") {
    const std::string hog = R"(pack: hog
detector: {kind: dlib-hog}
embedder:
  kind: dlib-resnet
  metric: euclidean
  dimensions: 128
  file: {name: r.dat, sha256: )" +
                            digest + "}\n";
    CHECK(complaint(hog).find("shape_predictor_5_face_landmarks.dat") != std::string::npos);
    CHECK(complaint(hog + "landmarks: {file: {name: l.dat, sha256: " + digest + "}}\n").empty());
    CHECK(complaint("pack: hog\ndetector: {kind: dlib-hog}\n").empty());
    CHECK(complaint("pack: hog\ndetector: {kind: dlib-hog}\nthresholds: []\n")
              .find("without an embedder") != std::string::npos);
}

TEST_CASE("vision manifest: which five points a landmark model places is stated, and counts") {
    const std::string text = R"(pack: hog
detector: {kind: dlib-hog}
landmarks: {scheme: centres, file: {name: l.dat, sha256: )" +
                             digest + "}}\n";
    const test::TemporaryFolder folder;
    const auto of = [&](const std::string& manifest) {
        return read_manifest(folder.write("hog.pack.yaml", manifest));
    };
    const auto centres = of(text);
    CHECK(centres.landmarks == LandmarkScheme::centres);
    const auto corners = of(replaced(text, "centres", "corners"));
    CHECK(corners.landmarks == LandmarkScheme::corners);
    CHECK(corners.model_id() == of(replaced(text, "scheme: centres, ", "")).model_id());
    CHECK(corners.model_id() != centres.model_id());
    CHECK(complaint(replaced(text, "centres", "centers")).find("did you mean 'centres'") !=
          std::string::npos);
}

TEST_CASE("vision manifest: how dlib's networks are fed is not the manifest's to say") {
    std::string text = replaced(good, "kind: arcface-onnx", "kind: sface");
    CHECK(complaint(text).find("fixed for this kind") != std::string::npos);
}

TEST_CASE("vision manifest: every manifest that comes with the program is good") {
    PackPlaces places;
    places.registry = test::source_folder() / "core/vision/packs";
    std::vector<std::string> errors;
    const auto packs = list_packs(places, errors);
    CHECK(errors.empty());
    std::string names;
    for (const auto& pack : packs) names += pack.manifest.name + " ";
    CHECK(names == "dlib-densenet dlib-hog dlib-resnet dlib-resnet-hog minifasnet sface yunet ");
    for (const auto& pack : packs) {
        for (const auto& file : pack.manifest.files) {
            INFO(file.name);
            // The pair for liveness was converted: its bytes have no public home.
            CHECK(file.url.empty() == file.role.starts_with("liveness"));
            CHECK_FALSE(file.licence.empty());
        }
        if (pack.manifest.embedder) CHECK_FALSE(pack.manifest.thresholds.empty());
    }
}

TEST_CASE("vision manifest: the model id follows what makes templates comparable") {
    const test::TemporaryFolder folder;
    const auto id = [&](const std::string& text) {
        return read_manifest(folder.write("x.pack.yaml", text)).model_id().value;
    };
    const auto first = id(good);
    CHECK(id(replaced(good, "distance: 0.6", "distance: 0.5")) == first);
    CHECK(id(replaced(good, "title: Mine", "title: Renamed")) == first);
    CHECK(id(replaced(good, "colour: rgb", "colour: bgr")) != first);
    CHECK(id(replaced(good, "mean: 127.5", "mean: 127")) != first);
    CHECK(id(replaced(good, "chip: arcface", "chip: dlib")) != first);
    std::string other = good;
    other[other.rfind(digest)] = 'b';
    CHECK(id(other) != first);
}
