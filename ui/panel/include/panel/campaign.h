// Campaign: the catalogue of scenarios, and playing them on a thread of its own while the panel
// goes on. What it has found is a value that views read, as the snapshot is.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/outcome.h"
#include "scenarios/player.h"
#include "scenarios/scenario.h"

namespace strongroom::panel {

struct ScenarioRow {
    std::filesystem::path file;
    std::string id;
    std::string title;
    std::string story;
    std::string group;              // "honest visits", or the invariant: "I1 no-open"
    std::vector<std::string> tags;  // policy, level, references
    std::vector<std::string> defences;
    enum class State : std::uint8_t { unplayed, waiting, playing, played };
    State state = State::unplayed;
    // Once played; the arms with all that the world showed.
    std::shared_ptr<const scenarios::ScenarioOutcome> outcome;
};

struct CampaignSnapshot {
    std::uint64_t serial = 0;
    std::vector<ScenarioRow> rows;  // by id
    bool playing = false;
    int done = 0;  // of this run
    int wanted = 0;
    std::optional<Duration> left;  // of this run, by the clock on the wall; none: not known yet
    std::string complaint;         // what could not be read or played, with file and line
};

struct CampaignSetup {
    std::filesystem::path catalogue;  // directory of scenario files
    std::filesystem::path scores;     // file of score distributions
    std::filesystem::path mutants;    // directory of the mutant programs
    int jobs = 1;                     // arms played at once
};

class Campaign {
public:
    // Reads the catalogue on its thread. `published` is called from there after each change.
    explicit Campaign(CampaignSetup setup, std::function<void()> published = {});
    // Ends after the scenario that is being played.
    ~Campaign();
    Campaign(const Campaign&) = delete;
    Campaign& operator=(const Campaign&) = delete;

    // All of these: any thread, at once.
    [[nodiscard]] std::shared_ptr<const CampaignSnapshot> latest() const;
    // These scenarios, or all of them when `ids` is empty; each with all its arms.
    void play(std::vector<std::string> ids, std::optional<std::uint64_t> seed = {});
    // What has not begun is not played.
    void cancel();
    // Reads the files again: one was edited.
    void reload();
    // The self-contained page of everything that was played. Throws std::runtime_error with path
    // and reason.
    void write_report(const std::filesystem::path& file) const;

private:
    void work();
    void load();
    void play_one(const std::string& id, std::optional<std::uint64_t> seed);
    void change(const std::function<void(CampaignSnapshot&)>& how);
    [[nodiscard]] const scenarios::FaceSource& faces(scenarios::Level level);

    CampaignSetup setup_;
    std::function<void()> published_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::shared_ptr<const CampaignSnapshot> latest_;
    std::deque<std::pair<std::string, std::optional<std::uint64_t>>> wanted_;
    bool reload_ = true;
    bool ends_ = false;

    // The campaign's thread alone.
    std::map<std::string, scenarios::Scenario> scenarios_;
    std::map<scenarios::Level, std::unique_ptr<scenarios::FaceSource>> faces_;
    Duration spent_{};

    std::thread thread_;  // last: it uses all of the above
};

// Where two arms stop being alike: the index of the first fact that differs, in both; the size of
// the shorter when one is the beginning of the other.
[[nodiscard]] std::size_t divergence(const std::vector<sim::Fact>& one,
                                     const std::vector<sim::Fact>& other);

}  // namespace strongroom::panel
