#include "panel/theme.h"

#include <algorithm>
#include <cmath>

#include <imgui.h>

#include "fonts.h"

namespace strongroom::panel {

namespace {

constexpr Colour hex(std::uint32_t rgb) {
    return {static_cast<float>((rgb >> 16U) & 0xFFU) / 255.0F,
            static_cast<float>((rgb >> 8U) & 0xFFU) / 255.0F,
            static_cast<float>(rgb & 0xFFU) / 255.0F, 1.0F};
}

double linear(float part) {
    const double value = static_cast<double>(part);
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Colour colour) {
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) +
           0.0722 * linear(colour.blue);
}

std::uint32_t packed(Colour colour, float alpha) {
    return ImGui::ColorConvertFloat4ToU32(
        {colour.red, colour.green, colour.blue, colour.alpha * alpha});
}

ThemeName in_use = ThemeName::dark;

constexpr std::array<std::string_view, meanings> meaning_names{
    "text",   "quiet", "background", "surface", "raised",  "border",
    "accent", "good",  "warning",    "bad",     "neutral", "simulated"};
constexpr std::array<std::string_view, theme_names.size()> names{"dark", "light", "high-contrast"};

}  // namespace

struct Theme::Palette {
    std::array<Colour, meanings> colours;  // in the order of Meaning
    Colour on;                             // of words on a strong fill
    float tint;                            // how much of the meaning is in its quiet fill
    float hovered;
    double least;
};

const Theme::Palette& Theme::palette() const {
    static constexpr std::array<Palette, theme_names.size()> palettes{
        Palette{{hex(0xE7ECF1), hex(0xAEB9C4), hex(0x12161B), hex(0x1A2027), hex(0x2A333D),
                 hex(0x6B7B8A), hex(0x6CB6F0), hex(0x63CF92), hex(0xF0BE5A), hex(0xFF8F8A),
                 hex(0xB3C0CC), hex(0xC3A9F7)},
                hex(0x12161B),
                0.17F,
                0.13F,
                4.5},
        Palette{{hex(0x17202A), hex(0x465360), hex(0xEEF1F4), hex(0xFFFFFF), hex(0xE3E8ED),
                 hex(0x7A8794), hex(0x0A559E), hex(0x0F6236), hex(0x7A4A00), hex(0xA81E17),
                 hex(0x3F4D5B), hex(0x553A9E)},
                hex(0xFFFFFF),
                0.10F,
                0.12F,
                4.5},
        Palette{{hex(0xFFFFFF), hex(0xE6E6E6), hex(0x000000), hex(0x000000), hex(0x1C1C1C),
                 hex(0xFFFFFF), hex(0x7CCBFF), hex(0x6CF59A), hex(0xFFDD55), hex(0xFFB0AB),
                 hex(0xE6E6E6), hex(0xDCC8FF)},
                hex(0x000000),
                0.20F,
                0.15F,
                7.0},
    };
    return palettes[static_cast<std::size_t>(name_)];
}

double contrast(Colour one, Colour other) {
    const double first = luminance(one) + 0.05;
    const double second = luminance(other) + 0.05;
    return std::max(first, second) / std::min(first, second);
}

Colour mix(Colour from, Colour to, float amount) {
    const auto part = [amount](float a, float b) { return a + (b - a) * amount; };
    return {part(from.red, to.red), part(from.green, to.green), part(from.blue, to.blue),
            part(from.alpha, to.alpha)};
}

std::string_view to_string(Meaning meaning) {
    return meaning_names[static_cast<std::size_t>(meaning)];
}

std::string_view to_string(ThemeName name) { return names[static_cast<std::size_t>(name)]; }

std::optional<ThemeName> theme_named(std::string_view name) {
    for (const ThemeName theme : theme_names) {
        if (to_string(theme) == name) return theme;
    }
    return std::nullopt;
}

const Theme& Theme::named(ThemeName name) {
    static constexpr std::array<Theme, theme_names.size()> themes{
        Theme(ThemeName::dark), Theme(ThemeName::light), Theme(ThemeName::high_contrast)};
    return themes[static_cast<std::size_t>(name)];
}

Colour Theme::colour(Meaning meaning) const {
    return palette().colours[static_cast<std::size_t>(meaning)];
}

Colour Theme::tint(Meaning meaning) const {
    return mix(colour(Meaning::surface), colour(meaning), palette().tint);
}

Colour Theme::on(Meaning meaning) const {
    const bool strong = meaning >= Meaning::accent;
    return strong ? palette().on : colour(Meaning::text);
}

std::uint32_t Theme::ink(Meaning meaning, float alpha) const {
    return packed(colour(meaning), alpha);
}
std::uint32_t Theme::tint_ink(Meaning meaning) const { return packed(tint(meaning), 1); }
std::uint32_t Theme::on_ink(Meaning meaning) const { return packed(on(meaning), 1); }

double Theme::least_contrast() const { return palette().least; }

