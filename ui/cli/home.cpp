#include "home.h"

#include <cstdlib>

#include "store/master_key.h"

namespace strongroom::cli {

namespace fs = std::filesystem;

Home Home::find(const fs::path& option) {
    if (!option.empty()) return {option};
    if (const char* home = std::getenv("STRONGROOM_HOME"); home != nullptr && *home != '\0') {
        return {home};
    }
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
        return {fs::path(data) / "strongroom"};
    }
    if (const char* user = std::getenv("HOME"); user != nullptr && *user != '\0') {
        return {fs::path(user) / ".local" / "share" / "strongroom"};
    }
    throw InputError("no place for the store: give --home DIR or set STRONGROOM_HOME");
}

void add_home_option(CLI::App& command, fs::path& value) {
    command
        .add_option("--home", value,
                    "Directory of the store, its key and its anchor (default: STRONGROOM_HOME, "
                    "else strongroom/ in your data directory)")
        ->type_name("DIR");
}

namespace {

void make_private_directory(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        throw InputError(directory.string() + " cannot be made (" + error.message() +
                         "); choose another place with --home");
    }
    fs::permissions(directory, fs::perms::owner_all, error);
}

}  // namespace

OpenStore open_store(const Home& home, bool create, const auth::Policy& policy, TerminalId terminal,
                     store::Moment moment, hal::Entropy& entropy) {
    if (!create && !home.exists()) {
        throw InputError("there is no store in " + home.root.string() +
                         "; make one with `strongroom enroll`, or name another with --home");
    }
    if (create) {
        for (const fs::path& file : {home.store(), home.key(), home.anchor()}) {
            make_private_directory(file.parent_path());
        }
    }
    // A store whose key is gone must not get a new one: nothing in it would open.
    if (home.exists() && !fs::exists(home.key())) {
        throw InputError("the master key " + home.key().string() +
                         " is missing: put its copy back; without it nothing in the store " +
                         home.store().string() + " can be opened");
    }
    const bool new_key = create && !fs::exists(home.key());
    const auto master = new_key ? store::create_master_key(home.key(), entropy)
                                : store::load_master_key(home.key(), home.store().parent_path());
    if (!master) throw InputError(master.error().message);
    OpenStore opened;
    opened.master = *master;
    opened.sealer = std::make_unique<store::AeadSealer>(*master);
    opened.chain = std::make_unique<store::KeyedChain>(*master);
    opened.anchor = std::make_unique<store::FileAnchor>(home.anchor(), *master);
    auto records = store::SqliteRecords::open({.path = home.store().string(),
                                               .vfs = {},
                                               .master = *master,
                                               .sealer = *opened.sealer,
                                               .chain = *opened.chain,
                                               .anchor = *opened.anchor,
                                               .entropy = entropy,
                                               .lockout = policy.lockout,
                                               .sends = policy.code.sends,
                                               .terminal = terminal,
                                               .opened = moment});
    if (!records) throw InputError(records.error().message);
    opened.records = std::move(*records);
    return opened;
}

}  // namespace strongroom::cli
