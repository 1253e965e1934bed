// The commands of strongroom-door, one a file. Each adds itself to `app`; when it has run,
// `exit_code` is 0 (done), 1 (done, and something is wrong) or 2 (invalid input).
#pragma once

#include <CLI/CLI.hpp>

#include "store/sqlite_records.h"

namespace strongroom::door {

void add_serve_command(CLI::App& app, int& exit_code);
void add_commission_command(CLI::App& app, int& exit_code);
void add_enroll_command(CLI::App& app, int& exit_code);
void add_finger_command(CLI::App& app, int& exit_code);
void add_authenticator_command(CLI::App& app, int& exit_code);
void add_backup_command(CLI::App& app, int& exit_code);
void add_doctor_command(CLI::App& app, int& exit_code);

}  // namespace strongroom::door
