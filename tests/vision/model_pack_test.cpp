#include "vision/model_pack.h"

#include <string>

#include <opencv2/core.hpp>
#include <opencv2/objdetect.hpp>

#include "catch.h"
#include "onnx_writer.h"
#include "support.h"
#include "vision/fetch.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

// A model directory with YuNet's own file in it, which every pack here finds faces with.
struct Place {
    test::TemporaryFolder folder;
    PackPlaces places;
    std::string yunet;

    explicit Place(const std::filesystem::path& yunet_file) : yunet(test::read_text(yunet_file)) {
        folder.write("yunet.onnx", yunet);
        places.models = folder.path();
    }
    std::string manifest(const std::string& model, const std::string& kind,
                         const std::string& input, int dimensions = 128) const {
        return "pack: small\n"
               "detector: {kind: yunet, file: {name: yunet.onnx, sha256: " +
               test::digest_of(yunet) + "}}\nembedder:\n  kind: " + kind +
               "\n  metric: cosine\n  dimensions: " + std::to_string(dimensions) +
               "\n  file: {name: small.onnx, sha256: " + test::digest_of(model) + "}\n" + input;
    }
    std::string failure(const std::string& pin = {}) const {
        try {
            (void)ModelPack::load(places, find_pack(places, "small"), pin);
            return {};
        } catch (const PackError& problem) {
            return problem.what();
        }
    }
};

const std::string rgb_input =
    "  input: {size: 112, colour: rgb, mean: [10, 0, 0], scale: [0.5, 1, 1], chip: arcface}\n";

FaceChip chip_of(std::uint8_t blue, std::uint8_t green, std::uint8_t red) {
    FaceChip chip;
    chip.size = 112;
    for (int i = 0; i < 112 * 112; ++i) chip.pixels.insert(chip.pixels.end(), {blue, green, red});
    return chip;
}

constexpr const char* yunet_file = "models/face_detection_yunet_2022mar.onnx";

}  // namespace

TEST_CASE("vision pack: an ONNX embedder is fed as its manifest says") {
    const auto yunet = test::shared_data(yunet_file);
    if (!yunet) return;
    Place place(*yunet);
    const std::string model = test::onnx_of(test::mean_weights(0));
    place.folder.write("small.onnx", model);
    SECTION("red first, minus the mean, times the scale") {
        place.folder.write("small.pack.yaml", place.manifest(model, "arcface-onnx", rgb_input));
        const auto pack = ModelPack::load(place.places, find_pack(place.places, "small"));
        const auto features = pack.embedder()->embed(chip_of(30, 60, 90));
        REQUIRE(features);
        REQUIRE(features->size() == 128);
        for (const float feature : *features)
            CHECK(feature == Approx((90 - 10) * 0.5).epsilon(1e-4));
    }
    SECTION("blue first") {
        std::string input = rgb_input;
        input.replace(input.find("rgb"), 3, "bgr");
        place.folder.write("small.pack.yaml", place.manifest(model, "arcface-onnx", input));
        const auto pack = ModelPack::load(place.places, find_pack(place.places, "small"));
        const auto features = pack.embedder()->embed(chip_of(30, 60, 90));
        REQUIRE(features);
        CHECK(features->front() == Approx((30 - 10) * 0.5).epsilon(1e-4));
    }
}

TEST_CASE("vision pack: SFace is fed as OpenCV's own recogniser feeds it") {
    const auto yunet = test::shared_data(yunet_file);
    if (!yunet) return;
    Place place(*yunet);
    const std::string model = test::onnx_of(test::random_weights(3));
    const auto file = place.folder.write("small.onnx", model);
    place.folder.write("small/pack.yaml", place.manifest(model, "sface", ""));
    const auto pack = ModelPack::load(place.places, find_pack(place.places, "small"));
    FaceChip chip;
    chip.size = 112;
    for (int i = 0; i < 112 * 112 * 3; ++i) chip.pixels.push_back(static_cast<std::uint8_t>(i * 7));
    const auto ours = pack.embedder()->embed(chip);
    REQUIRE(ours);

    auto recogniser = cv::FaceRecognizerSF::create(file.string(), "");
    cv::Mat aligned(112, 112, CV_8UC3, chip.pixels.data());
    cv::Mat theirs;
    recogniser->feature(aligned, theirs);
    REQUIRE(theirs.total() == ours->size());
    for (std::size_t i = 0; i < ours->size(); ++i) {
        CHECK((*ours)[i] == Approx(theirs.ptr<float>()[i]).epsilon(1e-4).margin(1e-4));
    }
}

TEST_CASE("vision pack: a missing, altered or cut model file is refused by name") {
    const auto yunet = test::shared_data(yunet_file);
    if (!yunet) return;
    Place place(*yunet);
    std::string model = test::onnx_of(test::random_weights(4));
    place.folder.write("small.pack.yaml", place.manifest(model, "sface", ""));
    CHECK(place.failure().find("small.onnx is missing") != std::string::npos);
    CHECK(place.failure().find("strongroom models fetch small") != std::string::npos);
    const auto manifest = find_pack(place.places, "small");
    const PackFile& file = *manifest.find_file("embedder");
    CHECK(check_file(place.places, manifest, file) == FileState::missing);

    place.folder.write("small.onnx", model);
    CHECK(place.failure().empty());
    CHECK(check_file(place.places, manifest, file) == FileState::good);

    place.folder.write("small.onnx", model.substr(0, model.size() - 1));
    CHECK(place.failure().find("altered or cut short") != std::string::npos);
    CHECK(check_file(place.places, manifest, file) == FileState::altered);

    model[model.size() / 2] = static_cast<char>(model[model.size() / 2] ^ 1);
    place.folder.write("small.onnx", model);
    CHECK(place.failure().find("altered or cut short") != std::string::npos);
}

