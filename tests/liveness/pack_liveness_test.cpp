// A pack that brings its own networks for presentation attack detection.
#include <cmath>
#include <memory>
#include <string>

#include "../vision/onnx_writer.h"
#include "../vision/support.h"
#include "catch.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/passive_liveness.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

constexpr const char* start = R"(pack: own
detector: {kind: dlib-hog}
liveness:
  kind: minifasnet
  networks:
)";

struct Network {
    std::string name;
    std::string bytes;
    int size = 80;
    std::string colour = "bgr";
    double box = 2.7;
    std::string crop = "inside";
    int live = 1;
};

std::string entry(const Network& network) {
    return "    - file: {name: " + network.name + ", sha256: " + test::digest_of(network.bytes) +
           "}\n      size: " + std::to_string(network.size) + "\n      colour: " + network.colour +
           "\n      scale: 1\n      box: " + std::to_string(network.box) +
           "\n      crop: " + network.crop + "\n      live: " + std::to_string(network.live) + "\n";
}

ModelPack load(const test::TemporaryFolder& folder, const std::vector<Network>& networks,
               const std::string& more = {}) {
    use_one_thread();
    std::string text = start;
    for (const auto& network : networks) {
        folder.write(network.name, network.bytes);
        text += entry(network);
    }
    const auto file = folder.write("own.pack.yaml", text + more);
    return ModelPack::load({folder.path(), {}}, read_manifest(file));
}

std::string complaint(const std::vector<Network>& networks, const std::string& more = {}) {
    const test::TemporaryFolder folder;
    try {
        (void)load(folder, networks, more);
        return {};
    } catch (const PackError& problem) {
        return problem.what();
    }
}

// Class 1 (live) wins as far as the first channel that is fed exceeds the last.
Network green_is_live(const std::string& name = "net.onnx", int size = 80) {
    return {name, test::onnx_classifier(size, {{0, 0}, {1, 0.02F}, {2, 0.02F}}), size};
}

// Grey, with a rectangle in another colour.
hal::Frame painted(int width, int height, const Box& box, std::array<std::uint8_t, 3> bgr) {
    auto frame = test::plain_frame(width, height, 100);
    auto pixels = *frame.pixels;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (x < box.x || y < box.y || x >= box.x + box.width || y >= box.y + box.height)
                continue;
            for (int c = 0; c < 3; ++c) {
                pixels[static_cast<std::size_t>((y * width + x) * 3 + c)] =
                    bgr.at(static_cast<std::size_t>(c));
            }
        }
    }
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
    return frame;
}

Detection face_at(const Box& box) {
    Detection face;
    face.box = box;
    return face;
}

double score_of(const ModelPack& pack, const hal::Frame& frame, const Box& box) {
    pack.liveness()->begin_track();
    const auto reading = pack.liveness()->assess(frame, face_at(box));
    REQUIRE(reading);
    CHECK(reading->kind == hal::Liveness::measured);
    return reading->score;
}

double softmax_middle(double a, double b, double c) {
    return std::exp(b) / (std::exp(a) + std::exp(b) + std::exp(c));
}

}  // namespace

TEST_CASE("pack liveness: the score is the live class's share of the softmax") {
    const test::TemporaryFolder folder;
    const auto pack = load(folder, {green_is_live()});
    REQUIRE(pack.liveness() != nullptr);
    CHECK(pack.embedder() == nullptr);
    const Box box{120, 90, 80, 100};
    const auto frame = painted(320, 240, {0, 0, 320, 240}, {50, 200, 100});
    CHECK(score_of(pack, frame, box) == Approx(softmax_middle(0, 4, 2)).epsilon(1e-4));
    CHECK(pack.summary().find("detects presentation attacks") != std::string::npos);
}

