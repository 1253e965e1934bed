// What stands around the views, driven as a person would: pointer, keys, and what she sees.
#include <fstream>
#include <sstream>

#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

nlohmann::json settings_in(const fs::path& config) {
    std::ifstream in(config / "strongroom/panel.json");
    return in ? nlohmann::json::parse(in) : nlohmann::json();
}

// Somebody who has been here before: no tour.
void been_here(const sim::TemporaryFolder& config) {
    fs::create_directories(config.path() / "strongroom");
    config.write("strongroom/panel.json",
                 R"({"version": 1, "theme": "dark", "scale": 1.0, "view": "", "width": 1280,
                     "height": 800, "tour_seen": true, "layout": ""})");
}

std::string tour_step(const PanelProgram& panel) {
    for (const Seen& seen : panel.controls()) {
        if (seen.kind == "heading" && seen.group == "Tour") return seen.label;
    }
    return {};
}

std::string focused(const PanelProgram& panel) {
    for (const Seen& seen : panel.controls()) {
        if (seen.focused) return seen.label;
    }
    return {};
}

}  // namespace

TEST_CASE("panel: the first run begins with a tour of five steps, and the second does not") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    {
        PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
        int steps = 1;
        for (; panel.find("Next step", "Tour") || steps == 1; ++steps) {
            static_cast<void>(panel.await("Next step", "Tour"));
            const std::string title = tour_step(panel);
            panel.click("Next step", "Tour");
            panel.await_that("the next step", [&] { return tour_step(panel) != title; });
        }
        CHECK(steps == 5);
        panel.click("Done", "Tour");
        panel.await_that("the tour to end", [&] { return !panel.find("Back", "Tour"); });
        panel.key("ctrl+q");
        CHECK(panel.wait() == 0);
    }
    CHECK(settings_in(config.path())["tour_seen"] == true);
    PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    static_cast<void>(panel.await("Pause"));
    CHECK_FALSE(panel.find("Next step", "Tour"));
}

TEST_CASE("panel: time is paused and runs by the button and by the key") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    const PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    panel.click("Pause");
    static_cast<void>(panel.await("Run"));
    panel.key("space");
    static_cast<void>(panel.await("Pause"));
    panel.key("F5");
    static_cast<void>(panel.await("Run"));
    panel.click("100\u00D7", "Speed");
    static_cast<void>(panel.await("Pause"));
    CHECK(panel.find("100\u00D7", "Speed")->value == "on");
}

TEST_CASE("panel: every view is opened by its tab and by its key") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    const PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    static_cast<void>(panel.await("Pause"));
    std::vector<std::string> tabs;
    for (const Seen& seen : panel.controls()) {
        if (seen.kind == "tab") tabs.push_back(seen.label);
    }
    REQUIRE(tabs.size() >= 3);
    for (std::size_t i = tabs.size(); i-- > 0;) {
        INFO(tabs[i]);
        panel.click(tabs[i]);
        panel.await_that("its page", [&] { return panel.view() == tabs[i]; });
    }
    for (std::size_t i = 0; i < tabs.size() && i < 9; ++i) {
        INFO(tabs[i]);
        panel.key("ctrl+" + std::to_string(i + 1));
        panel.await_that("its page", [&] { return panel.view() == tabs[i]; });
    }
}

TEST_CASE("panel: the keyboard alone reaches help and comes back") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    const PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    static_cast<void>(panel.await("Pause"));
    for (int presses = 0; presses < 40 && focused(panel) != "Help"; ++presses) {
        const std::string before = focused(panel);
        panel.key("Tab");
        panel.await_that("the focus to move", [&] { return focused(panel) != before; });
    }
    CHECK(focused(panel) == "Help");
    panel.key("Return");
    static_cast<void>(panel.await("Start the tour", "Help"));
    panel.key("Escape");
    panel.await_that("help to shut", [&] { return !panel.find("Start the tour", "Help"); });
    panel.key("F1");
    static_cast<void>(panel.await("Close", "Help"));
}

TEST_CASE("panel: theme and size are changed at once and remembered") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    {
        PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
        const int height = panel.await("Pause").height;
        panel.click("Theme");
        panel.click("High contrast", "Theme");
        panel.key("ctrl+plus");
        panel.await_that("larger letters", [&] {
            const auto pause = panel.find("Pause");
            return pause && pause->height > height;
        });
        panel.key("ctrl+q");
        CHECK(panel.wait() == 0);
    }
    const auto settings = settings_in(config.path());
    CHECK(settings["theme"] == "high-contrast");
    CHECK(settings["scale"].get<double>() > 1.05);
}

TEST_CASE("panel: damaged settings are said until that is dismissed") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    config.write("strongroom/panel.json", "{ half a");
    const PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    panel.click("Skip the tour", "Tour");
    panel.click("Dismiss", "Complaint 1");
    panel.await_that("the complaint to go", [&] { return !panel.find("Dismiss"); });
    CHECK(fs::exists(config.path() / "strongroom/panel.json.damaged"));
}

TEST_CASE("panel: in the smallest window the bar, the views and more are within reach") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    const PanelProgram panel(display->name(), config.path(),
                             {"--level", "scores", "--size", "320x240"});
    for (const char* label : {"Pause", "Step", "More", "View"}) {
        INFO(label);
        const Seen seen = panel.await(label);
        CHECK(seen.x >= 0);
        CHECK(seen.x + seen.width <= 320);
        CHECK(seen.y + seen.height <= 240);
    }
    panel.click("More");
    panel.click("Help");
    static_cast<void>(panel.await("Close", "Help"));
}

TEST_CASE("panel: a newcomer opens a locker by doing what the page says next") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder config;
    been_here(config);
    const PanelProgram panel(display->name(), config.path(), {"--level", "scores"});
    const auto door = [&] {
        for (const Seen& seen : panel.controls()) {
            if (seen.label == "Door") return seen.value;
        }
        return std::string();
    };
    panel.await_that("a door that is shut", [&] { return door() == "shut"; });
    // What to do next is the one button of the group "Next"; sometimes one only waits.
    for (int presses = 0; presses < 12 && door() != "open"; ++presses) {
        std::optional<Seen> next;
        panel.await_that("the next step, or an open door", [&] {
            for (const Seen& seen : panel.controls()) {
                if (seen.group == "Next" && seen.kind == "button") next = seen;
            }
            return next.has_value() || door() == "open";
        });
        if (!next) break;
        panel.click(next->label, "Next");
        panel.await_that("that to be done",
                         [&] { return door() == "open" || !panel.find(next->label, "Next"); });
    }
    panel.await_that("an open door", [&] { return door() == "open"; });
}
