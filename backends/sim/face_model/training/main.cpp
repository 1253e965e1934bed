// train_face_model: makes the weight files of the embedded face model anew.
//
//   train_face_model --output DIR      trains on simulated people of the training set, writes
//                                      DIR/landmarks.bin and DIR/embedder.bin, and measures them
//
// The same seed and build give the same files on the same machine. docs/face-model.md states how
// long it takes.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>

#include "chip_bank.h"
#include "embedder_training.h"
#include "landmark_training.h"
#include "measurement.h"
#include "vision/threads.h"

namespace {

using namespace strongroom;
using namespace strongroom::face_model;
namespace fs = std::filesystem;

struct Options {
    std::string output;
    std::string chips;  // file to keep them in
    bool keep_landmarks = false;
    bool keep_embedder = false;
    bool no_measure = false;
    LandmarkPlan landmarks;
    ChipPlan chip_plan;
    EmbedderPlan embedder;
    MeasurementPlan measurement;
    std::uint64_t seed = 1;
};

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path.string() + ": cannot be read");
    std::ostringstream content;
    content << in.rdbuf();
    return content.str();
}

void write_file(const fs::path& path, const std::string& content) {
    std::ofstream out(path, std::ios::binary);
    out << content;
    if (!out.flush()) throw std::runtime_error(path.string() + ": cannot be written");
    std::printf("%s: %zu bytes\n", path.c_str(), content.size());
}

// The habit is kept beside the weights, so that the landmarks need not be trained for new chips.
void write_habit(const fs::path& path, const BoxHabit& habit) {
    std::ofstream out(path);
    out.precision(9);
    out << habit.right << ' ' << habit.down << ' ' << habit.size << ' ' << habit.right_deviation
        << ' ' << habit.down_deviation << ' ' << habit.size_deviation << '\n';
    if (!out.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

BoxHabit read_habit(const fs::path& path) {
    std::ifstream in(path);
    BoxHabit habit;
    in >> habit.right >> habit.down >> habit.size >> habit.right_deviation >>
        habit.down_deviation >> habit.size_deviation;
    if (!in) throw std::runtime_error(path.string() + ": cannot be read");
    return habit;
}

void train_points(const Options& options) {
    const LandmarkTraining trained = train_landmarks(options.landmarks);
    write_file(fs::path(options.output) / "landmarks.bin", trained.model.write());
    write_habit(fs::path(options.output) / "habit.txt", trained.habit);
}

void train_comparison(const Options& options) {
    const fs::path output(options.output);
    const LandmarkModel model = LandmarkModel::read(read_file(output / "landmarks.bin"));
    const BoxHabit habit = read_habit(output / "habit.txt");
    ChipPlan unseen_plan = options.chip_plan;
    unseen_plan.set = people::Set::development;
    unseen_plan.persons = 300;
    unseen_plan.each = 6;
    const bool ready = !options.chips.empty() && fs::exists(options.chips);
    const ChipBank bank =
        ready ? load_chips(options.chips) : make_chips(options.chip_plan, model, habit);
    if (!ready && !options.chips.empty()) save(bank, options.chips);
    const ChipBank unseen = make_chips(unseen_plan, model, habit);
    const auto keep = [&](const std::string& file) { write_file(output / "embedder.bin", file); };
    keep(train_embedder(options.embedder, bank, unseen, keep));
}

void run(Options& options) {
    const auto begin = std::chrono::steady_clock::now();
    const auto spent = [&] {
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        return seconds.count();
    };
    fs::create_directories(options.output);
    options.landmarks.seed = options.chip_plan.seed = options.embedder.seed = options.seed;
    // Work is shared out here; a second pool of threads below it would only get in the way.
    vision::use_one_thread();
    if (!options.keep_landmarks) train_points(options);
    std::printf("after %.0f s\n", spent());
    if (!options.keep_embedder) train_comparison(options);
    std::printf("after %.0f s\n", spent());
    if (options.no_measure) return;
    const std::string landmarks = read_file(fs::path(options.output) / "landmarks.bin");
    const std::string embedder = read_file(fs::path(options.output) / "embedder.bin");
    for (const auto set : {people::Set::development, people::Set::test}) {
        options.measurement.set = set;
        std::printf("%s", measure({landmarks, embedder}, options.measurement).c_str());
        std::fflush(stdout);
    }
    std::printf("after %.0f s\n", spent());
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Trains the embedded face model on simulated people");
    app.add_option("--output", options.output, "folder for the weight files")->required();
    app.add_option("--seed", options.seed, "of everything drawn");
    app.add_option("--chips", options.chips,
                   "file to keep the training chips in, or to take them from");
    app.add_flag("--keep-landmarks", options.keep_landmarks, "use DIR/landmarks.bin as it is");
    app.add_flag("--keep-embedder", options.keep_embedder, "use DIR/embedder.bin as it is");
    app.add_flag("--no-measure", options.no_measure, "skip the measurement at the end");
    app.add_option("--pictures", options.landmarks.pictures, "for the landmarks");
    app.add_option("--trunk", options.embedder.trunk_file,
                   "file to keep the trunk in after the first phase, or to take it from");
    app.add_option("--people", options.chip_plan.persons, "training people for the embedder");
    app.add_option("--each", options.chip_plan.each, "chips of each of them");
    app.add_option("--reading-steps", options.embedder.reading_steps, "steps of the first phase");
    app.add_option("--metric-steps", options.embedder.metric_steps, "steps of the second phase");
    app.add_option("--metric-people", options.embedder.metric_people, "people in a batch of it");
    app.add_option("--metric-rate", options.embedder.metric_rate,
                   "learning rate of the second phase");
    app.add_option("--measure-people", options.measurement.persons, "people of each measured set");
    app.add_option("--measure-each", options.measurement.each, "pictures of each of them");
    app.add_option("--difficulty", options.measurement.difficulty,
                   "of the measured pictures, 0 to 1");
    CLI11_PARSE(app, argc, argv);
    try {
        run(options);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "train_face_model: %s\n", problem.what());
        return 1;
    }
    return 0;
}