TEST_CASE("pack liveness: colours go in the order that the manifest states") {
    const test::TemporaryFolder folder;
    Network blue{"net.onnx", test::onnx_classifier(80, {{0, 0.02F}, {1, 0}, {2, 0}})};
    blue.live = 0;
    const auto frame = painted(320, 240, {0, 0, 320, 240}, {200, 0, 50});
    const double as_bgr = score_of(load(folder, {blue}), frame, {120, 90, 80, 100});
    blue.colour = "rgb";
    const double as_rgb = score_of(load(folder, {blue}), frame, {120, 90, 80, 100});
    CHECK(as_bgr == Approx(softmax_middle(0, 4, 0)).epsilon(1e-4));
    CHECK(as_rgb == Approx(softmax_middle(0, 1, 0)).epsilon(1e-4));
}

TEST_CASE("pack liveness: several networks are averaged") {
    const test::TemporaryFolder folder;
    const Network first = green_is_live("a.onnx");
    Network second = green_is_live("b.onnx", 64);
    second.live = 2;
    const Box box{120, 90, 80, 100};
    const auto frame = painted(320, 240, {0, 0, 320, 240}, {50, 200, 100});
    CHECK(score_of(load(folder, {first, second}), frame, box) ==
          Approx((softmax_middle(0, 4, 2) + softmax_middle(0, 2, 4)) / 2).epsilon(1e-4));
}

TEST_CASE("pack liveness: the box is enlarged by its factor and moved into the frame") {
    const test::TemporaryFolder folder;
    Network network = green_is_live();
    network.box = 2;
    const auto pack = load(folder, {network});
    const double grey = softmax_middle(0, 2, 2);
    // Green where a box of 40 x 60 at twice its size ends up, or beside it.
    CHECK(score_of(pack, painted(320, 240, {80, 60, 80, 120}, {100, 200, 100}),
                   {100, 90, 40, 60}) == Approx(softmax_middle(0, 4, 2)).margin(0.02));
    CHECK(score_of(pack, painted(320, 240, {164, 0, 156, 240}, {100, 200, 100}),
                   {100, 90, 40, 60}) == Approx(grey).margin(0.001));
    // At the left border: moved, not cut.
    CHECK(score_of(pack, painted(320, 240, {0, 60, 80, 120}, {100, 200, 100}), {0, 90, 40, 60}) ==
          Approx(softmax_middle(0, 4, 2)).margin(0.02));
    // Larger than fits: all that there is.
    CHECK(score_of(pack, painted(320, 240, {0, 0, 320, 240}, {100, 200, 100}),
                   {10, 10, 300, 220}) == Approx(softmax_middle(0, 4, 2)).margin(0.02));
}

TEST_CASE("pack liveness: a square crop mirrors what is beyond the frame") {
    const test::TemporaryFolder folder;
    Network network = green_is_live();
    network.crop = "square";
    network.box = 1.5;
    const auto pack = load(folder, {network});
    const auto frame = painted(320, 240, {0, 0, 60, 240}, {100, 200, 100});
    CHECK(score_of(pack, frame, {-10, 90, 40, 60}) == Approx(softmax_middle(0, 4, 2)).margin(0.02));
}

TEST_CASE("pack liveness: the score is that of the track, and a new track forgets the last") {
    const test::TemporaryFolder folder;
    const auto pack = load(folder, {green_is_live()});
    const Box box{120, 90, 80, 100};
    const auto live = painted(320, 240, {0, 0, 320, 240}, {50, 200, 0});
    const auto print = painted(320, 240, {0, 0, 320, 240}, {50, 0, 200});
    const double high = score_of(pack, live, box);
    CHECK(high > 0.9);
    const double both = pack.liveness()->assess(print, face_at(box))->score;
    CHECK(both == Approx((high + softmax_middle(0, 0, 4)) / 2).epsilon(1e-3));
    pack.liveness()->begin_track();
    CHECK(pack.liveness()->assess(print, face_at(box))->score < 0.1);
    // Live frames long ago do not speak for what is there now.
    for (int i = 0; i < 30; ++i) (void)pack.liveness()->assess(live, face_at(box));
    for (int i = 0; i < 15; ++i) (void)pack.liveness()->assess(print, face_at(box));
    CHECK(pack.liveness()->assess(print, face_at(box))->score < 0.1);
}

