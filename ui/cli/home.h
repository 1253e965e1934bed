// Where the program keeps a strongroom between runs: the store, the key and the anchor, each in a
// directory of its own, so that they can be put on different media.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>

#include "auth/policy.h"
#include "hal/clock.h"
#include "hal/entropy.h"
#include "store/file_anchor.h"
#include "store/sqlite_records.h"

namespace strongroom::cli {

// Invalid input: the text says what, where and what to do. main() prints it and exits with 2.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Home {
    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path store() const { return root / "store" / "strongroom.db"; }
    [[nodiscard]] std::filesystem::path key() const { return root / "secret" / "master.key"; }
    [[nodiscard]] std::filesystem::path anchor() const {
        return root / "anchor" / "strongroom.anchor";
    }
    [[nodiscard]] bool exists() const { return std::filesystem::exists(store()); }

    // The option's value if given, else STRONGROOM_HOME, else strongroom/ in the user's data
    // directory (XDG_DATA_HOME, or ~/.local/share).
    [[nodiscard]] static Home find(const std::filesystem::path& option);
};

// Adds --home to a command.
void add_home_option(CLI::App& command, std::filesystem::path& value);

// A store with all that it stands on.
struct OpenStore {
    Key256 master;
    std::unique_ptr<store::AeadSealer> sealer;
    std::unique_ptr<store::KeyedChain> chain;
    std::unique_ptr<store::FileAnchor> anchor;
    std::unique_ptr<store::SqliteRecords> records;
};

// Opens the home's store, or with `create` makes home, key and store first when they are not there.
// Throws InputError.
[[nodiscard]] OpenStore open_store(const Home& home, bool create, const auth::Policy& policy,
                                   TerminalId terminal, store::Moment moment,
                                   hal::Entropy& entropy);

}  // namespace strongroom::cli
