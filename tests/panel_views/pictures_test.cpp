#include <cstdlib>
#include <filesystem>

#include "catch.h"
#include "examples.h"
#include "screen.h"
#include "views/views.h"

using namespace strongroom::panel;
using namespace strongroom::panel::test;

namespace {

// Those whose data is a snapshot alone.
std::vector<std::unique_ptr<View>> views_of_snapshots() {
    std::vector<std::unique_ptr<View>> views;
    views.push_back(live_view());
    views.push_back(surroundings_view());
    views.push_back(defences_view());
    views.push_back(events_view());
    views.push_back(records_view());
    return views;
}

struct Situation {
    const char* name;
    Snapshot snapshot;
};

std::vector<Situation> situations() {
    return {{"idle", idle()},     {"code", asked_for_code()}, {"print", print_attack()},
            {"forced", forced()}, {"empty", empty()},         {"large", large()}};
}

// Where pictures are wanted to be looked at, if they are.
void keep(const Screen& screen, const std::string& name) {
    const char* folder = std::getenv("STRONGROOM_PICTURES");
    if (folder == nullptr) return;
    std::filesystem::create_directories(folder);
    save_png(screen.picture(), std::filesystem::path(folder) / (name + ".png"));
}

}  // namespace

TEST_CASE("panel views: nothing that they say is cut off at 1280 by 800") {
    const auto views = views_of_snapshots();
    for (const auto& view : views) {
        for (const Situation& situation : situations()) {
            INFO(view->title() << ", " << situation.name);
            Screen screen;
            screen.show(*view, situation.snapshot, 4);
            keep(screen, std::string(view->title()) + "-" + situation.name);
            const auto clipped = screen.clipped();
            for (const ImVec2& place : clipped) UNSCOPED_INFO("at " << place.x << ", " << place.y);
            CHECK(clipped.empty());
        }
    }
}

TEST_CASE("panel views: no page behind a tab cuts anything off at either size") {
    struct Page {
        std::unique_ptr<View> view;
        const char* tab;
    };
    std::vector<Page> pages;
    pages.push_back({defences_view(), "Faults of devices"});
    pages.push_back({records_view(), "Customers"});
    pages.push_back({records_view(), "Alarms"});
    pages.push_back({records_view(), "Audit"});
    for (const float scale : {1.0F, 2.0F}) {
        for (const Situation& situation : situations()) {
            for (const Page& page : pages) {
                INFO(page.tab << ", " << situation.name << ", scale " << scale);
                Screen screen(1280, 800, scale);
                const auto tab = screen.begins_with(*page.view, situation.snapshot, page.tab);
                screen.press(*page.view, situation.snapshot, tab);
                keep(screen,
                     std::string(scale > 1 ? "twice-" : "") + page.tab + "-" + situation.name);
                const auto clipped = screen.clipped();
                for (const ImVec2& place : clipped) {
                    UNSCOPED_INFO("at " << place.x << ", " << place.y);
                }
                CHECK(clipped.empty());
            }
        }
    }
}

TEST_CASE("panel views: at twice the size, in a light theme, nothing is cut off either") {
    for (const auto& view : views_of_snapshots()) {
        for (const Situation& situation : situations()) {
            INFO(view->title() << ", " << situation.name);
            Screen screen(1280, 800, 2, ThemeName::light);
            screen.show(*view, situation.snapshot, 4);
            keep(screen, std::string("twice-") + std::string(view->title()) + "-" + situation.name);
            const auto clipped = screen.clipped();
            for (const ImVec2& place : clipped) UNSCOPED_INFO("at " << place.x << ", " << place.y);
            CHECK(clipped.empty());
        }
    }
}

TEST_CASE("panel views: the smallest window shows something of each, and falls over none") {
    for (const auto& view : views_of_snapshots()) {
        for (const Situation& situation : situations()) {
            INFO(view->title() << ", " << situation.name);
            Screen screen(320, 240, 1, ThemeName::high_contrast);
            screen.show(*view, situation.snapshot, 4);
            keep(screen, std::string("small-") + std::string(view->title()) + "-" + situation.name);
            CHECK_FALSE(screen.registry().controls().empty());
        }
    }
}
