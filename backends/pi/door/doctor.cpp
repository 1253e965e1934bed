#include <functional>
#include <iostream>
#include <thread>

#include <nlohmann/json.hpp>

#include "commands.h"
#include "fingers.h"
#include "options.h"
#include "pi/service/door_devices.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"
#include "staff_prompt.h"
#include "store/audit_reader.h"
#include "store/master_key.h"
#include "vision/threads.h"

namespace strongroom::door {

namespace {

using Json = nlohmann::ordered_json;

struct Options {
    DoorOptions door;
    bool json = false;
    bool interactive = false;
};

struct Finding {
    bool good = false;
    std::string part;
    std::string text;
};

class Examination {
public:
    explicit Examination(const Options& options) : options_(options) {}

    // What throws is a finding, not the end.
    void look(const std::string& part, const std::function<std::string()>& examine) {
        try {
            tell({true, part, examine()});
        } catch (const std::exception& error) {
            tell({false, part, error.what()});
        }
    }

    void tell(const Finding& finding) {
        well_ = well_ && finding.good;
        findings_.push_back(
            {{"good", finding.good}, {"part", finding.part}, {"text", finding.text}});
        if (options_.json) return;
        std::cout << (finding.good ? "good  " : "BAD   ") << finding.part << ": " << finding.text
                  << std::endl;
    }

