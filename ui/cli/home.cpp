#include "home.h"

#include <cstdlib>

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

OpenStore open_store(const Home& home, bool create, const auth::Policy& policy, TerminalId terminal,
                     store::Moment moment, hal::Entropy& entropy) {
    if (!create && !home.exists()) {
        throw InputError("there is no store in " + home.root.string() +
                         "; make one with `strongroom enroll`, or name another with --home");
    }
    pi::create_key(home.paths(), entropy);
    return pi::open_store(home.paths(), policy, terminal, moment, entropy);
}

namespace {

// Each of the files stands in for the home's.
class HomeOptions final : public pi::StoreOptions {
public:
    void add(CLI::App& command, bool verifies) override {
        add_home_option(command, home_);
        command.add_option("--store", files_.store, "The store's file, instead of the home's")
            ->type_name("FILE");
        if (!verifies) return;
        command.add_option("--key", files_.key, "The master key's file, instead of the home's")
            ->type_name("FILE");
        command.add_option("--anchor", files_.anchor, "The anchor's file, instead of the home's")
            ->type_name("FILE");
    }

    [[nodiscard]] pi::StorePaths paths() const override {
        pi::StorePaths paths = files_;
        const bool all = !paths.store.empty() && !paths.key.empty() && !paths.anchor.empty();
        if (all) return paths;
        // What is missing is asked for.
        if (!paths.store.empty() && home_.empty()) return paths;
        const pi::StorePaths home = Home::find(home_).paths();
        if (paths.store.empty()) paths.store = home.store;
        if (paths.key.empty()) paths.key = home.key;
        if (paths.anchor.empty()) paths.anchor = home.anchor;
        return paths;
    }

    [[nodiscard]] std::string advice() const override {
        return "name another with --home or --store, or make one with `strongroom enroll`";
    }

private:
    fs::path home_;
    pi::StorePaths files_;
};

}  // namespace

std::shared_ptr<pi::StoreOptions> home_options() { return std::make_shared<HomeOptions>(); }

}  // namespace strongroom::cli
