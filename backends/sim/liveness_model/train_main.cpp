// liveness_train: trains the built-in liveness detector on simulated people and attacks, sets its
// threshold on others, and reports on others again. Equal options give an equal model.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <numeric>
#include <sstream>

#include <CLI/CLI.hpp>

#include "liveness_model/boosting.h"
#include "liveness_model/measured.h"
#include "vision/passive_liveness.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::liveness_model;
using people::Species;

namespace {

struct Options {
    std::string out;
    std::string kept;    // a folder, or nothing
    std::string from;    // trees to report on instead of training any
    std::string trials;  // a file for every trial of the report, or nothing
    std::uint64_t bona_fide = 1000;
    std::uint64_t attacks = 90;       // of each species of prints and screens
    std::uint64_t masks = 250;        // of each species of masks, which are harder to tell
    std::uint64_t silicone = 700;     // the hardest
    std::uint64_t development = 240;  // living people; a tenth as many artefacts a species
    std::uint64_t test = 240;         // a fifth as many; 0: no report
    std::uint64_t test_first = 0;     // of the test set's trials
    double bpcer = 0.04;              // on the development set
    int threads = 2;
    BoostingOptions boosting;
};

// Injected frames are those of a camera: there is nothing to learn from. A photograph held beside
// a living face is caught by counting faces; as a print it is worth learning from.
std::vector<Species> learnt_species() {
    std::vector<Species> list;
    for (const Species species : people::attack_species()) {
        if (species != Species::injection) list.push_back(species);
    }
    return list;
}

bool is_mask(Species species) {
    return species == Species::paper_mask || species == Species::silicone_mask ||
           species == Species::partial_mask;
}

std::vector<Trial> trials_of(people::Set set, std::uint64_t bona_fide, std::uint64_t attacks,
                             std::uint64_t masks, std::uint64_t silicone, std::uint64_t first) {
    std::vector<Trial> trials;
    for (std::uint64_t i = 0; i < bona_fide; ++i) {
        trials.push_back(make_trial(set, Species::bona_fide, first + i));
    }
    for (const Species species : people::attack_species()) {
        if (set == people::Set::training && species == Species::injection) continue;
        const std::uint64_t count = species == Species::silicone_mask ? silicone
                                    : is_mask(species)                ? masks
                                                                      : attacks;
        for (std::uint64_t i = 0; i < count; ++i) {
            trials.push_back(make_trial(set, species, first + i));
        }
    }
    return trials;
}

std::vector<MeasuredTrial> measured_set(people::Set set, std::uint64_t bona_fide,
                                        std::uint64_t attacks, std::uint64_t masks,
                                        std::uint64_t silicone, const Options& options) {
    std::cout << to_string(set) << " set: SIMULATED" << std::endl;
    const std::uint64_t first = set == people::Set::test ? options.test_first : 0;
    const auto trials = trials_of(set, bona_fide, attacks, masks, silicone, first);
    const std::string file = options.kept + "/" + std::string(to_string(set)) + ".measured";
    if (!options.kept.empty()) {
        if (auto before = kept(file, trials); !before.empty()) return before;
    }
    auto measured = measure(trials, MeasuringOptions{options.threads});
    if (!options.kept.empty()) keep(file, measured);
    return measured;
}

// Neighbours in a long film are much the same.
std::size_t row_step(const MeasuredTrial& trial) { return trial.frames.size() > 8 ? 3 : 1; }
std::size_t first_row(const MeasuredTrial& trial) { return row_step(trial) - 1; }

Examples examples_of(const std::vector<MeasuredTrial>& trials) {
    Examples examples;
    examples.columns = vision::PassiveFeatures::names().size();
    std::map<Species, double> frames;
    for (const auto& trial : trials) {
        for (std::size_t i = first_row(trial); i < trial.frames.size(); i += row_step(trial)) {
            frames[trial.trial.species] += 1;
        }
    }
    const auto species = learnt_species();
    const double living = frames[Species::bona_fide];
    for (const auto& trial : trials) {
        if (trial.trial.species == Species::injection) continue;
        const bool live = trial.trial.species == Species::bona_fide;
        // All attacks together weigh about as much as living faces, each species alike but masks,
        // which are harder to tell.
        const double weight =
            live ? 1.0
                 : (is_mask(trial.trial.species) ? 6 : 1) * living /
                       (static_cast<double>(species.size()) * frames[trial.trial.species]);
        for (std::size_t i = first_row(trial); i < trial.frames.size(); i += row_step(trial)) {
            const auto& frame = trial.frames[i];
            examples.values.insert(examples.values.end(), frame.begin(), frame.end());
            examples.live.push_back(live);
            examples.weight.push_back(weight);
        }
    }
    return examples;
}

// Mean log-odds of the whole track, limited as the detector does it.
double track_of(const vision::TreeModel& model, const MeasuredTrial& trial) {
    if (trial.frames.empty()) return -10;
    double sum = 0;
    for (const auto& frame : trial.frames) sum += std::clamp(model.log_odds(frame), -6.0, 6.0);
    return sum / static_cast<double>(trial.frames.size());
}

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    return values.at(std::min(at, values.size() - 1));
}