namespace {

// One of ImGui's own looks below, so that what this version of ImGui adds has a colour too.
void set_colours(const Theme& theme, float hovered, ImGuiStyle& style) {
    const auto set = [&](int index, Colour colour) {
        style.Colors[index] = {colour.red, colour.green, colour.blue, colour.alpha};
    };
    const auto faded = [](Colour colour, float alpha) {
        colour.alpha = alpha;
        return colour;
    };
    const Colour raised = theme.colour(Meaning::raised);
    const Colour accent = theme.colour(Meaning::accent);
    const Colour border = theme.colour(Meaning::border);
    const Colour surface = theme.colour(Meaning::surface);
    const Colour background = theme.colour(Meaning::background);
    const Colour over = mix(raised, accent, hovered);
    const Colour pressed = mix(raised, accent, hovered * 1.6F);
    const Colour faint = mix(surface, border, 0.35F);
    set(ImGuiCol_Text, theme.colour(Meaning::text));
    set(ImGuiCol_TextDisabled, theme.colour(Meaning::quiet));
    for (const int index : {ImGuiCol_WindowBg, ImGuiCol_MenuBarBg, ImGuiCol_ScrollbarBg}) {
        set(index, background);
    }
    set(ImGuiCol_ChildBg, faded(background, 0));
    for (const int index :
         {ImGuiCol_PopupBg, ImGuiCol_TitleBg, ImGuiCol_TitleBgActive, ImGuiCol_TitleBgCollapsed}) {
        set(index, surface);
    }
    set(ImGuiCol_Border, faint);
    set(ImGuiCol_BorderShadow, faded(background, 0));
    for (const int index : {ImGuiCol_FrameBg, ImGuiCol_Button, ImGuiCol_Tab, ImGuiCol_TabUnfocused,
                            ImGuiCol_TableHeaderBg}) {
        set(index, raised);
    }
    for (const int index : {ImGuiCol_FrameBgHovered, ImGuiCol_ButtonHovered, ImGuiCol_HeaderHovered,
                            ImGuiCol_TabHovered}) {
        set(index, over);
    }
    for (const int index : {ImGuiCol_FrameBgActive, ImGuiCol_ButtonActive, ImGuiCol_HeaderActive,
                            ImGuiCol_TabActive, ImGuiCol_TabUnfocusedActive}) {
        set(index, pressed);
    }
    set(ImGuiCol_Header, theme.tint(Meaning::accent));
    set(ImGuiCol_ScrollbarGrab, mix(raised, border, 0.6F));
    set(ImGuiCol_ScrollbarGrabHovered, border);
    set(ImGuiCol_ScrollbarGrabActive, accent);
    for (const int index :
         {ImGuiCol_CheckMark, ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive,
          ImGuiCol_SeparatorHovered, ImGuiCol_SeparatorActive, ImGuiCol_ResizeGripHovered,
          ImGuiCol_ResizeGripActive, ImGuiCol_PlotLines, ImGuiCol_PlotHistogram,
          ImGuiCol_NavHighlight, ImGuiCol_DragDropTarget, ImGuiCol_PlotLinesHovered,
          ImGuiCol_PlotHistogramHovered, ImGuiCol_NavWindowingHighlight}) {
        set(index, accent);
    }
    for (const int index : {ImGuiCol_Separator, ImGuiCol_ResizeGrip, ImGuiCol_TableBorderStrong,
                            ImGuiCol_TableBorderLight}) {
        set(index, faint);
    }
    set(ImGuiCol_TableRowBg, faded(surface, 0));
    set(ImGuiCol_TableRowBgAlt, mix(surface, raised, 0.35F));
    set(ImGuiCol_TextSelectedBg, pressed);
    set(ImGuiCol_NavWindowingDimBg, faded(background, 0.6F));
    set(ImGuiCol_ModalWindowDimBg, faded(background, 0.72F));
}

}  // namespace

void Theme::apply(float scale) const {
    ImGuiStyle style;
    if (name_ == ThemeName::light) ImGui::StyleColorsLight(&style);
    set_colours(*this, palette().hovered, style);
    style.WindowPadding = {12, 10};
    style.FramePadding = {9, 5};
    style.ItemSpacing = {8, 7};
    style.ItemInnerSpacing = {7, 5};
    style.CellPadding = {7, 4};
    style.IndentSpacing = 16;
    style.ScrollbarSize = 13;
    style.GrabMinSize = 12;
    style.WindowRounding = 0;
    style.ChildRounding = 5;
    style.PopupRounding = 5;
    style.FrameRounding = 4;
    style.GrabRounding = 3;
    style.ScrollbarRounding = 6;
    style.TabRounding = 4;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 1;
    style.PopupBorderSize = 1;
    // Where colours are few, outlines tell what can be pressed.
    style.FrameBorderSize = name_ == ThemeName::high_contrast ? 1.0F : 0.0F;
    style.DisabledAlpha = 0.55F;
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

const Theme& theme() { return Theme::named(in_use); }
void use_theme(ThemeName name) { in_use = name; }

float em(float letters) {
    const ImFont* body = font_of(Letters::body);
    const float height =
        body == nullptr ? ImGui::GetFontSize() : body->FontSize * ImGui::GetIO().FontGlobalScale;
    return letters * height;
}

WithLetters::WithLetters(Letters letters) { ImGui::PushFont(font_of(letters)); }
WithLetters::~WithLetters() { ImGui::PopFont(); }

}  // namespace strongroom::panel
