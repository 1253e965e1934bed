// What the panel remembers, and what it does about a file that it cannot use.
#include "settings.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "catch.h"
#include "sim/temporary_folder.h"

using namespace strongroom;
using namespace strongroom::panel;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// An environment variable, as it was when it goes.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() {
        if (before_.empty()) {
            ::unsetenv(name_);
        } else {
            ::setenv(name_, before_.c_str(), 1);
        }
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::string before_;
};

}  // namespace

TEST_CASE("panel: settings come back as they were saved") {
    const sim::TemporaryFolder folder;
    const fs::path file = folder.path() / "deep/er/panel.json";
    Settings settings;
    settings.theme = ThemeName::high_contrast;
    settings.scale = 1.5;
    settings.view = "Records";
    settings.width = 1024;
    settings.height = 768;
    settings.tour_seen = true;
    settings.layout = "[Table][0x1]\nColumn 0  Width=20\n";
    REQUIRE(save_settings(file, settings).empty());
    const LoadedSettings loaded = load_settings(file);
    CHECK(loaded.settings == settings);
    CHECK(loaded.complaint.empty());
    CHECK_FALSE(fs::exists(file.string() + ".new"));
}

TEST_CASE("panel: without a file of settings the defaults are used and nothing is said") {
    const sim::TemporaryFolder folder;
    const LoadedSettings loaded = load_settings(folder.path() / "panel.json");
    CHECK(loaded.settings == Settings{});
    CHECK(loaded.complaint.empty());
    CHECK(load_settings({}).complaint.empty());
}

TEST_CASE("panel: a damaged file of settings is said, kept aside and replaced by the defaults") {
    const sim::TemporaryFolder folder;
    const fs::path file = folder.path() / "panel.json";
    REQUIRE(save_settings(file, Settings{}).empty());
    const std::string good = content(file);
    const std::string half = good.substr(0, good.size() / 2);
    for (const std::string& bad :
         {half, std::string(), std::string("[]"), std::string("\xff\xfe"),
          std::string(R"({"version": 99})"), std::string(R"({"version": 1, "theme": "pink"})"),
          std::string(R"({"version": 1, "theme": "dark", "scale": "large"})")}) {
        INFO(bad);
        folder.write("panel.json", bad);
        const LoadedSettings loaded = load_settings(file);
        CHECK(loaded.settings == Settings{});
        CHECK_THAT(loaded.complaint, Contains(file.string()) && Contains("panel.json.damaged"));
        CHECK_FALSE(fs::exists(file));
        CHECK(content(file.string() + ".damaged") == bad);
    }
}

TEST_CASE("panel: settings beyond what a window can be are brought within it") {
    const sim::TemporaryFolder folder;
    const fs::path file = folder.path() / "panel.json";
    Settings settings;
    settings.scale = 900;
    settings.width = 5;
    settings.height = 100000;
    REQUIRE(save_settings(file, settings).empty());
    const LoadedSettings loaded = load_settings(file);
    CHECK(loaded.settings.scale == 4);
    CHECK(loaded.settings.width == 320);
    CHECK(loaded.settings.height == 2160);
}

TEST_CASE("panel: settings that cannot be written are said, and what was there stays") {
    const sim::TemporaryFolder folder;
    folder.write("a-file", "x");
    const std::string complaint = save_settings(folder.path() / "a-file/panel.json", Settings{});
    CHECK_THAT(complaint, Contains("a-file") && Contains("written"));
    CHECK(content(folder.path() / "a-file") == "x");
    CHECK_FALSE(save_settings({}, Settings{}).empty());
}

TEST_CASE("panel: settings lie in the directory that XDG_CONFIG_HOME names, else in .config") {
    const Variable home("HOME", "/somebody");
    {
        const Variable config("XDG_CONFIG_HOME", "/elsewhere");
        CHECK(settings_file() == "/elsewhere/strongroom/panel.json");
    }
    {
        // A path that is not absolute is to be ignored.
        const Variable config("XDG_CONFIG_HOME", "here");
        CHECK(settings_file() == "/somebody/.config/strongroom/panel.json");
    }
}
