// How both programs take their command line: help, the wrong word, the error that ended a command.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::pi {

// Parses the line and runs its command. Returns `exit_code` as the command left it, 0 after --help
// and
// --version, and 2 for a line that is wrong or input that a command refused by an exception; both
// are said on the standard error, with what there is to choose from.
[[nodiscard]] int run_program(CLI::App& app, int argc, char** argv, const int& exit_code);

}  // namespace strongroom::pi
