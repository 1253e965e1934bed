#include "pad_kind.h"

#include <utility>

#include "face_model/embedded_pack.h"
#include "home.h"
#include "liveness_model/liveness_model.h"

namespace strongroom::cli {

namespace {

using vision::ModelPack;

std::unique_ptr<Pad> built_in_pad() {
    try {
        return std::make_unique<Pad>(
            Pad{face_model::embedded_pack(), liveness_model::embedded_detector()});
    } catch (const std::runtime_error& error) {
        throw InputError(std::string("the built-in detector cannot be used: ") + error.what());
    }
}

}  // namespace

PadKind pad_kind(const std::string& name, const PackChoice& places) {
    PadKind kind;
    kind.name = name;
    if (name == face_model::pack_name) {
        const auto pad = built_in_pad();
        kind.model = "built-in trees behind the face detector of " +
                     describe_pack(pad->pack).at("model_id").get<std::string>();
        kind.make = built_in_pad;
        return kind;
    }
    const PackChoice choice{name, places.models, places.pin};
    const ModelPack pack = load_pack(choice);
    if (pack.liveness() == nullptr) {
        throw InputError("the pack '" + name +
                         "' has no networks for liveness: choose one that has "
                         "(`strongroom models list`), or 'embedded'");
    }
    kind.model = pack.manifest().name + " " + pack.manifest().sha256;
    if (pack.manifest().liveness && !pack.manifest().liveness->thresholds.empty()) {
        kind.threshold = pack.liveness_threshold().score;
    }
    kind.make = [choice] { return std::make_unique<Pad>(Pad{load_pack(choice), nullptr}); };
    return kind;
}

}  // namespace strongroom::cli