TEST_CASE("vision pack: a manifest that is not the pinned one is refused") {
    const auto yunet = test::shared_data(yunet_file);
    if (!yunet) return;
    Place place(*yunet);
    const std::string model = test::onnx_of(test::random_weights(5));
    place.folder.write("small.onnx", model);
    const std::string manifest = place.manifest(model, "sface", "");
    place.folder.write("small.pack.yaml", manifest);
    CHECK(place.failure(test::digest_of(manifest)).empty());
    CHECK(place.failure(std::string(64, '0')).find("is not the manifest that is pinned") !=
          std::string::npos);
    CHECK(place.failure("abc").find("64 lower-case hexadecimal digits") != std::string::npos);

    const auto found = find_pack(place.places, "small");
    const auto pinned = ModelPack::load(place.places, found, test::digest_of(manifest));
    CHECK(pinned.pinned());
    const auto loose = ModelPack::load(place.places, found);
    CHECK_FALSE(loose.pinned());
    CHECK(loose.summary().find("NOT pinned") != std::string::npos);
    CHECK_THROWS_AS(loose.threshold(), PackError);
}

TEST_CASE("vision pack: files that are whole but no such network are refused") {
    const auto yunet = test::shared_data(yunet_file);
    if (!yunet) return;
    Place place(*yunet);
    const std::string model = test::onnx_of(test::random_weights(6));
    place.folder.write("small.onnx", model);
    place.folder.write("small.pack.yaml", place.manifest(model, "sface", "", 512));
    CHECK(place.failure().find("states 512 dimensions, the embedder gives 128") !=
          std::string::npos);
    for (const char* kind : {"dlib-resnet", "dlib-densenet"}) {
        place.folder.write("small.pack.yaml", place.manifest(model, kind, ""));
        CHECK(place.failure().find("small.onnx cannot be loaded as embedder") != std::string::npos);
    }
    const std::string junk = "no network at all";
    place.folder.write("small.onnx", junk);
    place.folder.write("small.pack.yaml", place.manifest(junk, "sface", ""));
    CHECK(place.failure().find("small.onnx cannot be loaded as embedder") != std::string::npos);
    place.yunet = model;  // an embedder where the detector should be
    place.folder.write("yunet.onnx", model);
    place.folder.write("small.pack.yaml", place.manifest(junk, "sface", ""));
    CHECK(place.failure().find("yunet.onnx cannot be loaded as detector") != std::string::npos);
}

TEST_CASE("vision pack: an unknown pack is refused with the nearest name") {
    PackPlaces places;
    places.registry = test::source_folder() / "core/vision/packs";
    try {
        (void)find_pack(places, "dlib-densnet");
        FAIL("was found");
    } catch (const PackError& problem) {
        const std::string text = problem.what();
        CHECK(text.find("did you mean 'dlib-densenet'?") != std::string::npos);
        CHECK(text.find("known: dlib-densenet, dlib-hog") != std::string::npos);
    }
}

TEST_CASE("vision pack: a manifest of the model directory takes the place of the program's") {
    const test::TemporaryFolder folder;
    folder.write("mine.pack.yaml", "pack: dlib-hog\ntitle: Mine\ndetector: {kind: dlib-hog}\n");
    folder.write("bad.pack.yaml", "pack: [\n");
    PackPlaces places;
    places.models = folder.path();
    places.registry = test::source_folder() / "core/vision/packs";
    std::vector<std::string> errors;
    const auto packs = list_packs(places, errors);
    CHECK(errors.size() == 1);
    CHECK(packs.size() == 7);
    CHECK(find_pack(places, "dlib-hog").title == "Mine");
    CHECK_FALSE(find_pack(places, "yunet").title.empty());
}

TEST_CASE("vision pack: the built-in detector needs no file and no model directory") {
    PackPlaces places;
    places.registry = test::source_folder() / "core/vision/packs";
    const auto pack = ModelPack::load(places, find_pack(places, "dlib-hog"));
    CHECK(pack.embedder() == nullptr);
    const auto none = pack.detector().detect(test::plain_frame(100, 80, 128));
    REQUIRE(none);
    CHECK(none->empty());
    CHECK(pack.detector().detect(test::plain_frame(1, 1, 128))->empty());
    CHECK(pack.detector().detect(hal::Frame{}).error().code == Errc::corrupt);
}

TEST_CASE("vision fetch: what cannot be fetched leaves nothing behind and says what to do") {
    const test::TemporaryFolder folder;
    PackFile file;
    file.role = "embedder";
    file.name = "model.onnx";
    file.sha256 = std::string(64, 'a');
    const auto failure = [&] {
        try {
            fetch_file(file, folder.path());
            return std::string();
        } catch (const PackError& problem) {
            return std::string(problem.what());
        }
    };
    CHECK(failure().find("states no url") != std::string::npos);
    file.url = "https://localhost:1/model.onnx";  // nobody listens
    CHECK(failure().find("cannot be fetched") != std::string::npos);
    CHECK(failure().find("by hand") != std::string::npos);
    file.url = "file:///etc/hostname";  // no protocol but https
    CHECK(failure().find("cannot be fetched") != std::string::npos);
    CHECK(std::filesystem::is_empty(folder.path()));
}
