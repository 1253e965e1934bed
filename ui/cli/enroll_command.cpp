#include "enroll_command.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>

#include "faces.h"
#include "home.h"
#include "pi/system.h"
#include "scenarios/player.h"
#include "sim/finger_reader.h"
#include "sim/score_observer.h"
#include "vision/enrolment.h"
#include "vision/image.h"
#include "vision/threads.h"
#include "visit.h"

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
    bool finger = false;
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
            templates.refused.emplace_back(picture.string(),
                                           std::string(vision::describe(enrolled.error().reason)));
            continue;
        }
        // Another person's picture among hers would let the other in for years.
        if (!templates.accepted.empty()) {
            const float apart =
                vision::distance(pack.manifest().metric, templates.accepted.front().features,
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

std::string words_for(Error error) {
    switch (error.code) {
        case Errc::exhausted: return "the disk is full: make room and try again";
        case Errc::busy: return "another process is using the store: try again when it is done";
        case Errc::corrupt: return "a record is damaged: see `strongroom audit verify`";
        case Errc::disconnected:
            return "its files cannot be read or written: check disk and rights";
        case Errc::timeout:
        case Errc::out_of_range:
        case Errc::unsupported:
        case Errc::denied: break;
    }
    return std::string(to_string(error.code));
}

template <class T>
T must(Result<T> result, const std::string& what) {
    if (!result) throw InputError(what + ": " + words_for(result.error()));
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

CustomerId add_customer(store::SqliteRecords& records, const Options& options,
                        store::Moment moment) {
    const Result<CustomerId> customer =
        records.add_customer(moment, options.name, options.phone, CustomerId{options.customer});
    if (customer) return *customer;
    if (customer.error().code == Errc::denied) {
        throw InputError("there is a customer " + std::to_string(options.customer) +
                         " already: choose another --customer, or leave it out for the next free "
                         "number");
    }
    if (customer.error().code == Errc::out_of_range) {
        throw InputError(
            "--name must be 1 to 200 bytes without control characters, and --phone a number in "
            "E.164 form: + and 8 to 15 digits, such as +15550100142");
    }
    throw InputError("the customer cannot be added: " + words_for(customer.error()));
}

// Adds customer, locker and templates. What can be refused is asked for first, so that a refusal
// leaves the store as it was; a disk that fails half-way leaves a customer who opens nothing.
CustomerId add_all(store::SqliteRecords& records, const Options& options, store::Moment moment,
                   const std::vector<hal::FaceTemplate>& templates) {
    const CustomerId customer = add_customer(records, options, moment);
    const std::string half = "customer " + std::to_string(customer.value) +
                             " was added, but not her locker and all of her templates";
    const LockerId locker{options.locker};
    const Result<void> added = records.add_locker(moment, locker);
    if (!added && added.error().code != Errc::denied) must(added, half);
    for (const hal::FaceTemplate& face : templates) {
        must(records.add_template(moment, customer, face), half);
    }
    must(records.assign(moment, locker, customer), half);
    return customer;
}

// A simulated finger of hers, in the first free slot of the simulated sensor.
void add_finger(store::SqliteRecords& records, store::Moment moment, CustomerId customer) {
    const std::string failed = "her finger was not enrolled";
    std::set<FingerSlot> taken;
    for (const auto& other : must(records.customers(moment), failed)) {
        if (other.fingers == 0) continue;
        for (const auto& finger : must(records.load(moment, other.id, {}), failed).fingers) {
            if (finger.sensor == simulated_sensor) taken.insert(finger.reference.slot);
        }
    }
    FingerSlot slot = 0;
    while (taken.contains(slot)) ++slot;
    if (slot >= sim::FingerReaderSetup().capacity) {
        throw InputError(failed + ": the simulated sensor is full");
    }
    must(records.add_finger(moment, customer,
                            {simulated_sensor, sim::make_finger_reference(slot, customer.value)}),
         failed);
}

// Who else holds the locker, in words; empty: nobody.
std::string others(store::SqliteRecords& records, store::Moment moment, LockerId locker,
                   CustomerId her) {
    std::string text;
    for (const auto& customer : must(records.customers(moment), "the store cannot be read")) {
        if (customer.id == her) continue;
        const auto& held = customer.lockers;
        if (std::find(held.begin(), held.end(), locker) == held.end()) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(customer.id.value);
    }
    return text;
}

void print(const Options& options, const Templates& templates, CustomerId customer,
           const std::string& model, const std::string& joint, const Home& home) {
    if (options.json) {
        Json refused = Json::array();
        for (const auto& [file, why] : templates.refused) {
            refused.push_back({{"file", file}, {"reason", why}});
        }
        std::cout << Json{{"customer", customer.value},
                          {"locker", options.locker},
                          {"templates", templates.accepted.size()},
                          {"finger", options.finger},
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
              << " templates" << (options.finger ? " and a simulated finger" : "")
              << "; she may open locker " << options.locker
              << (joint.empty() ? "" : ", as may customer " + joint) << "\n"
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
        const fs::path file = default_scores();
        scores = sim::ScoreModel::load(file);
        model = scores->model + " (simulated scores)";
        threshold = scenarios::score_source(file)->threshold();
    } else {
        const vision::ModelPack pack = load_comparing_pack(options.pack);
        model = pack.summary();
        threshold = threshold_of(pack);
        templates = from_pictures(options, pack);
        if (templates.accepted.empty()) {
            std::string problems = "no picture can be used, and nothing was stored:";
            for (const auto& [file, why] : templates.refused) {
                problems += "\n  " + file + ": " + why;
            }
            throw InputError(problems);
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
            for (const auto& customer :
                 must(opened.records->customers(moment), "the store cannot be read")) {
                identity = std::max(identity, customer.id.value + 1);
            }
        }
        templates = from_simulator(identity, scores->id);
    }
    Options wanted = options;
    wanted.customer = identity;
    const CustomerId customer = add_all(*opened.records, wanted, moment, templates.accepted);
    if (options.finger) add_finger(*opened.records, moment, customer);
    const std::string joint = others(*opened.records, moment, LockerId{options.locker}, customer);
    print(options, templates, customer, model, joint, home);
    return 0;
}

}  // namespace

void add_enroll_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("enroll", "Put a person, her face and her locker into a store");
    command->add_option("--name", options->name, "Her name; sealed in the store")->required();
    command->add_option("--phone", options->phone, "Her phone number, E.164: +15550100142")
        ->required();
    command->add_option("--locker", options->locker, "The locker she holds")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->add_option("--customer", options->customer, "Her number (default: the next free one)")
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command
        ->add_option("--images", options->images,
                     "Pictures of her face, one person on each; the first one counts as hers")
        ->type_name("FILE|DIR");
    command->add_flag("--simulated", options->simulated,
                      "No pictures: a simulated face, for visits at the level of scores");
    command->add_flag("--finger", options->finger,
                      "Also a simulated finger, for `strongroom visit --policy atm-access`");
    add_pack_options(*command, options->pack);
    add_home_option(*command, options->home);
    command->add_flag("--json", options->json, "Say what was done as JSON");
    command->footer(
        "Examples:\n"
        "  strongroom enroll --name Ada --phone +15550100142 --locker 12 --simulated\n"
        "  strongroom enroll --name Ada --phone +15550100142 --locker 12 \\\n"
        "      --images photos/ada --pack dlib-densenet --models models/\n"
        "The store is made when there is none. Pictures are not kept, only the templates made of "
        "them,\nsealed. Three to five pictures in different light are good.\n"
        "Exit status: 0 enrolled, 2 invalid input: the store is as it was.");
    command->callback([options, &exit_code] { exit_code = enroll(*options); });
}

}  // namespace strongroom::cli
