#include "play_command.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "faces.h"
#include "home.h"
#include "image_source.h"
#include "places.h"
#include "rendered/render_source.h"
#include "report/report.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using namespace scenarios;

struct PlayOptions {
    bool whole_catalogue = false;
    std::vector<fs::path> paths;
    fs::path catalogue;
    ArmChoice arms = ArmChoice::all;
    std::optional<std::uint64_t> seed;
    std::optional<Level> level;  // none: the most real one that each scenario has without files
    int jobs = 1;
    std::string json;
    fs::path junit;
    fs::path html;
    bool timeline = false;
    std::string trace;
    fs::path scores;
    fs::path mutants;
    PackChoice pack;
    fs::path data;
};

// Set by the first Ctrl-C; the second one has the default effect.
volatile std::sig_atomic_t interrupted = 0;

class Interruption {
public:
    Interruption() {
        interrupted = 0;
        struct sigaction action {};
        action.sa_handler = [](int) { interrupted = 1; };
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, &before_int_);
        sigaction(SIGTERM, &action, &before_term_);
    }
    ~Interruption() {
        sigaction(SIGINT, &before_int_, nullptr);
        sigaction(SIGTERM, &before_term_, nullptr);
    }
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

private:
    struct sigaction before_int_ {};
    struct sigaction before_term_ {};
};

