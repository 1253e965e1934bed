#include "options.h"

#include <cstdlib>
#include <string>

namespace strongroom::door {

namespace fs = std::filesystem;

void add_door_options(CLI::App& command, DoorOptions& options) {
    command.add_option("--config", options.config, "The terminal's configuration")
        ->type_name("FILE")
        ->capture_default_str();
    command
        .add_option(
            "--credentials", options.credentials,
            "Directory of the secrets that the configuration names as credentials (default: "
            "CREDENTIALS_DIRECTORY, which systemd sets, else secrets/ beside the "
            "configuration)")
        ->type_name("DIR");
}

fs::path credentials_of(const DoorOptions& options) {
    if (!options.credentials.empty()) return options.credentials;
    if (const char* given = std::getenv("CREDENTIALS_DIRECTORY");
        given != nullptr && *given != '\0') {
        return given;
    }
    return options.config.parent_path() / "secrets";
}

config::Configuration load(const DoorOptions& options) {
    config::Configuration configuration = config::load(options.config);
    const auto simulated = config::simulated_parts(configuration);
    if (simulated.empty()) return configuration;
    std::string names;
    for (const std::string& part : simulated) names += (names.empty() ? "" : ", ") + part;
    throw pi::InputError(options.config.string() + ": simulated, which a door cannot be: " + names +
                         ". Give real devices, or try it out with `strongroom serve`");
}

pi::StorePaths paths_of(const config::Configuration& configuration, const DoorOptions& options) {
    return {configuration.store.database,
            config::path_of(configuration.store.key, credentials_of(options)),
            configuration.store.anchor};
}

namespace {

class ConfiguredStore final : public pi::StoreOptions {
public:
    void add(CLI::App& command, bool) override { add_door_options(command, options_); }
    [[nodiscard]] pi::StorePaths paths() const override {
        return paths_of(load(options_), options_);
    }
    [[nodiscard]] std::string advice() const override {
        return "make it with `strongroom-door commission`, or name another --config";
    }

private:
    DoorOptions options_;
};

}  // namespace

std::shared_ptr<pi::StoreOptions> store_options() { return std::make_shared<ConfiguredStore>(); }

}  // namespace strongroom::door
