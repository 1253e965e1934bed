// `audit verify|tail|export`: what the store has written down, and whether it is whole.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "pi/commands/open_store.h"

namespace strongroom::pi {

// How a program is told where its store is.
class StoreOptions {
public:
    virtual ~StoreOptions() = default;
    // Adds its options to a command; `verifies`: key and anchor are wanted too.
    virtual void add(CLI::App& command, bool verifies) = 0;
    // What they say. Throws InputError.
    [[nodiscard]] virtual StorePaths paths() const = 0;
    // What to do about a store that is not there.
    [[nodiscard]] virtual std::string advice() const = 0;
};

// Adds the command to `app`. When it has run, `exit_code` is 0 (good), 1 (the audit is broken; the
// first bad row has been named) or 2 (invalid input). The store is read and never changed.
void add_audit_command(CLI::App& app, std::shared_ptr<StoreOptions> places, int& exit_code);

}  // namespace strongroom::pi
