#include <iostream>
#include <memory>

#include "commands.h"
#include "options.h"
#include "pi/commands/authenticator.h"
#include "pi/system.h"
#include "staff.h"

namespace strongroom::door {

namespace {

struct Options {
    DoorOptions door;
    std::uint64_t customer = 0;
    bool remove = false;
};

int run(const Options& options) {
    const config::Configuration configuration = load(options.door);
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const store::Moment moment{clock.now(), clock.wall()};
    const pi::OpenStore opened =
        pi::open_store(paths_of(configuration, options.door), auth::locker({}),
                       configuration.terminal, moment, entropy);
    store::SqliteRecords& records = *opened.records;
    require_commissioned(records);
    authorise_two(records, moment);
    const CustomerId customer{options.customer};
    if (options.remove) {
        pi::remove_authenticator(records, customer, clock);
        std::cout << "customer " << customer.value << " has no authenticator any more\n";
        return 0;
    }
    pi::enrol_authenticator(records, customer, clock, entropy, std::cin, std::cerr);
    std::cout << "customer " << customer.value << " has an authenticator\n";
    if (!clock.wall_is_set()) {
        std::cout << "The calendar of this machine is not kept by a time service: until it is, no "
                     "code of an authenticator is taken at this door.\n";
    }
    return 0;
}

}  // namespace

void add_authenticator_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "authenticator",
        "Give a customer codes for when no message can be sent, or take them away");
    add_door_options(*command, options->door);
    command->add_option("--customer", options->customer, "Her number")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->add_flag("--remove", options->remove, "Her authenticator is worth nothing any more");
    command->footer(
        "Two members of staff have to agree, with their passwords. The key is shown once, for her "
        "phone;\nthe code that it makes of it has to be typed. One that she has is replaced. Stop "
        "the service first.\n"
        "Example:\n"
        "  sudo -u strongroom strongroom-door authenticator --customer 7\n"
        "Exit status: 0 done, 2 it could not be: the store is as it was.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace strongroom::door
