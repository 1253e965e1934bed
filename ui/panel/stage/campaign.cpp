#include "panel/campaign.h"

#include <algorithm>
#include <chrono>

#include "rendered/render_source.h"
#include "report/report.h"
#include "scenarios/loader.h"

namespace strongroom::panel {

namespace {

using scenarios::Level;
using scenarios::Scenario;

std::string group_of(const Scenario& scenario) {
    if (scenario.honest) return "honest visits";
    return std::string(short_name(scenario.attacks)) + " " + std::string(name(scenario.attacks));
}

// Scenarios about faces are played with pictures, the others with scores.
Level level_of(const Scenario& scenario) {
    return scenario.available(Level::scores) ? Level::scores : Level::render;
}

ScenarioRow row_of(const Scenario& scenario) {
    ScenarioRow row;
    row.file = scenario.file;
    row.id = scenario.id;
    row.title = scenario.title;
    row.story = scenario.story;
    row.group = group_of(scenario);
    row.tags.emplace_back(to_string(scenario.policy));
    row.tags.emplace_back(to_string(level_of(scenario)));
    for (const scenarios::Reference& one : scenario.references) {
        row.tags.push_back(one.scheme + " " + one.value);
    }
    for (const scenarios::Defence& one : scenario.defences) row.defences.push_back(one.name);
    return row;
}

ScenarioRow* row_named(CampaignSnapshot& snapshot, const std::string& id) {
    const auto found = std::find_if(snapshot.rows.begin(), snapshot.rows.end(),
                                    [&](const ScenarioRow& row) { return row.id == id; });
    return found == snapshot.rows.end() ? nullptr : &*found;
}

}  // namespace

Campaign::Campaign(CampaignSetup setup, std::function<void()> published)
    : setup_(std::move(setup)),
      published_(std::move(published)),
      latest_(std::make_shared<const CampaignSnapshot>()) {
    thread_ = std::thread([this] { work(); });
}

Campaign::~Campaign() {
    {
        const std::lock_guard guard(mutex_);
        ends_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

std::shared_ptr<const CampaignSnapshot> Campaign::latest() const {
    const std::lock_guard guard(mutex_);
    return latest_;
}

void Campaign::change(const std::function<void(CampaignSnapshot&)>& how) {
    {
        const std::lock_guard guard(mutex_);
        auto next = std::make_shared<CampaignSnapshot>(*latest_);
        ++next->serial;
        how(*next);
        latest_ = std::move(next);
    }
    if (published_) published_();
}

void Campaign::play(std::vector<std::string> ids, std::optional<std::uint64_t> seed) {
    change([&](CampaignSnapshot& all) {
        if (!all.playing) all.done = all.wanted = 0;
        if (ids.empty()) {
            for (const ScenarioRow& row : all.rows) ids.push_back(row.id);
        }
        for (const std::string& id : ids) {
            ScenarioRow* row = row_named(all, id);
            if (row == nullptr || row->state == ScenarioRow::State::waiting ||
                row->state == ScenarioRow::State::playing) {
                continue;
            }
            row->state = ScenarioRow::State::waiting;
            wanted_.emplace_back(id, seed);
            ++all.wanted;
        }
        all.playing = !wanted_.empty() || all.playing;
        all.complaint.clear();
    });
    wake_.notify_all();
}

void Campaign::cancel() {
    change([&](CampaignSnapshot& all) {
        all.wanted -= static_cast<int>(wanted_.size());
        wanted_.clear();
        for (ScenarioRow& row : all.rows) {
            if (row.state != ScenarioRow::State::waiting) continue;
            row.state = row.outcome ? ScenarioRow::State::played : ScenarioRow::State::unplayed;
        }
    });
}

void Campaign::reload() {
    {
        const std::lock_guard guard(mutex_);
        reload_ = true;
    }
    wake_.notify_all();
}

void Campaign::work() {
    while (true) {
        bool loads = false;
        std::string id;
        std::optional<std::uint64_t> seed;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return ends_ || reload_ || !wanted_.empty(); });
            if (ends_) return;
            loads = reload_;
            reload_ = false;
            if (!loads) {
                std::tie(id, seed) = wanted_.front();
                wanted_.pop_front();
            }
        }
        if (loads) {
            load();
        } else {
            play_one(id, seed);
        }
    }
}

