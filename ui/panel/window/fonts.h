// The letters of the window: DejaVu Sans from the system, or ImGui's own when it is not there. The
// window's thread only; there is an ImGui context.
#pragma once

#include <string>

#include <imgui.h>

#include "panel/theme.h"

namespace strongroom::panel {

// Loads them at `pixels` a line, in place of those that were loaded before; the renderer has to
// make its texture anew. Returns what is missing and what to install; empty: nothing is.
[[nodiscard]] std::string load_fonts(float pixels);

// Null before load_fonts().
[[nodiscard]] ImFont* font_of(Letters letters);

}  // namespace strongroom::panel
