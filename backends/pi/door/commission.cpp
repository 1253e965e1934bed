#include <iostream>

#include "commands.h"
#include "commission_sensor.h"
#include "options.h"
#include "pi/system.h"
#include "staff.h"
#include "staff_prompt.h"

namespace strongroom::door {

namespace {

Secret new_password(const std::string& name) {
    while (true) {
        Secret password =
            ask_password("Password of " + name + ", " + std::to_string(store::password_bytes_min) +
                         " characters or more");
        if (password.size() < store::password_bytes_min ||
            password.size() > store::password_bytes_max) {
            std::cerr << "It must have " << store::password_bytes_min << " to "
                      << store::password_bytes_max << " characters.\n";
            continue;
        }
        const Secret again = ask_password("The same once more");
        if (equal_in_constant_time(password.reveal(), again.reveal())) return password;
        std::cerr << "They differ.\n";
    }
}

void add_one(store::SqliteRecords& records, store::Moment moment, const std::string& name) {
    const Secret password = new_password(name);
    const Result<StaffId> staff = records.add_staff(moment, name, password);
    if (!staff) {
        throw pi::InputError(staff.error().code == Errc::out_of_range
                                 ? "a name has 1 to 200 bytes without control characters"
                                 : "cannot be added: " + words_for(staff.error()));
    }
    std::cout << name << " is member of staff " << staff->value
              << ": the number is asked for beside the password\n";
}

void commission_staff(const config::Configuration& configuration, store::SqliteRecords& records,
                      const hal::Clock& clock) {
    constexpr const char* question = "Name of a member of staff";
    const auto now = [&] { return store::Moment{clock.now(), clock.wall()}; };
    const Result<bool> done = records.commissioned();
    if (!done) throw pi::InputError("the store cannot be asked: " + words_for(done.error()));
    if (*done) {
        std::cerr << "This store is commissioned. Two members of staff may add another.\n";
        authorise_two(records, now());
        const std::string name = ask("Name of another member of staff (empty: nobody)");
        if (!name.empty()) add_one(records, now(), name);
        return;
    }
    const Result<void> added = records.add_locker(now(), configuration.locker);
    if (!added && added.error().code != Errc::denied) {
        throw pi::InputError("the locker cannot be added: " + words_for(added.error()));
    }
    if (const auto there = records.staff(); there && !there->empty()) {
        std::cout << "one member of staff is there already; one is missing\n";
    } else {
        add_one(records, now(), ask(question));
    }
    add_one(records, now(), ask(question));
    std::cout << "commissioned: from now on what is changed takes two members of staff\n";
}

int commission(const DoorOptions& options) {
    const config::Configuration configuration = load(options);
    const pi::StorePaths paths = paths_of(configuration, options);
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const bool fresh = !std::filesystem::exists(paths.key);
    pi::create_key(paths, entropy);
    if (fresh) {
        std::cout
            << "made the master key " << paths.key.string()
            << "\nKeep a copy of it in a safe place: without it nothing in the store opens.\n";
    }
    const store::Moment moment{clock.now(), clock.wall()};
    const pi::OpenStore opened =
        pi::open_store(paths, auth::locker({}), configuration.terminal, moment, entropy);
    commission_staff(configuration, *opened.records, clock);
    if (configuration.fingerprint)
        commission_sensor(configuration, options, opened, clock, entropy);
    return 0;
}

}  // namespace

void add_commission_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DoorOptions>();
    CLI::App* command = app.add_subcommand(
        "commission",
        "Make the master key, the first two members of staff, and the fingerprint sensor the "
        "door's own");
    add_door_options(*command, *options);
    command->footer(
        "Asks for names and passwords; passwords are not shown, and never stand on a command "
        "line.\n"
        "Run it as the user who runs the door. The folder of the secrets must be on another medium "
        "than\nthe store's backup. May be run again: to add somebody, or to go on where it broke "
        "off; "
        "what is\ndone already is left as it is.\n"
        "Example:\n"
        "  sudo -u strongroom strongroom-door commission\n"
        "Exit status: 0 done, 2 it could not be.");
    command->callback([options, &exit_code] { exit_code = commission(*options); });
}

}  // namespace strongroom::door
