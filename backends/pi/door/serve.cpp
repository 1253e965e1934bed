#include <iostream>
#include <string>

#include "commands.h"
#include "options.h"
#include "pi/commands/open_store.h"
#include "pi/service/door_devices.h"
#include "pi/service/notify.h"
#include "pi/service/runner.h"
#include "pi/status_socket.h"
#include "pi/system.h"
#include "staff.h"
#include "store/master_key.h"
#include "vision/threads.h"

namespace strongroom::door {

namespace {

// One line of the journal.
void say(const std::string& line) { std::cout << line << std::endl; }

std::string words(const terminal::Snapshot& snapshot) {
    std::string text = snapshot.out_of_service ? "out of service" : "in service";
    text += ", " + std::string(auth::to_string(snapshot.session.state));
    text += snapshot.bolt_released ? ", bolt released" : ", bolt secured";
    text += snapshot.door_open ? ", door open" : ", door shut";
    for (const Alarm alarm : snapshot.alarms) {
        text += ", ALARM " + std::string(to_string(alarm));
    }
    return text;
}

int serve(const DoorOptions& options) {
    const config::Configuration configuration = load(options);
    const pi::StorePaths paths = paths_of(configuration, options);
    const pi::StopSignals stop;  // before any thread is made
    vision::use_one_thread();
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw pi::InputError(master.error().message);
    pi::DoorDevices devices({.configuration = configuration,
                             .credentials = credentials_of(options),
                             .clock = clock,
                             .entropy = entropy,
                             .finger_digest_key = pi::finger_digest_key(*master),
                             .simulated = nullptr,
                             .sms_events =
                                 [](pi::SmsEvent event, std::int32_t code) {
                                     say(std::string(to_string(event)) + " " +
                                         std::to_string(code));
                                 },
                             .emulators = false});
    for (const std::string& line : devices.describe()) say(line);
    const config::Settings settings =
        pi::settings_of(configuration, devices.face_threshold().value());
    const pi::OpenStore opened = pi::open_store(paths, settings.policy, configuration.terminal,
                                                {clock.now(), clock.wall()}, entropy);
    require_commissioned(*opened.records);
    const auto status = pi::status_socket_of(configuration, settings.policy);
    terminal::Terminal terminal(pi::terminal_setup(configuration, settings, opened.master),
                                devices.devices(), *opened.records, status.get());
    pi::RunnerSetup loop;
    if (status) {
        loop.after_step = [&](const terminal::Snapshot& snapshot) {
            status->publish(snapshot, clock.now(), clock.wall());
        };
    }
    loop.report = [](const terminal::Snapshot& snapshot) {
        const std::string text = words(snapshot);
        say(text);
        pi::notify_status(text);
    };
    pi::run(terminal, clock, stop, loop);
    say("stopped, locked");
    return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DoorOptions>();
    CLI::App* command = app.add_subcommand("serve", "Run the door, until SIGTERM or Ctrl-C");
    add_door_options(*command, *options);
    command->footer(
        "The devices, the store and the policy are those of the configuration. The strike is "
        "locked "
        "before\nanything else, and when the program ends, however it does.\n"
        "Example:\n"
        "  strongroom-door serve --config /etc/strongroom/strongroom.yaml\n"
        "Exit status: 0 stopped, 2 the configuration, a device or the store cannot be used.");
    command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace strongroom::door
