// Plays scenarios: each arm in a world of its own, judged by the checkers and by nothing else.
//
// Arms are independent and each has one seed, so that the number of workers changes no result.
// Arms that need a mutant are played by an executable of their own, found in Options::mutants.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/policy.h"
#include "hal/face_observer.h"
#include "scenarios/outcome.h"
#include "scenarios/scenario.h"
#include "sim/score_observer.h"
#include "sim/world.h"

namespace strongroom::scenarios {

// A run that was asked for and cannot be: wrong level, missing file. The message says what to do.
class PlayError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What is taken out of the way of a frame in arms that take a defence away: by the naive parts
// `naive-liveness`, `naive-enrolment`, `any-camera` and `old-frames`.
struct FaceParts {
    bool liveness = true;            // false: whatever is shown is taken for live
    bool enrolment_liveness = true;  // the same at the enrolment desk
    bool camera_pin = true;          // false: any camera will do
    bool freshness = true;           // false: frames that were seen before will do
};

// Where faces come from: chosen where the program is composed, so that a run at the level of scores
// loads no OpenCV. One object serves all arms; its methods may be called by several threads at
// once.
class FaceSource {
public:
    virtual ~FaceSource() = default;
    [[nodiscard]] virtual Level level() const = 0;
    // An observer for one site of one arm. Everything given outlives it.
    [[nodiscard]] virtual std::unique_ptr<hal::FaceObserver> observer(
        sim::World& world, sim::SiteId site, const sim::VirtualClock& clock,
        const Scenario& scenario, const FaceParts& parts) const = 0;
    // The templates that enrolment would have stored of this person. Throws PlayError.
    [[nodiscard]] virtual std::vector<hal::FaceTemplate> enrol(const CastMember& member,
                                                               std::uint64_t identity) const = 0;
    // The same of what is shown at the enrolment desk: `identity` is the face that is seen,
    // `presenter` that of who is there. Refused: no templates, and why.
    struct Enrolment {
        std::vector<hal::FaceTemplate> templates;
        std::string refusal;
    };
    [[nodiscard]] virtual Enrolment enrol_shown(const sim::ShownFace& shown, std::uint64_t identity,
                                                std::uint64_t presenter,
                                                const FaceParts& parts) const = 0;
    [[nodiscard]] virtual auth::FaceThreshold threshold() const = 0;
    // How many comparisons of different people match at `distance_max`: pictures of `people`
    // people, every pair of them. None where no picture is taken.
    struct FalseMatches {
        std::int64_t comparisons = 0;
        std::int64_t matches = 0;
        double upper = 1;  // 95 % upper bound of the rate
    };
    [[nodiscard]] virtual std::optional<FalseMatches> false_matches(double distance_max,
                                                                    std::uint64_t people) const {
        static_cast<void>(distance_max);
        static_cast<void>(people);
        return std::nullopt;
    }
    // What the run rests on: model, threshold, measured error rates, how liveness is known.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> facts() const = 0;
};

// Scores drawn from a pack's measured distributions. The file is a ScoreModel's that also carries
// {"threshold": {"distance": d, "fmr": f, "fmr_upper_bound": u}}. Throws PlayError.
[[nodiscard]] std::unique_ptr<FaceSource> score_source(const std::filesystem::path& file);

enum class ArmChoice : std::uint8_t { all, defended, undefended, restored };

struct Options {
    const FaceSource* faces = nullptr;  // outlives the run
    std::filesystem::path mutants;      // directory of the executables mutant-NAME
    std::filesystem::path score_file;   // handed to them at level scores
    ArmChoice arms = ArmChoice::all;
    std::optional<std::uint64_t> seed;   // instead of the scenario's own
    int jobs = 1;                        // 1 or more
    std::string program = "strongroom";  // of the replay commands
    // Called once a scenario is over, in the order in which they end; one call at a time.
    std::function<void(const ScenarioOutcome&)> finished;
};

// Throws PlayError: a scenario that is not available at this level.
[[nodiscard]] RunOutcome play(const std::vector<Scenario>& scenarios, const Options& options);

// One arm. `removed`: names of the scenario's defences. With `mutant_built_in` the code of this
// very program is the mutant, and removals of that kind are taken as done.
struct ArmPlan {
    ArmKind kind{};
    std::string restored;
    std::vector<std::string> removed;
};
[[nodiscard]] std::vector<ArmPlan> plan_arms(const Scenario& scenario, ArmChoice choice);
[[nodiscard]] ArmOutcome play_arm(const Scenario& scenario, const ArmPlan& plan, std::uint64_t seed,
                                  const Options& options, bool mutant_built_in = false);

// ArmOutcome as text, for programs that play one arm for another. Throws std::runtime_error.
[[nodiscard]] std::string to_json(const ArmOutcome& outcome);
[[nodiscard]] ArmOutcome arm_from_json(std::string_view json);

}  // namespace strongroom::scenarios
