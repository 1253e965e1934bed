#include "people_command.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/gesture.h"
#include "home.h"
#include "people/sitting.h"
#include "report/report.h"
#include "sim_camera/picture_files.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct PeopleOptions {
    std::uint64_t seed = 1;
    int people = 12;
    std::vector<std::string> species{"bona_fide"};
    double quality = 0.7;
    double difficulty = 0.3;
    std::optional<std::uint64_t> like;
    double similarity = 0.8;
    std::string gesture;
    bool asleep = false;
    int width = 640;
    int height = 480;
    double seconds = 0;
    double rate = 15;
    fs::path frames;
    fs::path sheet;
    fs::path film;
    int columns = 0;
    int tile = 160;
};

volatile std::sig_atomic_t interrupted = 0;

template <class Names>
std::string list_of(const Names& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

// The species asked for, in order; `all` is every one.
std::vector<people::Species> species_of(const PeopleOptions& options) {
    std::vector<people::Species> chosen;
    for (const std::string& name : options.species) {
        if (name == "all") {
            chosen.push_back(people::Species::bona_fide);
            const auto attacks = people::attack_species();
            chosen.insert(chosen.end(), attacks.begin(), attacks.end());
            continue;
        }
        const auto species = people::species_named(name);
        if (!species) {
            std::vector<std::string_view> known{"all", "bona_fide"};
            for (const people::Species s : people::attack_species()) known.push_back(to_string(s));
            throw InputError("--species " + name + ": there is no such species; known are " +
                             list_of(known));
        }
        chosen.push_back(*species);
    }
    return chosen;
}

ordered_json json_of(vision::Point point) { return {point.x, point.y}; }

// What is true of a picture, for machines: a line of JSON.
ordered_json truth_of(const people::Picture& picture, const std::string& file,
                      const people::SittingSetup& setup, double time) {
    ordered_json truth;
    truth["file"] = file;
    truth["simulated"] = true;
    truth["identity"] = setup.face.seed;
    truth["time_s"] = time;
    truth["species"] =
        to_string(setup.instrument ? setup.instrument->species : people::Species::bona_fide);
    if (setup.instrument) {
        truth["artefact"] = setup.instrument->seed;
        truth["quality"] = setup.instrument->quality;
        truth["attacker"] = setup.attacker.seed;
    }
    if (!picture.face) {
        truth["face"] = nullptr;
        return truth;
    }
    const people::FaceTruth& face = *picture.face;
    truth["face"]["box"] = {face.box.x, face.box.y, face.box.width, face.box.height};
    truth["face"]["pose_degrees"] = {face.pose.yaw, face.pose.pitch, face.pose.roll};
    truth["face"]["eyes_open"] = face.expression.eyes_open;
    truth["face"]["mouth_open"] = face.expression.mouth_open;
    truth["face"]["smile"] = face.expression.smile;
    ordered_json points = ordered_json::array();
    for (const vision::Point point : face.points) points.push_back(json_of(point));
    truth["face"]["points"] = std::move(points);
    return truth;
}

// Where the pictures go; every output is optional.
class Outputs {
public:
    explicit Outputs(const PeopleOptions& options) : options_(options) {
        if (!options.frames.empty()) {
            std::error_code error;
            fs::create_directories(options.frames, error);
            if (error) {
                throw InputError(options.frames.string() +
                                 ": the directory cannot be made: " + error.message());
            }
            report::expect_writable(options.frames / "truth.jsonl");
        }
        if (!options.sheet.empty()) report::expect_writable(options.sheet);
        if (!options.film.empty()) {
            report::expect_writable(options.film);
            film_ = sim::write_film(options.film, options.rate);
        }
    }

    void add(const people::Picture& picture, const people::SittingSetup& setup, double time,
             bool first_of_sitting) {
        const std::string species(
            to_string(setup.instrument ? setup.instrument->species : people::Species::bona_fide));
        const std::string identity = std::to_string(setup.face.seed);
        const hal::Frame frame = sim::to_frame(picture);
        if (!options_.frames.empty()) {
            char number[16];
            std::snprintf(number, sizeof number, "%06.0f", time * 1000);
            const std::string name = identity + "-" + species + "-" + number + ".png";
            sim::write_picture(frame, options_.frames / name);
            truth_ += truth_of(picture, name, setup, time).dump() + "\n";
        }
        if (!options_.sheet.empty() && first_of_sitting) {
            const bool plain = !setup.instrument && options_.species.size() == 1;
            tiles_.push_back({frame, plain ? identity : species});
        }
        if (film_) film_->add(frame);
        ++pictures_;
    }

    void finish() {
        if (!options_.frames.empty()) {
            report::write_whole(options_.frames / "truth.jsonl", truth_);
            std::cout << options_.frames.string() << ": " << pictures_
                      << " frames, with the truth about each in truth.jsonl\n";
        }
        if (!options_.sheet.empty() && !tiles_.empty()) {
            int columns = options_.columns;
            if (columns == 0) columns = tiles_.size() > 36 ? 10 : tiles_.size() > 12 ? 6 : 4;
            sim::write_picture(sim::contact_sheet(tiles_, columns, options_.tile), options_.sheet,
                               80);
            std::cout << options_.sheet.string() << ": " << tiles_.size() << " pictures\n";
        }
        if (film_ && pictures_ > 0) {
            film_->close();
            std::cout << options_.film.string() << ": " << pictures_ << " frames at "
                      << options_.rate << " a second\n";
        }
    }

private:
    const PeopleOptions& options_;
    std::unique_ptr<sim::Film> film_;
    std::vector<sim::Tile> tiles_;
    std::string truth_;
    std::size_t pictures_ = 0;
};

people::SittingSetup sitting_of(const PeopleOptions& options, std::uint64_t seed,
                                people::Species species) {
    people::SittingSetup setup;
    setup.face = people::make_head(seed);
    if (options.like) {
        setup.face =
            people::make_relative(seed, people::make_head(*options.like), options.similarity);
    }
    if (species != people::Species::bona_fide) {
        setup.instrument = people::make_instrument(species, options.quality, seed);
        setup.attacker = people::make_head(seed + 500'000);
    }
    setup.seed = seed;
    setup.difficulty = options.difficulty;
    setup.width = options.width;
    setup.height = options.height;
    setup.asleep = options.asleep;
    return setup;
}

int render(const PeopleOptions& options) {
    if (options.frames.empty() && options.sheet.empty() && options.film.empty()) {
        throw InputError("nothing to write: name --frames DIR, --sheet FILE or --film FILE");
    }
    const std::vector<people::Species> species = species_of(options);
    Outputs outputs(options);
    people::Renderer renderer;
    people::AttackRenderer attacks(renderer);
    const int frames = std::max(1, static_cast<int>(options.seconds * options.rate));
    const std::size_t asked = static_cast<std::size_t>(options.people) * species.size();
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const auto begun = std::chrono::steady_clock::now();
    std::size_t done = 0;
    for (std::size_t i = 0; i < asked && interrupted == 0; ++i) {
        const std::uint64_t seed = options.seed + i / species.size();
        const people::SittingSetup setup = sitting_of(options, seed, species[i % species.size()]);
        people::Sitting sitting(renderer, attacks, setup);
        if (const auto gesture = gesture_named(options.gesture)) {
            sitting.perform({.gesture = *gesture, .begins = 0.5, .duration = 1.4});
        }
        for (int k = 0; k < frames && interrupted == 0; ++k) {
            const double time = k / options.rate;
            outputs.add(sitting.at(time), setup, time, k == 0);
        }
        ++done;
        if (terminal && std::chrono::steady_clock::now() - begun > std::chrono::seconds(2)) {
            std::cerr << "\r\033[K" << done << " of " << asked << " sittings" << std::flush;
        }
    }
    if (terminal) std::cerr << "\r\033[K" << std::flush;
    outputs.finish();
    return interrupted == 0 ? 0 : 1;
}

void add_what(CLI::App& app, PeopleOptions& options) {
    app.add_option("--seed", options.seed, "Identity of the first person (default: 1)");
    app.add_option("--people", options.people, "How many people (default: 12)")
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--species", options.species,
                   "bona_fide (default), species of attack, or all; several by commas")
        ->delimiter(',')
        ->type_name("NAME");
    app.add_option("--quality", options.quality,
                   "Of the instrument of attack: 0 made in a minute, 1 the best (default: 0.7)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--difficulty", options.difficulty,
                   "Of light, pose and looks: 0 a passport photograph, 1 as bad as it gets "
                   "(default: 0.3)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--like", options.like, "Relatives of this identity instead of strangers")
        ->type_name("SEED");
    app.add_option("--similarity", options.similarity,
                   "Of --like: 0 a stranger, 1 a twin (default: 0.8)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--gesture", options.gesture,
                   "Asked for after half a second: turn_left, turn_right, nod, blink, smile")
        ->check([](const std::string& name) {
            return gesture_named(name)
                       ? std::string()
                       : "'" + name + "' is none of turn_left, turn_right, nod, blink, smile";
        })
        ->type_name("NAME");
    app.add_flag("--asleep", options.asleep, "Eyes shut, head limp");
}

void add_where(CLI::App& app, PeopleOptions& options) {
    app.add_option("--width", options.width, "Pixels (default: 640)")->check(CLI::Range(64, 4096));
    app.add_option("--height", options.height, "Pixels (default: 480)")
        ->check(CLI::Range(64, 4096));
    app.add_option("--seconds", options.seconds, "Of each sitting (default: one frame)")
        ->check(CLI::Range(0.0, 3600.0));
    app.add_option("--rate", options.rate, "Frames a second (default: 15)")
        ->check(CLI::Range(1.0, 240.0));
    app.add_option("--frames", options.frames,
                   "Write every frame there as PNG, and truth.jsonl: who, pose, landmarks, species")
        ->type_name("DIR");
    app.add_option("--sheet", options.sheet, "Write a contact sheet (.jpg or .png)")
        ->type_name("FILE");
    app.add_option("--film", options.film, "Write all frames as a film (.avi)")->type_name("FILE");
    app.add_option("--columns", options.columns, "Of the contact sheet (default: as many as fit)")
        ->check(CLI::Range(1, 100));
    app.add_option("--tile", options.tile, "Width of its pictures in pixels (default: 160)")
        ->check(CLI::Range(16, 4096));
}

}  // namespace

