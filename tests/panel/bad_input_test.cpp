// What the panel says where it cannot open, and of what it cannot use.
#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::test;
using Catch::Matchers::Contains;

TEST_CASE("panel: without a display it says so, says what to do, and the status is 2") {
    const PanelAnswer answer = run_panel("", {});
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    CHECK_THAT(answer.err, Contains("no display") && Contains("xvfb-run"));
    const PanelAnswer nobody = run_panel(":9999", {});
    CHECK(nobody.status == 2);
    CHECK_THAT(nobody.err, Contains("no display") && Contains(":9999"));
}

TEST_CASE("panel: options that cannot be are refused before a window opens") {
    struct Bad {
        std::vector<std::string> arguments;
        std::string says;
    };
    const sim::TemporaryFolder folder;
    const std::string scenario = folder.write("broken.yaml", "id: X1\ntitel: no\n").string();
    const std::vector<Bad> all{
        {{"--size", "100x100"}, "320x240"},
        {{"--size", "wide"}, "WIDTHxHEIGHT"},
        {{"--size", "1280x800x2"}, "WIDTHxHEIGHT"},
        {{"--scale", "20"}, "--scale"},
        {{"--theme", "pink"}, "--theme"},
        {{"--after", "3"}, "--screenshot"},
        {{"--json"}, "--bench"},
        {{"--screenshot", "picture.gif"}, ".png"},
        {{"--screenshot", "/no/such/place/picture.png"}, "/no/such/place"},
        {{"--scenario", "/no/such/file.yaml"}, "/no/such/file.yaml"},
        {{"--scenario", scenario}, "broken.yaml:2"},
    };
    for (const Bad& bad : all) {
        INFO(bad.arguments.front() << " " << bad.arguments.back());
        const PanelAnswer answer = run_panel("", bad.arguments);
        CHECK(answer.status == 2);
        CHECK_THAT(answer.err, Contains(bad.says));
        CHECK_THAT(answer.err, !Contains("no display"));
    }
}

TEST_CASE("panel: a view that there is not is refused with the names of those there are") {
    const auto display = Display::open();
    if (!display) return;
    const PanelAnswer answer = run_panel(display->name(), {"--view", "Nowhere"});
    CHECK(answer.status == 2);
    CHECK_THAT(answer.err, Contains("'Nowhere'") && Contains("Live"));
}
