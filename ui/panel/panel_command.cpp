#include "panel/panel_command.h"

#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "config/configuration.h"
#include "scenarios/loader.h"
#include "session.h"

namespace strongroom::panel {

namespace {

namespace fs = std::filesystem;

struct Options {
    fs::path scenario;
    fs::path config;
    fs::path attach;
    fs::path catalogue;
    std::string size;
    std::optional<double> percent;
    std::string theme;
    std::string view;
    std::string level;
    std::optional<std::uint64_t> seed;
    fs::path screenshot;
    std::optional<double> after;
    bool bench = false;
    double bench_seconds = 3;
    bool json = false;
    fs::path labels;
};

// "1280x800".
void read_size(const std::string& words, SessionSetup& setup) {
    const std::size_t by = words.find('x');
    const auto number = [](std::string_view digits) {
        int value = 0;
        const auto end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, value);
        return read.ec == std::errc() && read.ptr == end ? value : 0;
    };
    const std::string_view all(words);
    const int width = number(all.substr(0, by));
    const int height = by == std::string::npos ? 0 : number(all.substr(by + 1));
    if (width < 320 || width > 3840 || height < 240 || height > 2160) {
        throw WindowError("--size " + words +
                          " is no size: give WIDTHxHEIGHT in pixels, 320x240 to 3840x2160");
    }
    setup.width = width;
    setup.height = height;
}

// The policy and the numbers of a door, over people and devices that are simulated.
void configure(StageSetup& stage, const config::Configuration& configuration) {
    using config::PolicyName;
    const PolicyName name = configuration.policy.name;
    stage.scenario.policy = name == PolicyName::atm_access ? scenarios::PolicyName::atm_access
                            : name == PolicyName::locker   ? scenarios::PolicyName::locker
                                                           : scenarios::PolicyName::locker_keyless;
    scenarios::SiteDeclaration& site = stage.scenario.sites.front();
    for (scenarios::CastMember& member : stage.scenario.cast) {
        if (member.locker == site.locker) member.locker = configuration.locker.value;
    }
    site.locker = configuration.locker.value;
    site.terminal = configuration.terminal.value;
    stage.scenario.title = configuration.file.filename().string();
    stage.adjust = [policy = configuration.policy](config::Settings& settings) {
        config::apply(policy, settings);
    };
}

StageSetup stage_of(const Options& options, const fs::path& scores) {
    StageSetup stage;
    stage.scenario =
        options.scenario.empty() ? showroom() : scenarios::load_scenario(options.scenario);
    if (!options.config.empty()) configure(stage, config::load(options.config));
    stage.seed = options.seed.value_or(options.scenario.empty() ? 1 : stage.scenario.seed);
    stage.scores = scores;
    stage.render = options.level.empty() ? stage.scenario.available(scenarios::Level::render)
                                         : options.level == "render";
    const auto level = stage.render ? scenarios::Level::render : scenarios::Level::scores;
    if (!stage.scenario.available(level)) {
        throw WindowError(options.scenario.string() + " cannot be played at the level " +
                          std::string(to_string(level)) + ": leave --level out");
    }
    return stage;
}

int run(const Options& options, const PanelPlaces& places) {
    SessionSetup setup;
    if (!options.size.empty()) read_size(options.size, setup);
    if (options.percent) setup.scale = *options.percent / 100;
    if (options.after && options.screenshot.empty()) {
        throw WindowError("--after needs --screenshot: after what time is the picture taken?");
    }
    if (options.bench && !options.screenshot.empty()) {
        throw WindowError("--bench and --screenshot are two things: give one of them");
    }
    if (!options.config.empty() && !options.scenario.empty()) {
        throw WindowError("--config and --scenario both say which policy there is: give one");
    }
    if (!options.attach.empty() &&
        (options.bench || !options.scenario.empty() || !options.config.empty())) {
        throw WindowError(
            "--attach looks at a terminal that serves: leave --scenario, --config "
            "and --bench out");
    }
    if (options.json && !options.bench) throw WindowError("--json is how --bench answers");
    const fs::path scores = places.scores();
    setup.stage = stage_of(options, scores);
    const fs::path catalogue = options.catalogue.empty() ? places.catalogue() : options.catalogue;
    setup.campaign = {catalogue, scores, places.mutants(), 1};
    setup.attach = options.attach;
    setup.theme = options.theme;
    setup.view = options.view;
    setup.screenshot = options.screenshot;
    setup.after = options.after.value_or(0);
    setup.bench = options.bench;
    setup.bench_seconds = options.bench_seconds;
    setup.json = options.json;
    setup.labels = options.labels;
    return run_session(setup);
}

void add_appearance(CLI::App& command, Options& options) {
    command.add_option("--size", options.size, "Of the window, in pixels (default: as last time)")
        ->type_name("WxH");
    command
        .add_option("--scale", options.percent,
                    "Of letters and all else, 70 to 400 % (default: as last time)")
        ->check(CLI::Range(70.0, 400.0))
        ->type_name("PERCENT");
    command.add_option("--theme", options.theme, "How it looks (default: as last time)")
        ->check(CLI::IsMember({"dark", "light", "high-contrast"}));
    command.add_option("--view", options.view, "The view to begin with, by the name of its tab")
        ->type_name("NAME");
}

}  // namespace

