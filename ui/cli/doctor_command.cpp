#include "doctor_command.h"

#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "faces.h"
#include "home.h"
#include "pi/system.h"
#include "sim/score_observer.h"
#include "store/audit.h"
#include "store/audit_reader.h"
#include "store/master_key.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
    fs::path home;
    fs::path models;
    bool json = false;
};

struct Finding {
    enum class State { good, note, bad };
    State state;
    std::string what;
    std::string advice;  // empty when there is nothing to do
};

std::string_view to_string(Finding::State state) {
    switch (state) {
        case Finding::State::good: return "good";
        case Finding::State::note: return "note";
        case Finding::State::bad: return "BAD";
    }
    return "";
}

void check_system(std::vector<Finding>& findings) {
    pi::SystemEntropy entropy;
    std::array<std::byte, 32> bytes{};
    if (entropy.fill(bytes)) {
        findings.push_back({Finding::State::good, "the system gives random bytes", ""});
    } else {
        findings.push_back({Finding::State::bad, "the system gives no random bytes",
                            "codes cannot be made; getrandom(2) must work"});
    }
}

void check_scores(std::vector<Finding>& findings) {
    try {
        const auto scores = sim::ScoreModel::load(default_scores());
        findings.push_back(
            {Finding::State::good, "simulated faces: scores of " + scores.model, ""});
    } catch (const std::exception& error) {
        findings.push_back({Finding::State::bad, error.what(), "install the program as a whole"});
    }
}

void check_models(const Options& options, std::vector<Finding>& findings) {
    std::vector<std::string> errors;
    const auto places = vision::PackPlaces::find(options.models);
    const auto packs = vision::list_packs(places, errors);
    for (const std::string& error : errors) {
        findings.push_back({Finding::State::bad, error, "correct the manifest"});
    }
    int usable = 0;
    for (const vision::PackListing& listing : packs) {
        bool complete = true;
        for (const vision::PackFile& file : listing.manifest.files) {
            const vision::FileState state = vision::check_file(places, listing.manifest, file);
            if (state == vision::FileState::altered) {
                findings.push_back(
                    {Finding::State::bad,
                     "model file " + file.name + " of pack " + listing.manifest.name +
                         " is not what the manifest states",
                     "fetch it again: strongroom models fetch " + listing.manifest.name});
            }
            complete = complete && state == vision::FileState::good;
        }
        if (complete && listing.manifest.embedder) {
            ++usable;
            findings.push_back(
                {Finding::State::good, "model pack " + listing.manifest.name + " is complete", ""});
        }
    }
    if (usable == 0) {
        findings.push_back({Finding::State::note, "no model pack is complete",
                            "needed for photographs and cameras only: give --models or "
                            "STRONGROOM_MODELS, or see `strongroom models list`"});
    }
}

void check_store(const Options& options, std::vector<Finding>& findings) {
    const Home home = Home::find(options.home);
    if (!home.exists()) {
        findings.push_back({Finding::State::note, "no store in " + home.root.string(),
                            "`strongroom enroll` makes one; visits without --customer need none"});
        return;
    }
    if (!fs::exists(home.key())) {
        findings.push_back({Finding::State::bad,
                            "the master key " + home.key().string() + " is missing",
                            "put its copy back; without it nothing in the store can be opened"});
        return;
    }
    const auto master = store::load_master_key(home.key(), home.store().parent_path());
    if (!master) {
        findings.push_back({Finding::State::bad, master.error().message, ""});
        return;
    }
    findings.push_back({Finding::State::good, "the master key is readable by its owner alone", ""});
    store::KeyedChain chain(*master);
    store::FileAnchor anchor(home.anchor(), *master);
    auto reader = store::AuditReader::open(home.store().string());
    if (!reader) {
        findings.push_back({Finding::State::bad, reader.error().message, ""});
        return;
    }
    const auto verdict = reader->verify(*master, chain, anchor);
    if (!verdict) {
        findings.push_back({Finding::State::bad,
                            "the audit cannot be verified: " +
                                std::string(strongroom::to_string(verdict.error().code)),
                            "see `strongroom audit verify`"});
        return;
    }
    findings.push_back({verdict->intact() ? Finding::State::good : Finding::State::bad,
                        store::describe(*verdict), ""});
}

int doctor(const Options& options) {
    std::vector<Finding> findings;
    check_system(findings);
    check_scores(findings);
    check_models(options, findings);
    check_store(options, findings);
    bool well = true;
    Json json = Json::array();
    for (const Finding& finding : findings) {
        well = well && finding.state != Finding::State::bad;
        json.push_back({{"state", to_string(finding.state)},
                        {"what", finding.what},
                        {"advice", finding.advice}});
        if (options.json) continue;
        std::cout << to_string(finding.state) << "  " << finding.what << "\n";
        if (!finding.advice.empty()) std::cout << "      " << finding.advice << "\n";
    }
    if (options.json) std::cout << Json{{"ready", well}, {"findings", json}}.dump(2) << "\n";
    return well ? 0 : 1;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("doctor", "Is this machine ready, and if not, what is missing");
    add_home_option(*command, options->home);
    command
        ->add_option("--models", options->models,
                     "Directory of model files (default: STRONGROOM_MODELS)")
        ->type_name("DIR")
        ->envname("STRONGROOM_MODELS");
    command->add_flag("--json", options->json, "Say what was found as JSON");
    command->footer(
        "good: as it should be. note: not needed for what the simulator does alone. BAD: to be "
        "mended.\nNothing is changed or fetched.\n"
        "Examples:\n"
        "  strongroom doctor\n"
        "  strongroom doctor --models models/ --home /srv/strongroom\n"
        "Exit status: 0 nothing is BAD, 1 something is, 2 invalid input.");
    command->callback([options, &exit_code] { exit_code = doctor(*options); });
}

}  // namespace strongroom::cli
