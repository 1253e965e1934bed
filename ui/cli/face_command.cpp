#include "face_command.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "biometrics/evaluation.h"
#include "biometrics/protocol.h"
#include "vision/enrolment.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using namespace strongroom::vision;
using namespace strongroom::biometrics;

// Invalid input: the text says what, where and what to do.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct PackOptions {
    std::string pack;
    fs::path models;
    std::string pin;
};

struct CompareOptions {
    PackOptions pack;
    fs::path a;
    fs::path b;
    fs::path json;
};

struct EvaluateOptions {
    PackOptions pack;
    fs::path pairs;
    fs::path images;
    bool all_pairs = false;
    std::size_t visits = 0;  // references a visit; 0: no visits
    std::size_t rotations = 1000;
    std::string data_set;
    fs::path json;
    fs::path scores;
    fs::path distribution;
    int rounds = 500;
    std::uint64_t seed = 1;
};

ModelPack load(const PackOptions& options) {
    const PackPlaces places = PackPlaces::find(options.models);
    ModelPack pack = ModelPack::load(places, find_pack(places, options.pack), options.pin);
    if (pack.embedder() == nullptr) {
        throw InputError("pack '" + options.pack +
                         "' only finds faces: choose one that compares (`strongroom models list`)");
    }
    return pack;
}

// Whole or not at all: written beside the target, flushed, renamed. Stopping the program at any
// moment leaves the old file or the new one.
void write_whole(const fs::path& target, const std::string& text) {
    std::string name = target.string() + ".XXXXXX";
    const int file = ::mkstemp(name.data());
    bool good = file >= 0;
    for (std::size_t at = 0; good && at < text.size();) {
        const ssize_t count = ::write(file, text.data() + at, text.size() - at);
        good = count > 0 || (count < 0 && errno == EINTR);
        if (count > 0) at += static_cast<std::size_t>(count);
    }
    good = good && ::fchmod(file, 0644) == 0 && ::fsync(file) == 0;
    const int problem = errno;
    if (file >= 0) good = ::close(file) == 0 && good;
    if (good && ::rename(name.c_str(), target.c_str()) == 0) return;
    if (file >= 0) ::unlink(name.c_str());
    throw InputError(target.string() +
                     ": cannot be written: " + std::strerror(problem != 0 ? problem : errno));
}

// An output that cannot be written is found out before minutes of work, not after.
void expect_writable(const fs::path& target) {
    if (target.empty()) return;
    fs::path folder = target.parent_path();
    if (folder.empty()) folder = ".";
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw InputError(target.string() + ": its folder does not exist: create it first");
    }
    if (::access(folder.c_str(), W_OK) != 0 || fs::is_directory(target, error)) {
        throw InputError(target.string() + ": cannot be written there");
    }
}

Json describe_pack(const ModelPack& pack) {
    const PackManifest& manifest = pack.manifest();
    std::ostringstream id;
    id << std::hex << std::setw(16) << std::setfill('0') << pack.model().value;
    Json json{{"name", manifest.name},
              {"manifest_sha256", manifest.sha256},
              {"pinned", pack.pinned()},
              {"model_id", id.str()},
              {"metric", to_string(manifest.metric)}};
    for (const auto& file : manifest.files) {
        json["files"].push_back({{"name", file.name}, {"sha256", file.sha256}});
    }
    return json;
}

Json describe_quality(const Quality& quality) {
    return {{"eye_distance", quality.eye_distance},
            {"sharpness", quality.sharpness},
            {"brightness", quality.brightness},
            {"contrast", quality.contrast},
            {"yaw", quality.pose.yaw},
            {"pitch", quality.pose.pitch},
            {"roll", quality.pose.roll}};
}

// ---- compare

struct Portrait {
    FaceMeasurement measurement;
    std::string problem;  // why it cannot be compared; else empty
};

Portrait portrait_of(FaceAnalyser& analyser, const fs::path& file) {
    const auto frame = read_image(file);
    if (!frame) {
        throw InputError(file.string() + " " + std::string(vision::describe(frame.error())));
    }
    Portrait portrait;
    auto measurement = analyser.analyse(*frame);
    if (!measurement) throw InputError(file.string() + " could not be searched for faces");
    portrait.measurement = std::move(*measurement);
    if (portrait.measurement.faces == 0) {
        portrait.problem = vision::describe(EnrolmentRefusal::no_face);
    } else if (portrait.measurement.features.empty()) {
        portrait.problem = vision::describe(EnrolmentRefusal::model_failed);
    }
    return portrait;
}

