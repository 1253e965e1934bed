// `strongroom audit verify|tail|export`: what the store has written down, and whether it is whole.
#pragma once

#include <CLI/CLI.hpp>

namespace strongroom::cli {

// Adds the command to `app`. When it has run, `exit_code` is 0 (good), 1 (the audit is broken; the
// first bad row has been named) or 2 (invalid input). The store is read and never changed.
void add_audit_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::cli
