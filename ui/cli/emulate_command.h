// `strongroom emulate`: devices that are not there, at their own wires.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the group to `app`, with one command a device. When one has run, `exit_code` is set. Throws
// EmulatorError for invalid input.
void add_emulate_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
