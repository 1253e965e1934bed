#include "pack.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "biometrics/evaluation.h"
#include "face_model/embedded_pack.h"
#include "five_points.h"
#include "liveness_model/liveness_model.h"
#include "onnx_embedder.h"
#include "people/renderer.h"
#include "people/sets.h"
#include "vision/digest.h"
#include "vision/face_pipeline.h"
#include "vision/model_pack.h"

namespace strongroom::test {

namespace {

namespace fs = std::filesystem;

// A door takes an FMR of 1 in 1000, its bound at 1 in 100 (auth::Policy::check).
constexpr double fmr_wanted = 0.0005;
constexpr std::uint32_t people_measured = 80;
constexpr std::uint32_t pictures_each = 4;

std::string write(const fs::path& file, const std::string& bytes) {
    std::ofstream out(file, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) throw std::runtime_error(file.string() + " cannot be written");
    return "{name: " + file.filename().string() + ", sha256: " + vision::sha256(bytes) + "}";
}

// Where the rates are not yet known, `thresholds` is empty.
void write_manifest(const fs::path& folder, const std::string& files,
                    const std::string& thresholds) {
    std::ofstream out(folder / (std::string(visit_pack) + ".pack.yaml"));
    out << files << thresholds;
    out.flush();
    if (!out) throw std::runtime_error("the manifest cannot be written");
}

std::string files_of(const fs::path& folder) {
    const std::string landmarks = write(folder / "five-points.dat", train_five_points());
    const std::string embedder =
        write(folder / "embedder.onnx", onnx_embedder(face_model::embedded_weights().embedder));
    const auto trees = liveness_model::embedded_trees().bytes();
    const std::string liveness =
        write(folder / "liveness.trees", std::string(trees.begin(), trees.end()));
    std::ostringstream text;
    text << "pack: " << visit_pack << "\ntitle: simulated people, for the virtual machine\n"
         << "detector: {kind: dlib-hog, long_side: " << detector_long_side << ", score: -0.1}\n"
         << "landmarks:\n  scheme: centres\n  file: " << landmarks << "\n"
         << "embedder:\n  kind: arcface-onnx\n  metric: euclidean\n  dimensions: 96\n  file: "
         << embedder << "\n  input: {size: 64, colour: rgb, mean: " << embedder_mean
         << ", scale: " << embedder_scale << ", chip: dlib}\n"
         << "liveness:\n  kind: trees\n  file: " << liveness << "\n  thresholds:\n"
         << "    - name: as-trained\n      score: 0.5\n      evidence:\n        measured: false\n"
         << "        data_set: \"SIMULATED; docs/liveness.md has the rates of these trees on other "
            "landmarks\"\n";
    return text.str();
}

// The file must compare as the model that it was made from.
void check_embedder(const vision::ModelPack& pack) {
    const auto embedded = face_model::embedded_pack();
    vision::FaceChip chip;
    chip.size = embedded.embedder()->chip_size();
    Rng rng(1);
    for (int i = 0; i < chip.size * chip.size * 3; ++i) {
        chip.pixels.push_back(static_cast<std::uint8_t>(rng.next() & 0xffU));
    }
    const auto expected = embedded.embedder()->embed(chip).value();
    const auto given = pack.embedder()->embed(chip).value();
    if (vision::distance(vision::Metric::euclidean, expected, given) > 1e-3F) {
        throw std::runtime_error("the ONNX file does not compare as the embedded model does");
    }
}

struct Sample {
    std::uint32_t person;
    std::vector<float> features;
};

std::string rate(const biometrics::Bounded& bounded) {
    std::ostringstream out;
    out << '[' << bounded.value << ", " << bounded.bounds.lower << ", " << bounded.bounds.upper
        << ']';
    return out.str();
}

std::string measured(const vision::ModelPack& pack) {
    vision::FaceAnalyser analyser(pack, nullptr);
    people::Renderer renderer(1);
    std::vector<Sample> samples;
    int failures = 0;
    for (std::uint32_t person = 0; person < people_measured; ++person) {
        const auto seed = people::seed_in(people::Set::development, 700'000 + person);
        const people::Head head = people::make_head(seed);
        Rng rng(seed);
        for (std::uint32_t i = 0; i < pictures_each; ++i) {
            people::Shot shot = people::random_shot(rng, 0.3);
            people::vary_within_visit(shot, rng, 0.3);
            people::Picture picture = renderer.render(head, shot);
            hal::Frame frame;
            frame.width = picture.width;
            frame.height = picture.height;
            frame.pixels =
                std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
            const auto seen = analyser.analyse(frame);
            if (!seen || seen->features.empty()) {
                ++failures;
            } else {
                samples.push_back({person, seen->features});
            }
        }
    }
    std::vector<biometrics::Comparison> comparisons;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            comparisons.push_back(
                {samples[i].person, samples[j].person,
                 static_cast<double>(vision::distance(vision::Metric::euclidean,
                                                      samples[i].features, samples[j].features))});
        }
    }
    biometrics::EvaluationOptions options;
    options.fmr_targets = {fmr_wanted};
    const auto result = biometrics::evaluate(comparisons, options);
    const auto& at = result.targets.front().rates;
    std::ostringstream out;
    out << "thresholds:\n  - name: fmr-5e-4\n    distance: " << at.threshold
        << "\n    evidence:\n      measured: true\n      data_set: SIMULATED, development set, "
        << people_measured << " people, " << pictures_each << " pictures each, difficulty 0.3\n"
        << "      protocol: every picture with every other\n      genuine: " << result.genuine
        << "\n      impostor: " << result.impostor << "\n      failures_to_acquire: " << failures
        << "\n      fmr: " << rate(at.fmr) << "\n      fnmr: " << rate(at.fnmr)
        << "\n      command: visit_material FOLDER\n";
    return out.str();
}

}  // namespace

void make_pack(const fs::path& folder) {
    const std::string files = files_of(folder);
    write_manifest(folder, files, "");
    const vision::PackPlaces places{folder, {}};
    const auto pack = vision::ModelPack::load(places, vision::find_pack(places, visit_pack));
    check_embedder(pack);
    const std::string thresholds = measured(pack);
    write_manifest(folder, files, thresholds);
    std::printf("%s", thresholds.c_str());
    std::printf("manifest_sha256: %s\n", vision::find_pack(places, visit_pack).sha256.c_str());
}

}  // namespace strongroom::test
