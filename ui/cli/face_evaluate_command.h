// `strongroom face evaluate`: its options, and which of the evaluations they ask for.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `face`. When it has run, `exit_code` is 0 (evaluated), 1 (interrupted) or 2
// (invalid input).
void add_face_evaluate_command(CLI::App& face, int& exit_code);

}  // namespace strongroom::cli
