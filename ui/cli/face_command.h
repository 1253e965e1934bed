// `strongroom face compare|evaluate`: what a model pack makes of pictures, and how often it errs.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (evaluated, or the same person), 1
// (compare: unknown, or a picture without a comparable face) or 2 (invalid input).
void add_face_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
