#include "face_evaluate.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "biometrics/evaluation.h"
#include "biometrics/pad.h"
#include "biometrics/protocol.h"
#include "evaluation_json.h"
#include "home.h"
#include "report/report.h"
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
std::string command_line(const FaceEvaluation& options) {
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

struct Measured {
    const ModelPack& pack;
    const FaceEvaluation& options;
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

Json results(const Measured& measured) {
    Json json = provenance(measured);
    json["failures"] = Json::array();
    for (const auto& failure : measured.embedded.failures) {
        json["failures"].push_back({{"file", failure.file}, {"reason", failure.reason}});
    }
    describe_evaluation(json, measured.evaluation,
                        ErrorRates(scores_of(measured.trials.comparisons)));
    return json;
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

PairProtocol read_protocol(const FaceEvaluation& options, std::vector<Pair>& pairs) {
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

}  // namespace

int evaluate_faces(const FaceEvaluation& options) {
    use_one_thread();
    for (const auto& target : {options.json, options.scores, options.distribution}) {
        if (!target.empty()) report::expect_writable(target);
    }
    std::vector<Pair> pairs;
    const PairProtocol protocol = read_protocol(options, pairs);
    const ModelPack pack = load_comparing_pack(options.pack);
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
    if (!options.scores.empty()) report::write_whole(options.scores, trials.csv);
    if (!options.distribution.empty()) {
        // What a simulated door decides by: the strictest false match rate that was measured.
        report::write_whole(options.distribution,
                            distribution_file(pack.manifest().name, provenance(measured),
                                              options.visits, evaluation.targets.back().rates,
                                              ErrorRates(scores_of(trials.comparisons))));
    }
    if (!options.json.empty()) report::write_whole(options.json, results(measured).dump(2) + "\n");
    return 0;
}

}  // namespace strongroom::cli