void report(const vision::TreeModel& model, const std::vector<MeasuredTrial>& trials) {
    struct Row {
        int all = 0;
        int accepted = 0;
        int unseen = 0;  // of qualities kept out
        int unseen_accepted = 0;
        std::array<int, 5> by_quality{};
        std::array<int, 5> accepted_by_quality{};
        std::vector<double> scores;
    };
    std::map<Species, Row> rows;
    for (const auto& trial : trials) {
        Row& row = rows[trial.trial.species];
        const double score = track_of(model, trial) - model.parts().threshold;
        const int accepted = score >= 0 ? 1 : 0;
        row.scores.push_back(score);
        ++row.all;
        row.accepted += accepted;
        const auto fifth =
            std::min<std::size_t>(4, static_cast<std::size_t>(trial.trial.quality * 5));
        ++row.by_quality.at(fifth);
        row.accepted_by_quality.at(fifth) += accepted;
        if (kept_out(trial.trial.quality)) {
            ++row.unseen;
            row.unseen_accepted += accepted;
        }
    }
    std::cout << std::left << std::setw(16) << "species" << std::right << std::setw(8) << "shown"
              << std::setw(10) << "accepted" << std::setw(9) << "share" << std::setw(9) << "unseen"
              << std::setw(9) << "middle"
              << "   by quality (fifths)\n";
    for (const auto& [species, row] : rows) {
        const auto share = [](int part, int all) { return all == 0 ? 0 : 100.0 * part / all; };
        std::cout << std::left << std::setw(16) << to_string(species) << std::right << std::setw(8)
                  << row.all << std::setw(10) << row.accepted << std::fixed << std::setprecision(1)
                  << std::setw(8) << share(row.accepted, row.all) << '%' << std::setw(8)
                  << share(row.unseen_accepted, row.unseen) << '%' << std::setprecision(2)
                  << std::setw(9) << quantile(row.scores, 0.5) << "  ";
        for (std::size_t q = 0; q < 5 && species != Species::bona_fide; ++q) {
            std::cout << ' ' << std::setprecision(0)
                      << share(row.accepted_by_quality.at(q), row.by_quality.at(q)) << '%';
        }
        std::cout << '\n';
    }
}

double complexion_distance(const people::Head& a, const people::Head& b) {
    double squares = 0;
    const auto add = [&](double one, double other) {
        const double step = std::log((one + 0.01) / (other + 0.01));
        squares += step * step;
    };
    add(a.skin.red, b.skin.red);
    add(a.skin.green, b.skin.green);
    add(a.skin.blue, b.skin.blue);
    return std::sqrt(squares);
}

// Every trial with what may have let it through.
void write_trials(const std::string& file, const vision::TreeModel& model,
                  const std::vector<MeasuredTrial>& trials) {
    std::ofstream out(file);
    out << "species,quality,kept_out,log_odds,accepted,frames,interval,gestures,difficulty,"
           "eyewear,headwear,distance,noise,key_light,ambient_light,exposure,jpeg_quality,"
           "complexion_distance,face,attacker,artefact\n";
    Stage stage;
    for (const auto& measured : trials) {
        const Trial& trial = measured.trial;
        stage.begin(trial);
        const people::Shot& shot = stage.shot();
        const double score = track_of(model, measured) - model.parts().threshold;
        out << to_string(trial.species) << ',' << trial.quality << ',' << kept_out(trial.quality)
            << ',' << score << ',' << (score >= 0) << ',' << measured.frames.size() << ','
            << trial.interval << ',' << trial.performances.size() << ',' << trial.difficulty << ','
            << static_cast<int>(shot.appearance.eyewear) << ','
            << static_cast<int>(shot.appearance.headwear) << ',' << shot.place.distance << ','
            << shot.lens.noise << ',' << shot.lighting.key << ',' << shot.lighting.ambient << ','
            << shot.lens.exposure << ',' << shot.lens.jpeg_quality << ','
            << complexion_distance(people::make_head(trial.face), people::make_head(trial.attacker))
            << ',' << trial.face << ',' << trial.attacker << ',' << trial.artefact << '\n';
    }
    if (!out.flush()) throw std::runtime_error(file + ": cannot be written");
}

void report_on_test(const vision::TreeModel& model, const Options& options) {
    const auto trials = measured_set(people::Set::test, options.test, options.test / 5,
                                     options.test / 5, options.test / 2, options);
    report(model, trials);
    if (!options.trials.empty()) write_trials(options.trials, model, trials);
}

