#include "rendered/render_source.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include "biometrics/bootstrap.h"
#include "biometrics/intervals.h"
#include "face_model/embedded_pack.h"
#include "liveness_model/liveness_model.h"
#include "people/sitting.h"
#include "sim_camera/picture_files.h"
#include "sim_camera/render_camera.h"
#include "vision/enrolment.h"
#include "vision/face_pipeline.h"
#include "vision/threads.h"

namespace strongroom::scenarios {

namespace {

// Stands in for liveness detection in arms that take it away.
class NaiveLiveness final : public vision::LivenessDetector {
public:
    [[nodiscard]] Result<vision::LivenessReading> assess(const hal::Frame&,
                                                         const vision::Detection&) override {
        return vision::LivenessReading{hal::Liveness::measured, 1};
    }
};

[[nodiscard]] std::unique_ptr<vision::LivenessDetector> liveness_for(bool measured) {
    if (!measured) return std::make_unique<NaiveLiveness>();
    return liveness_model::embedded_detector();
}

// The pipeline with all that it looks through. Models of its own: arms are played by several
// threads.
class RenderedObserver final : public hal::FaceObserver {
public:
    RenderedObserver(const sim::World& world, sim::SiteId site, const sim::VirtualClock& clock,
                     const sim::RenderCameraSetup& setup, const FaceParts& parts,
                     const LookSink& looks)
        : site_(site),
          looks_(looks),
          pack_(face_model::embedded_pack()),
          liveness_(liveness_for(parts.liveness)),
          camera_(world, site, clock, setup),
          pipeline_(camera_, clock, pack_, liveness_.get(),
                    options_for(world, site, setup, parts)) {}

    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        return pipeline_.start(templates);
    }
    void stop() override { pipeline_.stop(); }
    [[nodiscard]] Result<std::optional<hal::FaceObservation>> poll() override {
        auto seen = pipeline_.poll();
        if (looks_ && seen && *seen) looks_(site_, *pipeline_.last_look());
        return seen;
    }
    [[nodiscard]] Instant next_poll() const override { return pipeline_.next_poll(); }
    [[nodiscard]] hal::FaceModelId model() const override { return pipeline_.model(); }

private:
    [[nodiscard]] static vision::PipelineOptions options_for(const sim::World& world,
                                                             sim::SiteId site,
                                                             const sim::RenderCameraSetup& setup,
                                                             const FaceParts& parts) {
        vision::PipelineOptions options;
        options.frame_interval = setup.interval;
        options.track_miss_max = std::chrono::milliseconds(300);  // of a turning head
        // What stands there when the terminal is composed is its own camera.
        if (parts.camera_pin) options.camera_pin = world.camera_identity(site);
        options.refuse_repeated = parts.freshness;
        return options;
    }

    sim::SiteId site_;
    const LookSink& looks_;  // the source's, which outlives its observers
    vision::ModelPack pack_;
    std::unique_ptr<vision::LivenessDetector> liveness_;
    sim::RenderCamera camera_;
    vision::FacePipeline pipeline_;
};

[[nodiscard]] auth::FaceThreshold threshold_of(const vision::ModelPack& pack) {
    const vision::Threshold& threshold = pack.threshold();
    if (!threshold.evidence.measured || !threshold.evidence.fmr) {
        throw PlayError("the embedded face model states no measured threshold: train it again");
    }
    return {threshold.distance, threshold.evidence.fmr->value, threshold.evidence.fmr->upper};
}

class RenderSource final : public FaceSource {
public:
    explicit RenderSource(LookSink looks)
        : looks_(std::move(looks)),
          pack_(face_model::embedded_pack()),
          threshold_(threshold_of(pack_)) {}

    [[nodiscard]] Level level() const override { return Level::render; }

    [[nodiscard]] std::unique_ptr<hal::FaceObserver> observer(
        sim::World& world, sim::SiteId site, const sim::VirtualClock& clock,
        const Scenario& scenario, const FaceParts& parts) const override {
        sim::RenderCameraSetup setup;
        setup.seed = world.scheduler().rng("camera").next();
        setup.difficulty = scenario.difficulty;
        return std::make_unique<RenderedObserver>(world, site, clock, setup, parts, looks_);
    }

    [[nodiscard]] std::vector<hal::FaceTemplate> enrol(const CastMember& member,
                                                       std::uint64_t identity) const override {
        people::SittingSetup setup;
        setup.face = sim::head_of(identity);
        Enrolment enrolment = sit_for_enrolment(std::move(setup), identity, FaceParts{});
        if (enrolment.templates.empty()) {
            throw PlayError(member.place.text() + ": " + member.name +
                            " cannot be enrolled: " + enrolment.refusal);
        }
        return std::move(enrolment.templates);
    }

    [[nodiscard]] Enrolment enrol_shown(const sim::ShownFace& shown, std::uint64_t identity,
                                        std::uint64_t presenter,
                                        const FaceParts& parts) const override {
        people::SittingSetup setup;
        setup.face = sim::head_of(identity);
        if (const auto species = people::species_named(shown.species)) {
            setup.instrument = people::make_instrument(*species, shown.quality, identity);
        }
        setup.attacker = sim::head_of(presenter);
        return sit_for_enrolment(std::move(setup), identity, parts);
    }

    [[nodiscard]] auth::FaceThreshold threshold() const override { return threshold_; }