TEST_CASE("pack liveness: a frame or a box that cannot be is an error") {
    const test::TemporaryFolder folder;
    const auto pack = load(folder, {green_is_live()});
    auto& detector = *pack.liveness();
    const auto good = test::plain_frame(320, 240, 100);
    for (const Box& box : {Box{0, 0, 0, 10}, Box{0, 0, std::nan(""), 10},
                           Box{std::nan(""), 0, 9, 9}, Box{0, 0, 1e9, 1e9}}) {
        CHECK(detector.assess(good, face_at(box)).error().code == Errc::corrupt);
    }
    const Box box{100, 90, 40, 60};
    CHECK(detector.assess(hal::Frame{}, face_at(box)).error().code == Errc::corrupt);
    CHECK(detector.assess(test::plain_frame(320, 240, 9, hal::PixelFormat::gray8), face_at(box))
              .error()
              .code == Errc::corrupt);
    CHECK(detector.assess(test::plain_frame(1, 1, 9), face_at(box)));
}

TEST_CASE("pack liveness: networks that do not fit their description are refused by name") {
    Network small = green_is_live("small.onnx", 96);
    small.size = 80;
    CHECK(complaint({green_is_live(), small}).find("small.onnx cannot be loaded as liveness-2") !=
          std::string::npos);
    Network classes = green_is_live();
    classes.live = 3;
    CHECK(complaint({classes}).find("3 (live) among them") != std::string::npos);
    Network text{"text.onnx", "no network"};
    CHECK(complaint({text}).find("text.onnx cannot be loaded as liveness-1") != std::string::npos);
    const test::TemporaryFolder folder;
    const Network good = green_is_live();
    const auto manifest = read_manifest(folder.write("own.pack.yaml", start + entry(good)));
    folder.write("net.onnx", good.bytes + "x");
    try {
        (void)ModelPack::load({folder.path(), {}}, manifest);
        FAIL("an altered network was loaded");
    } catch (const PackError& problem) {
        CHECK(std::string(problem.what()).find("is altered") != std::string::npos);
    }
}

TEST_CASE("pack liveness: a manifest states all of it, and thresholds with their origin") {
    const std::string evidence = R"(  thresholds:
    - name: bpcer-5
      score: 0.62
      evidence:
        measured: true
        data_set: ours
        bona_fide: 200
        attacks: 300
        apcer: [0.02, 0.01, 0.05]
        bpcer: [0.05, 0.02, 0.09]
        worst_species: print_glossy
        command: strongroom face evaluate --attacks DIR
)";
    const test::TemporaryFolder folder;
    const auto pack = load(folder, {green_is_live()}, evidence);
    CHECK(pack.liveness_threshold().score == 0.62);
    CHECK(pack.liveness_threshold().evidence.apcer->upper == 0.05);
    CHECK(pack.liveness_threshold().evidence.worst_species == "print_glossy");
    const auto without = [&](const std::string& line) {
        std::string text = evidence;
        const auto at = text.find(line);
        REQUIRE(at != std::string::npos);
        const auto first = text.rfind('\n', at) + 1;
        return text.erase(first, text.find('\n', at) + 1 - first);
    };
    CHECK(complaint({green_is_live()}, without("apcer:")).find("needs apcer and bpcer") !=
          std::string::npos);
    CHECK(complaint({green_is_live()}, without("worst_species:"))
              .find("'worst_species' is missing in 'liveness.thresholds[0].evidence'") !=
          std::string::npos);
    CHECK(complaint({green_is_live()}, without("bona_fide:")).find("'bona_fide' is missing") !=
          std::string::npos);
    CHECK(complaint({}, "    []\n").find("'liveness.networks' must not be empty") !=
          std::string::npos);
    CHECK(complaint({green_is_live()}, "  treshold: 1\n").find("unknown key 'treshold'") !=
          std::string::npos);
    Network wrong = green_is_live();
    wrong.crop = "insid";
    CHECK(complaint({wrong}).find("did you mean 'inside'") != std::string::npos);
    CHECK_THROWS_AS(load(folder, {green_is_live()}).liveness_threshold(), PackError);
}

