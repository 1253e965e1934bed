// Error rates of presentation attack detection (PAD), in the terms of ISO/IEC 30107-3.
//
// A liveness score at or above the PAD threshold classifies a presentation as bona fide. Rates are
// given per species of presentation attack instrument; the worst one counts. A presentation without
// a score (nothing was detected, or the detector failed) is a non-response: it is counted apart and
// is in neither APCER nor BPCER. For IAPAR, which rates the whole system, it is a presentation that
// was not accepted. Values, no I/O; any thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/rng.h"
#include "biometrics/bootstrap.h"
#include "biometrics/evaluation.h"

namespace strongroom::biometrics {

// One presentation of a living person, or of an artefact.
struct Presentation {
    std::size_t species = 0;         // position in PadCampaign::species; 0 is bona fide
    std::uint32_t subject = 0;       // who is there, or whom the artefact shows
    std::uint32_t artefact = 0;      // which artefact; 0 for bona fide ones
    double quality = 0;              // of the instrument, 0 to 1: its attack potential
    std::vector<double> parameters;  // values of PadCampaign::parameters; empty: not known
    std::string label;               // file or render, for the list of trials
    std::optional<double> liveness;  // 0 attack to 1 live, never NaN; none: non-response
    std::optional<double> distance;  // to the templates of the claimed person; none: not compared
    std::optional<bool> accepted;    // by the whole system; none: it was not asked
};

struct PadCampaign {
    std::vector<std::string> species{"bona_fide"};
    std::vector<std::string> parameters;  // names; of instruments, or of the bona fide shots
    std::vector<Presentation> presentations;
    bool simulated = false;

    // The position of `name`, added if need be.
    std::size_t species_position(const std::string& name);
};

// An error rate with what it rests on. Bounds are the widest of Clopper-Pearson over presentations
// and of the bootstraps over subjects and over artefacts, on either side, at 95 %.
struct ClusteredRate {
    Count count;
    Bounded rate;
    Interval exact;
    Interval by_subject;
    Interval by_artefact;  // [0, 1] without artefacts
    std::size_t subjects = 0;
    std::size_t artefacts = 0;  // 0 for bona fide
};

struct PadOptions {
    int rounds = 500;  // of the bootstraps
    std::uint64_t seed = 1;
};

struct SpeciesRates {
    std::string species;
    ClusteredRate apcer;
    ClusteredRate nonresponse;           // APNRR
    std::optional<ClusteredRate> iapar;  // when the whole system was asked
};

struct PadRates {
    double threshold = 0;
    std::vector<SpeciesRates> species;  // attacks, in the campaign's order
    std::optional<std::size_t> worst;   // of highest APCER; none without attacks
    std::optional<std::size_t> worst_iapar;
    std::optional<ClusteredRate>
        all_iapar;  // over all attacks: no ISO rate, for the campaign's size
    ClusteredRate bpcer;
    ClusteredRate bona_fide_nonresponse;  // BPNRR
    std::optional<ClusteredRate>
        rejected;  // bona fide presentations that the system did not accept
};
// Asserts that there is a presentation.
[[nodiscard]] PadRates pad_rates(const PadCampaign& campaign, double threshold,
                                 const PadOptions& options);

// The lowest threshold at which no species' APCER is above `target`, from the scores observed. None
// without attacks that gave a score.
[[nodiscard]] std::optional<double> threshold_at_apcer(const PadCampaign& campaign, double target);
// The highest threshold at which BPCER is not above `target`. None without bona fide scores.
[[nodiscard]] std::optional<double> threshold_at_bpcer(const PadCampaign& campaign, double target);

// BPCER where the worst APCER is `target`: BPCER20 for 0.05, BPCER10 for 0.1. The bounds come from
// drawing subjects and choosing the threshold anew; at least those of Clopper-Pearson.
struct BpcerAt {
    double target = 0;
    double threshold = 0;
    Bounded bpcer;
    Count count;
};
[[nodiscard]] std::optional<BpcerAt> bpcer_at_apcer(const PadCampaign& campaign, double target,
                                                    const PadOptions& options);

// Liveness where the worst APCER and BPCER are closest, and their mean: for comparing detectors.
[[nodiscard]] std::optional<ErrorRates::EqualError> pad_equal_error(const PadCampaign& campaign);

// APCER of one species over the quality of its instruments: its attack potential. IAPAR, where the
// whole system was asked.
struct QualityBin {
    double low = 0;
    double high = 0;
    Count apcer;
    Count iapar;
};
// `bins` of equal width over 0 to 1; empty ones are left out. Asserts bins >= 1.
[[nodiscard]] std::vector<QualityBin> by_quality(const PadCampaign& campaign, std::size_t species,
                                                 double threshold, std::size_t bins);

// What of an instrument lets it through: presentations in three parts by a parameter's value.
struct ParameterEffect {
    std::size_t species = 0;  // 0: of the bona fide presentations, whose errors are rejections
    std::string parameter;
    struct Part {
        double low = 0;  // of the values in it
        double high = 0;
        Count errors;
        Interval bounds;  // Clopper-Pearson
    };
    std::vector<Part> parts;  // two or three, values rising
    double effect = 0;        // highest minus lowest rate of its parts
    bool clear = false;       // the bounds of those two do not overlap
};
// Every parameter that takes more than one value within a species, the largest effect first. The
// error is acceptance by the whole system where it was asked, else classification as bona fide.
[[nodiscard]] std::vector<ParameterEffect> parameter_effects(const PadCampaign& campaign,
                                                             double threshold);

// Presentations as CSV, a line each, all columns named in the first: docs/evaluation.md.
// `threshold` decides "classified". "source" is SIMULATED or measured.
void write_csv(std::ostream& out, const PadCampaign& campaign, double threshold);
// A cell of a CSV file: quoted when it must be.
[[nodiscard]] std::string csv_cell(const std::string& text);

}  // namespace strongroom::biometrics
