#include "pad_campaign.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>
#include <sstream>
#include <utility>

#include "home.h"
#include "pad_visit.h"
#include "people/renderer.h"
#include "people/sitting.h"
#include "sim_camera/picture_files.h"
#include "simulated_result.h"
#include "vision/enrolment.h"
#include "work.h"

namespace strongroom::cli {

namespace {

using biometrics::Presentation;

// What one thread works with.
struct Bench {
    explicit Bench(const PadKind& kind) : attacks(renderer), pad(kind.make()) {}
    people::Renderer renderer{4};
    people::AttackRenderer attacks;
    std::unique_ptr<Pad> pad;
};

struct Plan {
    const PadCampaignOptions& options;
    PadKind kind;
    double threshold = 0.5;
    std::optional<auth::Policy> policy;
    std::vector<people::Species> species;
};

std::vector<people::Species> species_of(const PadCampaignOptions& options) {
    if (!options.species.empty()) return options.species;
    const auto all = people::attack_species();
    return {all.begin(), all.end()};
}

// The comparison's: the pack's own, or the one that an earlier run has set for FMR 0.1 %.
auth::FaceThreshold face_threshold(const PadCampaignOptions& options,
                                   const vision::ModelPack& pack) {
    if (options.thresholds.empty()) return threshold_of(pack);
    const auto all = read_thresholds(options.thresholds, pack.manifest().name);
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& threshold) {
        return std::abs(threshold.target - 0.001) < 1e-9;
    });
    if (found == all.end()) {
        throw InputError(options.thresholds.string() +
                         " states no threshold for FMR 0.001: its "
                         "development set was too small");
    }
    biometrics::expect_applicable(*found, {people::seed_in(options.set, 0),
                                           people::seed_in(options.set, options.people - 1)});
    const biometrics::Count& errors = found->provenance.false_matches;
    return {found->distance, errors.rate(), biometrics::clopper_pearson(errors).upper};
}

Plan make_plan(const PadCampaignOptions& options) {
    Plan plan{options, pad_kind(options.pad, options.pack), 0.5, std::nullopt, species_of(options)};
    plan.threshold = options.threshold < 0 ? plan.kind.threshold : options.threshold;
    if (options.whole_system) {
        const auto pad = plan.kind.make();
        if (pad->pack.embedder() == nullptr) {
            throw InputError("the pack '" + plan.kind.name +
                             "' compares no faces: give --passive-only to measure its PAD alone");
        }
        auth::Policy policy = auth::locker(face_threshold(options, pad->pack));
        policy.face.liveness_min = plan.threshold;
        policy.challenge.required = options.challenge;
        plan.policy = policy;
    }
    return plan;
}

std::string policy_words(const Plan& plan) {
    if (!plan.policy) return {};
    std::ostringstream out;
    out << "face threshold " << plan.policy->face.threshold.distance_max << ", liveness from "
        << plan.policy->face.liveness_min << ", "
        << (plan.policy->challenge.required
                ? std::to_string(plan.policy->challenge.count) + " gestures demanded"
                : "no gestures demanded");
    return out.str();
}

std::vector<std::string> parameter_names() {
    return {"difficulty",
            "key_light",
            "ambient_light",
            "camera_noise",
            "camera_blur",
            "source_resolution",
            "source_frontal",
            "width",
            "face_width",
            "pixels_per_metre",
            "gamut",
            "contrast",
            "gloss",
            "bend",
            "border",
            "brightness",
            "refresh_rate",
            "flicker",
            "moire",
            "colour_cast",
            "reflection",
            "video",
            "coverage",
            "blending",
            "material_specular",
            "material_detail",
            "material_pulse",
            "material_stiffness",
            "material_swelling",
            "quality"};
}

// Those of the shot alone for a living person: the instrument's are not there.
std::vector<double> parameters_of(const people::Shot& shot, double difficulty,
                                  const std::optional<people::Instrument>& instrument) {
    std::vector<double> values{difficulty, shot.lighting.key, shot.lighting.ambient,
                               shot.lens.noise, shot.lens.blur};
    if (!instrument) return values;
    const people::Instrument& i = *instrument;
    const std::vector<double> more{i.source_resolution,
                                   i.source_frontal,
                                   i.width,
                                   i.face_width,
                                   i.pixels_per_metre,
                                   i.gamut,
                                   i.contrast,
                                   i.gloss,
                                   i.bend,
                                   i.border,
                                   i.brightness,
                                   i.refresh_rate,
                                   i.flicker,
                                   i.moire,
                                   i.colour_cast,
                                   i.reflection,
                                   i.video ? 1.0 : 0.0,
                                   i.coverage,
                                   i.blending,
                                   i.material.specular,
                                   i.material.detail,
                                   i.material.pulse,
                                   i.material.stiffness,
                                   i.material.swelling,
                                   i.quality};
    values.insert(values.end(), more.begin(), more.end());
    return values;
}