TEST_CASE("pack liveness: templates stay valid when a pack gets liveness") {
    const test::TemporaryFolder folder;
    const auto pack = load(folder, {green_is_live()});
    auto manifest = pack.manifest();
    manifest.liveness.reset();
    std::erase_if(manifest.files, [](const PackFile& f) { return f.role == "liveness-1"; });
    CHECK(manifest.files.empty());
    CHECK(manifest.model_id() == pack.model());
}

// Every frame's log-odds are `bias`.
std::string constant_trees(double bias) {
    TreeModel::Parts parts;
    parts.names = PassiveFeatures::names();
    parts.bias = bias;
    TreeModel::Node leaf;
    parts.trees = {{leaf}};
    const auto bytes = TreeModel(parts).bytes();
    return {bytes.begin(), bytes.end()};
}

TEST_CASE("pack liveness: a file of trees is a pack's liveness, too") {
    const test::TemporaryFolder folder;
    const auto manifest_with = [&](const std::string& bytes, const std::string& more = {}) {
        folder.write("own.trees", bytes);
        return read_manifest(folder.write(
            "own.pack.yaml",
            "pack: own\ndetector: {kind: dlib-hog}\nliveness:\n  kind: trees\n  file: {name: "
            "own.trees, sha256: " +
                test::digest_of(bytes) + "}\n" + more));
    };
    for (const double bias : {-2.0, 2.0}) {
        const auto pack = ModelPack::load({folder.path(), {}}, manifest_with(constant_trees(bias)));
        REQUIRE(pack.liveness() != nullptr);
        const auto frame = painted(320, 240, {100, 60, 90, 90}, {90, 120, 160});
        pack.liveness()->begin_track();
        Detection face = face_at({100, 60, 90, 90});
        face.landmarks.points = {
            Point{125, 90}, Point{165, 90}, Point{145, 112}, Point{128, 130}, Point{162, 130}};
        const auto reading = pack.liveness()->assess(frame, face);
        REQUIRE(reading);
        CHECK((reading->score > 0.5) == (bias > 0));
    }
    const auto complains = [&](const PackManifest& manifest) {
        try {
            (void)ModelPack::load({folder.path(), {}}, manifest);
            return std::string();
        } catch (const PackError& problem) {
            return std::string(problem.what());
        }
    };
    CHECK(complains(manifest_with("no trees")).find("own.trees cannot be loaded as liveness-1") !=
          std::string::npos);
    const auto altered = manifest_with(constant_trees(1));
    folder.write("own.trees", constant_trees(9));
    CHECK(complains(altered).find("is altered") != std::string::npos);
    CHECK_THROWS_AS(manifest_with("x", "  networks: []\n"), PackError);
}

TEST_CASE("pack liveness: the real pair says of real pictures what its author's code says") {
    const auto models = test::shared_data("models");
    const auto stills = test::shared_data("images/pad-stills");
    if (!models || !stills) return;
    use_one_thread();
    const PackPlaces places{*models, test::source_folder() / "core/vision/packs"};
    const auto pack = ModelPack::load(places, find_pack(places, "minifasnet"));
    const auto score = [&](const char* name) {
        const auto frame = read_image(*stills / name);
        REQUIRE(frame);
        const auto faces = pack.detector().detect(*frame);
        REQUIRE(faces);
        REQUIRE_FALSE(faces->empty());
        return score_of(pack, *frame, faces->front().box);
    };
    CHECK(score("image_T1.jpg") > 0.5);
    CHECK(score("image_T2.jpg") == Approx(0.35).margin(0.1));  // a small face in a whole figure
    CHECK(score("image_F1.jpg") < 0.5);
    CHECK(score("image_F2.jpg") < 0.5);
}