void print_portrait(const fs::path& file, const Portrait& portrait) {
    const Quality& quality = portrait.measurement.quality;
    std::cout << file.string() << ": ";
    if (!portrait.problem.empty()) {
        std::cout << portrait.problem << "\n";
        return;
    }
    std::cout << std::fixed << std::setprecision(0) << portrait.measurement.faces
              << (portrait.measurement.faces == 1 ? " face" : " faces, the largest is taken")
              << ", eyes " << quality.eye_distance << " px apart, sharpness " << quality.sharpness
              << ", brightness " << quality.brightness << ", contrast " << quality.contrast
              << ", yaw " << quality.pose.yaw << ", pitch " << quality.pose.pitch << ", roll "
              << quality.pose.roll << std::defaultfloat << "\n";
    const auto refusal = refusal_of(portrait.measurement, EnrolmentLimits{});
    std::cout << "  as a reference: "
              << (refusal ? "refused, " + std::string(vision::describe(*refusal)) : "good") << "\n";
}

int compare(const CompareOptions& options) {
    use_one_thread();
    expect_writable(options.json);
    const ModelPack pack = load(options.pack);
    const Threshold& threshold = pack.threshold();
    std::cout << pack.summary() << "\n";
    FaceAnalyser analyser(pack, nullptr);
    const Portrait a = portrait_of(analyser, options.a);
    const Portrait b = portrait_of(analyser, options.b);
    print_portrait(options.a, a);
    print_portrait(options.b, b);
    Json json{{"pack", describe_pack(pack)},
              {"threshold", threshold.distance},
              {"quality",
               {describe_quality(a.measurement.quality), describe_quality(b.measurement.quality)}},
              {"distance", nullptr},
              {"decision", "not compared"}};
    bool same = false;
    if (a.problem.empty() && b.problem.empty()) {
        const float apart =
            distance(pack.manifest().metric, a.measurement.features, b.measurement.features);
        same = static_cast<double>(apart) <= threshold.distance;
        json["distance"] = apart;
        json["decision"] = same ? "same person" : "unknown";
        std::cout << std::setprecision(4) << "distance " << apart
                  << (same ? " is within " : " is beyond ") << threshold.distance << ": "
                  << (same ? "the same person" : "unknown") << "\n";
    } else {
        std::cout << "not compared\n";
    }
    std::cout << "liveness: NOT MEASURED\n";
    if (!options.json.empty()) write_whole(options.json, json.dump(2) + "\n");
    return same ? 0 : 1;
}

// ---- evaluate

struct Failure {
    std::string file;
    std::string reason;
};

struct Embedded {
    std::vector<std::vector<float>> features;  // one a picture; empty: not acquired
    std::vector<Failure> failures;
};

Embedded embed_all(const ModelPack& pack, const PairProtocol& protocol, const fs::path& folder) {
    FaceAnalyser analyser(pack, nullptr);
    const bool terminal = isatty(STDERR_FILENO) != 0;
    Embedded embedded;
    for (const auto& picture : protocol.pictures) {
        if (terminal) {
            std::cerr << "\r" << embedded.features.size() + 1 << " of " << protocol.pictures.size()
                      << " pictures" << std::flush;
        }
        const auto frame = read_image(folder / picture.file);
        // A file that is not there is a wrong list, not a face that could not be acquired.
        if (!frame && frame.error() == ImageFault::not_found) {
            if (terminal) std::cerr << "\r\033[K";
            throw InputError((folder / picture.file).string() + " " +
                             std::string(vision::describe(frame.error())) + ", or --images");
        }
        std::string reason;
        std::vector<float> features;
        if (!frame) {
            reason = vision::describe(frame.error());
        } else if (auto measured = analyser.analyse(*frame); !measured) {
            reason = vision::describe(EnrolmentRefusal::bad_frame);
        } else if (measured->features.empty()) {
            reason = vision::describe(measured->faces == 0 ? EnrolmentRefusal::no_face
                                                           : EnrolmentRefusal::model_failed);
        } else {
            features = std::move(measured->features);
        }
        if (!reason.empty()) embedded.failures.push_back({picture.file, reason});
        embedded.features.push_back(std::move(features));
    }
    if (terminal) std::cerr << "\r\033[K";
    return embedded;
}

