#include "authenticator_command.h"

#include <iostream>
#include <memory>

#include "home.h"
#include "pi/commands/authenticator.h"
#include "pi/system.h"

namespace strongroom::cli {

namespace {

constexpr TerminalId enrolment_desk{1};

struct Options {
    std::filesystem::path home;
    std::uint64_t customer = 0;
    bool remove = false;
};

int run(const Options& options) {
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    const store::Moment moment{clock.now(), clock.wall()};
    const OpenStore opened = open_store(Home::find(options.home), false, auth::locker({}),
                                        enrolment_desk, moment, entropy);
    const CustomerId customer{options.customer};
    if (options.remove) {
        pi::remove_authenticator(*opened.records, customer, clock);
        std::cout << "customer " << customer.value << " has no authenticator any more\n";
        return 0;
    }
    pi::enrol_authenticator(*opened.records, customer, clock, entropy, std::cin, std::cout);
    std::cout << "customer " << customer.value << " has an authenticator\n";
    return 0;
}

}  // namespace

void add_authenticator_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "authenticator",
        "Give a customer codes for when no message can be sent, or take them away");
    command->add_option("--customer", options->customer, "Her number")
        ->required()
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->add_flag("--remove", options->remove, "Her authenticator is worth nothing any more");
    add_home_option(*command, options->home);
    command->footer(
        "Her phone's authenticator app is given a key, shown once, and the code that it makes of "
        "it "
        "has to\nbe typed. `strongroom serve` asks for such codes when its providers cannot be "
        "reached.\n"
        "Example:\n"
        "  strongroom authenticator --customer 1\n"
        "Exit status: 0 done, 2 it could not be: the store is as it was.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace strongroom::cli
