#include "emulate_command.h"

#include "emulate_r307.h"
#include "emulate_sms.h"

namespace strongroom::cli {

void add_emulate_command(CLI::App& app, int& exit_code) {
    CLI::App* group = app.add_subcommand(
        "emulate", "Stand in for a device at its own wire, for drivers and clients of any make");
    group->require_subcommand(1);
    add_emulate_r307(*group, exit_code);
    add_emulate_sms(*group, exit_code);
}

}  // namespace strongroom::cli
