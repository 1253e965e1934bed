// Measurements: the numbers that the panel shows: how the scores of faces are distributed, what
// threshold costs what, how fast the simulator and each stage of the pipeline are on this machine,
// and the error rates of attacks from a file that `strongroom face evaluate` wrote.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace strongroom::panel {

struct Histogram {
    double begin = 0;  // of the first bar
    double width = 1;
    std::vector<double> share;  // of all comparisons, 0 to 1
};
struct DetPoint {
    double threshold = 0;
    double fmr = 0;
    double fnmr = 0;
};
struct StageTime {
    std::string stage;
    double median_ms = 0;
    double slow_ms = 0;  // nineteen of twenty were faster
    int frames = 0;
};
// One species of presentation attack instrument, ISO/IEC 30107-3.
struct SpeciesRate {
    std::string species;
    double apcer = 0;
    double lower = 0;  // 95 % bounds
    double upper = 1;
    std::int64_t presentations = 0;
};
struct MeasurementsSnapshot {
    std::uint64_t serial = 0;
    std::string model;       // whose scores these are
    bool simulated = false;  // measured on rendered people; false: on photographs
    Histogram genuine;
    Histogram impostor;
    std::vector<DetPoint> det;
    double threshold = 0;  // of the policy
    bool measuring = false;
    std::optional<double> visits_per_second;  // at scores, one processor
    std::vector<StageTime> stages;
    std::vector<SpeciesRate> species;
    std::string species_from;  // the file
    std::string complaint;
};

struct MeasurementsSetup {
    std::filesystem::path scores;  // file of score distributions
    std::filesystem::path honest;  // scenario whose honest visits are timed
};

class Measurements {
public:
    // Reads the scores on its thread. `published` is called from there after each change.
    explicit Measurements(MeasurementsSetup setup, std::function<void()> published = {});
    ~Measurements();
    Measurements(const Measurements&) = delete;
    Measurements& operator=(const Measurements&) = delete;

    // Any thread, at once.
    [[nodiscard]] std::shared_ptr<const MeasurementsSnapshot> latest() const;
    // Times visits and stages, for some seconds, beside whatever else runs.
    void measure();
    // Rates by species, from the JSON of `strongroom face evaluate --liveness`.
    void open(std::filesystem::path file);

private:
    void work();
    void read_scores();
    void read_species(const std::filesystem::path& file);
    void time_visits();
    void time_stages();
    void change(const std::function<void(MeasurementsSnapshot&)>& how);

    MeasurementsSetup setup_;
    std::function<void()> published_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::shared_ptr<const MeasurementsSnapshot> latest_;
    bool measure_ = false;
    std::optional<std::filesystem::path> file_;
    bool ends_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace strongroom::panel
