// Where the program keeps a strongroom between runs: the store, the key and the anchor, each in a
// directory of its own, so that they can be put on different media.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "auth/policy.h"
#include "hal/clock.h"
#include "hal/entropy.h"
#include "pi/commands/audit_command.h"
#include "pi/commands/open_store.h"

namespace strongroom::cli {

using pi::InputError;
using pi::OpenStore;

struct Home {
    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path store() const { return root / "store" / "strongroom.db"; }
    [[nodiscard]] std::filesystem::path key() const { return root / "secret" / "master.key"; }
    [[nodiscard]] std::filesystem::path anchor() const {
        return root / "anchor" / "strongroom.anchor";
    }
    [[nodiscard]] pi::StorePaths paths() const { return {store(), key(), anchor()}; }
    [[nodiscard]] bool exists() const { return std::filesystem::exists(store()); }

    // The option's value if given, else STRONGROOM_HOME, else strongroom/ in the user's data
    // directory (XDG_DATA_HOME, or ~/.local/share).
    [[nodiscard]] static Home find(const std::filesystem::path& option);
};

// Adds --home to a command.
void add_home_option(CLI::App& command, std::filesystem::path& value);

// Opens the home's store, or with `create` makes home, key and store first when they are not there.
// Throws InputError.
[[nodiscard]] OpenStore open_store(const Home& home, bool create, const auth::Policy& policy,
                                   TerminalId terminal, store::Moment moment,
                                   hal::Entropy& entropy);

// --home, --store, --key and --anchor.
[[nodiscard]] std::shared_ptr<pi::StoreOptions> home_options();

}  // namespace strongroom::cli
