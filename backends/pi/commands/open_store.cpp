#include "pi/commands/open_store.h"

#include "store/master_key.h"

namespace strongroom::pi {

namespace fs = std::filesystem;

namespace {

void make_private_directory(const fs::path& directory) {
    std::error_code error;
    if (directory.empty() || fs::is_directory(directory, error)) return;
    fs::create_directories(directory, error);
    if (error) {
        throw InputError(directory.string() + " cannot be made (" + error.message() +
                         "); choose another place");
    }
    fs::permissions(directory, fs::perms::owner_all, error);
}

}  // namespace

void create_key(const StorePaths& paths, hal::Entropy& entropy) {
    for (const fs::path& file : {paths.store, paths.key, paths.anchor}) {
        make_private_directory(file.parent_path());
    }
    if (fs::exists(paths.key)) return;
    if (fs::exists(paths.store)) {
        throw InputError("the master key " + paths.key.string() +
                         " is missing: put its copy back; without it nothing in the store " +
                         paths.store.string() + " can be opened");
    }
    const auto master = store::create_master_key(paths.key, entropy);
    if (!master) throw InputError(master.error().message);
}

OpenStore open_store(const StorePaths& paths, const auth::Policy& policy, TerminalId terminal,
                     store::Moment moment, hal::Entropy& entropy) {
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw InputError(master.error().message);
    OpenStore opened;
    opened.master = *master;
    opened.sealer = std::make_unique<store::AeadSealer>(*master);
    opened.chain = std::make_unique<store::KeyedChain>(*master);
    opened.anchor = std::make_unique<store::FileAnchor>(paths.anchor, *master);
    auto records = store::SqliteRecords::open({.path = paths.store.string(),
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

}  // namespace strongroom::pi