struct Trials {
    std::vector<Comparison> comparisons;
    std::int64_t lost = 0;  // a face on either side was not acquired
    std::string csv;
};

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

Trials compare_pairs(const ModelPack& pack, const PairProtocol& protocol,
                     const std::vector<Pair>& pairs, const Embedded& embedded) {
    Trials trials;
    std::ostringstream csv;
    csv << "file_a,file_b,same,distance\n" << std::setprecision(9);
    for (const auto& pair : pairs) {
        const Picture& a = protocol.pictures[pair.a];
        const Picture& b = protocol.pictures[pair.b];
        csv << csv_cell(a.file) << ',' << csv_cell(b.file) << ',' << (a.person == b.person) << ',';
        const auto& x = embedded.features[pair.a];
        const auto& y = embedded.features[pair.b];
        if (x.empty() || y.empty()) {
            ++trials.lost;
        } else {
            const double apart = static_cast<double>(distance(pack.manifest().metric, x, y));
            trials.comparisons.push_back({a.person, b.person, apart});
            csv << apart;
        }
        csv << '\n';
    }
    trials.csv = csv.str();
    return trials;
}

// As at the terminal: a face against all references of the claimed customer, the least counts.
Trials compare_visits(const ModelPack& pack, const PairProtocol& people,
                      const std::vector<Visits>& plan, const Embedded& embedded) {
    Trials trials;
    std::ostringstream csv;
    csv << "references,probe,same,distance\n" << std::setprecision(9);
    for (const auto& visits : plan) {
        std::string names;
        for (const auto reference : visits.references) {
            names += (names.empty() ? "" : "+") + people.pictures[reference].file;
        }
        const auto visit = [&](std::size_t probe) {
            std::optional<double> least;
            for (const auto reference : visits.references) {
                const auto& x = embedded.features[reference];
                const auto& y = embedded.features[probe];
                if (x.empty() || y.empty()) continue;
                const double apart = static_cast<double>(distance(pack.manifest().metric, x, y));
                least = std::min(least.value_or(apart), apart);
            }
            const std::uint32_t person = people.pictures[probe].person;
            csv << csv_cell(names) << ',' << csv_cell(people.pictures[probe].file) << ','
                << (person == visits.person) << ',';
            if (least) {
                trials.comparisons.push_back({visits.person, person, *least});
                csv << *least;
            } else {
                ++trials.lost;
            }
            csv << '\n';
        };
        for (const auto probe : visits.genuine) visit(probe);
        for (const auto probe : visits.impostor) visit(probe);
    }
    trials.csv = csv.str();
    return trials;
}

// The command that measures this again.
std::string command_line(const EvaluateOptions& options) {
    std::ostringstream out;
    out << "strongroom face evaluate --pack " << options.pack.pack << " --images "
        << options.images.string();
    if (!options.pairs.empty()) out << " --pairs " << options.pairs.string();
    if (options.all_pairs) out << " --all-pairs";
    if (options.visits > 0) {
        out << " --visits " << options.visits;
        if (options.rotations < 1000) out << " --rotations " << options.rotations;
    }
    out << " --rounds " << options.rounds << " --seed " << options.seed;
    return out.str();
}

Json pair_of(const Interval& interval) { return {interval.lower, interval.upper}; }

Json describe_rates(const Evaluation::AtThreshold& at) {
    return {{"threshold", at.threshold},
            {"fmr", at.fmr.value},
            {"fmr_bounds", pair_of(at.fmr.bounds)},
            {"false_matches", at.false_matches.errors},
            {"impostor", at.false_matches.trials},
            {"fnmr", at.fnmr.value},
            {"fnmr_bounds", pair_of(at.fnmr.bounds)},
            {"false_non_matches", at.false_non_matches.errors},
            {"genuine", at.false_non_matches.trials}};
}

