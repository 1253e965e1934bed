// ScoreObserver: faces at the level of scores. No picture is taken: distances are drawn from the
// measured distributions of a model pack, so that hundreds of thousands of visits can be played.
//
// What the model says and what it does not:
// - Each frame's distance has the measured distribution (inverse CDF between measured quantiles; it
//   never goes beyond the smallest and the largest distance that was measured).
// - Frames of one face are alike. Impostor distances of one pair of people share most of their
//   randomness over the whole run (a look-alike stays one), genuine distances share some of it for
//   as long as a face stays before the camera: Gaussian copulas with the correlations of the setup.
//   Independent draws would square a false match rate over two frames, which no camera does.
// - Liveness is declared: what is shown says whether it is alive. No attack detection is measured.
// - Head pose and expression follow what the presenter performs, as far as what she shows can
//   answer (sim::answers()). A face that is turned far is like nobody. Nobody blinks unasked.
// - Whose templates they are is read out of the templates: make_template() hides the number of an
//   identity in them. A template row that was swapped in the database therefore lets the wrong
//   person in.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hal/clock.h"
#include "hal/face_observer.h"
#include "sim/world.h"

namespace strongroom::sim {

// An inverse cumulative distribution, linear between its points. Immutable.
class QuantileTable {
public:
    struct Point {
        double p;         // strictly rising, 0 to 1
        double distance;  // never falling, finite
    };
    // Throws std::invalid_argument saying which point is wrong. At least two points.
    explicit QuantileTable(std::vector<Point> points);
    // Below the first p the first distance, beyond the last p the last.
    [[nodiscard]] double at(double p) const;
    [[nodiscard]] const std::vector<Point>& points() const { return points_; }

private:
    std::vector<Point> points_;
};

// A pack's measured distances, from a file:
//   {"model": name, "provenance": {...}, "templates": K,
//    "genuine_quantiles": [[p, distance], ...], "impostor_quantiles": [[p, distance], ...]}
// Other keys are allowed and ignored: evidence is carried along.
struct ScoreModel {
    std::string model;
    FaceModelId id;     // of the simulated pack: derived from `model`
    int templates = 1;  // the distances are the least over this many templates
    QuantileTable genuine;
    QuantileTable impostor;
    std::string provenance;  // the file's own words, as JSON text

    // Throws std::runtime_error naming `place` and what is wrong.
    [[nodiscard]] static ScoreModel parse(std::string_view json, std::string_view place);
    // Throws std::runtime_error naming the file and what to do.
    [[nodiscard]] static ScoreModel load(const std::filesystem::path& file);
};

// A template that the simulator's enrolment would store: `identity` is hidden in it; `index` tells
// the templates of one person apart. 64 numbers.
[[nodiscard]] hal::FaceTemplate make_template(std::uint64_t identity, int index, FaceModelId model);
// None when these are not the features of a template made above, or were altered since.
[[nodiscard]] std::optional<std::uint64_t> identity_of(const hal::FaceTemplate& face_template);

struct ScoreObserverSetup {
    Duration frame_interval = std::chrono::milliseconds(400);
    Duration first_frame = std::chrono::milliseconds(150);  // after start()
    Duration latency = std::chrono::milliseconds(120);      // from capture to observation
    // Correlations of the distances' normal scores, 0 to 1.
    double impostor_pair_correlation = 0.9;
    double genuine_track_correlation = 0.5;
    // Liveness scores: normal, cut to 0..1.
    double live_mean = 0.94;
    double live_deviation = 0.02;
    double artefact_mean = 0.08;
    double artefact_deviation = 0.05;
    // Pose: of a face as long as it stays, and from frame to frame, degrees.
    double bearing_max = 5;
    double sway_deviation = 1.2;
    // What the real pipeline does with its camera: PipelineOptions::pin and ::freshness.
    bool pins_camera = true;
    bool refuses_stale_frames = true;
    bool detects_artefacts = true;  // false: whatever is shown is declared to be alive
};

// Runner thread only. Permitted faults: the camera's cable and the power. Another camera in its
// place, or old frames, are refused as vision::FacePipeline does it.
class ScoreObserver final : public hal::FaceObserver {
public:
    // All outlive the observer. `clock` is the terminal's: capture times are told in it.
    ScoreObserver(World& world, SiteId site, const hal::Clock& clock, const ScoreModel& model,
                  ScoreObserverSetup setup = {});
    ScoreObserver(const ScoreObserver&) = delete;
    ScoreObserver& operator=(const ScoreObserver&) = delete;
    ~ScoreObserver() override;

    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<FaceObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;
    [[nodiscard]] FaceModelId model() const override { return model_.id; }

private:
    enum class Running : std::uint8_t { stopped, running, lost, untrusted, stale };
    struct Pending {
        Instant available;  // on the terminal's clock
        FaceObservation observation;
    };
    void capture();
    [[nodiscard]] bool trusted() const;
    void draw_track(const Scene& scene);
    void fill_quality(const Scene& scene, FaceObservation& observation);
    void fill_pose(const Scene& scene, FaceObservation& observation);
    [[nodiscard]] double draw_distance(const Scene& scene, bool usable);
    [[nodiscard]] double impostor_distance(std::uint64_t shown, std::uint64_t enrolled);
    [[nodiscard]] double genuine_distance();

    World& world_;
    SiteId site_;
    const hal::Clock& clock_;
    const ScoreModel& model_;
    ScoreObserverSetup setup_;
    Rng rng_;
    std::uint64_t pair_seed_;
    Running running_ = Running::stopped;
    std::uint32_t losses_ = 0;  // of the camera, when it was started
    Scheduler::Handle frame_timer_;
    Instant next_capture_ = never;
    std::uint64_t sequence_ = 0;
    std::vector<std::uint64_t> enrolled_;  // distinct identities among the templates
    int stale_ = 0;                        // old frames in a row
    double track_normal_ = 0;              // what the genuine frames of a track share
    double track_yaw_ = 0;                 // and how she holds her head
    double track_pitch_ = 0;
    double track_roll_ = 0;
    std::uint64_t track_drawn_for_ = ~std::uint64_t{0};

    static constexpr std::size_t pending_max = 8;
    std::array<Pending, pending_max> pending_{};  // a ring: no memory is taken a frame
    std::size_t pending_first_ = 0;
    std::size_t pending_count_ = 0;
};

// What counts as a frame fit for comparison when facts are told: by default the product's limits,
// written down here a second time because a witness trusts nobody's.
struct WitnessLimits {
    float face_size_min = 24;
    float sharpness_min = 8;
    float brightness_min = 30;
    float brightness_max = 225;
    float contrast_min = 10;
    float angle_max = 30;
    float eyes_open_min = 0.3F;
    float liveness_min = 0.5;
};

// Stands between core and any face observer and appends a face_observed fact for each observation
// that core receives. The outermost decorator.
class FaceWitness final : public hal::FaceObserver {
public:
    // All outlive the witness.
    FaceWitness(World& world, SiteId site, const VirtualClock& clock, hal::FaceObserver& inner,
                WitnessLimits limits = {})
        : world_(world), site_(site), clock_(clock), inner_(inner), limits_(limits) {}
    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        return inner_.start(templates);
    }
    void stop() override { inner_.stop(); }
    [[nodiscard]] Result<std::optional<FaceObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override { return inner_.next_poll(); }
    [[nodiscard]] FaceModelId model() const override { return inner_.model(); }

private:
    World& world_;
    SiteId site_;
    const VirtualClock& clock_;
    hal::FaceObserver& inner_;
    WitnessLimits limits_;
};

}  // namespace strongroom::sim
