// Registry: where every labelled control of the last frame stands, what it is and whether it can be
// used: for assistive tools, for tests that drive the panel as a person would, for the tour, and
// for the Tab key. The window's thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::panel {

struct Control {
    std::string view;   // "Live"; empty: of the window itself
    std::string group;  // those around it, outermost first, with " / " between; may be empty
    std::string label;  // as it is shown
    std::string kind;   // button, toggle, choice, option, text, number, slider, tab, row, picture,
                        // heading
    std::string value;  // "on", what is chosen or typed; empty: it has none
    float x = 0;        // its rectangle in the window, in pixels from the left and top edge
    float y = 0;
    float width = 0;
    float height = 0;
    bool enabled = true;
    bool visible = true;  // false: scrolled out of sight
    bool focused = false;
    int layer = 0;  // 0: the window; 1 and more: of the dialogue above it, which alone is reachable
};

class Registry {
public:
    // The registry that widgets record in. The last one made; there is one at least while widgets
    // are drawn.
    [[nodiscard]] static Registry& current();

    Registry();
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    void begin_frame();
    void end_frame();
    // What is recorded from now on belongs to this view.
    void enter_view(std::string_view view) { view_ = view; }
    void push_group(std::string_view name);
    void pop_group();
    void push_layer() { ++layer_; }
    void pop_layer() { --layer_; }

    // Before a control is drawn: whether the keyboard shall go to it. Then record() it.
    [[nodiscard]] bool wants_focus() const { return next_ == focus_wanted_; }
    void record(Control control);  // view, group and layer are filled in

    // Tab and Shift+Tab: `by` +1 or -1, among what can be used. In effect with the next frame.
    void move_focus(int by);

    // Of the last whole frame, in the order in which they were drawn.
    [[nodiscard]] const std::vector<Control>& controls() const { return last_; }
    // The first with this label, in this view or (empty) in any; null: none.
    [[nodiscard]] const Control* find(std::string_view view, std::string_view label) const;

private:
    static constexpr int none = -1;
    Registry* before_ = nullptr;
    std::vector<Control> last_;
    std::vector<Control> drawn_;
    std::vector<std::string> groups_;
    std::string view_;
    int layer_ = 0;
    int next_ = 0;
    int focus_wanted_ = none;
    int focus_next_ = none;
};

// Writes the controls as JSON, whole or not at all, when they differ from what was written last and
// at most twenty times a second.
class LabelFile {
public:
    explicit LabelFile(std::filesystem::path file) : file_(std::move(file)) {}
    // `now`: seconds of any clock that does not go back; `serial`: of the snapshot shown. False: it
    // could not be written.
    bool write(const Registry& registry, std::string_view view, int width, int height,
               std::uint64_t serial, double now);
    // The last call came too early for its changes to be written.
    [[nodiscard]] bool pending() const { return pending_; }

private:
    std::filesystem::path file_;
    std::string written_;
    double last_ = -1;
    bool pending_ = false;
};

}  // namespace strongroom::panel