vision::TreeModel read_trees(const std::string& file) {
    std::vector<std::uint8_t> bytes(std::filesystem::file_size(file));
    std::ifstream in(file, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in) throw std::runtime_error(file + ": cannot be read");
    return vision::TreeModel::read(bytes);
}

void explain(const Boosted& boosted) {
    const auto& names = vision::PassiveFeatures::names();
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return boosted.gain[a] > boosted.gain[b]; });
    const double total = std::accumulate(boosted.gain.begin(), boosted.gain.end(), 0.0);
    std::cout << "what the trees look at most:\n";
    for (std::size_t i = 0; i < 25; ++i) {
        std::cout << "  " << std::fixed << std::setprecision(1) << std::setw(5)
                  << 100 * boosted.gain[order[i]] / total << " %  " << names[order[i]] << '\n';
    }
}

int run(const Options& options) {
    vision::use_one_thread();
    const auto begun = std::chrono::steady_clock::now();
    if (!options.from.empty()) {
        report_on_test(read_trees(options.from), options);
        return 0;
    }
    const auto training = measured_set(people::Set::training, options.bona_fide, options.attacks,
                                       options.masks, options.silicone, options);
    const Examples examples = examples_of(training);
    std::cout << examples.rows() << " frames, " << examples.columns << " measurements\n";
    const Boosted boosted = boost(examples, options.boosting);
    explain(boosted);

    vision::TreeModel::Parts parts;
    parts.names = vision::PassiveFeatures::names();
    parts.bias = boosted.bias;
    parts.trees = boosted.trees;
    std::ostringstream origin;
    origin << "liveness_train --bona-fide " << options.bona_fide << " --attacks " << options.attacks
           << " --masks " << options.masks << " --silicone " << options.silicone
           << " --development " << options.development << " --trees " << options.boosting.trees
           << " --depth " << options.boosting.depth << " --seed " << options.boosting.seed;
    parts.origin = origin.str();

    const auto development =
        measured_set(people::Set::development, options.development, options.development / 10,
                     options.development / 10, options.development / 4, options);
    std::vector<double> living;
    const vision::TreeModel first(parts);
    for (const auto& trial : development) {
        if (trial.trial.species == Species::bona_fide) living.push_back(track_of(first, trial));
    }
    parts.threshold = quantile(living, options.bpcer);
    const vision::TreeModel model(parts);
    report(model, development);

    const auto bytes = model.bytes();
    std::ofstream out(options.out, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error(options.out + ": cannot be written");
    if (options.test > 0) report_on_test(model, options);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    std::cout << options.out << ": " << bytes.size() / 1024 << " KiB, threshold " << parts.threshold
              << ", " << std::setprecision(0) << taken.count() << " s\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Trains the built-in liveness detector on simulated people and attacks."};
    Options options;
    app.add_option("--out", options.out, "The model's file");
    app.add_option("--from", options.from, "Train nothing: report on these trees");
    app.add_option("--bona-fide", options.bona_fide, "Living people to train on")
        ->capture_default_str();
    app.add_option("--attacks", options.attacks, "Artefacts of each species to train on")
        ->capture_default_str();
    app.add_option("--masks", options.masks, "The same for each species of masks")
        ->capture_default_str();
    app.add_option("--silicone", options.silicone, "The same for silicone masks")
        ->capture_default_str();
    app.add_option("--development", options.development,
                   "Living people to set the threshold on; artefacts of a species: a tenth, of "
                   "silicone masks a quarter")
        ->capture_default_str();
    app.add_option("--test", options.test,
                   "Living people to report on; artefacts of a species: a fifth, of silicone masks "
                   "half; 0: no report")
        ->capture_default_str();
    app.add_option("--bpcer", options.bpcer, "Share of living people refused, on development")
        ->capture_default_str();
    app.add_option("--trees", options.boosting.trees, "Trees")->capture_default_str();
    app.add_option("--depth", options.boosting.depth, "Their depth")->capture_default_str();
    app.add_option("--seed", options.boosting.seed, "Of the training")->capture_default_str();
    app.add_option("--kept", options.kept,
                   "Folder where measurements are kept and found again, to try other trees; empty "
                   "it when the renderer has changed");
    app.add_option("--threads", options.threads, "Threads that render")->capture_default_str();
    app.add_option("--test-first", options.test_first,
                   "First of the test set's trials to report on: others than were looked at")
        ->capture_default_str();
    app.add_option("--trials", options.trials, "Write every trial of the report to this CSV");
    CLI11_PARSE(app, argc, argv);
    if (options.out.empty() == options.from.empty()) {
        std::cerr << "liveness_train: give --out FILE to train, or --from FILE to report\n";
        return 2;
    }
    try {
        return run(options);
    } catch (const std::exception& problem) {
        std::cerr << "liveness_train: " << problem.what() << '\n';
        return 1;
    }
}