// "0.01", not "1e-2" nor "0.01000".
std::string key_of(double target) {
    std::ostringstream out;
    out << std::defaultfloat << std::setprecision(6) << target;
    const std::string text = out.str();
    if (text.find('e') == std::string::npos) return text;
    std::ostringstream fixed;
    fixed << std::fixed << std::setprecision(8) << target;
    std::string digits = fixed.str();
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

struct Measured {
    const ModelPack& pack;
    const EvaluateOptions& options;
    const PairProtocol& protocol;
    const Embedded& embedded;
    const Trials& trials;
    const Evaluation& evaluation;

    std::string data_set() const {
        if (!options.data_set.empty()) return options.data_set;
        return fs::absolute(options.images).lexically_normal().filename().string();
    }
    std::string protocol_name() const {
        if (options.visits > 0) return "visits";
        return options.all_pairs ? "all-pairs" : "pairs";
    }
};

Json provenance(const Measured& measured) {
    Json json{{"command", command_line(measured.options)},
              {"pack", describe_pack(measured.pack)},
              {"data_set",
               {{"name", measured.data_set()},
                {"pictures", measured.protocol.pictures.size()},
                {"persons", measured.protocol.persons}}},
              {"protocol", measured.protocol_name()}};
    if (measured.options.visits > 0) json["templates"] = measured.options.visits;
    json["genuine"] = measured.evaluation.genuine;
    json["impostor"] = measured.evaluation.impostor;
    json["failures_to_acquire"] = measured.embedded.failures.size();
    json["comparisons_lost"] = measured.trials.lost;
    return json;
}

Json report(const Measured& measured) {
    const Evaluation& evaluation = measured.evaluation;
    Json json = provenance(measured);
    json["failures"] = Json::array();
    for (const auto& failure : measured.embedded.failures) {
        json["failures"].push_back({{"file", failure.file}, {"reason", failure.reason}});
    }
    json["eer"] = evaluation.equal_error.value;
    json["eer_threshold"] = evaluation.equal_error_threshold;
    json["best_accuracy"] = evaluation.best_accuracy;
    Json bounds{{"confidence", 0.95},
                {"method",
                 "eer and fnmr_at: bootstrap over persons; rates at a threshold: the wider of that "
                 "and Clopper-Pearson"},
                {"eer", pair_of(evaluation.equal_error.bounds)}};
    for (const auto& at : evaluation.targets) {
        const std::string key = key_of(at.target);
        json["fnmr_at"][key] = at.fnmr_at_target.value;
        bounds["fnmr_at"][key] = pair_of(at.fnmr_at_target.bounds);
        json["at_fmr"][key] = describe_rates(at.rates);
        json["at_fmr"][key]["too_few_impostors"] = at.too_few_impostors;
    }
    json["threshold"] = evaluation.own ? Json(evaluation.own->threshold) : Json(nullptr);
    if (evaluation.own) json["at_threshold"] = describe_rates(*evaluation.own);
    json["bounds"] = bounds;
    const ErrorRates rates(scores_of(measured.trials.comparisons));
    for (const auto& point : rates.trade_off(200)) {
        json["det"].push_back({point.threshold, point.fmr, point.fnmr});
    }
    return json;
}

Json distribution(const Measured& measured) {
    const ErrorRates rates(scores_of(measured.trials.comparisons));
    const auto table = [](std::span<const double> rising) {
        Json json = Json::array();
        for (const auto& point : quantile_table(rising)) {
            // Six digits: the file is read by people too.
            json.push_back(
                {std::round(point.p * 1e7) / 1e7, std::round(point.distance * 1e6) / 1e6});
        }
        return json;
    };
    // What a simulated door decides by: the strictest false match rate that was measured.
    const Evaluation::AtThreshold& strictest = measured.evaluation.targets.back().rates;
    return {{"model", measured.pack.manifest().name},
            {"provenance", provenance(measured)},
            {"templates", std::max<std::size_t>(measured.options.visits, 1)},
            {"threshold",
             {{"distance", strictest.threshold},
              {"fmr", strictest.fmr.value},
              {"fmr_upper_bound", strictest.fmr.bounds.upper},
              {"fnmr", strictest.fnmr.value}}},
            {"genuine_quantiles", table(rates.genuine())},
            {"impostor_quantiles", table(rates.impostor())}};
}

// So that a change of the file can be read.
std::string one_point_a_line(std::string json) {
    for (auto at = json.find("],["); at != std::string::npos; at = json.find("],[", at)) {
        json.replace(at, 3, "],\n[");
    }
    return json;
}

std::string percent(const Bounded& rate) {
    std::ostringstream out;
    out << std::setprecision(3) << rate.value * 100 << " % (" << rate.bounds.lower * 100 << " to "
        << rate.bounds.upper * 100 << ")";
    return out.str();
}

void print(const Measured& measured) {
    const Evaluation& evaluation = measured.evaluation;
    std::cout << measured.data_set() << ", " << measured.protocol_name() << ": "
              << measured.protocol.pictures.size() << " pictures of " << measured.protocol.persons
              << " people, " << evaluation.genuine << " genuine and " << evaluation.impostor
              << " impostor comparisons\n"
              << "failures to acquire: " << measured.embedded.failures.size() << " pictures, "
              << measured.trials.lost << " comparisons lost\n";
    std::size_t shown = 0;
    for (const auto& failure : measured.embedded.failures) {
        if (++shown > 5) break;
        std::cout << "  " << failure.file << ": " << failure.reason << "\n";
    }
    std::cout << "equal error rate: " << percent(evaluation.equal_error) << " at distance "
              << evaluation.equal_error_threshold << "\n";
    for (const auto& at : evaluation.targets) {
        std::cout << "FNMR at FMR " << at.target * 100 << " %: " << percent(at.fnmr_at_target)
                  << " at distance " << at.rates.threshold
                  << (at.too_few_impostors ? ", too few impostor comparisons to tell" : "") << "\n";
    }
    if (evaluation.own) {
        std::cout << "at the pack's threshold " << evaluation.own->threshold << ": FMR "
                  << percent(evaluation.own->fmr) << ", FNMR " << percent(evaluation.own->fnmr)
                  << "\n";
    } else {
        std::cout << "the pack states no threshold\n";
    }
    std::cout << "best accuracy: " << evaluation.best_accuracy * 100
              << " %\nin brackets: 95 % bounds\n";
}

PairProtocol read_protocol(const EvaluateOptions& options, std::vector<Pair>& pairs) {
    const int chosen = (options.pairs.empty() ? 0 : 1) + (options.all_pairs ? 1 : 0) +
                       (options.visits > 0 ? 1 : 0);
    if (chosen != 1) throw InputError("give one of --pairs CSV, --all-pairs and --visits K");
    std::error_code error;
    if (!fs::is_directory(options.images, error)) {
        throw InputError(options.images.string() + " is no folder: give --images DIR");
    }
    if (!options.distribution.empty() && options.visits == 0) {
        throw InputError("--distribution needs --visits K: it describes visits");
    }
    PairProtocol protocol =
        options.pairs.empty() ? read_people(options.images) : read_pairs(options.pairs);
    if (options.all_pairs) pairs = all_pairs(protocol);
    if (!options.pairs.empty()) pairs = protocol.pairs;
    return protocol;
}

int evaluate_pack(const EvaluateOptions& options) {
    use_one_thread();
    for (const auto& target : {options.json, options.scores, options.distribution}) {
        expect_writable(target);
    }
    std::vector<Pair> pairs;
    const PairProtocol protocol = read_protocol(options, pairs);
    const ModelPack pack = load(options.pack);
    std::cout << pack.summary() << "\n" << std::flush;
    const Embedded embedded = embed_all(pack, protocol, options.images);
    const Trials trials =
        options.visits > 0
            ? compare_visits(pack, protocol,
                             plan_visits(protocol, options.visits, options.rotations), embedded)
            : compare_pairs(pack, protocol, pairs, embedded);
    const Scores scores = scores_of(trials.comparisons);
    if (scores.genuine.empty() || scores.impostor.empty()) {
        throw InputError("there are no comparisons of " +
                         std::string(scores.genuine.empty() ? "the same person" : "two people") +
                         ": no rate can be computed (" + std::to_string(embedded.failures.size()) +
                         " pictures had no comparable face)");
    }
    EvaluationOptions settings;
    if (options.visits > 0) settings.fmr_targets = {0.01, 0.001, 0.0001};
    if (!pack.manifest().thresholds.empty()) settings.threshold = pack.threshold().distance;
    settings.rounds = options.rounds;
    settings.seed = options.seed;
    const Evaluation evaluation = evaluate(trials.comparisons, settings);
    const Measured measured{pack, options, protocol, embedded, trials, evaluation};
    print(measured);
    if (!options.scores.empty()) write_whole(options.scores, trials.csv);
    if (!options.distribution.empty()) {
        write_whole(options.distribution, one_point_a_line(distribution(measured).dump()) + "\n");
    }
    if (!options.json.empty()) write_whole(options.json, report(measured).dump(2) + "\n");
    return 0;
}

// ---- command line

void add_pack_options(CLI::App& app, PackOptions& options) {
    app.add_option("--pack", options.pack, "Model pack (see `strongroom models list`)")->required();
    app.add_option("--models", options.models, "Model directory")->envname("STRONGROOM_MODELS");
    app.add_option(
        "--pin", options.pin,
        "SHA-256 that the pack's manifest must have (`strongroom models list` shows it)");
}

template <class Options>
void on_run(CLI::App& app, const std::shared_ptr<Options>& options, int& exit_code,
            int (*run)(const Options&)) {
    app.callback([options, run, &exit_code] {
        try {
            exit_code = run(*options);
        } catch (const std::exception& problem) {
            std::cerr << "error: " << problem.what() << "\n";
            exit_code = 2;
        }
    });
}

void add_compare(CLI::App& face, int& exit_code) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App* app = face.add_subcommand(
        "compare", "Compare the faces on two pictures by the pack's own threshold");
    app->add_option("A", options->a, "Picture: JPEG, PNG, BMP or PNM")->required();
    app->add_option("B", options->b, "Picture")->required();
    add_pack_options(*app, options->pack);
    app->add_option("--json", options->json, "Write distance, decision and quality to this file");
    app->footer(
        "Example: strongroom face compare ann1.jpg ann2.jpg --pack dlib-densenet\n"
        "Exit: 0 the same person, 1 unknown or no comparable face, 2 invalid input.");
    on_run(*app, options, exit_code, compare);
}

