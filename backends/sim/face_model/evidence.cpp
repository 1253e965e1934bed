#include "evidence.h"

#include <string>

namespace strongroom::face_model {

const std::string_view measured_landmarks =
    "e50df66ee8b257f88bd276a5594d021c3377641a0f783d7dc1026cfe398b2595";
const std::string_view measured_embedder =
    "67b31bb9beb46d6904a77e6896b15fe7a25b3b04ab70ce6e1d1420a1c4e3a3f1";

namespace {

constexpr const char* note =
    "Pairs of single pictures of rendered strangers: no look-alikes, no twins. It states nothing "
    "about photographs; see docs/face-model.md.";

vision::Threshold at(const char* name, double distance, vision::MeasuredRate fmr,
                     vision::MeasuredRate fnmr) {
    vision::Threshold threshold;
    threshold.name = name;
    threshold.distance = distance;
    vision::Evidence& evidence = threshold.evidence;
    evidence.measured = true;
    evidence.data_set = "SIMULATED, development set, 500 people, 10 visits each, difficulty 0.5";
    evidence.protocol = "every picture with every other, through the whole pipeline";
    evidence.genuine = 21895;
    evidence.impostor = 12103455;
    evidence.failures_to_acquire = 75;
    evidence.fmr = fmr;
    evidence.fnmr = fnmr;
    evidence.command =
        "train_face_model --output DIR --keep-landmarks --keep-embedder --measure-people 500 "
        "--measure-each 10";
    evidence.note = note;
    return threshold;
}

}  // namespace

std::vector<vision::Threshold> measured_thresholds() {
    return {at("fmr-1e-4", 0.513222, {9.99715e-05, 6.70978e-05, 0.000148491},
               {0.105732, 0.0962195, 0.113943}),
            at("fmr-1e-3", 0.589073, {0.000999962, 0.000799888, 0.00122401},
               {0.0163051, 0.0135625, 0.0198156})};
}

}  // namespace strongroom::face_model
