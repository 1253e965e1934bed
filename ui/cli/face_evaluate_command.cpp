#include "face_evaluate_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "face_evaluate.h"
#include "face_simulated.h"
#include "home.h"
#include "work.h"

namespace strongroom::cli {

namespace {

struct EvaluateOptions {
    FaceEvaluation photographs;
    SimulatedEvaluation simulated;
    std::string set = "test";
    unsigned jobs = default_jobs();
};

// Options that belong to one kind of evaluation are refused with another.
void expect_only(const CLI::App& app, const std::vector<const char*>& foreign,
                 const std::string& needed) {
    for (const char* name : foreign) {
        if (app.count(name) > 0) throw InputError(std::string(name) + " needs " + needed);
    }
}

const std::vector<const char*> photograph_options{"--images", "--pairs",     "--all-pairs",
                                                  "--visits", "--rotations", "--data-set"};
const std::vector<const char*> simulated_options{
    "--renders",  "--references", "--impostor-probes", "--difficulty", "--set",  "--development",
    "--baseline", "--compare",    "--packs",           "--thresholds", "--jobs", "--html"};

int run(const CLI::App& app, EvaluateOptions options) {
    if (app.count("--simulated") == 0) {
        expect_only(app, simulated_options, "--simulated N");
        if (app.count("--images") == 0) {
            throw InputError(
                "give --images DIR with photographs, or --simulated N for N simulated people");
        }
        return evaluate_faces(options.photographs);
    }
    expect_only(app, photograph_options, "photographs, and --simulated renders its own people");
    SimulatedEvaluation& simulated = options.simulated;
    simulated.pack = options.photographs.pack;
    simulated.pack_given = app.count("--pack") > 0;
    simulated.json = options.photographs.json;
    simulated.scores = options.photographs.scores;
    simulated.distribution = options.photographs.distribution;
    simulated.rounds = options.photographs.rounds;
    simulated.faces.seed = options.photographs.seed;
    simulated.faces.jobs = options.jobs;
    if (options.set == "development") {
        simulated.faces.set = people::Set::development;
    } else if (options.set != "test") {
        throw InputError(
            "--set is 'test' or 'development': nobody is evaluated on people that the "
            "models were trained on");
    }
    if (!simulated.packs.empty() && !simulated.compare) {
        throw InputError("--packs needs --compare");
    }
    return evaluate_simulated(simulated);
}

void add_photograph_options(CLI::App& app, FaceEvaluation& options) {
    app.add_option("--images", options.images, "Folder of the pictures")->group("Photographs");
    app.add_option("--pairs", options.pairs,
                   "CSV with the columns file_a, file_b and same (1 or 0)")
        ->group("Photographs");
    app.add_flag("--all-pairs", options.all_pairs,
                 "Compare every picture with every other; --images holds a folder a person")
        ->group("Photographs");
    app.add_option("--visits", options.visits,
                   "As at the terminal: K references a person, and the least distance to them; "
                   "--images holds a folder a person")
        ->type_name("K")
        ->check(CLI::Range(1, 100))
        ->group("Photographs");
    app.add_option("--rotations", options.rotations,
                   "With --visits: how many choices of references a person (default: as many as "
                   "she has pictures)")
        ->check(CLI::Range(1, 1000))
        ->group("Photographs");
    app.add_option("--data-set", options.data_set, "Name of the data set in the outputs")
        ->group("Photographs");
}

void add_simulated_options(CLI::App& app, EvaluateOptions& options) {
    const std::string group = "Simulated people (rates are labelled SIMULATED)";
    SimulatedEvaluation& simulated = options.simulated;
    app.add_option("--simulated", simulated.faces.people,
                   "N people whom no model was trained on; the embedded model unless --pack is "
                   "given")
        ->type_name("N")
        ->check(CLI::Range(std::size_t{2}, people::people_in_set))
        ->group(group);
    app.add_option("--renders", simulated.faces.renders, "Visits of each person, a picture a visit")
        ->type_name("K")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str()
        ->group(group);
    app.add_option("--references", simulated.faces.references, "Pictures that a person enrols")
        ->check(CLI::Range(1, 20))
        ->capture_default_str()
        ->group(group);
    app.add_option("--impostor-probes", simulated.faces.impostor_probes,
                   "Of each person's visits, how many claim to be each other person")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str()
        ->group(group);
    app.add_option(
           "--difficulty", simulated.faces.difficulty,
           "Of light, pose and looks: 0 as for a passport, 1 as bad as a terminal must bear")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str()
        ->group(group);
    app.add_option("--development", simulated.development,
                   "People of the development set, on whom thresholds are set; 0: none")
        ->check(CLI::Range(std::size_t{0}, people::people_in_set))
        ->capture_default_str()
        ->group(group);
    app.add_option("--set", options.set, "Whose rates: test or development")
        ->capture_default_str()
        ->group(group);
    app.add_option("--thresholds", simulated.thresholds,
                   "Take the thresholds from the --json file of an earlier run")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--baseline", simulated.baseline, "lbph: the textbook method, no pack")
        ->group(group);
    app.add_flag("--compare", simulated.compare,
                 "The embedded model, LBPH and every pack whose files are there, side by side on "
                 "the same pictures")
        ->group(group);
    app.add_option("--packs", simulated.packs, "With --compare: these packs and no others")
        ->delimiter(',')
        ->group(group);
    app.add_option("--jobs", options.jobs, "Threads")
        ->check(CLI::Range(1U, 256U))
        ->capture_default_str()
        ->group(group);
    app.add_option("--html", simulated.html, "Write a page with curves and tables to this file")
        ->group(group);
}

}  // namespace

void add_face_evaluate_command(CLI::App& face, int& exit_code) {
    auto options = std::make_shared<EvaluateOptions>();
    CLI::App* app = face.add_subcommand(
        "evaluate",
        "Measure how often a model errs, on photographs or on simulated people, with "
        "95 % bounds");
    FaceEvaluation& common = options->photographs;
    add_pack_options(*app, common.pack);
    add_photograph_options(*app, common);
    add_simulated_options(*app, *options);
    app->add_option("--json", common.json, "Write all results to this file");
    app->add_option("--scores", common.scores, "Write every comparison's distance to this CSV");
    app->add_option("--distribution", common.distribution,
                    "Write quantiles of the distances for the simulator (--visits or --simulated)");
    app->add_option("--rounds", common.rounds, "Rounds of the bootstrap over persons")
        ->check(CLI::Range(20, 100000))
        ->capture_default_str();
    app->add_option("--seed", common.seed, "Seed of the bootstrap and of the simulated visits")
        ->capture_default_str();
    app->footer(
        "Examples:\n"
        "  strongroom face evaluate --simulated 500 --compare --html faces.html\n"
        "  strongroom face evaluate --pairs pairs.csv --images DIR --pack dlib-densenet\n"
        "  strongroom face evaluate --visits 3 --images PEOPLE --pack dlib-densenet --json "
        "out.json\n"
        "FMR: share of impostor comparisons accepted. FNMR: share of genuine ones refused. "
        "Pictures\n"
        "without a comparable face are counted apart, as failures to acquire.\n"
        "Exit: 0 evaluated, 1 interrupted, 2 invalid input. Files are written whole, at the end, "
        "or not at all.");
    app->callback([options, app, &exit_code] {
        try {
            exit_code = run(*app, *options);
        } catch (const Interrupted& interrupted) {
            std::cerr << interrupted.what() << "\n";
            exit_code = 1;
        }
    });
}

}  // namespace strongroom::cli
