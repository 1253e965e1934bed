#include "face_evaluate_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "face_attacks.h"
#include "face_evaluate.h"
#include "face_simulated.h"
#include "home.h"
#include "people/attack.h"
#include "work.h"

namespace strongroom::cli {

namespace {

struct EvaluateOptions {
    FaceEvaluation photographs;
    SimulatedEvaluation simulated;
    PadCampaignOptions campaign;
    AttackFolder attacks;
    bool liveness = false;
    bool passive_only = false;
    bool no_challenge = false;
    std::string protocol = "sweep";
    std::vector<std::string> species;
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
const std::vector<const char*> recognition_options{
    "--renders",  "--references", "--impostor-probes", "--development",
    "--baseline", "--compare",    "--packs",           "--distribution"};
const std::vector<const char*> render_options{"--difficulty", "--set", "--jobs"};
const std::vector<const char*> campaign_options{
    "--bona-fide", "--artefacts", "--presentations", "--species",
    "--protocol",  "--seconds",   "--passive-only",  "--no-challenge"};
const std::vector<const char*> pad_options{"--pad", "--pad-threshold"};

people::Set set_of(const EvaluateOptions& options) {
    if (options.set == "test") return people::Set::test;
    if (options.set == "development") return people::Set::development;
    throw InputError(
        "--set is 'test' or 'development': nobody is evaluated on people that the models were "
        "trained on");
}

int run_simulated(const CLI::App& app, EvaluateOptions& options) {
    const std::string why = "--liveness: without it, recognition is measured";
    expect_only(app, campaign_options, why);
    expect_only(app, pad_options, "--liveness or --attacks");
    SimulatedEvaluation& simulated = options.simulated;
    simulated.pack = options.photographs.pack;
    simulated.pack_given = app.count("--pack") > 0;
    simulated.json = options.photographs.json;
    simulated.scores = options.photographs.scores;
    simulated.distribution = options.photographs.distribution;
    simulated.rounds = options.photographs.rounds;
    simulated.faces.seed = options.photographs.seed;
    simulated.faces.jobs = options.jobs;
    simulated.faces.set = set_of(options);
    if (!simulated.packs.empty() && !simulated.compare) {
        throw InputError("--packs needs --compare");
    }
    return evaluate_simulated(simulated);
}

AttackOutputs outputs_of(const EvaluateOptions& options) {
    return {options.photographs.json, options.photographs.scores, options.simulated.html,
            options.photographs.rounds};
}

int run_campaign(const CLI::App& app, EvaluateOptions& options) {
    expect_only(app, recognition_options, "--simulated without --liveness");
    PadCampaignOptions& campaign = options.campaign;
    if (options.protocol != "sweep" && options.protocol != "common-criteria") {
        throw InputError("--protocol is 'sweep' or 'common-criteria'");
    }
    if (app.count("--simulated") > 0) campaign.people = options.simulated.faces.people;
    campaign.set = set_of(options);
    campaign.difficulty = options.simulated.faces.difficulty;
    campaign.whole_system = !options.passive_only;
    campaign.challenge = !options.no_challenge;
    campaign.seed = options.photographs.seed;
    campaign.jobs = options.jobs;
    campaign.pad = options.attacks.pad;
    campaign.threshold = options.attacks.threshold;
    campaign.pack = options.photographs.pack;
    campaign.thresholds = options.simulated.thresholds;
    for (const std::string& name : options.species) {
        const auto species = people::species_named(name);
        if (!species || *species == people::Species::bona_fide) {
            std::string known;
            for (const auto attack : people::attack_species()) {
                known += (known.empty() ? "" : ", ") + std::string(people::to_string(attack));
            }
            throw InputError("unknown species '" + name + "': there are " + known);
        }
        campaign.species.push_back(*species);
    }
    return evaluate_liveness(campaign, outputs_of(options), options.protocol == "common-criteria");
}

int run(const CLI::App& app, EvaluateOptions options) {
    const bool simulated = app.count("--simulated") > 0 || options.liveness;
    if (app.count("--attacks") > 0) {
        const std::string why = "another evaluation than --attacks";
        for (const auto& foreign :
             {photograph_options, recognition_options, render_options, campaign_options}) {
            expect_only(app, foreign, why);
        }
        expect_only(app, {"--thresholds"}, why);
        if (simulated)
            throw InputError("--attacks and --simulated are two evaluations: choose one");
        options.attacks.pack = options.photographs.pack;
        options.attacks.seed = options.photographs.seed;
        options.attacks.outputs = outputs_of(options);
        return evaluate_attacks(options.attacks);
    }
    if (simulated) {
        expect_only(app, photograph_options, "photographs, and simulated people are rendered");
        return options.liveness ? run_campaign(app, options) : run_simulated(app, options);
    }
    const std::string why = "--simulated N";
    expect_only(app,
                {"--renders", "--references", "--impostor-probes", "--development", "--baseline",
                 "--compare", "--packs", "--thresholds", "--html"},
                why);
    expect_only(app, render_options, why);
    expect_only(app, campaign_options, "--liveness");
    expect_only(app, pad_options, "--liveness or --attacks");
    if (app.count("--images") == 0) {
        throw InputError(
            "give --images DIR with photographs, --simulated N for N simulated people, or "
            "--attacks DIR with attacks");
    }
    return evaluate_faces(options.photographs);
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
}

void add_pad_options(CLI::App& app, EvaluateOptions& options) {
    const std::string group = "Presentation attacks";
    PadCampaignOptions& campaign = options.campaign;
    app.add_option("--attacks", options.attacks.folder,
                   "Your own pictures and videos: a folder with labels.csv (file, species), or "
                   "with a folder a species; living people are bona_fide")
        ->type_name("DIR")
        ->group(group);
    app.add_flag("--liveness", options.liveness,
                 "A simulated campaign: living people and every species of attack, over unseen "
                 "people and artefacts; --simulated N says how many people")
        ->group(group);
    app.add_option("--pad", options.attacks.pad,
                   "The detector: embedded, or a pack with networks for liveness")
        ->type_name("NAME")
        ->capture_default_str()
        ->group(group);
    app.add_option("--pad-threshold", options.attacks.threshold,
                   "Scores from here up are taken for live (default: the detector's own)")
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
    app.add_option("--protocol", options.protocol,
                   "sweep (of the instruments' quality), or common-criteria: of each species 3 "
                   "people, 3 artefacts, 10 tries")
        ->capture_default_str()
        ->group(group);
    app.add_option("--species", options.species, "These species of attack and no others")
        ->delimiter(',')
        ->group(group);
    app.add_option("--bona-fide", campaign.bona_fide, "Visits of each living person")
        ->check(CLI::Range(0, 10000))
        ->capture_default_str()
        ->group(group);
    app.add_option("--artefacts", campaign.artefacts, "Of each person and species")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str()
        ->group(group);
    app.add_option("--presentations", campaign.presentations, "Of each artefact")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str()
        ->group(group);
    app.add_option("--seconds", campaign.seconds, "After which who stands there gives up")
        ->check(CLI::Range(1.0, 60.0))
        ->capture_default_str()
        ->group(group);
    app.add_flag("--passive-only", options.passive_only,
                 "The detector alone, without comparison, session and gestures: no IAPAR")
        ->group(group);
    app.add_flag("--no-challenge", options.no_challenge, "The whole system demands no gestures")
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
    add_pad_options(*app, *options);
    app->add_option("--json", common.json, "Write all results to this file");
    app->add_option("--html", options->simulated.html,
                    "Write a page with curves and tables to this file");
    app->add_option("--scores", common.scores,
                    "Write every trial to this CSV: comparisons, or presentations");
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
        "  strongroom face evaluate --simulated 40 --liveness --html attacks.html\n"
        "  strongroom face evaluate --liveness --protocol common-criteria\n"
        "  strongroom face evaluate --attacks DIR --pad minifasnet --scores trials.csv\n"
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
