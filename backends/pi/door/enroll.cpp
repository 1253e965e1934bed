#include <iostream>
#include <thread>

#include "commands.h"
#include "fingers.h"
#include "options.h"
#include "pi/service/door_devices.h"
#include "pi/system.h"
#include "staff.h"
#include "vision/enrolment.h"
#include "vision/threads.h"

namespace strongroom::door {

namespace {

constexpr std::size_t templates_wanted = 4;
constexpr Duration between_templates = std::chrono::milliseconds(1500);
constexpr Duration patience = std::chrono::seconds(90);

struct Options {
    DoorOptions door;
    std::string name;
    std::string phone;
    std::uint64_t customer = 0;
};

// Whether `face` is surely the same person as the first one.
bool same_person(const vision::ModelPack& pack, const std::vector<hal::FaceTemplate>& before,
                 const hal::FaceTemplate& face) {
    if (before.empty()) return true;
    return static_cast<double>(vision::distance(pack.manifest().metric, before.front().features,
                                                face.features)) <= pack.threshold().distance;
}

// Looks through the door's own camera until there are enough good pictures of one living person, in
// different moments. Throws pi::InputError when there are not.
std::vector<hal::FaceTemplate> look(const config::Configuration& configuration,
                                    const vision::ModelPack& pack, const hal::Clock& clock) {
    const auto camera = pi::open_camera(configuration.camera.value(), clock);
    vision::FaceAnalyser analyser(pack, pack.liveness());
    vision::EnrolmentLimits limits;
    limits.liveness_min = pack.liveness_threshold().score;
    if (const auto started = camera->start(); !started) {
        throw pi::InputError("the camera cannot be started (" +
                             std::string(to_string(started.error().code)) +
                             "): stop the service, and see `strongroom-door doctor`");
    }
    std::vector<hal::FaceTemplate> templates;
    const Instant begin = clock.now();
    Instant last = begin - between_templates;  // the first good picture is taken at once
    std::string said;
    std::cerr << "Please look at the camera.\n";
    while (templates.size() < templates_wanted) {
        if (clock.now() - begin > patience) {
            throw pi::InputError("there were not enough good pictures; the last one: " + said);
        }
        const auto frame = camera->poll();
        if (!frame || !*frame) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            continue;
        }
        const auto seen = analyser.analyse_next(**frame);
        if (!seen) continue;
        const auto refusal = vision::refusal_of(*seen, limits);
        const bool live = seen->liveness.score >= limits.liveness_min;
        if (refusal || !live || seen->features.empty()) {
            const auto why = refusal.value_or(live ? vision::EnrolmentRefusal::model_failed
                                                   : vision::EnrolmentRefusal::not_live);
            const std::string text(vision::describe(why));
            if (text != said) std::cerr << text << "\n";
            said = text;
            continue;
        }
        const Instant now = clock.now();
        if (now - last < between_templates) continue;
        hal::FaceTemplate face{pack.model(), seen->features};
        if (!same_person(pack, templates, face)) {
            throw pi::InputError(
                "another face than at the beginning: begin again, one person only");
        }
        templates.push_back(std::move(face));
        last = now;
        std::cerr << templates.size() << " of " << templates_wanted << "\n";
    }
    return templates;
}

bool asks_for_finger(const config::Configuration& configuration) {
    return configuration.policy.name == config::PolicyName::atm_access;
}

template <class T>
T must(Result<T> result, const std::string& what) {
    if (!result) throw pi::InputError(what + ": " + words_for(result.error()));
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

int enroll(const Options& options) {
    const config::Configuration configuration = load(options.door);
    vision::use_one_thread();
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const auto now = [&] { return store::Moment{clock.now(), clock.wall()}; };
    const pi::OpenStore opened =
        pi::open_store(paths_of(configuration, options.door), auth::locker({}),
                       configuration.terminal, now(), entropy);
    store::SqliteRecords& records = *opened.records;
    require_commissioned(records);
    authorise_two(records, now());
    const vision::ModelPack pack = pi::load_pack(configuration.face);
    std::optional<FingerStep> finger;
    if (asks_for_finger(configuration)) finger.emplace(configuration, options.door, opened, clock);
    const std::vector<hal::FaceTemplate> templates = look(configuration, pack, clock);
    if (finger) finger->take({});
    const Result<CustomerId> customer =
        records.add_customer(now(), options.name, options.phone, CustomerId{options.customer});
    if (!customer) {
        throw pi::InputError(customer.error().code == Errc::out_of_range
                                 ? "--name must be 1 to 200 bytes without control characters, and "
                                   "--phone a number in E.164 form, such as +15550100142"
                                 : "the customer cannot be added: " + words_for(customer.error()));
    }
    const std::string half = "customer " + std::to_string(customer->value) +
                             " was added, but not her locker and all of her templates";
    for (const hal::FaceTemplate& face : templates) {
        must(records.add_template(now(), *customer, face), half);
    }
    if (finger) finger->give(*customer);
    const Result<void> added = records.add_locker(now(), configuration.locker);
    if (!added && added.error().code != Errc::denied) must(added, half);
    must(records.assign(now(), configuration.locker, *customer), half);
    std::cout << "customer " << customer->value << " enrolled with " << templates.size()
              << " templates" << (finger ? " and a finger" : "") << "; she may open locker "
              << configuration.locker.value << "\n";
    return 0;
}

}  // namespace

void add_enroll_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("enroll", "Put a person before the door's camera into the store");
    add_door_options(*command, options->door);
    command->add_option("--name", options->name, "Her name; sealed in the store")->required();
    command->add_option("--phone", options->phone, "Her phone number, E.164: +15550100142")
        ->required();
    command->add_option("--customer", options->customer, "Her number (default: the next free one)")
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->footer(
        "Two members of staff have to agree, with their passwords. Stop the service first: one "
        "process\nowns the store and the camera. Where the policy asks for a finger, one is taken "
        "too; "
        "\n`strongroom-door finger` adds, replaces and removes one later.\n"
        "Example:\n"
        "  sudo systemctl stop strongroom-door\n"
        "  sudo -u strongroom strongroom-door enroll --name Ada --phone +15550100142\n"
        "Exit status: 0 enrolled, 2 she could not be.");
    command->callback([options, &exit_code] { exit_code = enroll(*options); });
}

}  // namespace strongroom::door
