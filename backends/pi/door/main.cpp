// strongroom-door: the program at the vault's door. It has no simulated part.
#include "commands.h"
#include "options.h"
#include "pi/commands/audit_command.h"
#include "pi/commands/run_program.h"

int main(int argc, char** argv) {
    using namespace strongroom::door;
    CLI::App app("strongroom-door: who may open the locker behind this door.", "strongroom-door");
    app.set_version_flag("--version", std::string("strongroom-door ") + STRONGROOM_VERSION);
    app.require_subcommand(1);
    int exit_code = 0;
    add_commission_command(app, exit_code);
    add_enroll_command(app, exit_code);
    add_finger_command(app, exit_code);
    add_authenticator_command(app, exit_code);
    add_serve_command(app, exit_code);
    strongroom::pi::add_audit_command(app, store_options(), exit_code);
    add_backup_command(app, exit_code);
    add_doctor_command(app, exit_code);
    app.footer(
        "Start here:\n"
        "  strongroom-door doctor        what this machine and its wiring lack\n"
        "  strongroom-door commission    once: the master key and the first two members of staff\n"
        "  strongroom-door enroll        put a customer into the store\n"
        "`strongroom-door COMMAND --help` teaches each command.\n"
        "Exit status: 0 it went well, 1 it did not, 2 the input was wrong.");
    return strongroom::pi::run_program(app, argc, argv, exit_code);
}
