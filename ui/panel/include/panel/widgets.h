// Widgets: the few controls that views are made of, over ImGui. Each says its label in words, keeps
// to the theme, is operated by keyboard and mouse alike, and records itself in the Registry, so
// that
// --labels, tests, the tour and the Tab key know of it. A view that draws something of its own with
// ImGui records it with record_item().
//
// Labels are ImGui's: unique within their Group, and what follows "##" is not shown. Measures are
// in letters (theme.h: em). The window's thread only, within a frame.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "panel/registry.h"
#include "panel/theme.h"

namespace strongroom::panel {

// ---- order ---------------------------------------------------------------------------------

// Things that belong together under a name: labels need be unique only within it.
class Group {
public:
    explicit Group(std::string_view name);
    ~Group();
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;
};

// While it lives, controls are greyed; the reason is told where the mouse points.
class Disabled {
public:
    explicit Disabled(bool disabled, std::string_view reason = {});
    ~Disabled();
    Disabled(const Disabled&) = delete;
    Disabled& operator=(const Disabled&) = delete;

private:
    bool disabled_;
    std::string before_;
};

// A framed area with a title, `width` and `height` in letters; 0: what is left. It scrolls when its
// content is larger. Draw the content while it lives.
class Card {
public:
    explicit Card(std::string_view title, float width = 0, float height = 0);
    ~Card();
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

private:
    Group group_;
};

// What is drawn next stands beside what was drawn last if `width` pixels fit there, and below it
// otherwise. For rows of buttons that wrap.
void flow(float width);
// The same for the next button with this label.
void flow_button(std::string_view label);
[[nodiscard]] float button_width(std::string_view label);
// A gap of `letters`.
void gap(float letters = 0.5F);

// ---- words ---------------------------------------------------------------------------------

void heading(std::string_view words);
// Wrapped at the right edge.
void text(std::string_view words, Meaning meaning = Meaning::text);
// Captions and explanations; wrapped.
void caption(std::string_view words);
// A word on a quiet fill: "locked", "NOT MEASURED". With a mark that differs by meaning.
void badge(std::string_view word, Meaning meaning);
// For layout: how wide badge() will be, in pixels.
[[nodiscard]] float badge_width(std::string_view word);
// Where the mouse points at what was drawn last.
void tooltip(std::string_view words);

// A table of names and values, two columns.
class Facts {
public:
    explicit Facts(std::string_view name);
    ~Facts();
    Facts(const Facts&) = delete;
    Facts& operator=(const Facts&) = delete;
    void row(std::string_view name, std::string_view value, Meaning meaning = Meaning::text);
    // The value as a badge.
    void state(std::string_view name, std::string_view word, Meaning meaning);

private:
    bool open_ = false;
};

// Where there is nothing to show: what would be here, and what to do. `action`: label of a button;
// true when it was pressed.
bool empty_state(std::string_view what, std::string_view advice, std::string_view action = {});

// An error that stays until it is dismissed; true when it is. Below it, what to do (may be empty).
bool error_box(std::string_view error, std::string_view advice = {});
// What should be known, with no harm done. It does not go away.
void notice(std::string_view words, Meaning meaning = Meaning::neutral);

// ---- controls ------------------------------------------------------------------------------

enum class Weight : std::uint8_t {
    plain,
    primary,    // what to do next; one on a page
    dangerous,  // cannot be undone: ask with a Confirmation
};
// True when it was pressed. `width` in letters; 0: that of the label, -1: what is left.
bool button(std::string_view label, Weight weight = Weight::plain, float width = 0);
// A switch; true when it was changed.
bool toggle(std::string_view label, bool& value);
// One of several, in a list that drops down; true when it was changed. `index` outside: none yet.
bool choice(std::string_view label, int& index, std::span<const std::string> options,
            float width = 12);
// One of a few, side by side (they wrap).
bool options(std::string_view label, int& index, std::span<const std::string> options);
// True while it changes. `hint` is shown while it is empty. `width` in letters; -1: what is left.
bool text_field(std::string_view label, std::string& value, std::string_view hint = {},
                float width = 14);
// True when Enter ended it.
bool text_field_entered(std::string_view label, std::string& value, std::string_view hint = {},
                        float width = 14);
bool number_field(std::string_view label, int& value, int least, int most, float width = 8);
// `format` is printf's, of one double.
bool slider(std::string_view label, double& value, double least, double most,
            const char* format = "%.2f", float width = 14);
// Of a list or a table (spanning its columns); true when it was pressed.
bool selectable(std::string_view label, bool selected);
// A picture (Textures::upload), `width` and `height` in pixels; `label` is what it shows.
void picture(std::string_view label, void* texture, float width, float height);

// The item that ImGui drew last is a control: `kind` as in Control.
void record_item(std::string_view label, std::string_view kind, std::string_view value = {});
// Before a control that ImGui draws: gives it the keyboard when the Tab key has come to it.
void offer_focus();

// Asks before what cannot be undone. ask() opens it; draw() each frame, true once when it was
// confirmed. The keyboard is on "Cancel" when it opens.
class Confirmation {
public:
    // `yes` says what is done: "Remove the templates".
    Confirmation(std::string title, std::string yes);
    void ask(std::string question);
    bool draw();

private:
    std::string title_;
    std::string yes_;
    std::string question_;
    bool opening_ = false;
};

// ---- plots ---------------------------------------------------------------------------------

struct PlotPoint {
    double x = 0;
    double y = 0;
};
struct Curve {
    std::string name;
    Meaning meaning = Meaning::accent;
    std::vector<PlotPoint> points;  // x ascending; a y that is not finite is a gap
    bool dots = false;              // the points alone
    bool dashed = false;
};
struct Bars {
    std::string name;
    Meaning meaning = Meaning::accent;
    double begin = 0;  // of the first bar
    double width = 1;  // of each
    std::vector<double> heights;
};
// A line across: a threshold. `value` on the axis that is named.
struct Limit {
    std::string name;
    Meaning meaning = Meaning::warning;
    double value = 0;
    bool vertical = false;  // at an x
};
struct Axis {
    std::string name;  // with its unit: "distance"
    double least = 0;
    double most = 1;
    bool logarithmic = false;  // least > 0
};
struct Plot {
    std::string title;  // what it shows; also read by assistive tools
    Axis x;
    Axis y;
    std::vector<Curve> curves;
    std::vector<Bars> bars;
    std::vector<Limit> limits;
    std::string empty = "Nothing was measured yet.";  // said when there is no point and no bar
};
// As wide as what is left; `height` in letters, legend included. What the mouse points at is read
// out.
void draw(const Plot& plot, float height = 12);

}  // namespace strongroom::panel
