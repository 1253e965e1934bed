// A simulated campaign of presentation attacks: living people and every species of instrument, over
// people and artefacts that no detector was trained on, before the PAD detector alone and before
// the whole system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "biometrics/common_criteria.h"
#include "biometrics/pad.h"
#include "faces.h"
#include "people/attack.h"
#include "people/sets.h"

namespace strongroom::cli {

struct PadCampaignOptions {
    people::Set set = people::Set::test;
    std::size_t people = 20;    // victims, who are also the bona fide visitors
    std::size_t bona_fide = 5;  // visits of each
    std::size_t artefacts = 1;  // of each person and species; their quality is drawn from 0 to 1
    std::size_t presentations = 2;  // of each artefact
    double difficulty = 0.5;
    double seconds = 12;  // after which an attacker gives up, as does a living person
    bool whole_system = true;
    bool challenge = true;                 // gestures are demanded
    std::vector<people::Species> species;  // empty: all
    std::uint64_t seed = 1;
    unsigned jobs = 1;
    std::string pad = "embedded";
    PackChoice pack;        // where packs are
    double threshold = -1;  // of the PAD; below 0: the detector's own
    // Of the comparison, from an earlier run's --json; empty: the pack's own.
    std::filesystem::path thresholds;
};

struct PadOutcome {
    biometrics::PadCampaign campaign;
    std::string detector;
    double threshold = 0.5;
    std::string policy;  // in words; empty without the whole system
    std::int64_t not_enrolled = 0;
    double seconds = 0;
};

// Throws InputError, Interrupted. The result depends on the options, not on `jobs`.
[[nodiscard]] PadOutcome run_campaign(const PadCampaignOptions& options);

// The Common Criteria protocol: of each species three people, three artefacts of each (of quality
// 0.5, 0.75 and 1), ten presentations of each or twenty.
struct CriteriaOutcome {
    PadOutcome outcome;  // of all presentations made
    struct Species {
        std::string name;
        biometrics::SpeciesTrial trial;
    };
    std::vector<Species> species;
};
[[nodiscard]] CriteriaOutcome run_common_criteria(const PadCampaignOptions& options);

}  // namespace strongroom::cli
