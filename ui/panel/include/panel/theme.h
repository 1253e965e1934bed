// Colours by what they mean, and measures in the height of a letter: views name a meaning, never a
// colour, so that every theme shows them legibly. Nothing is told by colour alone: what is good or
// bad is also said in a word (widgets.h: badge).
//
// Contrast is WCAG 2's: text stands at 4.5:1 or more on everything it is drawn on, and at 7:1 or
// more in the theme of high contrast. The window's thread only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace strongroom::panel {

// Parts of sRGB, 0 to 1.
struct Colour {
    float red = 0;
    float green = 0;
    float blue = 0;
    float alpha = 1;
    friend bool operator==(const Colour&, const Colour&) = default;
};

// 1 (the same) to 21 (black on white); both opaque.
[[nodiscard]] double contrast(Colour one, Colour other);
// `amount` 0: all `from`, 1: all `to`.
[[nodiscard]] Colour mix(Colour from, Colour to, float amount);

enum class Meaning : std::uint8_t {
    text,        // what is read first
    quiet,       // captions, units, explanations
    background,  // of the window
    surface,     // of cards, tables and dialogues
    raised,      // of controls
    border,
    accent,     // what is selected, or to be done next; links
    good,       // it holds, it is done, it is shut
    warning,    // look at it
    bad,        // it failed, it is open, it was attacked
    neutral,    // neither
    simulated,  // made up by the simulator, no measurement
};
inline constexpr std::size_t meanings = 12;
[[nodiscard]] std::string_view to_string(Meaning meaning);

enum class ThemeName : std::uint8_t { dark, light, high_contrast };
inline constexpr std::array theme_names{ThemeName::dark, ThemeName::light,
                                        ThemeName::high_contrast};
// "dark", "light", "high-contrast".
[[nodiscard]] std::string_view to_string(ThemeName name);
[[nodiscard]] std::optional<ThemeName> theme_named(std::string_view name);

class Theme {
public:
    [[nodiscard]] static const Theme& named(ThemeName name);

    [[nodiscard]] ThemeName name() const { return name_; }
    [[nodiscard]] Colour colour(Meaning meaning) const;
    // A quiet fill, behind words in colour(meaning) or in colour(Meaning::text).
    [[nodiscard]] Colour tint(Meaning meaning) const;
    // Of words on a fill of colour(meaning).
    [[nodiscard]] Colour on(Meaning meaning) const;
    // The same for an ImDrawList; `alpha` 0 to 1.
    [[nodiscard]] std::uint32_t ink(Meaning meaning, float alpha = 1) const;
    [[nodiscard]] std::uint32_t tint_ink(Meaning meaning) const;
    [[nodiscard]] std::uint32_t on_ink(Meaning meaning) const;
    // The least contrast that text of this theme keeps: 4.5 or 7.
    [[nodiscard]] double least_contrast() const;

    // Sets ImGui's style; there is an ImGui context. `scale`: of all that is measured in pixels.
    void apply(float scale) const;

private:
    struct Palette;
    constexpr explicit Theme(ThemeName name) : name_(name) {}
    [[nodiscard]] const Palette& palette() const;
    ThemeName name_;
};

// The theme in use. Dark until use_theme() is called.
[[nodiscard]] const Theme& theme();
void use_theme(ThemeName name);

// `letters` times the height of the font in use, in pixels: the unit of every measure in a view.
[[nodiscard]] float em(float letters = 1);

// Which letters: restored when it goes.
enum class Letters : std::uint8_t { body, heading, figures };  // figures: all of one width
class WithLetters {
public:
    explicit WithLetters(Letters letters);
    ~WithLetters();
    WithLetters(const WithLetters&) = delete;
    WithLetters& operator=(const WithLetters&) = delete;
};

}  // namespace strongroom::panel
