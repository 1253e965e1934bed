// Shell: what stands around the views: the bar, the rail of views, complaints that stay until they
// are dismissed, help, the tour, and the question before something would be lost. The window's
// thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "panel/view.h"
#include "panel/widgets.h"
#include "settings.h"
#include "top_bar.h"
#include "tour.h"
#include "window.h"

namespace strongroom::panel {

class Shell {
public:
    // `views`: one or more. What `context` refers to outlives it.
    Shell(std::vector<std::unique_ptr<View>> views, Settings settings, const Context& context);

    // A frame. `snapshot` null: the strongroom is being built; `failure`: why that did not work.
    void draw(const Snapshot* snapshot, const std::string& failure, float scale);
    void press(const KeyPress& key, const Snapshot* snapshot);
    // Said at the top until it is dismissed. The same twice is said once.
    void complain(std::string words);
    void start_tour();
    // The window is to be closed: at once, or once that was confirmed.
    void want_to_close();

    [[nodiscard]] bool closing() const { return closing_; }
    // As they are now; the layout is ImGui's affair.
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] const View& view() const { return *views_[current_]; }
    // False: there is none of that title.
    bool show_view(std::string_view title);
    [[nodiscard]] std::vector<std::string> titles() const;

private:
    void hear(const Snapshot& snapshot);
    void complaints();
    void rail();
    void list_of_views();
    void page(const Snapshot& snapshot);
    void help();
    void obey(const BarWishes& wishes);

    std::vector<std::unique_ptr<View>> views_;
    Settings settings_;
    Context context_;
    TopBar bar_;
    Tour tour_;
    Confirmation quit_{"Close the panel?", "Close without saving"};
    std::deque<std::string> complaints_;
    std::string heard_;  // the snapshot's last complaint
    std::size_t current_ = 0;
    bool help_wanted_ = false;
    bool closing_ = false;
};

}  // namespace strongroom::panel
