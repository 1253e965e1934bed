#include "serve_command.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "config/configuration.h"
#include "faces.h"
#include "home.h"
#include "pi/service/door_devices.h"
#include "pi/service/runner.h"
#include "pi/status_socket.h"
#include "scenarios/player.h"
#include "sim/device_set.h"
#include "store/master_key.h"
#include "story.h"
#include "typed_lines.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Options {
    fs::path config;
    fs::path credentials;
};

// Somebody who holds a locker here, with her phone and her key.
struct Regular {
    sim::PersonId person;
    sim::PhoneId phone;
    sim::KeyId key;
};

constexpr const char* what_there_is =
    "  arrive N        customer N walks up and looks at the camera; `leave` goes away\n"
    "  claim N [L]     she says who she is, and which locker (default: this one)\n"
    "  phone           reads the newest message on her phone\n"
    "  code [DIGITS]   types them, or those of the newest message; `resend`, `cancel`\n"
    "  finger          lays her finger on the sensor\n"
    "  key             turns her key\n"
    "  open, close     the door\n"
    "  force, tamper   what nobody should do: the crowbar, the enclosure\n"
    "  quit            ends the program, as Ctrl-C does\n";

// The world around one terminal, in real time: what is simulated of it, and the people, who do what
// is typed.
class Stage {
public:
    Stage(const config::Configuration& configuration, const sim::ScoreModel& scores, WallTime start)
        : configuration_(configuration),
          scheduler_(1),
          world_(scheduler_),
          network_(world_),
          clock_(start) {
        const bool fingers = configuration.policy.name == config::PolicyName::atm_access;
        const bool keyless = configuration.policy.name != config::PolicyName::locker;
        site_ = world_.add_site({.name = "door",
                                 .terminal = configuration.terminal,
                                 .locker = configuration.locker,
                                 .keyless = keyless,
                                 .fingers = fingers});
        network_.add_gateway({});
        sim::DeviceSet::Parts parts{.world = world_, .network = network_, .site = site_};
        parts.scores = &scores;
        if (fingers) parts.finger.emplace();
        devices_.emplace(parts);
        world_.facts().subscribe([this](const sim::Fact& fact) { hear(fact); });
    }

    [[nodiscard]] hal::Devices devices() { return devices_->devices(); }
    [[nodiscard]] hal::Clock& clock() { return clock_; }

    // `fingers`: hers, as the store has them; those of the simulated sensor are in it.
    void add(CustomerId customer, const std::string& phone,
             const std::vector<store::FingerEnrolment>& fingers) {
        const std::string name = "customer " + std::to_string(customer.value);
        Regular regular;
        regular.person = world_.add_person({name, customer, customer.value, true});
        regular.phone = world_.add_phone(name + "'s phone", phone, regular.person);
        regular.key = world_.add_key(name + "'s key", configuration_.locker, regular.person);
        for (const store::FingerEnrolment& finger : fingers) {
            if (!configuration_.fingerprint ||
                !(finger.sensor == configuration_.fingerprint->sensor)) {
                continue;
            }
            world_.store_finger(site_, finger.reference.slot, regular.person);
        }
        regulars_.emplace(customer.value, regular);
    }

    // Time goes on.
    void follow() { scheduler_.run_until(std::max(scheduler_.now(), clock_.now())); }

    // One typed line. False: the program is to end.
    bool obey(const std::string& line) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        if (word.empty()) return true;
        if (word == "quit") return false;
        std::uint64_t number = 0;
        std::uint64_t second = 0;
        words >> number;
        const bool numbered = !words.fail();
        words >> second;
        if (word == "arrive" || word == "claim") {
            if (!numbered) return complain("which customer? " + word + " NUMBER");
            if (word == "arrive") return arrive(number);
            const LockerId locker = second == 0 ? configuration_.locker : LockerId{second};
            return act([&](const Regular& who) {
                world_.claim(who.person, site_, CustomerId{number}, locker);
            });
        }
        if (word == "code") {
            const std::string digits = line.size() > 5 ? line.substr(5) : newest_digits();
            return act([&](const Regular& who) { world_.type_code(who.person, site_, digits); });
        }
        return simple(word);
    }

