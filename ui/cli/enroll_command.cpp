#include "enroll_command.h"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "faces.h"
#include "home.h"
#include "pi/system.h"
#include "scenarios/player.h"
#include "sim/score_observer.h"
#include "vision/enrolment.h"
#include "vision/image.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr TerminalId enrolment_desk{1};
constexpr int simulated_templates = 3;

struct Options {
    fs::path home;
    std::string name;
    std::string phone;
    std::uint64_t customer = 0;
    std::uint64_t locker = 0;
    std::vector<fs::path> images;
    PackChoice pack;
    bool simulated = false;
    bool json = false;
};

struct Templates {
    std::vector<hal::FaceTemplate> accepted;
    std::vector<std::pair<std::string, std::string>> refused;  // file, why
};

Templates from_pictures(const Options& options, const vision::ModelPack& pack) {
    vision::use_one_thread();
    vision::FaceAnalyser analyser(pack, nullptr);
    const double threshold = pack.threshold().distance;
    Templates templates;
    for (const fs::path& picture : pictures_in(options.images)) {
        const auto frame = vision::read_image(picture);
        if (!frame) {
            throw InputError(picture.string() + " " + std::string(vision::describe(frame.error())));
        }
        auto enrolled = vision::make_template(analyser, *frame);
        if (!enrolled) {
            templates.refused.emplace_back(
                picture.string(), std::string(vision::describe(enrolled.error().reason)));
            continue;
        }
        // Another person's picture among hers would let the other in for years.
        if (!templates.accepted.empty()) {
            const float apart = vision::distance(pack.manifest().metric,
                                                 templates.accepted.front().features,
                                                 enrolled->face.features);
            if (static_cast<double>(apart) > threshold) {
                templates.refused.emplace_back(picture.string(),
                                               "not surely the same person as the first picture");
                continue;
            }
        }
        templates.accepted.push_back(std::move(enrolled->face));
    }
    return templates;
}

Templates from_simulator(std::uint64_t identity, FaceModelId model) {
    Templates templates;
    for (int i = 0; i < simulated_templates; ++i) {
        templates.accepted.push_back(sim::make_template(identity, i, model));
    }
    return templates;
}

template <class T>
T must(Result<T> result, const std::string& what) {
    if (result) {
        if constexpr (std::is_void_v<T>) {
            return;
        } else {
            return *std::move(result);
        }
    }
    throw InputError(what + ": " + std::string(to_string(result.error().code)));
}

// Adds customer, locker and templates. What is there already is checked first, so that a refusal
// leaves the store as it was.
CustomerId add_all(store::SqliteRecords& records, const Options& options, store::Moment moment,
                   const std::vector<hal::FaceTemplate>& templates) {
    const Result<CustomerId> customer =
        records.add_customer(moment, options.name, options.phone, CustomerId{options.customer});
    if (!customer) {
        throw InputError(
            customer.error().code == Errc::denied
                ? "there is a customer " + std::to_string(options.customer) + " already"
                : "the name must be 1 to 200 bytes and the phone number E.164, such as "
                  "+15550100142 (" + std::string(to_string(customer.error().code)) + ")");
    }
    const LockerId locker{options.locker};
    const Result<void> added = records.add_locker(moment, locker);
    if (!added && added.error().code != Errc::denied) must(added, "the locker cannot be added");
    must(records.assign(moment, locker, *customer), "the locker cannot be assigned");
    for (const hal::FaceTemplate& face : templates) {
        must(records.add_template(moment, *customer, face), "a template cannot be stored");
    }
    return *customer;
}

void print(const Options& options, const Templates& templates, CustomerId customer,
           const std::string& model, const Home& home) {
    if (options.json) {
        Json refused = Json::array();
        for (const auto& [file, why] : templates.refused) {
            refused.push_back({{"file", file}, {"reason", why}});
        }
        std::cout << Json{{"customer", customer.value},
                          {"locker", options.locker},
                          {"templates", templates.accepted.size()},
                          {"refused", refused},
                          {"model", model},
                          {"store", home.store().string()}}
                         .dump(2)
                  << "\n";
        return;
    }
    for (const auto& [file, why] : templates.refused) {
        std::cout << file << ": " << why << "\n";
    }
    std::cout << "customer " << customer.value << " enrolled with " << templates.accepted.size()
              << " templates; she may open locker " << options.locker << "\n"
              << "face model: " << model << "\n"
              << "store: " << home.store().string() << "\n"
              << "The store is not commissioned: one person alone could enrol. A door will not run "
                 "on it.\n";
}

int enroll(const Options& options) {
    if (options.simulated != options.images.empty()) {
        throw InputError("give either --images with her pictures or --simulated");
    }
    std::string model;
    Templates templates;
    auth::FaceThreshold threshold;
    std::uint64_t identity = options.customer;
    std::optional<sim::ScoreModel> scores;
    if (options.simulated) {
        scores = sim::ScoreModel::load(default_scores());
        model = scores->model + " (simulated scores)";
        threshold = scenarios::score_source(default_scores())->threshold();
    } else {
        const vision::ModelPack pack = load_pack(options.pack);
        model = pack.summary();
        threshold = threshold_of(pack);
        templates = from_pictures(options, pack);
        if (templates.accepted.empty()) {
            for (const auto& [file, why] : templates.refused) {
                std::cerr << file << ": " << why << "\n";
            }
            std::cerr << "strongroom: no picture was good enough; nothing was stored\n";
            return 1;
        }
    }
    const Home home = Home::find(options.home);
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const store::Moment moment{clock.now(), clock.wall()};
    OpenStore opened =
        open_store(home, true, auth::locker(threshold), enrolment_desk, moment, entropy);
    if (options.simulated) {
        if (identity == 0) {
            identity = 1;
            for (const auto& customer : must(opened.records->customers(moment), "the store")) {
                identity = std::max(identity, customer.id.value + 1);
            }
        }
        templates = from_simulator(identity, scores->id);
    }
    Options wanted = options;
    wanted.customer = identity;
    const CustomerId customer = add_all(*opened.records, wanted, moment, templates.accepted);
    print(options, templates, customer, model, home);
    return 0;
}

}  // namespace

void add_enroll_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "enroll", "Put a person, her face and her locker into a store");
    command->add_option("--name", options->name, "Her name; sealed in the store")->required();
    command->add_option("--phone", options->phone, "Her phone number, E.164: +15550100142")
        ->required();
    command->add_option("--locker", options->locker, "The locker she holds")
        ->required()
        ->check(CLI::PositiveNumber);
    command->add_option("--customer", options->customer, "Her number (default: the next free one)");
    command->add_option("--images", options->images, "Pictures of her face: files or folders");
    command->add_flag("--simulated", options->simulated,
                      "No pictures: a simulated face, for visits at the level of scores");
    add_pack_options(*command, options->pack);
    add_home_option(*command, options->home);
    command->add_flag("--json", options->json, "Say what was done as JSON");
    command->footer(
        "Examples:\n"
        "  strongroom enroll --name Ada --phone +15550100142 --locker 12 --simulated\n"
        "  strongroom enroll --name Ada --phone +15550100142 --locker 12 \\\n"
        "      --images photos/ada --pack dlib-densenet --models models/");
    command->callback([options, &exit_code] { exit_code = enroll(*options); });
}

}  // namespace strongroom::cli