void add_panel_command(CLI::App& app, PanelPlaces places, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "panel", "Watch and steer a simulated strongroom in a window, and attack it");
    command
        ->add_option("--scenario", options->scenario,
                     "A scenario of the catalogue, or your own (default: a strongroom in which "
                     "nobody acts by himself)")
        ->type_name("FILE");
    command
        ->add_option("--config", options->config,
                     "A terminal's configuration: its policy and its numbers, with simulated "
                     "people and devices")
        ->type_name("FILE");
    command
        ->add_option("--attach", options->attach,
                     "Look at a terminal that serves, read-only: the status_socket of its "
                     "configuration")
        ->type_name("SOCKET");
    command
        ->add_option("--level", options->level,
                     "What the camera is: people as pictures, or scores alone (default: pictures "
                     "where the scenario has them)")
        ->check(CLI::IsMember({"scores", "render"}));
    command
        ->add_option("--catalogue", options->catalogue,
                     "Scenarios of your own for the view of scenarios, instead of the program's")
        ->check(CLI::ExistingDirectory)
        ->type_name("DIR");
    command->add_option("--seed", options->seed, "Of the simulated world")->type_name("NUMBER");
    add_appearance(*command, *options);
    command
        ->add_option("--screenshot", options->screenshot,
                     "Take a picture of the window, write it and end")
        ->type_name("FILE.png");
    command
        ->add_option("--after", options->after, "Simulated seconds that pass before the screenshot")
        ->check(CLI::Range(0.0, 86400.0))
        ->type_name("SECONDS");
    command->add_flag("--bench", options->bench,
                      "Measure how fast each view is drawn, with 1 000 lockers and 100 000 audit "
                      "rows, and end");
    command->add_option("--bench-seconds", options->bench_seconds, "For each view")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    command->add_flag("--json", options->json, "The measurement as JSON");
    command
        ->add_option("--labels", options->labels,
                     "Keep in this file what is labelled in the window, where it is and whether "
                     "it can be used: for assistive tools and tests")
        ->type_name("FILE.json");
    command->footer(
        "Examples:\n"
        "  strongroom panel                                   a strongroom to try things in\n"
        "  strongroom panel --scenario scenarios/catalogue/T02-person-switch.yaml\n"
        "  strongroom panel --config backends/pi/examples/cash-terminal.yaml\n"
        "  strongroom panel --attach /run/strongroom-door/status.sock\n"
        "  strongroom panel --theme light --scale 150         for tired eyes\n"
        "  strongroom panel --screenshot live.png --after 12  a picture after 12 seconds\n"
        "  strongroom panel --bench                           frames a second, view by view\n"
        "In the window: F1 is help, Space lets time run or stops it, Ctrl+1 to Ctrl+9 open the "
        "views,\n"
        "Tab goes from control to control. Without a screen: xvfb-run strongroom panel ...\n"
        "Exit status: 0 it was closed or what was asked for is done, 1 the strongroom could not\n"
        "be built, 2 invalid input, or there is no display or no OpenGL 3.");
    command->callback(
        [options, places = std::move(places), &exit_code] { exit_code = run(*options, places); });
}

}  // namespace strongroom::panel