std::vector<hal::FaceTemplate> enrol(std::uint64_t person, Bench& bench, std::uint64_t seed) {
    constexpr std::size_t wanted = 3;
    constexpr int tries = 12;
    people::SittingSetup setup;
    setup.face = people::make_head(person);
    setup.seed = Rng(seed ^ person).fork("enrolment").next();
    setup.difficulty = 0.1;  // a desk
    people::Sitting sitting(bench.renderer, bench.attacks, std::move(setup));
    vision::FaceAnalyser analyser(bench.pad->pack, nullptr);
    std::vector<hal::FaceTemplate> templates;
    for (int i = 1; i <= tries && templates.size() < wanted; ++i) {
        auto enrolled = vision::make_template(analyser, sim::to_frame(sitting.at(0.7 * i)));
        if (enrolled) templates.push_back(std::move(enrolled->face));
    }
    if (templates.size() < wanted) templates.clear();
    return templates;
}

// One presentation, all of it from numbers.
struct Setup {
    std::uint32_t person = 0;  // position in the set
    std::uint32_t attacker = 0;
    people::Species species = people::Species::bona_fide;
    double quality = 0;
    std::uint32_t artefact = 0;
    std::uint64_t seed = 1;  // of the visit
};

Presentation present(const Setup& setup, const std::vector<hal::FaceTemplate>& templates,
                     Bench& bench, const Plan& plan) {
    const PadCampaignOptions& options = plan.options;
    people::SittingSetup scene;
    scene.face = people::make_head(people::seed_in(options.set, setup.person));
    scene.attacker = people::make_head(people::seed_in(options.set, setup.attacker));
    scene.seed = setup.seed;
    scene.difficulty = options.difficulty;
    if (setup.species != people::Species::bona_fide) {
        // Artefacts of a set are nobody else's: their seeds are in its range.
        scene.instrument = people::make_instrument(setup.species, setup.quality,
                                                   people::seed_in(options.set, setup.artefact));
    }
    const auto instrument = scene.instrument;
    people::Sitting sitting(bench.renderer, bench.attacks, std::move(scene));
    Presentation result;
    result.species = static_cast<std::size_t>(setup.species);
    // Seeds are below 2^32.
    result.subject = static_cast<std::uint32_t>(people::seed_in(options.set, setup.person));
    result.artefact = setup.artefact;
    result.quality = setup.quality;
    result.parameters = parameters_of(sitting.base(), options.difficulty, instrument);
    PadVisitOptions visit;
    visit.whole_system = options.whole_system;
    visit.policy = plan.policy;
    visit.seconds = options.seconds;
    visit.seed = setup.seed;
    const PadVisit seen = visit_terminal(sitting, *bench.pad, templates, visit);
    result.liveness = seen.liveness;
    result.distance = seen.distance;
    if (options.whole_system) result.accepted = seen.accepted;
    result.label = "visit " + std::to_string(setup.seed);
    return result;
}

PadOutcome begin_outcome(const Plan& plan) {
    PadOutcome outcome;
    outcome.campaign.simulated = true;
    outcome.campaign.species.clear();
    for (std::size_t i = 0; i < people::species_count; ++i) {
        outcome.campaign.species.emplace_back(people::to_string(static_cast<people::Species>(i)));
    }
    outcome.campaign.parameters = parameter_names();
    outcome.detector = plan.kind.name + ": " + plan.kind.model;
    outcome.threshold = plan.threshold;
    outcome.policy = policy_words(plan);
    return outcome;
}

// Species that were not presented have no row.
void drop_unused_species(biometrics::PadCampaign& campaign) {
    std::vector<std::size_t> position(campaign.species.size(), 0);
    std::vector<std::string> kept{campaign.species.front()};
    for (std::size_t i = 1; i < campaign.species.size(); ++i) {
        const bool used = std::any_of(campaign.presentations.begin(), campaign.presentations.end(),
                                      [i](const Presentation& p) { return p.species == i; });
        if (!used) continue;
        position[i] = kept.size();
        kept.push_back(campaign.species[i]);
    }
    for (Presentation& p : campaign.presentations) p.species = position[p.species];
    campaign.species = std::move(kept);
}

