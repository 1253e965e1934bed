// `strongroom panel` of a program that was built without a window's libraries.
#include "panel/panel_command.h"

#include <stdexcept>

namespace strongroom::panel {

void add_panel_command(CLI::App& app, PanelPlaces, int&) {
    CLI::App* command = app.add_subcommand(
        "panel", "Watch and steer a simulated strongroom in a window (not built in)");
    command->allow_extras();
    command->footer(
        "Example:\n"
        "  strongroom panel\n"
        "This program was built without the libraries of a window. To have it:\n"
        "  apt-get install libimgui-dev libglfw3-dev libopengl-dev\n"
        "and build again.\n"
        "Exit status: 2.");
    command->callback([] {
        throw std::runtime_error(
            "this program was built without a panel: install libimgui-dev, libglfw3-dev and "
            "libopengl-dev, and build it again");
    });
}

}  // namespace strongroom::panel
