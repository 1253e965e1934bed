// One sitting at the panel: the window, what runs behind it, and the loop that draws. Made on the
// main thread; run() ends when the window is closed, or when what was asked for has been done.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "panel/campaign.h"
#include "panel/measurements.h"
#include "panel/stage.h"
#include "window.h"

namespace strongroom::panel {

struct SessionSetup {
    StageSetup stage;
    CampaignSetup campaign;
    std::filesystem::path attach;  // status socket of a terminal that serves; empty: simulated
    std::optional<int> width;  // none: as remembered
    std::optional<int> height;
    std::optional<double> scale;
    std::string theme;  // empty: as remembered
    std::string view;   // empty: as remembered, or the first
    std::filesystem::path screenshot;
    double after = 0;  // simulated seconds that pass before the screenshot
    bool bench = false;
    double bench_seconds = 3;  // for each view, by the clock on the wall
    bool json = false;         // of the measurement
    std::filesystem::path labels;
};

// Returns the exit status. Throws WindowError when no window can be had or the input is wrong.
[[nodiscard]] int run_session(const SessionSetup& setup);

}  // namespace strongroom::panel