private:
    static bool complain(const std::string& what) {
        std::cout << "? " << what << std::endl;
        return true;
    }

    template <class Action>
    bool act(Action action) {
        if (!here_) return complain("nobody is here: `arrive NUMBER` first");
        action(*here_);
        return true;
    }

    bool arrive(std::uint64_t number) {
        const auto found = regulars_.find(number);
        if (found == regulars_.end()) {
            return complain("nobody of that number holds locker " +
                            std::to_string(configuration_.locker.value));
        }
        if (here_) world_.leave(here_->person);
        here_ = found->second;
        world_.arrive(here_->person, site_);
        world_.show_face(here_->person, site_);
        return true;
    }

    std::string newest_digits() {
        if (!here_) return {};
        const sim::Message* message = world_.read_newest(here_->person, here_->phone);
        return message == nullptr ? std::string() : message->digits;
    }

    bool simple(const std::string& word) {
        const std::map<std::string, std::function<void(const Regular&)>> actions{
            {"leave",
             [&](const Regular& who) {
                 world_.leave(who.person);
                 here_.reset();
             }},
            {"phone",
             [&](const Regular& who) {
                 const sim::Message* message = world_.read_newest(who.person, who.phone);
                 std::cout << (message == nullptr ? "no message" : message->text) << std::endl;
             }},
            {"resend", [&](const Regular& who) { world_.press_resend(who.person, site_); }},
            {"cancel", [&](const Regular& who) { world_.press_cancel(who.person, site_); }},
            {"finger", [&](const Regular& who) { world_.lay_finger(who.person, site_); }},
            {"key",
             [&](const Regular& who) {
                 (void)world_.turn_key(who.person, site_, who.key, seconds(10));
             }},
            {"open",
             [&](const Regular& who) {
                 if (!world_.pull_door(who.person, site_)) (void)complain("it does not open");
             }},
            {"close", [&](const Regular& who) { (void)world_.close_door(who.person, site_); }},
            {"force", [&](const Regular& who) { (void)world_.force_door(who.person, site_); }},
            {"tamper", [&](const Regular& who) { world_.open_enclosure(who.person, site_); }},
        };
        const auto found = actions.find(word);
        if (found == actions.end()) {
            std::cout << what_there_is << std::flush;
            return true;
        }
        return act([&](const Regular& who) { found->second(who); });
    }

    // She does what the screen asks of her head.
    void hear(const sim::Fact& fact) {
        if (const std::string line = story_line(fact); !line.empty()) {
            std::cout << line << std::endl;
        }
        if (fact.kind != sim::FactKind::prompt_shown || !here_) return;
        const auto message = prompt_named(fact.what);
        const auto gesture = message ? gesture_of(*message) : std::nullopt;
        if (!gesture) return;
        scheduler_.at(scheduler_.now() + milliseconds(700), [this, gesture, who = here_->person] {
            if (here_ && here_->person == who) world_.perform(who, site_, *gesture);
        });
    }

    const config::Configuration& configuration_;
    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    PacedClock clock_;
    sim::SiteId site_;
    std::optional<sim::DeviceSet> devices_;
    std::map<std::uint64_t, Regular> regulars_;
    std::optional<Regular> here_;
};

fs::path credentials_of(const Options& options) {
    if (!options.credentials.empty()) return options.credentials;
    const char* given = std::getenv("CREDENTIALS_DIRECTORY");
    return given == nullptr ? fs::path() : fs::path(given);
}

