// What the panel remembers of how somebody likes it, in one JSON file of hers. Nothing of the
// strongroom is in it. One thread.
#pragma once

#include <filesystem>
#include <string>

#include "panel/theme.h"

namespace strongroom::panel {

struct Settings {
    ThemeName theme = ThemeName::dark;
    double scale = 1;  // least_scale to most_scale
    std::string view;  // title of the one that was open; empty: the first
    int width = 1280;
    int height = 800;
    bool tour_seen = false;
    std::string layout;  // ImGui's: widths of columns
    friend bool operator==(const Settings&, const Settings&) = default;
};

struct LoadedSettings {
    Settings settings;
    std::string complaint;  // what was wrong with the file and what became of it; empty: nothing
};

// strongroom/panel.json in XDG_CONFIG_HOME, else in ~/.config; empty when neither is known.
[[nodiscard]] std::filesystem::path settings_file();

// No file: the defaults. A damaged one is kept beside as FILE.damaged, and the defaults are used.
// Never throws.
[[nodiscard]] LoadedSettings load_settings(const std::filesystem::path& file);

// Whole or not at all. Returns why it could not be done, with what to do; empty when it was.
[[nodiscard]] std::string save_settings(const std::filesystem::path& file,
                                        const Settings& settings);

}  // namespace strongroom::panel
