#include <iostream>

#include "commands.h"
#include "fingers.h"
#include "options.h"
#include "pi/system.h"
#include "staff.h"

namespace strongroom::door {

namespace {

struct Options {
    DoorOptions door;
    std::uint64_t customer = 0;
};

// What every one of these commands does first, and then its own work.
template <class Work>
int with_sensor(const Options& options, Work work) {
    const config::Configuration configuration = load(options.door);
    require_sensor(configuration);
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const auto now = [&] { return store::Moment{clock.now(), clock.wall()}; };
    const pi::OpenStore opened =
        pi::open_store(paths_of(configuration, options.door), auth::locker({}),
                       configuration.terminal, now(), entropy);
    require_commissioned(*opened.records);
    authorise_two(*opened.records, now());
    FingerStep step(configuration, options.door, opened, clock);
    work(step);
    return 0;
}

int add(const Options& options) {
    return with_sensor(options, [&](FingerStep& step) {
        const CustomerId customer{options.customer};
        const bool again = step.fingers().of(customer).has_value();
        step.take(customer);
        step.give(customer);
        std::cout << "customer " << customer.value << (again ? " has another" : " has a")
                  << " finger in the sensor\n";
    });
}

int remove(const Options& options) {
    return with_sensor(options, [&](FingerStep& step) {
        step.fingers().remove(CustomerId{options.customer});
        std::cout << "customer " << options.customer << " has no finger in the sensor any more\n";
    });
}

int check(const Options& options) {
    std::size_t missing = 0;
    (void)with_sensor(options, [&](FingerStep& step) { missing = step.fingers().missing(); });
    if (missing == 0) std::cout << "sensor and store agree\n";
    return missing == 0 ? 0 : 1;
}

void add_customer_option(CLI::App& command, Options& options) {
    command.add_option("--customer", options.customer, "Her number")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
}

}  // namespace

void add_finger_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("finger", "Fingers of enrolled customers: add, remove, check");
    command->require_subcommand(1);
    command->footer(
        "Two members of staff have to agree, with their passwords. Stop the service first: one "
        "process\nowns the store and the sensor. What an enrolment that broke off has left in the "
        "sensor is\ndeleted by the next of these commands.\n"
        "Example:\n"
        "  sudo -u strongroom strongroom-door finger add --customer 3\n"
        "Exit status: 0 done, 1 a customer's finger is missing in the sensor (check), 2 it could "
        "not "
        "be.");

    CLI::App* adding =
        command->add_subcommand("add", "Enrol a finger of hers, in place of the one that she had");
    add_door_options(*adding, options->door);
    add_customer_option(*adding, *options);
    adding->callback([options, &exit_code] { exit_code = add(*options); });

    CLI::App* removing = command->add_subcommand("remove", "Delete her finger");
    add_door_options(*removing, options->door);
    add_customer_option(*removing, *options);
    removing->callback([options, &exit_code] { exit_code = remove(*options); });

    CLI::App* checking = command->add_subcommand(
        "check", "Compare the sensor's library with the store, and delete what is nobody's");
    add_door_options(*checking, options->door);
    checking->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace strongroom::door
