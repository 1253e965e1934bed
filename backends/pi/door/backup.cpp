#include "store/backup.h"

#include <iostream>

#include "commands.h"
#include "options.h"

namespace strongroom::door {

namespace {

struct Options {
    DoorOptions door;
    std::filesystem::path to;
};

int back_up(const Options& options) {
    const config::Configuration configuration = config::load(options.door.config);
    const auto done =
        store::back_up(configuration.store.database, configuration.store.anchor, options.to);
    if (!done) throw pi::InputError(done.error().message);
    std::cout << "copied to " << options.to.string()
              << "\nThe master key is not in the copy: keep its own copy somewhere else.\n";
    return 0;
}

}  // namespace

void add_backup_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "backup", "Copy the store and its anchor, also while the door is served");
    add_door_options(*command, options->door);
    command->add_option("--to", options->to, "A directory that is not there yet")
        ->required()
        ->type_name("DIR");
    command->footer(
        "Restoring: stop the service, put both files back where the configuration says, start it. "
        "A "
        "store\nthat is older than its anchor is refused: restore both, or neither.\n"
        "Example:\n"
        "  strongroom-door backup --to /media/backup/2026-11-20\n"
        "Exit status: 0 copied and checked, 2 it could not be; nothing half-written stays.");
    command->callback([options, &exit_code] { exit_code = back_up(*options); });
}

}  // namespace strongroom::door
