// Faces at the level of scores.
#include <cmath>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "scenarios/player.h"

namespace strongroom::scenarios {
namespace {

[[nodiscard]] std::string rounded(double value) {
    std::ostringstream out;
    out.precision(4);
    out << value;
    return out.str();
}

class ScoreSource final : public FaceSource {
public:
    ScoreSource(sim::ScoreModel model, auth::FaceThreshold threshold)
        : model_(std::move(model)), threshold_(threshold) {}

    [[nodiscard]] Level level() const override { return Level::scores; }
    [[nodiscard]] std::unique_ptr<hal::FaceObserver> observer(
        sim::World& world, sim::SiteId site, const sim::VirtualClock& clock, const Scenario&,
        const FaceParts& parts) const override {
        sim::ScoreObserverSetup setup;
        setup.detects_artefacts = parts.liveness;
        setup.pins_camera = parts.camera_pin;
        setup.refuses_stale_frames = parts.freshness;
        return std::make_unique<sim::ScoreObserver>(world, site, clock, model_, setup);
    }
    [[nodiscard]] std::vector<hal::FaceTemplate> enrol(const CastMember&,
                                                       std::uint64_t identity) const override {
        std::vector<hal::FaceTemplate> templates;
        for (int i = 0; i < model_.templates; ++i) {
            templates.push_back(sim::make_template(identity, i, model_.id));
        }
        return templates;
    }
    // Liveness is declared here as everywhere at this level.
    [[nodiscard]] Enrolment enrol_shown(const sim::ShownFace& shown, std::uint64_t identity,
                                        std::uint64_t, const FaceParts& parts) const override {
        if (shown.presentation == sim::Presentation::artefact && parts.enrolment_liveness) {
            return {{}, "this is not a living face"};
        }
        return {enrol({}, identity), {}};
    }
    [[nodiscard]] auth::FaceThreshold threshold() const override { return threshold_; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override {
        return {
            {"vision", "scores drawn from measured distributions; no picture was taken"},
            {"face model", model_.model},
            {"face threshold", "distance " + rounded(threshold_.distance_max)},
            {"false match rate", rounded(threshold_.fmr) + " measured, upper bound " +
                                     rounded(threshold_.fmr_upper_bound)},
            {"liveness", "declared by the scenario: NOT MEASURED"},
            {"evidence", model_.provenance},
        };
    }

private:
    sim::ScoreModel model_;
    auth::FaceThreshold threshold_;
};

[[nodiscard]] double number(const nlohmann::json& json, const char* key,
                            const std::filesystem::path& file) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) {
        throw PlayError(file.string() + ": threshold." + key + " is missing or no number");
    }
    return found->get<double>();
}

}  // namespace

std::unique_ptr<FaceSource> score_source(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
        throw PlayError(file.string() + ": cannot be read; name a file of score quantiles");
    }
    try {
        sim::ScoreModel model = sim::ScoreModel::parse(text.str(), file.string());
        const auto json = nlohmann::json::parse(text.str());
        const auto threshold = json.find("threshold");
        if (threshold == json.end() || !threshold->is_object()) {
            throw PlayError(file.string() + ": no 'threshold' {distance, fmr, fmr_upper_bound}");
        }
        return std::make_unique<ScoreSource>(
            std::move(model), auth::FaceThreshold{number(*threshold, "distance", file),
                                                  number(*threshold, "fmr", file),
                                                  number(*threshold, "fmr_upper_bound", file)});
    } catch (const PlayError&) {
        throw;
    } catch (const std::exception& error) {
        throw PlayError(error.what());
    }
}

}  // namespace strongroom::scenarios
