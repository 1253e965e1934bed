// What the widgets share: labels as ImGui takes them, colours as ImGui takes them.
#pragma once

#include <string>
#include <string_view>

#include <imgui.h>

#include "panel/theme.h"

namespace strongroom::panel {

// What is shown of a label: all before "##".
[[nodiscard]] inline std::string_view shown(std::string_view label) {
    return label.substr(0, label.find("##"));
}

[[nodiscard]] inline ImVec4 vector_of(Colour colour) {
    return {colour.red, colour.green, colour.blue, colour.alpha};
}

[[nodiscard]] inline ImVec2 size_of(std::string_view words, float wrap = -1) {
    return ImGui::CalcTextSize(words.data(), words.data() + words.size(), false, wrap);
}

inline void draw_words(ImDrawList& list, ImVec2 at, std::uint32_t ink, std::string_view words) {
    list.AddText(at, ink, words.data(), words.data() + words.size());
}

inline void write(std::string_view words) {
    ImGui::TextUnformatted(words.data(), words.data() + words.size());
}

// Escape was pressed in this frame.
[[nodiscard]] inline bool escaped() {
#if IMGUI_VERSION_NUM >= 18700
    return ImGui::IsKeyPressed(ImGuiKey_Escape);
#else
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
#endif
}

}  // namespace strongroom::panel
