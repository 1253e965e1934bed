// The strongroom program: everything except the door. One command a file.
#include <string>

#include <CLI/CLI.hpp>

#include "authenticator_command.h"
#include "doctor_command.h"
#include "emulate_command.h"
#include "enroll_command.h"
#include "face_command.h"
#include "faces.h"
#include "home.h"
#include "models_command.h"
#include "panel/panel_command.h"
#include "people_command.h"
#include "pi/commands/run_program.h"
#include "places.h"
#include "play_command.h"
#include "serve_command.h"
#include "visit_command.h"

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
    add_authenticator_command(app, exit_code);
    add_play_command(app, exit_code);
    strongroom::panel::add_panel_command(app, {default_scores, default_catalogue, default_mutants},
                                         exit_code);
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
        "  strongroom panel                      watch and steer a strongroom in a window\n"
        "  strongroom evaluate --html r.html     play every attack, with and without its defence\n"
        "  strongroom doctor                     what this machine has, and what is missing\n"
        "`strongroom COMMAND --help` teaches each command.\n"
        "Exit status: 0 it went well, 1 it did not, 2 the input was wrong.");
    return strongroom::pi::run_program(app, argc, argv, exit_code);
}