// Everybody who may open this locker.
void add_people(Stage& stage, store::SqliteRecords& records, LockerId locker,
                store::Moment moment) {
    const auto customers = records.customers(moment);
    if (!customers) throw InputError("the store cannot be read: see `strongroom audit verify`");
    std::string names;
    for (const store::CustomerSummary& customer : *customers) {
        const auto record = records.load(moment, customer.id, locker);
        if (!record || !record->entitled) continue;
        stage.add(customer.id, std::string(record->phone.reveal_text()), record->fingers);
        names += (names.empty() ? "" : ", ") + std::to_string(customer.id.value);
    }
    if (names.empty()) {
        throw InputError("nobody in the store holds locker " + std::to_string(locker.value) +
                         ": enrol somebody with `strongroom enroll`");
    }
    std::cout << "locker " << locker.value << " is held by customer " << names
              << "; type `help` for what they can do" << std::endl;
}

int serve(const Options& options) {
    const config::Configuration configuration = config::load(options.config);
    const pi::StorePaths paths{configuration.store.database,
                               config::path_of(configuration.store.key, credentials_of(options)),
                               configuration.store.anchor};
    if (!fs::exists(paths.store)) {
        throw InputError("there is no store " + paths.store.string() +
                         ": make one with `strongroom enroll` (see `strongroom serve --help`)");
    }
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw InputError(master.error().message);
    const pi::StopSignals stop;  // before any thread is made
    vision::use_one_thread();
    pi::SystemClock system_clock;
    pi::SystemEntropy entropy;
    const sim::ScoreModel scores = sim::ScoreModel::load(default_scores());
    Stage stage(configuration, scores, system_clock.wall());
    const hal::Devices simulated = stage.devices();
    pi::DoorDevices devices({.configuration = configuration,
                             .credentials = credentials_of(options),
                             .clock = stage.clock(),
                             .entropy = entropy,
                             .finger_digest_key = pi::finger_digest_key(*master),
                             .simulated = &simulated,
                             .sms_events = {},
                             .emulators = true});
    for (const std::string& line : devices.describe()) std::cout << line << "\n";
    const auto measured = devices.face_threshold();
    const config::Settings settings = pi::settings_of(
        configuration,
        measured ? *measured : scenarios::score_source(default_scores())->threshold());
    const store::Moment moment{stage.clock().now(), stage.clock().wall()};
    const OpenStore opened =
        pi::open_store(paths, settings.policy, configuration.terminal, moment, entropy);
    add_people(stage, *opened.records, configuration.locker, moment);
    const auto status = pi::status_socket_of(configuration, settings.policy);
    terminal::Terminal terminal(pi::terminal_setup(configuration, settings, opened.master),
                                devices.devices(), *opened.records, status.get());
    TypedLines typed;
    pi::RunnerSetup loop;
    loop.before_step = [&] {
        stage.follow();
        return typed.take([&](const std::string& line) { return stage.obey(line); });
    };
    if (status) {
        loop.after_step = [&](const terminal::Snapshot& snapshot) {
            status->publish(snapshot, stage.clock().now(), stage.clock().wall());
        };
    }
    pi::run(terminal, stage.clock(), stop, loop);
    std::cout << "stopped, locked" << std::endl;
    return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "serve", "Run a terminal as its configuration says, with devices chosen one by one");
    command->add_option("--config", options->config, "The terminal's configuration")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--credentials", options->credentials,
                     "Directory of the secrets that the configuration names as credentials "
                     "(default: CREDENTIALS_DIRECTORY)")
        ->type_name("DIR");
    command->footer(
        "What the configuration has as simulated is simulated, and people do what you type; the "
        "rest are\nthe door's own drivers. In real time, until `quit` or Ctrl-C.\n"
        "Examples:\n"
        "  strongroom enroll --home build/served --name Ada --phone +15550100142 --locker 101 "
        "--simulated\n"
        "  strongroom serve --config backends/pi/examples/laptop.yaml\n"
        "Exit status: 0 stopped, 2 invalid input.");
    command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace strongroom::cli