// Everything that is presented of one person, and to her terminal.
std::vector<Setup> presentations_of(std::uint32_t person, const Plan& plan) {
    const PadCampaignOptions& options = plan.options;
    Rng rng = Rng(options.seed + person).fork("campaign");
    std::vector<Setup> all;
    for (std::size_t i = 0; i < options.bona_fide; ++i) {
        all.push_back({person, person, people::Species::bona_fide, 0, 0, rng.next()});
    }
    std::uint32_t artefact =
        1 + person * static_cast<std::uint32_t>(options.artefacts * people::species_count);
    for (const people::Species species : plan.species) {
        for (std::size_t a = 0; a < options.artefacts; ++a, ++artefact) {
            Setup setup{person, person, species, rng.uniform(), artefact, 0};
            while (setup.attacker == person) {
                setup.attacker = static_cast<std::uint32_t>(rng.below(options.people));
            }
            for (std::size_t i = 0; i < options.presentations; ++i) {
                setup.seed = rng.next();
                all.push_back(setup);
            }
        }
    }
    return all;
}

}  // namespace

PadOutcome run_campaign(const PadCampaignOptions& options) {
    if (options.people < 2) throw InputError("a campaign needs two people or more");
    const auto begun = std::chrono::steady_clock::now();
    const Plan plan = make_plan(options);
    PadOutcome outcome = begin_outcome(plan);
    std::vector<std::vector<Presentation>> by_person(options.people);
    std::vector<char> refused(options.people, 0);
    do_all(options.people, options.jobs, "people and their attackers", [&] {
        auto bench = std::make_shared<Bench>(plan.kind);
        return [&, bench](std::size_t item) {
            const auto person = static_cast<std::uint32_t>(item);
            std::vector<hal::FaceTemplate> templates;
            if (options.whole_system) {
                templates = enrol(people::seed_in(options.set, person), *bench, options.seed);
                if (templates.empty()) {
                    refused[item] = 1;
                    return;
                }
            }
            for (const Setup& setup : presentations_of(person, plan)) {
                by_person[item].push_back(present(setup, templates, *bench, plan));
            }
        };
    });
    for (auto& list : by_person) {
        auto& all = outcome.campaign.presentations;
        all.insert(all.end(), std::make_move_iterator(list.begin()),
                   std::make_move_iterator(list.end()));
    }
    outcome.not_enrolled = std::count(refused.begin(), refused.end(), 1);
    if (outcome.campaign.presentations.empty()) {
        throw InputError("nobody could be enrolled: the campaign is empty");
    }
    drop_unused_species(outcome.campaign);
    outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return outcome;
}

CriteriaOutcome run_common_criteria(const PadCampaignOptions& options) {
    constexpr std::size_t subjects = 3;
    constexpr std::size_t artefacts = 3;
    if (!options.whole_system) {
        throw InputError(
            "the Common Criteria protocol judges the whole system: leave out "
            "--passive-only");
    }
    const auto begun = std::chrono::steady_clock::now();
    const Plan plan = make_plan(options);
    CriteriaOutcome result{begin_outcome(plan), {}};
    // Of each artefact its presentations, in order: an item each.
    const std::size_t cells = plan.species.size() * subjects * artefacts;
    std::vector<std::vector<Presentation>> presented(cells);
    do_all(cells, options.jobs, "artefacts", [&] {
        auto bench = std::make_shared<Bench>(plan.kind);
        return [&, bench](std::size_t item) {
            Setup setup;
            setup.species = plan.species[item / (subjects * artefacts)];
            // People who can be enrolled: of a hundred almost all can.
            setup.person = static_cast<std::uint32_t>(item / artefacts % subjects);
            std::vector<hal::FaceTemplate> templates;
            for (int tries = 0; templates.empty() && tries < 10; ++tries) {
                if (tries > 0) setup.person += static_cast<std::uint32_t>(subjects);
                templates = enrol(people::seed_in(options.set, setup.person), *bench, options.seed);
            }
            setup.attacker = setup.person + 1000;
            setup.artefact = static_cast<std::uint32_t>(100'000 + item);
            setup.quality = 0.5 + 0.25 * static_cast<double>(item % artefacts);
            Rng rng = Rng(options.seed + item).fork("common criteria");
            biometrics::ArtefactTrial trial;
            while (trial.verdict() == biometrics::CriteriaVerdict::running) {
                setup.seed = rng.next();
                presented[item].push_back(present(setup, templates, *bench, plan));
                trial.record(presented[item].back().accepted.value_or(false));
            }
        };
    });
    for (std::size_t s = 0; s < plan.species.size(); ++s) {
        biometrics::SpeciesTrial trial(subjects, artefacts);
        while (const auto next = trial.next()) {
            const std::size_t cell = (s * subjects + next->subject) * artefacts + next->artefact;
            trial.record(presented[cell][next->attempt].accepted.value_or(false));
        }
        result.species.push_back({std::string(people::to_string(plan.species[s])), trial});
    }
    for (auto& list : presented) {
        auto& all = result.outcome.campaign.presentations;
        all.insert(all.end(), std::make_move_iterator(list.begin()),
                   std::make_move_iterator(list.end()));
    }
    drop_unused_species(result.outcome.campaign);
    result.outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return result;
}

}  // namespace strongroom::cli
