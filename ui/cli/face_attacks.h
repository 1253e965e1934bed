// `strongroom face evaluate --attacks DIR` and `--liveness`: presentation attack detection on an
// evaluator's own pictures and videos, and on simulated campaigns.
#pragma once

#include <filesystem>
#include <string>

#include "biometrics/pad.h"
#include "pad_campaign.h"

namespace strongroom::cli {

struct AttackOutputs {
    std::filesystem::path json;
    std::filesystem::path scores;
    std::filesystem::path html;
    int rounds = 500;
};

struct AttackFolder {
    std::filesystem::path folder;
    std::string pad = "embedded";
    PackChoice pack;
    double threshold = -1;  // below 0: the detector's own
    std::uint64_t seed = 1;
    AttackOutputs outputs;
};

// One presentation: a picture, or a video of which every tenth of a second is looked at, ten
// seconds at most.
struct LabelledFile {
    std::filesystem::path file;
    std::string species;
    std::string subject;   // "": a person of its own
    std::string artefact;  // "": an artefact of its own
    std::string label;
};

// The files of `folder`: of labels.csv there (columns file or path, species or label; subject,
// artefact and label if there are), else of its folders, one a species. Throws InputError: no
// files, absent labels, a species that is a wrong name for bona_fide.
[[nodiscard]] std::vector<LabelledFile> read_labels(const std::filesystem::path& folder);

// Both measure, print, and write what was asked for. Return 0. Throw InputError, Interrupted.
int evaluate_attacks(const AttackFolder& options);
int evaluate_liveness(const PadCampaignOptions& options, const AttackOutputs& outputs,
                      bool common_criteria);

}  // namespace strongroom::cli
