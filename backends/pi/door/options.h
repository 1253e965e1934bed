// What every command of strongroom-door is told: which configuration, and where secrets come from.
#pragma once

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "config/configuration.h"
#include "pi/commands/audit_command.h"

namespace strongroom::door {

struct DoorOptions {
    std::filesystem::path config = "/etc/strongroom/strongroom.yaml";
    std::filesystem::path credentials;  // empty: $CREDENTIALS_DIRECTORY, else ./secrets beside it
};

// Adds --config and --credentials.
void add_door_options(CLI::App& command, DoorOptions& options);

// The configuration, refused where something in it is simulated. Throws yaml::ReadError,
// pi::InputError.
[[nodiscard]] config::Configuration load(const DoorOptions& options);

[[nodiscard]] std::filesystem::path credentials_of(const DoorOptions& options);

// Where the configuration says that the store is.
[[nodiscard]] pi::StorePaths paths_of(const config::Configuration& configuration,
                                      const DoorOptions& options);

// The same as options of the audit command.
[[nodiscard]] std::shared_ptr<pi::StoreOptions> store_options();

}  // namespace strongroom::door
