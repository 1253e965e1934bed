// `strongroom enroll`: puts a person, her face and her locker into a store.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (enrolled) or 1 (no picture was good
// enough; nothing was stored). Throws InputError for invalid input.
void add_enroll_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
