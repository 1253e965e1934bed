// That every word can be read: contrast computed from the colours that ImGui is given.
#include "panel/theme.h"

#include <array>
#include <string>
#include <vector>

#include <imgui.h>

#include "catch.h"

using namespace strongroom::panel;

namespace {

// ImGui with a theme's style, without a window.
class Styled {
public:
    explicit Styled(ThemeName name) : context_(ImGui::CreateContext()) {
        Theme::named(name).apply(1);
    }
    ~Styled() { ImGui::DestroyContext(context_); }
    Styled(const Styled&) = delete;
    Styled& operator=(const Styled&) = delete;
    [[nodiscard]] Colour colour(ImGuiCol index) const {
        const ImVec4& parts = ImGui::GetStyle().Colors[index];
        return {parts.x, parts.y, parts.z, parts.w};
    }

private:
    ImGuiContext* context_;
};

constexpr std::array strong{Meaning::accent, Meaning::good,    Meaning::warning,
                            Meaning::bad,    Meaning::neutral, Meaning::simulated};

}  // namespace

TEST_CASE("panel: text keeps its contrast on everything that ImGui draws it on") {
    for (const ThemeName name : theme_names) {
        const Styled styled(name);
        const Theme& theme = Theme::named(name);
        INFO(to_string(name));
        for (const ImGuiCol behind :
             {ImGuiCol_WindowBg, ImGuiCol_PopupBg, ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered,
              ImGuiCol_FrameBgActive, ImGuiCol_Button, ImGuiCol_ButtonHovered,
              ImGuiCol_ButtonActive, ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive,
              ImGuiCol_Tab, ImGuiCol_TabHovered, ImGuiCol_TabActive, ImGuiCol_TableHeaderBg,
              ImGuiCol_TableRowBgAlt, ImGuiCol_TitleBgActive, ImGuiCol_TextSelectedBg}) {
            INFO(ImGui::GetStyleColorName(behind));
            CHECK(styled.colour(behind).alpha == 1.0F);
            CHECK(contrast(styled.colour(ImGuiCol_Text), styled.colour(behind)) >=
                  theme.least_contrast());
        }
        // Hints stand in fields that are empty, captions on the page and in tables.
        for (const ImGuiCol behind : {ImGuiCol_WindowBg, ImGuiCol_PopupBg, ImGuiCol_FrameBg,
                                      ImGuiCol_TableRowBgAlt, ImGuiCol_Header}) {
            INFO(ImGui::GetStyleColorName(behind));
            CHECK(contrast(styled.colour(ImGuiCol_TextDisabled), styled.colour(behind)) >=
                  theme.least_contrast());
        }
    }
}

TEST_CASE("panel: words in the colour of a meaning can be read wherever they stand") {
    for (const ThemeName name : theme_names) {
        const Theme& theme = Theme::named(name);
        for (const Meaning meaning : strong) {
            INFO(to_string(name) << ", " << to_string(meaning));
            for (const Meaning behind : {Meaning::background, Meaning::surface, Meaning::raised}) {
                CHECK(contrast(theme.colour(meaning), theme.colour(behind)) >=
                      theme.least_contrast());
            }
            CHECK(contrast(theme.colour(meaning), theme.tint(meaning)) >= theme.least_contrast());
            CHECK(contrast(theme.colour(Meaning::text), theme.tint(meaning)) >=
                  theme.least_contrast());
            CHECK(contrast(theme.colour(Meaning::quiet), theme.tint(meaning)) >=
                  theme.least_contrast());
            CHECK(contrast(theme.on(meaning), theme.colour(meaning)) >= theme.least_contrast());
        }
    }
}

TEST_CASE("panel: the frame around what has the keyboard is seen on every surface") {
    for (const ThemeName name : theme_names) {
        const Styled styled(name);
        INFO(to_string(name));
        for (const ImGuiCol behind : {ImGuiCol_WindowBg, ImGuiCol_PopupBg}) {
            CHECK(contrast(styled.colour(ImGuiCol_NavHighlight), styled.colour(behind)) >= 3);
        }
        CHECK(contrast(Theme::named(name).colour(Meaning::border),
                       Theme::named(name).colour(Meaning::surface)) >= 3);
    }
}

TEST_CASE("panel: contrast is that of WCAG 2") {
    const Colour black{0, 0, 0, 1};
    const Colour white{1, 1, 1, 1};
    const Colour grey{119.0F / 255, 119.0F / 255, 119.0F / 255, 1};  // #777777
    CHECK(contrast(black, white) == Approx(21));
    CHECK(contrast(white, black) == Approx(21));
    CHECK(contrast(grey, white) == Approx(4.48).margin(0.01));
    CHECK(contrast(grey, grey) == Approx(1));
}

TEST_CASE("panel: a theme is known by its name, and by no other") {
    for (const ThemeName name : theme_names) CHECK(theme_named(to_string(name)) == name);
    CHECK_FALSE(theme_named("blue"));
    CHECK_FALSE(theme_named(""));
}
