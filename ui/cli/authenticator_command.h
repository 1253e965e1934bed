// `strongroom authenticator`: codes for when no message can be sent.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0. Throws InputError for invalid
// input.
void add_authenticator_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
