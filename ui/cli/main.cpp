// The strongroom program: everything except the door. One command a file.
#include <csignal>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "audit_command.h"
#include "doctor_command.h"
#include "enroll_command.h"
#include "face_command.h"
#include "home.h"
#include "models_command.h"
#include "play_command.h"
#include "visit_command.h"

int main(int argc, char** argv) {
    using namespace strongroom::cli;
    CLI::App app(
        "strongroom: who may open a bank locker, by face, one-time code and key together,\n"
        "and what happens when somebody attacks that decision.",
        "strongroom");
    app.set_version_flag("--version", std::string("strongroom ") + STRONGROOM_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Start here:\n"
        "  strongroom visit                 be the customer\n"
        "  strongroom evaluate --html r.html    play every attack, with and without its defence\n"
        "`strongroom COMMAND --help` teaches each command. Exit status: 0 well, 1 not, 2 invalid "
        "input.");
    int exit_code = 0;
    add_visit_command(app, exit_code);
    add_enroll_command(app, exit_code);
    add_play_command(app, exit_code);
    add_face_command(app, exit_code);
    add_models_command(app, exit_code);
    add_audit_command(app, exit_code);
    add_doctor_command(app, exit_code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // --help and --version come this way too, with 0.
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "strongroom: " << error.what() << "\n";
        return 2;
    }
    return exit_code;
}