    [[nodiscard]] int end() const {
        if (options_.json) {
            std::cout << Json{{"ready", well_}, {"findings", findings_}}.dump(2) << "\n";
        }
        return well_ ? 0 : 1;
    }

private:
    const Options& options_;
    Json findings_ = Json::array();
    bool well_ = true;
};

// A machine without a battery-backed clock starts in the past: then the times in the audit are
// wrong.
std::string look_at_clock(const hal::Clock& clock) {
    constexpr WallTime released(std::chrono::seconds(1'760'000'000));  // 2025-10-09
    if (clock.wall() < released) {
        throw pi::InputError(
            "the clock is not set: wait for network time (timedatectl), or fit a real-time clock; "
            "the times in the audit would be wrong. Windows and penalties do not depend on it");
    }
    return "set";
}

std::string look_at_store(const config::Configuration& configuration, const DoorOptions& options) {
    const pi::StorePaths paths = paths_of(configuration, options);
    if (!std::filesystem::exists(paths.store)) {
        throw pi::InputError("there is none at " + paths.store.string() +
                             ": make it with `strongroom-door commission`");
    }
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw pi::InputError(master.error().message);
    const store::KeyedChain chain(*master);
    store::FileAnchor anchor(paths.anchor, *master);
    auto reader = store::AuditReader::open(paths.store.string());
    if (!reader) throw pi::InputError(reader.error().message);
    const auto verdict = reader->verify(*master, chain, anchor);
    if (!verdict) throw pi::InputError("it cannot be verified: see `strongroom-door audit verify`");
    if (!verdict->intact()) throw pi::InputError(store::describe(*verdict));
    return store::describe(*verdict);
}

// Whether the sensor is the door's own, and holds what the store thinks that it does. Changes
// nothing.
std::string look_at_sensor(const config::Configuration& configuration, const DoorOptions& options,
                           hal::Clock& clock, hal::Entropy& entropy) {
    const pi::StorePaths paths = paths_of(configuration, options);
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw pi::InputError(master.error().message);
    pi::FingerDesk desk = open_desk(configuration, options, *master, clock);
    const std::vector<FingerSlot> slots = desk.list();
    const std::string text = "proves itself; " + std::to_string(slots.size()) + " fingers";
    if (!std::filesystem::exists(paths.store)) return text;
    store::AeadSealer sealer(*master);
    store::KeyedChain chain(*master);
    store::FileAnchor anchor(paths.anchor, *master);
    const store::Moment moment{clock.now(), clock.wall()};
    const auto records =
        store::SqliteRecords::open({.path = paths.store.string(),
                                    .vfs = {},
                                    .master = *master,
                                    .sealer = sealer,
                                    .chain = chain,
                                    .anchor = anchor,
                                    .entropy = entropy,
                                    .lockout = {},
                                    .sends = {},
                                    .terminal = configuration.terminal,
                                    .opened = moment,
                                    .role = store::SqliteRecords::Role::further_connection});
    if (!records) throw pi::InputError(records.error().message);
    const Disagreement found = compare(
        slots, enrolled_fingers(**records, moment, configuration.fingerprint.value().sensor));
    std::string wrong;
    for (const std::string& line : words_for(found)) wrong += (wrong.empty() ? "" : "; ") + line;
    if (!found.nobodys.empty()) {
        wrong += (wrong.empty() ? "" : "; ") + std::to_string(found.nobodys.size()) +
                 " fingers in the sensor are nobody's: `strongroom-door finger check` deletes them";
    }
    if (!wrong.empty()) throw pi::InputError(wrong);
    return text + ", as the store has them";
}

std::string look_at_camera(const config::Configuration& configuration, const hal::Clock& clock) {
    const auto camera = pi::open_camera(configuration.camera.value(), clock);
    if (const auto started = camera->start(); !started) {
        throw pi::InputError(
            "it cannot be started: " + std::string(to_string(started.error().code)) +
            "; there are\n" + pi::list_v4l2_cameras());
    }
    const Instant begin = clock.now();
    int frames = 0;
    while (clock.now() - begin < std::chrono::seconds(3)) {
        const auto frame = camera->poll();
        if (frame && *frame) ++frames;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (frames < 3) throw pi::InputError("it gives no pictures: check cable and --device");
    const hal::CameraIdentity& is = camera->identity();
    return std::to_string(frames / 3) + " frames a second; to pin it: pin: {driver: " + is.driver +
           ", bus: \"" + is.bus + "\", serial: \"" + is.serial + "\"}";
}

// Asks a person to move a contact, and waits until it has been seen in both states.
std::string watch_contact(const std::string& what, const hal::Clock& clock,
                          const std::function<Result<bool>()>& read) {
    std::cerr << "      " << what << ", within 20 seconds\n";
    bool seen[2] = {false, false};
    const Instant begin = clock.now();
    while (clock.now() - begin < std::chrono::seconds(20)) {
        const Result<bool> state = read();
        if (!state) throw pi::InputError("it cannot be read: check the line in the configuration");
        seen[*state ? 1 : 0] = true;
        if (seen[0] && seen[1]) return "moves";
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw pi::InputError(std::string("it stayed ") + (seen[1] ? "closed" : "open") +
                         ": check wiring, the line's number and active_low");
}

void with_a_person(Examination& examination, const hal::Devices& d) {
    examination.look("key_switch", [&] {
        return watch_contact("Turn the key and let go", d.clock, [&] { return d.key.turned(); });
    });
    examination.look("door_contact", [&] {
        return watch_contact("Open the door and shut it", d.clock, [&] { return d.door.open(); });
    });
    examination.look("tamper_loop", [&] {
        return watch_contact("Open the enclosure and shut it", d.clock,
                             [&] { return d.tamper.intact(); });
    });
    examination.look("strike", [&]() -> std::string {
        (void)ask(
            "      The strike will release for a second. Keep the door shut, then press Enter");
        if (const auto done = d.strike.pulse(std::chrono::seconds(1)); !done) {
            throw pi::InputError("it did not take the pulse: " +
                                 std::string(to_string(done.error().code)));
        }
        bool released = false;
        const Instant begin = d.clock.now();
        while (d.clock.now() - begin < std::chrono::milliseconds(1500)) {
            const auto bolt = d.strike.sense();
            released = released || (bolt && *bolt == hal::BoltState::released);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        const auto after = d.strike.sense();
        if (!released) throw pi::InputError("the monitor contact did not see the bolt released");
        if (!after || *after != hal::BoltState::secured) {
            throw pi::InputError("the bolt is not secured after the pulse: look at it NOW");
        }
        return "released and locked again";
    });
    examination.look("siren", [&]() -> std::string {
        (void)d.siren.raise(Alarm::tamper);
        const std::string heard = ask("      Does the siren sound? y or n");
        (void)d.siren.clear(Alarm::tamper);
        if (heard != "y")
            throw pi::InputError("it was not heard: check the line in the configuration");
        return "heard";
    });
}

int doctor(const Options& options) {
    Examination examination(options);
    config::Configuration configuration;
    examination.look("configuration", [&] {
        configuration = load(options.door);
        return options.door.config.string();
    });
    if (configuration.file.empty()) return examination.end();
    vision::use_one_thread();
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    examination.look("clock", [&] { return look_at_clock(clock); });
    examination.look("store", [&] { return look_at_store(configuration, options.door); });
    examination.look("face", [&] { return pi::load_pack(configuration.face).summary(); });
    examination.look("camera", [&] { return look_at_camera(configuration, clock); });
    if (configuration.fingerprint) {
        examination.look("fingerprint", [&] {
            return look_at_sensor(configuration, options.door, clock, entropy);
        });
    }
    std::unique_ptr<pi::DoorDevices> devices;
    examination.look("devices", [&] {
        devices = std::make_unique<pi::DoorDevices>(
            pi::DoorDevicesSetup{.configuration = configuration,
                                 .credentials = credentials_of(options.door),
                                 .clock = clock,
                                 .entropy = entropy,
                                 .finger_digest_key = {},
                                 .simulated = nullptr,
                                 .sms_events = {},
                                 .emulators = false});
        std::string text;
        for (const std::string& line : devices->describe()) text += "\n      " + line;
        return "all of them open" + text;
    });
    if (devices && options.interactive) with_a_person(examination, devices->devices());
    return examination.end();
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("doctor", "Is this door ready, and if not, what is to be mended");
    add_door_options(*command, options->door);
    command->add_flag("--with-person", options->interactive,
                      "Also the contacts, the strike and the siren, which somebody has to move, "
                      "watch and hear");
    command->add_flag("--json", options->json, "Say what was found as JSON");
    command->footer(
        "Stop the service first: it holds the devices. The strike is not moved without "
        "--with-person.\n"
        "Example:\n"
        "  sudo -u strongroom strongroom-door doctor --with-person\n"
        "Exit status: 0 everything is good, 1 something is BAD, 2 invalid input.");
    command->callback([options, &exit_code] { exit_code = doctor(*options); });
}

}  // namespace strongroom::door
