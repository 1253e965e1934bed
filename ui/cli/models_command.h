// `strongroom models list|verify|fetch`: the model packs that compare faces.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (good), 1 (a file is missing or
// altered, or could not be fetched) or 2 (invalid input).
void add_models_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
