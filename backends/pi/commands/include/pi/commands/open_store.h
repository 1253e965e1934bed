// A store with all that it stands on, as the commands of both programs open it. While composing
// only: everything throws InputError.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "auth/policy.h"
#include "hal/entropy.h"
#include "store/file_anchor.h"
#include "store/sqlite_records.h"

namespace strongroom::pi {

// Invalid input: the text says what, where and what to do. main() prints it and exits with 2.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Three files, best in three directories on different media.
struct StorePaths {
    std::filesystem::path store;
    std::filesystem::path key;
    std::filesystem::path anchor;
};

struct OpenStore {
    Key256 master;
    std::unique_ptr<store::AeadSealer> sealer;
    std::unique_ptr<store::KeyedChain> chain;
    std::unique_ptr<store::FileAnchor> anchor;
    std::unique_ptr<store::SqliteRecords> records;
};

// Makes the master key and the directories where there are none. A store whose key is gone gets no
// new one: nothing in it would open.
void create_key(const StorePaths& paths, hal::Entropy& entropy);

// Opens the store, or makes it if there is none and its key is there.
[[nodiscard]] OpenStore open_store(const StorePaths& paths, const auth::Policy& policy,
                                   TerminalId terminal, store::Moment moment,
                                   hal::Entropy& entropy);

}  // namespace strongroom::pi
