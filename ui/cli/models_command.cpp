#include "models_command.h"

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "vision/fetch.h"
#include "vision/model_pack.h"

namespace strongroom::cli {

namespace {

using namespace strongroom::vision;

struct Options {
    std::filesystem::path models;
    std::vector<std::string> names;
};

std::string_view words_for(FileState state) {
    switch (state) {
        case FileState::good: return "good";
        case FileState::missing: return "MISSING";
        case FileState::unreadable: return "UNREADABLE";
        case FileState::altered: return "ALTERED or cut short";
    }
    return "invalid";
}

// "ready" or what is missing, without reading the files.
std::string readiness(const PackPlaces& places, const PackManifest& manifest) {
    std::string missing;
    for (const auto& file : manifest.files) {
        if (!locate(places, manifest, file)) missing += (missing.empty() ? "" : ", ") + file.name;
    }
    return missing.empty() ? "ready" : "missing: " + missing;
}

std::string rates(const PackManifest& manifest) {
    if (!manifest.embedder) return "finds faces only";
    if (manifest.thresholds.empty()) return "no threshold: measure it with `face evaluate`";
    const Threshold& own = manifest.thresholds.front();
    std::ostringstream out;
    out << std::setprecision(3) << "threshold " << own.distance << " ("
        << to_string(manifest.metric) << "), ";
    if (!own.evidence.measured) {
        out << "as published, NOT MEASURED here";
    } else {
        out << "FMR " << own.evidence.fmr->value * 100 << " % (at most "
            << own.evidence.fmr->upper * 100 << "), FNMR " << own.evidence.fnmr->value * 100
            << " % on " << own.evidence.data_set;
    }
    return out.str();
}

int list(const Options& options) {
    const PackPlaces places = PackPlaces::find(options.models);
    std::vector<std::string> errors;
    const auto packs = list_packs(places, errors);
    std::cout << "model directory: "
              << (places.models.empty() ? "none (give --models DIR or set STRONGROOM_MODELS)"
                                        : places.models.string())
              << "\n";
    for (const auto& pack : packs) {
        const auto& manifest = pack.manifest;
        std::cout << "\n"
                  << manifest.name << ": " << manifest.title << "\n  "
                  << readiness(places, manifest) << "\n  " << rates(manifest) << "\n  manifest "
                  << (pack.from_registry ? "of this program" : manifest.path.string()) << ", pin "
                  << manifest.sha256 << "\n";
    }
    for (const auto& error : errors) std::cerr << "error: " << error << "\n";
    if (packs.empty() && errors.empty()) {
        std::cerr << "error: no manifests: the folder packs/ with the *.pack.yaml that come with "
                     "the program is not beside it\n";
    }
    return errors.empty() && !packs.empty() ? 0 : 2;
}

// The packs that were named, or all.
std::vector<PackManifest> chosen(const PackPlaces& places, const std::vector<std::string>& names,
                                 std::vector<std::string>& errors) {
    std::vector<PackManifest> manifests;
    if (names.empty()) {
        for (auto& pack : list_packs(places, errors)) manifests.push_back(std::move(pack.manifest));
    }
    for (const auto& name : names) manifests.push_back(find_pack(places, name));
    return manifests;
}

int verify(const Options& options) {
    const PackPlaces places = PackPlaces::find(options.models);
    std::vector<std::string> errors;
    const auto manifests = chosen(places, options.names, errors);
    int wrong = 0;
    for (const auto& manifest : manifests) {
        std::cout << manifest.name << " (pin " << manifest.sha256 << ")\n";
        if (manifest.files.empty()) std::cout << "  needs no files\n";
        bool present = false;
        for (const auto& file : manifest.files)
            present |= locate(places, manifest, file).has_value();
        for (const auto& file : manifest.files) {
            const FileState state = check_file(places, manifest, file);
            std::cout << "  " << file.name << ": " << words_for(state) << "\n";
            // Without names, a pack of which nothing was installed is no fault.
            const bool expected = !options.names.empty() || present;
            if (state != FileState::good && (state != FileState::missing || expected)) ++wrong;
        }
        if (!options.names.empty() || readiness(places, manifest) == "ready") {
            try {
                if (wrong == 0)
                    std::cout << "  " << ModelPack::load(places, manifest).summary() << "\n";
            } catch (const PackError& problem) {
                std::cerr << "error: " << problem.what() << "\n";
                ++wrong;
            }
        }
    }
    for (const auto& error : errors) std::cerr << "error: " << error << "\n";
    if (!errors.empty()) return 2;
    return wrong == 0 ? 0 : 1;
}

int fetch(const Options& options) {
    const PackPlaces places = PackPlaces::find(options.models);
    if (places.models.empty()) {
        std::cerr << "error: where to? give --models DIR or set STRONGROOM_MODELS\n";
        return 2;
    }
    std::vector<std::string> errors;
    const auto manifests = chosen(places, options.names, errors);
    const bool terminal = isatty(STDERR_FILENO) != 0;
    int failed = 0;
    for (const auto& manifest : manifests) {
        for (const auto& file : manifest.files) {
            if (check_file(places, manifest, file) == FileState::good) {
                std::cout << file.name << ": already there\n";
                continue;
            }
            std::cout << file.name << ": from " << file.url << " (" << file.licence << ")\n"
                      << std::flush;
            try {
                fetch_file(file, places.models, [&](std::int64_t now, std::int64_t total) {
                    if (terminal && total > 0) {
                        std::cerr << "\r  " << now * 100 / total << " % of " << total / 1000
                                  << " kB " << std::flush;
                    }
                });
                if (terminal) std::cerr << "\r\033[K";
                std::cout << file.name << ": fetched and verified\n";
            } catch (const PackError& problem) {
                if (terminal) std::cerr << "\r\033[K";
                std::cerr << "error: " << problem.what() << "\n";
                ++failed;
            }
        }
    }
    return failed == 0 ? 0 : 1;
}

}  // namespace

void add_models_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* models = app.add_subcommand(
        "models", "List, verify or fetch the model packs that find and compare faces");
    models->footer(
        "A pack is a YAML manifest (docs/model-packs.md) that names its files by SHA-256. "
        "Manifests "
        "of\nknown packs come with the program; your own go into the model directory as "
        "NAME.pack.yaml or\nNAME/pack.yaml. Nothing is ever fetched unless `models fetch` is run.\n"
        "Examples:\n"
        "  strongroom models list --models models/\n"
        "  strongroom models verify dlib-densenet --models models/\n"
        "  strongroom models fetch dlib-resnet --models models/\n"
        "Exit status: 0 good, 1 a file is missing or altered or could not be fetched, 2 invalid "
        "input.");
    models->require_subcommand(1);
    const auto command = [&](const char* name, const char* text, int (*run)(const Options&)) {
        CLI::App* sub = models->add_subcommand(name, text);
        sub->add_option("--models", options->models,
                        "Directory of model files (default: STRONGROOM_MODELS)")
            ->type_name("DIR")
            ->envname("STRONGROOM_MODELS");
        sub->callback([options, run, &exit_code] {
            try {
                exit_code = run(*options);
            } catch (const PackError& problem) {
                std::cerr << "error: " << problem.what() << "\n";
                exit_code = 2;
            }
        });
        return sub;
    };
    command("list", "Show all packs: whether their files are there, their thresholds and rates",
            list);
    command("verify", "Check the SHA-256 of every file and load the packs", verify)
        ->add_option("names", options->names, "Packs (all that are installed, if none is given)")
        ->type_name("PACK");
    command("fetch", "Fetch a pack's files from their public homes into the model directory", fetch)
        ->add_option("names", options->names, "Packs, as `strongroom models list` names them")
        ->type_name("PACK")
        ->required();
}

}  // namespace strongroom::cli