void add_people_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<PeopleOptions>();
    CLI::App* people_app =
        app.add_subcommand("people", "Show the simulated people and attacks as pictures");
    people_app->require_subcommand(1);
    CLI::App* sub = people_app->add_subcommand(
        "render", "Write frames, contact sheets and films of simulated people");
    sub->footer(
        "Everybody is nobody: heads are made of numbers drawn from the seed, and the same seed is "
        "the\nsame person everywhere.\n"
        "Examples:\n"
        "  strongroom people render --people 60 --sheet people.jpg\n"
        "  strongroom people render --people 1 --species all --sheet attacks.jpg\n"
        "  strongroom people render --people 1 --gesture nod --seconds 3 --film nod.avi\n"
        "  strongroom people render --like 7 --similarity 0.9 --frames look-alikes/\n"
        "Exit status: 0 written, 1 interrupted, 2 invalid input.");
    add_what(*sub, *options);
    add_where(*sub, *options);
    sub->callback([options, &exit_code] {
        std::signal(SIGINT, [](int) {
            interrupted = 1;
            std::signal(SIGINT, SIG_DFL);
        });
        try {
            exit_code = render(*options);
        } catch (const people::RenderError& problem) {
            throw InputError(problem.what());
        }
    });
}

}  // namespace strongroom::cli
