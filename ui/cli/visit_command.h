// `strongroom visit`: be the customer at a simulated strongroom with the real core.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (the locker was opened) or 1 (it was
// not). Throws InputError for invalid input.
void add_visit_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
