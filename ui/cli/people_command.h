// `strongroom people render`: shows the simulated people, and the attacks, to a person's eyes.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0, or 1 when Ctrl-C cut it short.
// Throws InputError for invalid input.
void add_people_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
