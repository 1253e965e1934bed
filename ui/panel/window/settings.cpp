#include "settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace strongroom::panel {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int version = 1;

// Throws what says why it is none.
Settings parse(const std::string& text) {
    const Json json = Json::parse(text);
    if (!json.is_object()) throw std::invalid_argument("it is no JSON object");
    if (json.at("version").get<int>() != version) {
        throw std::invalid_argument("it is of version " + json.at("version").dump());
    }
    Settings settings;
    const auto named = theme_named(json.at("theme").get<std::string>());
    if (!named) throw std::invalid_argument("there is no theme " + json.at("theme").dump());
    settings.theme = *named;
    settings.scale = std::clamp(json.at("scale").get<double>(), 0.7, 4.0);
    settings.view = json.at("view").get<std::string>();
    settings.width = std::clamp(json.at("width").get<int>(), 320, 3840);
    settings.height = std::clamp(json.at("height").get<int>(), 240, 2160);
    settings.tour_seen = json.at("tour_seen").get<bool>();
    settings.layout = json.at("layout").get<std::string>();
    return settings;
}

std::string describe(const Settings& settings) {
    const Json json{{"version", version},
                    {"theme", to_string(settings.theme)},
                    {"scale", settings.scale},
                    {"view", settings.view},
                    {"width", settings.width},
                    {"height", settings.height},
                    {"tour_seen", settings.tour_seen},
                    {"layout", settings.layout}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool write_through(const fs::path& file, const std::string& text) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    const bool synced = ::fsync(descriptor) == 0;
    const bool closed = ::close(descriptor) == 0;
    return written == static_cast<ssize_t>(text.size()) && synced && closed;
}

}  // namespace

fs::path settings_file() {
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/') {
        return fs::path(config) / "strongroom" / "panel.json";
    }
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
        return fs::path(home) / ".config" / "strongroom" / "panel.json";
    }
    return {};
}

LoadedSettings load_settings(const fs::path& file) {
    std::error_code error;
    if (file.empty() || !fs::exists(file, error)) return {};
    try {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        if (!in) throw std::invalid_argument("it cannot be read");
        return {parse(text.str()), {}};
    } catch (const std::exception& problem) {
        const fs::path aside = file.string() + ".damaged";
        fs::rename(file, aside, error);
        return {{},
                "The panel's settings in " + file.string() + " cannot be used (" + problem.what() +
                    "). The defaults are used instead; the file is " +
                    (error ? "left as it is." : "kept as " + aside.filename().string() + ".")};
    }
}

std::string save_settings(const fs::path& file, const Settings& settings) {
    if (file.empty()) return "There is no place for the panel's settings: set HOME.";
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    const fs::path beside = file.string() + ".new";
    if (!error && write_through(beside, describe(settings))) {
        fs::rename(beside, file, error);
        if (!error) return {};
    }
    fs::remove(beside, error);
    return "The panel's settings could not be written to " + file.string() +
           ": see that the directory can be written to and has room.";
}

}  // namespace strongroom::panel