// A file that cannot be read is said, and the others stay.
void Campaign::load() {
    std::map<std::string, Scenario> read;
    std::string complaint;
    try {
        for (const auto& file : scenarios::find_scenarios({setup_.catalogue})) {
            try {
                Scenario scenario = scenarios::load_scenario(file);
                read.insert_or_assign(scenario.id, std::move(scenario));
            } catch (const std::exception& problem) {
                complaint += (complaint.empty() ? "" : "\n") + std::string(problem.what());
            }
        }
    } catch (const std::exception& problem) {
        complaint = problem.what();
    }
    scenarios_ = std::move(read);
    change([&](CampaignSnapshot& all) {
        std::vector<ScenarioRow> rows;
        for (const auto& [id, scenario] : scenarios_) {
            ScenarioRow row = row_of(scenario);
            if (const ScenarioRow* before = row_named(all, id)) {
                row.state = before->state;
                row.outcome = before->outcome;
            }
            rows.push_back(std::move(row));
        }
        all.rows = std::move(rows);
        all.complaint = complaint;
    });
}

const scenarios::FaceSource& Campaign::faces(Level level) {
    auto& source = faces_[level];
    if (!source) {
        source = level == Level::render ? scenarios::render_source()
                                        : scenarios::score_source(setup_.scores);
    }
    return *source;
}

void Campaign::play_one(const std::string& id, std::optional<std::uint64_t> seed) {
    const auto began = std::chrono::steady_clock::now();
    change([&](CampaignSnapshot& all) {
        if (all.done == 0) spent_ = {};
        if (ScenarioRow* row = row_named(all, id)) row->state = ScenarioRow::State::playing;
    });
    std::shared_ptr<const scenarios::ScenarioOutcome> outcome;
    std::string complaint;
    try {
        const Scenario& scenario = scenarios_.at(id);
        scenarios::Options options;
        options.faces = &faces(level_of(scenario));
        options.mutants = setup_.mutants;
        options.score_file = setup_.scores;
        options.jobs = setup_.jobs;
        options.seed = seed;
        scenarios::RunOutcome run = scenarios::play({scenario}, options);
        outcome =
            std::make_shared<const scenarios::ScenarioOutcome>(std::move(run.scenarios.front()));
    } catch (const std::out_of_range&) {
        complaint = id + ": its file is not there any more";
    } catch (const std::exception& problem) {
        complaint = id + ": " + problem.what();
    }
    spent_ += std::chrono::steady_clock::now() - began;
    change([&](CampaignSnapshot& all) {
        ++all.done;
        all.playing = !wanted_.empty();
        all.left = spent_ / std::max(1, all.done) * std::max(0, all.wanted - all.done);
        if (!complaint.empty()) all.complaint = complaint;
        ScenarioRow* row = row_named(all, id);
        if (row == nullptr) return;
        if (outcome) row->outcome = outcome;
        row->state = row->outcome ? ScenarioRow::State::played : ScenarioRow::State::unplayed;
    });
}

void Campaign::write_report(const std::filesystem::path& file) const {
    const auto all = latest();
    scenarios::RunOutcome run;
    for (const ScenarioRow& row : all->rows) {
        if (row.outcome) run.scenarios.push_back(*row.outcome);
    }
    report::Context context;
    context.asked = static_cast<int>(run.scenarios.size());
    report::write_whole(file, report::to_html(run, context));
}

std::size_t divergence(const std::vector<sim::Fact>& one, const std::vector<sim::Fact>& other) {
    const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    return static_cast<std::size_t>(ends.first - one.begin());
}

}  // namespace strongroom::panel
