#include "face_model/embedded_pack.h"

#include <string>
#include <utility>

#include "evidence.h"
#include "hog_search.h"
#include "network.h"
#include "parts.h"
#include "vision/digest.h"

namespace strongroom::face_model {

namespace {

vision::PackFile file_of(const std::string& role, std::string_view bytes) {
    vision::PackFile file;
    file.role = role;
    file.name = role + ".bin";
    file.sha256 = vision::sha256(std::string(bytes));
    file.licence = "as the project";
    return file;
}

vision::PackManifest manifest_of(const Weights& weights) {
    vision::PackManifest manifest;
    manifest.name = pack_name;
    manifest.title = "embedded model, trained on simulated people: for simulation";
    manifest.detector = vision::DetectorKind::dlib_hog;
    manifest.detector_long_side = search_long_side;
    manifest.detector_score = search_score;
    manifest.embedder = vision::EmbedderKind::built_in;
    manifest.input.size = chip_size;
    manifest.input.chip_template = chip_template;
    manifest.input.colour = vision::ColourOrder::rgb;
    manifest.metric = vision::Metric::euclidean;
    manifest.dimensions = embedding_size;
    manifest.files = {file_of("landmarks", weights.landmarks),
                      file_of("embedder", weights.embedder)};
    manifest.sha256 = vision::sha256(manifest.files[0].sha256 + manifest.files[1].sha256);
    return manifest;
}

}  // namespace

vision::ModelPack pack_with(const Weights& weights) {
    auto model = std::make_shared<const LandmarkModel>(LandmarkModel::read(weights.landmarks));
    vision::PackManifest manifest = manifest_of(weights);
    if (manifest.files[0].sha256 == measured_landmarks &&
        manifest.files[1].sha256 == measured_embedder) {
        manifest.thresholds = measured_thresholds();
    }
    vision::ModelPack pack(std::move(manifest), make_detector(model),
                           make_embedder(weights.embedder));
    pack.read_expression_with(make_expression_reader(model));
    return pack;
}

vision::ModelPack embedded_pack() { return pack_with(embedded_weights()); }

}  // namespace strongroom::face_model
