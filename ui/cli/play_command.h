// `strongroom play FILE|DIR...` and `strongroom evaluate`: scenarios, each with its defences,
// without them and with each one put back, and the report of what happened.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds both commands. When one has run, `exit_code` is 0 (every attack held and none was
// toothless), 1 (one did not, or the run was interrupted) or 2 (invalid input).
void add_play_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
