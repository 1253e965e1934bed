#include "parts.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace strongroom::panel {
namespace {

const char* end_of(std::string_view words) { return words.data() + words.size(); }

bool within_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

void labelled(std::string_view label, std::string_view value, Meaning meaning,
              float label_letters) {
    const float from = ImGui::GetCursorPosX();
    text(label, Meaning::quiet);
    ImGui::SameLine(from + em(label_letters));
    text(value, meaning);
}

void row_label(std::string_view label, float letters) {
    const float from = ImGui::GetCursorPosX();
    ImGui::AlignTextToFramePadding();
    text(label, Meaning::quiet);
    ImGui::SameLine(from + em(letters));
}

float rest_height(float least_letters, float foot) {
    return std::max(ImGui::GetContentRegionAvail().y - foot, em(least_letters));
}

void mark_next(bool next) {
    if (!next) return;
    const ImVec2 from = ImGui::GetItemRectMin();
    const ImVec2 to = ImGui::GetItemRectMax();
    const float out = em(0.14F);
    ImGui::GetWindowDrawList()->AddRect({from.x - out, from.y - out}, {to.x + out, to.y + out},
                                        theme().ink(Meaning::accent), em(0.35F), 0, em(0.13F));
}

bool offer(std::string_view label, std::string_view refusal, bool next, float width) {
    const Disabled disabled(!refusal.empty(), refusal);
    const bool pressed = button(label, Weight::plain, width);
    mark_next(next);
    return pressed;
}

bool labelled_switch(std::string_view label, bool on, std::string_view state, Meaning meaning,
                     std::string_view refusal) {
    bool changed = false;
    {
        const Disabled disabled(!refusal.empty(), refusal);
        changed = toggle(label, on);
    }
    if (!state.empty()) {
        ImGui::SameLine();
        text(state, meaning);
    }
    return changed;
}

void write_on_line(std::string_view words, Meaning meaning) {
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(meaning));
    write(words);
    ImGui::PopStyleColor();
}

std::string fitted(std::string_view words, float width) {
    if (size_of(words).x <= width) return std::string(words);
    for (std::size_t kept = words.size(); kept-- > 0;) {
        if (within_letter(words[kept])) continue;
        std::string shorter(words.substr(0, kept));
        while (!shorter.empty() && shorter.back() == ' ') shorter.pop_back();
        shorter += "\xE2\x80\xA6";
        if (size_of(shorter).x <= width) return shorter;
    }
    return {};
}

void draw_centred(ImDrawList& list, ImVec2 at, float width, std::uint32_t ink,
                  std::string_view words) {
    const std::string shown = fitted(words, width);
    draw_words(list, {at.x + (width - size_of(shown).x) / 2, at.y}, ink, shown);
}

float draw_wrapped(ImDrawList& list, ImVec2 at, float width, std::uint32_t ink,
                   std::string_view words) {
    const ImFont* font = ImGui::GetFont();
    const float scale = ImGui::GetFontSize() / font->FontSize;
    const char* from = words.data();
    const char* const end = end_of(words);
    float y = at.y;
    while (from < end) {
        const char* to = font->CalcWordWrapPositionA(scale, from, end, width);
        if (to == from) ++to;
        draw_centred(list, {at.x, y}, width, ink, {from, static_cast<std::size_t>(to - from)});
        y += ImGui::GetTextLineHeight() * 1.15F;
        from = to;
        while (from < end && *from == ' ') ++from;
    }
    return y - at.y;
}

std::string two_digits(double value) {
    std::array<char, 24> text_of_value{};
    std::snprintf(text_of_value.data(), text_of_value.size(), "%.2f", value);
    return text_of_value.data();
}

}  // namespace strongroom::panel
