// The panel as a person uses it: on a display of its own, with a real pointer and real keys. What
// stands where is read from the file of labels.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/temporary_folder.h"

namespace strongroom::test {

// Xvfb with one screen. Gone with its programs when it goes.
class Display {
public:
    // None: said with "SKIPPED: ", because Xvfb or xdotool is not installed.
    [[nodiscard]] static std::optional<Display> open();
    ~Display();
    Display(Display&& other) noexcept;
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }
    // Ends it, as when the cable of a screen is pulled.
    void close();

private:
    Display(int process, std::string name) : process_(process), name_(std::move(name)) {}
    int process_ = 0;
    std::string name_;
};

struct Seen {
    std::string view;
    std::string group;
    std::string label;
    std::string kind;
    std::string value;
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool enabled = false;
    bool visible = false;
    bool focused = false;
    int layer = 0;
};

class PanelProgram {
public:
    // Starts it; `display` empty: there is none.
    PanelProgram(const std::string& display, const std::filesystem::path& config,
                 std::vector<std::string> arguments);
    ~PanelProgram();
    PanelProgram(const PanelProgram&) = delete;
    PanelProgram& operator=(const PanelProgram&) = delete;

    // What can be used now: of the uppermost dialogue, or of the page. Empty until it stands.
    [[nodiscard]] std::vector<Seen> controls() const;
    [[nodiscard]] std::string view() const;
    // The first with that label; `group` narrows it down, if given.
    [[nodiscard]] std::optional<Seen> find(const std::string& label,
                                           const std::string& group = {}) const;
    // Waits until it is there, can be used and stands still. REQUIREs that it comes.
    [[nodiscard]] Seen await(const std::string& label, const std::string& group = {}) const;
    // REQUIREs that it comes true.
    void await_that(const std::string& what, const std::function<bool()>& holds) const;

    void click(const std::string& label, const std::string& group = {}) const;
    // As xdotool names them: "ctrl+q", "Tab".
    void key(const std::string& keys) const;
    void type(const std::string& text) const;

    // Its exit status, once it has ended. REQUIREs that it ends.
    [[nodiscard]] int wait();
    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

private:
    void pointer(const std::vector<std::string>& arguments) const;
    [[nodiscard]] std::optional<nlohmann::json> labels() const;
    sim::TemporaryFolder folder_;
    std::string display_;
    int process_ = 0;
    std::optional<int> status_;
};

// Runs it to its end.
struct PanelAnswer {
    int status = -1;
    std::string out;
    std::string err;
};
[[nodiscard]] PanelAnswer run_panel(const std::string& display,
                                    const std::vector<std::string>& arguments);

}  // namespace strongroom::test