// A line on a terminal, once the run has taken two seconds; nothing in a pipe.
class Progress {
public:
    explicit Progress(std::size_t asked) : asked_(asked) {}
    ~Progress() {
        if (shown_) std::cerr << "\r\033[K" << std::flush;
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void finished(const ScenarioOutcome& outcome) {
        ++done_;
        if (!terminal_ || std::chrono::steady_clock::now() - begun_ < std::chrono::seconds(2)) {
            return;
        }
        shown_ = true;
        std::cerr << "\r\033[K" << done_ << " of " << asked_ << " scenarios, last " << outcome.id
                  << " " << to_string(outcome.verdict) << std::flush;
    }

private:
    std::size_t asked_;
    std::size_t done_ = 0;
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
    bool shown_ = false;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// The sources of faces of a run, each made when the first scenario asks for it: a run at the level
// of scores loads no network.
class Faces {
public:
    Faces(const PlayOptions& options, fs::path scores)
        : options_(options), scores_(std::move(scores)) {}

    [[nodiscard]] const FaceSource& at(Level level) {
        std::unique_ptr<FaceSource>& source = sources_[level];
        if (!source) {
            switch (level) {
                case Level::scores: source = score_source(scores_); break;
                case Level::images: source = image_source(options_.pack, options_.data); break;
                case Level::render: source = render_source(); break;
            }
        }
        return *source;
    }

private:
    const PlayOptions& options_;
    fs::path scores_;
    std::map<Level, std::unique_ptr<FaceSource>> sources_;
};

// The level that was asked for; else people as rendered pixels where the scenario is made for them,
// and scores where the face does not matter. Photographs only when they are asked for.
Level level_of(const Scenario& scenario, const PlayOptions& options) {
    if (options.level) return *options.level;
    for (const Level level : {Level::render, Level::scores}) {
        if (scenario.available(level)) return level;
    }
    return scenario.levels.front();
}

// Everything that can be found wrong before minutes of work, is.
void check_outputs(const PlayOptions& options) {
    if (!options.json.empty() && options.json != "-") report::expect_writable(options.json);
    if (!options.junit.empty()) report::expect_writable(options.junit);
    if (!options.html.empty()) report::expect_writable(options.html);
    if (!options.trace.empty() && options.trace != "-") report::expect_writable(options.trace);
    if (options.json == "-" && options.trace == "-") {
        throw InputError("--json and --trace cannot both be written to the standard output");
    }
}

std::vector<Scenario> scenarios_of(const PlayOptions& options) {
    std::vector<fs::path> paths = options.paths;
    if (options.whole_catalogue)
        paths = {(options.catalogue.empty() ? default_catalogue() : options.catalogue)};
    std::vector<Scenario> all = load_scenarios(paths);
    if (!options.whole_catalogue) return all;
    // The catalogue is for all levels; what this one cannot show is left out, and said.
    std::string left_out;
    if (!options.level) return all;
    std::erase_if(all, [&](const Scenario& scenario) {
        const bool out = !scenario.available(*options.level);
        if (out) left_out += (left_out.empty() ? "" : ", ") + scenario.id;
        return out;
    });
    if (!left_out.empty()) {
        std::cerr << "not for level " << to_string(*options.level) << ", left out: " << left_out
                  << "\n";
    }
    if (all.empty()) {
        throw InputError("the catalogue has no scenario for level " +
                         std::string(to_string(*options.level)));
    }
    return all;
}

void check_level(const std::vector<Scenario>& all, const PlayOptions& options) {
    for (const Scenario& scenario : all) {
        const Level level = level_of(scenario, options);
        if (scenario.available(level)) continue;
        throw InputError(scenario.file + ": cannot be played at level " +
                         std::string(to_string(level)) + ": choose --level " +
                         std::string(to_string(scenario.levels.front())));
    }
}

// What the scenarios of one level rest on, named by it when there are several.
void add_facts(RunOutcome& run, const RunOutcome& part, Level level, bool several) {
    const std::string prefix = several ? std::string(to_string(level)) + ": " : std::string();
    for (const auto& [name, value] : part.facts) {
        const std::pair<std::string, std::string> fact(prefix + name, value);
        if (std::find(run.facts.begin(), run.facts.end(), fact) == run.facts.end()) {
            run.facts.push_back(fact);
        }
    }
}

// Plays in portions of one level, so that Ctrl-C ends the run after the scenarios under way.
RunOutcome play_portions(const std::vector<Scenario>& all, const PlayOptions& options, Options how,
                         Faces& faces) {
    Progress progress(all.size());
    how.finished = [&progress](const ScenarioOutcome& outcome) { progress.finished(outcome); };
    std::set<Level> levels;
    for (const Scenario& scenario : all) levels.insert(level_of(scenario, options));
    RunOutcome run;
    for (auto first = all.begin(); first != all.end() && interrupted == 0;) {
        const Level level = level_of(*first, options);
        auto last = first;
        while (last != all.end() && last - first < how.jobs && level_of(*last, options) == level) {
            ++last;
        }
        how.faces = &faces.at(level);
        RunOutcome part = play(std::vector<Scenario>(first, last), how);
        add_facts(run, part, level, levels.size() > 1);
        for (ScenarioOutcome& outcome : part.scenarios) {
            // Ctrl-C reaches the programs of mutants too: what it ended was not played.
            const bool cut_off =
                interrupted != 0 &&
                std::any_of(outcome.arms.begin(), outcome.arms.end(),
                            [](const ArmOutcome& arm) { return !arm.error.empty(); });
            if (!cut_off) run.scenarios.push_back(std::move(outcome));
        }
        first = last;
    }
    return run;
}

std::string json_lines(const ArmOutcome& arm) {
    std::string text;
    for (const sim::Fact& fact : arm.facts) text += sim::to_json_line(fact) + "\n";
    return text;
}

void write_trace(const PlayOptions& options, const RunOutcome& run) {
    if (options.trace.empty() || run.scenarios.empty()) return;  // empty: interrupted
    const std::string text = json_lines(run.scenarios.front().arms.front());
    if (options.trace == "-") {
        std::cout << text << std::flush;
    } else {
        report::write_whole(options.trace, text);
    }
}

void write_outputs(const PlayOptions& options, const RunOutcome& run,
                   const report::Context& context) {
    // With JSON or a trace on the standard output, what is for people goes to the other one.
    const bool aside = options.json == "-" || options.trace == "-";
    std::ostream& people = aside ? std::cerr : std::cout;
    const report::TextStyle style = report::style_of(aside ? STDERR_FILENO : STDOUT_FILENO);
    if (options.timeline) {
        for (const ScenarioOutcome& scenario : run.scenarios) {
            for (const ArmOutcome& arm : scenario.arms) {
                people << scenario.id << ", ";
                report::write_timeline(people, arm, style);
                people << "\n";
            }
        }
    }
    report::write_table(people, run, context, style);
    write_trace(options, run);
    if (options.json == "-") {
        std::cout << report::to_json(run, context) << std::flush;
    } else if (!options.json.empty()) {
        report::write_whole(options.json, report::to_json(run, context));
    }
    if (!options.junit.empty()) {
        report::write_whole(options.junit, report::to_junit(run, context));
    }
    if (!options.html.empty()) {
        report::write_whole(options.html, report::to_html(run, context));
        people << "\nreport: " << options.html.string() << "\n";
    }
}

std::string command_of(const PlayOptions& options) {
    std::string text = "strongroom ";
    text += options.whole_catalogue ? "evaluate" : "play";
    for (const fs::path& path : options.paths) text += " " + path.string();
    if (options.level) text += " --level " + std::string(to_string(*options.level));
    if (options.seed) text += " --seed " + std::to_string(*options.seed);
    return text;
}

int run(const PlayOptions& options) {
    check_outputs(options);
    const std::vector<Scenario> all = scenarios_of(options);
    check_level(all, options);
    if (!options.trace.empty() &&
        (all.size() != 1 || plan_arms(all.front(), options.arms).size() != 1)) {
        throw InputError(
            "--trace writes one arm of one scenario: name one file, and choose with --arm");
    }
    const bool drawn = std::any_of(all.begin(), all.end(), [&](const Scenario& scenario) {
        return level_of(scenario, options) == Level::scores;
    });
    const fs::path scores = drawn && options.scores.empty() ? default_scores() : options.scores;
    Faces faces(options, scores);
    Options how;
    how.mutants = options.mutants.empty() ? default_mutants() : options.mutants;
    how.score_file = scores;
    how.arms = options.arms;
    how.seed = options.seed;
    how.jobs = options.jobs;

    report::Context context;
    context.asked = static_cast<int>(all.size());
    context.command = command_of(options);
    RunOutcome outcome;
    {
        const Interruption interruption;
        outcome = play_portions(all, options, how, faces);
        context.interrupted = outcome.scenarios.size() < all.size();
    }
    if (outcome.facts.empty()) {
        outcome.facts = faces.at(level_of(all.front(), options)).facts();
    }
    write_outputs(options, outcome, context);
    return context.interrupted ? 1 : outcome.exit_code();
}

const std::map<std::string, ArmChoice> arm_names{{"all", ArmChoice::all},
                                                 {"defended", ArmChoice::defended},
                                                 {"undefended", ArmChoice::undefended},
                                                 {"restored", ArmChoice::restored}};
const std::map<std::string, Level> level_names{
    {"scores", Level::scores}, {"render", Level::render}, {"images", Level::images}};

// The names alone in --help, not the numbers behind them.
template <class Target, class Value>
void add_choice(CLI::App& app, const std::string& flag, Target& value,
                const std::map<std::string, Value>& names, const std::string& type,
                const std::string& text) {
    app.add_option_function<std::string>(
           flag, [&value, &names](const std::string& name) { value = names.at(name); }, text)
        ->check([&names](const std::string& name) {
            if (names.contains(name)) return std::string();
            std::string known;
            for (const auto& [other, unused] : names) known += (known.empty() ? "" : ", ") + other;
            return "'" + name + "' is none of " + known;
        })
        ->type_name(type);
}

void add_options(CLI::App& app, PlayOptions& options) {
    add_choice(app, "--arm", options.arms, arm_names, "all|defended|undefended|restored",
               "Which arms to play (default: all)");
    app.add_option("--seed", options.seed, "Instead of each scenario's own seed");
    add_choice(app, "--level", options.level, level_names, "scores|render|images",
               "How faces are simulated: scores drawn from measured distributions, people rendered "
               "as pixels through the real pipeline, or photographs through it (default: render "
               "for scenarios about faces, scores for the others)");
    app.add_option("--jobs", options.jobs,
                   "Arms played at once (default: one a processor); changes no result")
        ->check(CLI::Range(1, 256));
    app.add_option("--json", options.json, "Write the outcome as JSON (- for standard output)")
        ->type_name("FILE|-");
    app.add_option("--junit", options.junit, "Write the outcome as JUnit XML")->type_name("FILE");
    app.add_option("--html", options.html, "Write the report, one self-contained page")
        ->type_name("FILE");
    app.add_option("--scores", options.scores,
                   "Level scores: file of score distributions (default: the program's own)")
        ->type_name("FILE");
    app.add_option("--data", options.data,
                   "Level images: directory that scenarios name their pictures from (default: "
                   "STRONGROOM_DATA)")
        ->type_name("DIR")
        ->envname("STRONGROOM_DATA");
    app.add_option("--mutants", options.mutants,
                   "Directory of the mutant programs (default: beside this program)")
        ->type_name("DIR");
    add_pack_options(app, options.pack);
}

void on_run(CLI::App& app, const std::shared_ptr<PlayOptions>& options, int& exit_code) {
    app.callback([options, &exit_code] {
        try {
            exit_code = run(*options);
        } catch (const std::exception& problem) {
            std::cerr << "error: " << problem.what() << "\n";
            exit_code = 2;
        }
    });
}

std::shared_ptr<PlayOptions> fresh_options() {
    auto options = std::make_shared<PlayOptions>();
    options->jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return options;
}

constexpr const char* exit_codes =
    "Exit: 0 every attack held and none was toothless, 1 otherwise (also when interrupted), 2 "
    "invalid input.\nCtrl-C finishes the scenarios under way and reports what was played, marked "
    "as partial.";

}  // namespace

void add_play_command(CLI::App& app, int& exit_code) {
    const auto playing = fresh_options();
    CLI::App* play = app.add_subcommand(
        "play", "Play scenarios: with their defences, without them, and with each put back");
    play->add_option("PATHS", playing->paths, "Scenario files, or directories of them")
        ->required()
        ->type_name("FILE|DIR...");
    add_options(*play, *playing);
    play->add_flag("--timeline", playing->timeline, "Print what the world showed in each arm");
    play->add_option("--trace", playing->trace,
                     "Write one arm's facts as JSON lines (- for standard output); with --arm")
        ->type_name("FILE|-");
    play->footer(
        std::string("Examples:\n"
                    "  strongroom play scenarios/catalogue/O03-expired-code.yaml --timeline\n"
                    "  strongroom play my.yaml --arm defended --trace trace.jsonl\n") +
        exit_codes);
    on_run(*play, playing, exit_code);

    const auto evaluating = fresh_options();
    evaluating->whole_catalogue = true;
    CLI::App* evaluate = app.add_subcommand("evaluate", "Play the whole catalogue of attacks");
    evaluate
        ->add_option("--catalogue", evaluating->catalogue,
                     "Directory of the scenarios (default: the program's own)")
        ->type_name("DIR");
    add_options(*evaluate, *evaluating);
    evaluate->footer(std::string("Example: strongroom evaluate --html report.html --junit "
                                 "junit.xml\n") +
                     exit_codes);
    on_run(*evaluate, evaluating, exit_code);
}

}  // namespace strongroom::cli
