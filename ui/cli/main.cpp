// The strongroom program: everything except the door. One command a file.
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "doctor_command.h"
#include "emulate_command.h"
#include "enroll_command.h"
#include "face_command.h"
#include "home.h"
#include "models_command.h"
#include "people_command.h"
#include "play_command.h"
#include "serve_command.h"
#include "visit_command.h"

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

int main(int argc, char** argv) {
    using namespace strongroom::cli;
    CLI::App app(
        "strongroom: who may open a bank locker, by face, one-time code and key together,\n"
        "and what happens when somebody attacks that decision.",
        "strongroom");
    app.set_version_flag("--version", std::string("strongroom ") + STRONGROOM_VERSION);
    app.require_subcommand(1);
    int exit_code = 0;
    add_visit_command(app, exit_code);
    add_enroll_command(app, exit_code);
    add_play_command(app, exit_code);
    add_serve_command(app, exit_code);
    add_face_command(app, exit_code);
    add_models_command(app, exit_code);
    add_people_command(app, exit_code);
    add_emulate_command(app, exit_code);
    strongroom::pi::add_audit_command(app, home_options(), exit_code);
    add_doctor_command(app, exit_code);
    // Set last: commands made after it would inherit it.
    app.footer(
        "Start here:\n"
        "  strongroom visit                      be the customer: no store, camera or phone "
        "needed\n"
        "  strongroom evaluate --html r.html     play every attack, with and without its defence\n"
        "  strongroom doctor                     what this machine has, and what is missing\n"
        "`strongroom COMMAND --help` teaches each command.\n"
        "Exit status: 0 it went well, 1 it did not, 2 the input was wrong.");
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
