// liveness_report: what the built-in detector, and with --pack the networks of a pack, say of
// people and attacks of the test set and of pictures, found by a real face detector.
#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "face_model/embedded_pack.h"
#include "liveness_model/liveness_model.h"
#include "liveness_model/trials.h"
#include "vision/face_pipeline.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::liveness_model;
using people::Species;

namespace {

struct Options {
    std::string models;
    std::string registry;
    std::string finder{face_model::pack_name};
    std::string pack;  // empty: the built-in detector alone
    std::string images;
    std::vector<std::string> species;  // empty: all
    std::uint64_t trials = 20;
    std::uint64_t first = 1000;  // of the test set's trials: others than liveness_train reports on
};

struct Counts {
    int shown = 0;
    int lost = 0;     // no face found in any frame
    int several = 0;  // more than one face in some frame
    int last = 0;     // accepted by the score after the last frame
    int any = 0;      // accepted by the score after any frame
    double sum = 0;   // of the last scores
};

// One detector's answers to a film.
struct Judge {
    std::string name;
    vision::LivenessDetector* detector = nullptr;
    Counts counts;
};

void show(const Trial& trial, Stage& stage, const vision::ModelPack& finder,
          std::vector<Judge>& judges) {
    stage.begin(trial);
    std::vector<double> last(judges.size(), -1);
    std::vector<bool> any(judges.size(), false);
    for (auto& judge : judges) judge.detector->begin_track();
    bool several = false;
    for (int i = 0; i < trial.frames; ++i) {
        const auto shown = stage.show(i);
        auto faces = finder.detector().detect(shown.frame);
        if (!faces || faces->empty()) continue;
        vision::drop_small(*faces, vision::PipelineOptions{}.relative_size_min);
        several = several || faces->size() > 1;
        for (std::size_t j = 0; j < judges.size(); ++j) {
            const auto reading = judges[j].detector->assess(shown.frame, faces->front());
            last[j] = reading ? reading->score : 0;
            any[j] = any[j] || last[j] >= 0.5;
        }
    }
    for (std::size_t j = 0; j < judges.size(); ++j) {
        Counts& counts = judges[j].counts;
        ++counts.shown;
        counts.several += several ? 1 : 0;
        if (last[j] < 0) {
            ++counts.lost;
            continue;
        }
        counts.last += last[j] >= 0.5 ? 1 : 0;
        counts.any += any[j] ? 1 : 0;
        counts.sum += last[j];
    }
}

void print(const std::string& what, std::vector<Judge>& judges) {
    for (auto& judge : judges) {
        const Counts& counts = judge.counts;
        const int seen = std::max(1, counts.shown - counts.lost);
        std::cout << std::left << std::setw(16) << what << std::setw(14) << judge.name << std::right
                  << std::setw(7) << counts.shown << std::setw(7) << counts.lost << std::setw(9)
                  << counts.several << std::setw(10) << counts.last << std::setw(10) << counts.any
                  << std::fixed << std::setprecision(3) << std::setw(10) << counts.sum / seen
                  << std::endl;
        judge.counts = {};
    }
}

void judge_pictures(const Options& options, const vision::ModelPack& finder,
                    std::vector<Judge>& judges) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options.images)) {
        if (entry.path().extension() == ".jpg" || entry.path().extension() == ".png") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::cout << file.filename().string();
        const auto frame = vision::read_image(file);
        if (!frame) {
            std::cout << ": " << vision::describe(frame.error()) << '\n';
            continue;
        }
        const auto faces = finder.detector().detect(*frame);
        if (!faces || faces->empty()) {
            std::cout << ": no face found\n";
            continue;
        }
        for (auto& judge : judges) {
            judge.detector->begin_track();
            const auto reading = judge.detector->assess(*frame, faces->front());
            std::cout << "  " << judge.name << ' ' << std::fixed << std::setprecision(3)
                      << (reading ? reading->score : 0);
        }
        std::cout << '\n';
    }
}

int run(const Options& options) {
    vision::use_one_thread();
    auto places = vision::PackPlaces::find(options.models);
    if (!options.registry.empty()) places.registry = options.registry;
    const auto finder =
        options.finder == face_model::pack_name
            ? face_model::embedded_pack()
            : vision::ModelPack::load(places, vision::find_pack(places, options.finder));
    const auto built_in = embedded_detector();
    std::vector<Judge> judges{{"built-in", built_in.get(), {}}};
    std::unique_ptr<vision::ModelPack> pack;
    if (!options.pack.empty()) {
        pack = std::make_unique<vision::ModelPack>(
            vision::ModelPack::load(places, vision::find_pack(places, options.pack)));
        if (pack->liveness() == nullptr) {
            throw vision::PackError("pack '" + options.pack + "' has no networks for liveness");
        }
        judges.push_back({options.pack, pack->liveness(), {}});
    }
    if (!options.images.empty()) {
        judge_pictures(options, finder, judges);
        return 0;
    }
    std::cout << "SIMULATED people and attacks of the test set, found by " << options.finder
              << "\nspecies         detector        shown   lost  several  accepted  any time      "
                 "mean\n";
    Stage stage;
    for (std::size_t s = 0; s < people::species_count; ++s) {
        const auto species = static_cast<Species>(s);
        const auto& asked = options.species;
        if (!asked.empty() &&
            std::find(asked.begin(), asked.end(), to_string(species)) == asked.end()) {
            continue;
        }
        for (std::uint64_t i = 0; i < options.trials; ++i) {
            show(make_trial(people::Set::test, species, options.first + i), stage, finder, judges);
        }
        print(std::string(to_string(species)), judges);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Scores of liveness detectors on simulated people and attacks, or on pictures."};
    Options options;
    app.add_option("--models", options.models, "Model directory");
    app.add_option("--registry", options.registry, "Folder of manifests");
    app.add_option("--finder", options.finder,
                   "Pack that finds the faces; the built-in one needs no files")
        ->capture_default_str();
    app.add_option("--pack", options.pack, "Pack with networks for liveness, to compare");
    app.add_option("--images", options.images, "Folder of pictures to judge instead of renders");
    app.add_option("--species", options.species, "These species alone, bona_fide among them")
        ->delimiter(',')
        ->check([](const std::string& name) {
            return people::species_named(name) ? std::string{} : name + " is no species";
        });
    app.add_option("--trials", options.trials, "Films of each species")->capture_default_str();
    app.add_option("--first", options.first, "Number of the first one")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return run(options);
    } catch (const std::exception& problem) {
        std::cerr << "liveness_report: " << problem.what() << '\n';
        return 1;
    }
}
