#include "evidence.h"

#include <string>

namespace strongroom::face_model {

const std::string_view measured_landmarks =
    "e50df66ee8b257f88bd276a5594d021c3377641a0f783d7dc1026cfe398b2595";
const std::string_view measured_embedder =
    "5ff2336b33bd39a1daf6943d19e5581a7b19f3076891ce3efb9ffbd231f0ad4c";

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
    evidence.data_set = "SIMULATED, development set, 120 people, 6 visits each, difficulty 0.5";
    evidence.protocol = "every picture with every other, through the whole pipeline";
    evidence.genuine = 1742;
    evidence.impostor = 248536;
    evidence.failures_to_acquire = 12;
    evidence.fmr = fmr;
    evidence.fnmr = fnmr;
    evidence.command =
        "train_face_model --output DIR --keep-landmarks --keep-embedder --measure-people 120 "
        "--measure-each 6";
    evidence.note = note;
    return threshold;
}

}  // namespace

std::vector<vision::Threshold> measured_thresholds() {
    return {at("fmr-1e-4", 0.47353, {9.65655e-05, 3.91456e-06, 0.000382041},
               {0.426521, 0.385721, 0.459888}),
            at("fmr-1e-3", 0.550934, {0.000997843, 0.000539079, 0.00170471},
               {0.134902, 0.109644, 0.154697})};
}

}  // namespace strongroom::face_model
