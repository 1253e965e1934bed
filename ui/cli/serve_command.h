// `strongroom serve`: a terminal as its configuration says, with simulated devices where it says
// so.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (stopped) or 2 (invalid input).
void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
