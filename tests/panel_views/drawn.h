// What ImGui would draw, as a picture in memory: triangles filled by a processor, so that views are
// looked at and driven where there is no display, and look the same everywhere. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <imgui.h>

namespace strongroom::panel::test {

// Rows from the top, left to right; four bytes a pixel: red, green, blue, alpha.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;
};

// A texture's id is the address of its Picture. `ground` is what is under everything.
[[nodiscard]] Picture drawn(const ImDrawData& data, ImVec4 ground);

// Letters of which a part is cut off at the left or right edge of what they are drawn in: their
// places. What is scrolled out of sight above or below is not meant.
[[nodiscard]] std::vector<ImVec2> clipped_letters(const ImDrawData& data);

void save_png(const Picture& picture, const std::filesystem::path& file);

}  // namespace strongroom::panel::test
