#include "pi/commands/run_program.h"

#include <exception>
#include <iostream>
#include <string>

namespace strongroom::pi {

namespace {

// The commands of an app, as a list to choose from.
std::string names_of(const CLI::App& app) {
    std::string names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names += (names.empty() ? "" : ", ") + command->get_name();
    }
    return names;
}

// The command whose line was wrong: the innermost that was recognised.
const CLI::App& innermost(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : innermost(*chosen.front());
}

std::string line_of(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name()
                                       : line_of(*app.get_parent()) + " " + app.get_name();
}

// A wrong command line: what was wrong, what there is to choose from, where to read more.
int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
    const CLI::App& command = innermost(app);
    const bool word = !first.empty() && first.front() != '-';
    if (&command == &app && word) {
        std::cerr << "error: there is no command '" << first << "'; the commands are "
                  << names_of(app) << "\n";
    } else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
               command.get_require_subcommand_min() > 0) {
        std::cerr << "error: " << line_of(command)
                  << " needs one of its commands: " << names_of(command) << "\n";
    } else {
        std::cerr << "error: " << error.what() << "\n";
    }
    std::cerr << "See `" << line_of(command) << " --help`.\n";
    return 2;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const int& exit_code) {
    if (argc < 2) {
        std::cerr << app.help();
        return 2;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // --help and --version come this way too.
        if (error.get_exit_code() == 0) return app.exit(error);
        return usage_error(app, error, argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return 2;
    }
    return exit_code;
}

}  // namespace strongroom::pi
