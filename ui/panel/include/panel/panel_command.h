// `strongroom panel`: one window on a simulated strongroom.
#pragma once

#include <filesystem>
#include <functional>

#include <CLI/CLI.hpp>

namespace strongroom::panel {

// Where the program keeps what the panel plays. Asked when the command runs; may throw what says
// what is missing.
struct PanelPlaces {
    std::function<std::filesystem::path()> scores;     // file of score distributions
    std::function<std::filesystem::path()> catalogue;  // directory of scenario files
    std::function<std::filesystem::path()> mutants;    // directory of the mutant programs
};

// Adds the command to `app`. When it has run, `exit_code` is 0 (the panel was closed, or the
// screenshot or the measurement is there), 1 (the strongroom could not be built) or 2 (invalid
// input, or no window can be had). Without ImGui, GLFW and OpenGL at hand when it was built, it
// says which packages are missing and `exit_code` is 2.
void add_panel_command(CLI::App& app, PanelPlaces places, int& exit_code);

}  // namespace strongroom::panel