    [[nodiscard]] std::optional<FalseMatches> false_matches(double distance_max,
                                                            std::uint64_t people) const override {
        const std::lock_guard guard(mutex_);
        std::vector<biometrics::Comparison>& comparisons = comparisons_[people];
        if (comparisons.empty()) comparisons = compare_everybody(people);
        return rate_at(comparisons, distance_max);
    }

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override {
        const vision::Evidence& evidence = pack_.threshold().evidence;
        std::ostringstream threshold;
        threshold << "distance " << threshold_.distance_max;
        std::ostringstream rate;
        rate << threshold_.fmr << " SIMULATED, upper bound " << threshold_.fmr_upper_bound;
        return {
            {"vision",
             "people rendered as pixels, through the real pipeline: every rate is "
             "SIMULATED"},
            {"face model", std::string(face_model::pack_name)},
            {"face threshold", threshold.str()},
            {"false match rate", rate.str()},
            {"liveness", "measured by the embedded detector, on simulated people and attacks"},
            {"evidence", evidence.data_set + ", " + evidence.protocol},
        };
    }

private:
    // At a desk, in good light: three pictures of at most twelve that are good enough.
    [[nodiscard]] static Enrolment sit_for_enrolment(people::SittingSetup setup, std::uint64_t seed,
                                                     const FaceParts& parts) {
        constexpr int wanted = 3;
        constexpr int tries = 12;
        constexpr double apart = 0.7;  // seconds
        setup.seed = Rng(seed).fork("enrolment").next();
        setup.difficulty = 0.1;
        const vision::ModelPack pack = face_model::embedded_pack();
        const auto liveness = liveness_for(parts.enrolment_liveness);
        vision::FaceAnalyser analyser(pack, liveness.get());
        people::Renderer renderer(2);
        people::AttackRenderer attacks(renderer);
        people::Sitting sitting(renderer, attacks, std::move(setup));
        Enrolment enrolment;
        for (int i = 0; i < tries && enrolment.templates.size() < wanted; ++i) {
            auto enrolled =
                vision::make_template(analyser, sim::to_frame(sitting.at((i + 1) * apart)));
            if (enrolled) {
                enrolment.templates.push_back(std::move(enrolled->face));
            } else {
                enrolment.refusal = vision::describe(enrolled.error().reason);
            }
        }
        if (enrolment.templates.size() < wanted) enrolment.templates.clear();
        return enrolment;
    }

    // Pictures of people of the test set, two of each, every one with every other: the same for all
    // arms.
    [[nodiscard]] std::vector<biometrics::Comparison> compare_everybody(std::uint64_t people) const;
    // The upper bound is the larger of two: of so many independent comparisons, which alone speaks
    // when nobody matched, and of a bootstrap over people, because comparisons of one are not
    // independent.
    [[nodiscard]] static FalseMatches rate_at(
        const std::vector<biometrics::Comparison>& comparisons, double distance_max);

    LookSink looks_;
    vision::ModelPack pack_;
    auth::FaceThreshold threshold_;
    mutable std::mutex mutex_;
    mutable std::map<std::uint64_t, std::vector<biometrics::Comparison>> comparisons_;
};

std::vector<biometrics::Comparison> RenderSource::compare_everybody(std::uint64_t people) const {
    constexpr int pictures = 2;
    constexpr std::uint64_t first = 500'000;  // nobody who plays in a scenario
    vision::FaceAnalyser analyser(pack_, nullptr);
    people::Renderer renderer(1);
    people::AttackRenderer attacks(renderer);
    std::vector<std::vector<float>> features;
    std::vector<std::uint32_t> owner;
    for (std::uint64_t person = 0; person < people; ++person) {
        for (int i = 0; i < pictures; ++i) {
            people::SittingSetup setup;
            setup.face = sim::head_of(first + person);
            setup.seed = Rng(first + person).fork("picture " + std::to_string(i)).next();
            people::Sitting sitting(renderer, attacks, std::move(setup));
            const auto seen = analyser.analyse(sim::to_frame(sitting.at(1)));
            if (!seen || seen->features.empty()) continue;
            features.push_back(seen->features);
            owner.push_back(static_cast<std::uint32_t>(person));
        }
    }
    std::vector<biometrics::Comparison> comparisons;
    for (std::size_t a = 0; a < features.size(); ++a) {
        for (std::size_t b = a + 1; b < features.size(); ++b) {
            comparisons.push_back(
                {owner[a], owner[b],
                 vision::distance(pack_.manifest().metric, features[a], features[b])});
        }
    }
    const auto genuine = std::count_if(comparisons.begin(), comparisons.end(),
                                       [](const auto& one) { return one.genuine(); });
    if (genuine == 0 || static_cast<std::size_t>(genuine) == comparisons.size()) {
        throw PlayError("too few of the rendered faces could be compared to measure a rate");
    }
    return comparisons;
}

FaceSource::FalseMatches RenderSource::rate_at(
    const std::vector<biometrics::Comparison>& comparisons, double distance_max) {
    biometrics::Count count;
    for (const biometrics::Comparison& one : comparisons) {
        if (one.genuine()) continue;
        ++count.trials;
        if (one.distance <= distance_max) ++count.errors;
    }
    constexpr int rounds = 200;
    const auto bounds =
        biometrics::subject_bootstrap(comparisons, rounds, Rng(1).fork("false matches"),
                                      [&](const biometrics::ResampledRates& rates) {
                                          return std::vector{rates.fmr(distance_max)};
                                      });
    const double upper = std::max(biometrics::clopper_pearson(count).upper, bounds.front().upper);
    return {count.trials, count.errors, upper};
}

}  // namespace

std::unique_ptr<FaceSource> render_source(LookSink looks) {
    vision::use_one_thread();
    try {
        return std::make_unique<RenderSource>(std::move(looks));
    } catch (const vision::PackError& problem) {
        throw PlayError(problem.what());
    }
}

}  // namespace strongroom::scenarios
