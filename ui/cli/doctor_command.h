// `strongroom doctor`: is this machine ready, and if not, what is missing.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (ready) or 1 (something is wrong;
// the output says what to do).
void add_doctor_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