void add_evaluate(CLI::App& face, int& exit_code) {
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* app = face.add_subcommand(
        "evaluate", "Measure how often a pack errs on a set of pictures, with 95 % bounds");
    add_pack_options(*app, options->pack);
    app->add_option("--images", options->images, "Folder of the pictures")->required();
    app->add_option("--pairs", options->pairs,
                    "CSV with the columns file_a, file_b and same (1 or 0)");
    app->add_flag("--all-pairs", options->all_pairs,
                  "Compare every picture with every other; --images holds a folder a person");
    app->add_option("--visits", options->visits,
                    "As at the terminal: K references a person, and the least distance to them; "
                    "--images holds a folder a person")
        ->type_name("K")
        ->check(CLI::Range(1, 100));
    app->add_option("--rotations", options->rotations,
                    "With --visits: how many choices of references a person (default: as many as "
                    "she has pictures)")
        ->check(CLI::Range(1, 1000));
    app->add_option("--data-set", options->data_set, "Name of the data set in the outputs");
    app->add_option("--json", options->json, "Write all results to this file");
    app->add_option("--scores", options->scores, "Write every comparison's distance to this CSV");
    app->add_option("--distribution", options->distribution,
                    "With --visits: write quantiles of the distances for the simulator");
    app->add_option("--rounds", options->rounds, "Rounds of the bootstrap over persons")
        ->check(CLI::Range(20, 100000))
        ->capture_default_str();
    app->add_option("--seed", options->seed, "Seed of the bootstrap")->capture_default_str();
    app->footer(
        "Examples:\n"
        "  strongroom face evaluate --pairs pairs.csv --images DIR --pack dlib-densenet\n"
        "  strongroom face evaluate --visits 3 --images PEOPLE --pack dlib-densenet --json "
        "out.json\n"
        "FMR: share of impostor comparisons accepted. FNMR: share of genuine ones refused. "
        "Pictures\n"
        "without a comparable face are counted apart, as failures to acquire.\n"
        "Exit: 0 evaluated, 2 invalid input. Files are written whole, at the end, or not at all.");
    on_run(*app, options, exit_code, evaluate_pack);
}

}  // namespace

void add_face_command(CLI::App& app, int& exit_code) {
    CLI::App* face =
        app.add_subcommand("face", "Compare faces on pictures, or measure how well a pack does");
    face->require_subcommand(1);
    add_compare(*face, exit_code);
    add_evaluate(*face, exit_code);
}

}  // namespace strongroom::cli
