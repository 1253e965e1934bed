// Where labelled controls are, and which of them the Tab key comes to.
#include "panel/registry.h"

#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "frame_times.h"
#include "sim/temporary_folder.h"

using namespace strongroom;
using namespace strongroom::panel;

namespace {

struct Drawn {
    std::string label;
    bool enabled = true;
    int layer = 0;
};

// A frame of these controls; the keyboard goes where it was asked to go, and stays otherwise.
std::string frame(Registry& registry, const std::vector<Drawn>& drawn, std::string focused) {
    registry.begin_frame();
    std::string wanted;
    for (const Drawn& one : drawn) {
        if (registry.wants_focus()) wanted = one.label;
        if (one.layer > 0) registry.push_layer();
        Control control;
        control.label = one.label;
        control.enabled = one.enabled;
        control.focused = one.label == focused;
        registry.record(control);
        if (one.layer > 0) registry.pop_layer();
    }
    registry.end_frame();
    return wanted.empty() ? focused : wanted;
}

std::string tab(Registry& registry, const std::vector<Drawn>& drawn, const std::string& from,
                int by) {
    const std::string here = frame(registry, drawn, from);
    registry.move_focus(by);
    return frame(registry, drawn, here);
}

}  // namespace

TEST_CASE("panel: the Tab key goes round what can be used, both ways") {
    Registry registry;
    const std::vector<Drawn> drawn{{"one"}, {"two", false}, {"three"}, {"four"}};
    CHECK(tab(registry, drawn, "", 1) == "one");
    CHECK(tab(registry, drawn, "one", 1) == "three");
    CHECK(tab(registry, drawn, "four", 1) == "one");
    CHECK(tab(registry, drawn, "one", -1) == "four");
    CHECK(tab(registry, drawn, "", -1) == "four");
}

TEST_CASE("panel: under a dialogue the Tab key stays in the dialogue") {
    Registry registry;
    const std::vector<Drawn> drawn{{"page"}, {"cancel", true, 1}, {"confirm", true, 1}};
    CHECK(tab(registry, drawn, "page", 1) == "cancel");
    CHECK(tab(registry, drawn, "confirm", 1) == "cancel");
    CHECK(tab(registry, drawn, "cancel", -1) == "confirm");
}

TEST_CASE("panel: where nothing can be used the Tab key does nothing") {
    Registry registry;
    CHECK(tab(registry, {}, "", 1).empty());
    CHECK(tab(registry, {{"greyed", false}}, "", 1).empty());
}

TEST_CASE("panel: the file of labels tells where each control is, and is written when it changes") {
    const sim::TemporaryFolder folder;
    const auto file = folder.path() / "labels.json";
    Registry registry;
    registry.begin_frame();
    registry.enter_view("Live");
    registry.push_group("Door");
    Control control;
    control.label = "Pull";
    control.kind = "button";
    control.x = 10.4F;
    control.y = 20;
    control.width = 30;
    control.height = 40;
    control.enabled = false;
    registry.record(control);
    registry.pop_group();
    registry.end_frame();
    LabelFile labels(file);
    REQUIRE(labels.write(registry, "Live", 1280, 800, 7, 1.0));
    std::ifstream in(file);
    const auto json = nlohmann::json::parse(in);
    CHECK(json["view"] == "Live");
    CHECK(json["serial"] == 7);
    CHECK(json["window"]["width"] == 1280);
    const auto& pull = json["controls"].at(0);
    CHECK(pull["group"] == "Door");
    CHECK(pull["label"] == "Pull");
    CHECK(pull["x"] == 10);
    CHECK(pull["enabled"] == false);

    std::filesystem::remove(file);
    REQUIRE(labels.write(registry, "Records", 1280, 800, 8, 1.01));
    CHECK(labels.pending());  // too early
    CHECK_FALSE(std::filesystem::exists(file));
    REQUIRE(labels.write(registry, "Live", 1280, 800, 8, 2.0));
    CHECK_FALSE(labels.pending());
    CHECK_FALSE(std::filesystem::exists(file));  // nothing of it has changed
    REQUIRE(labels.write(registry, "Records", 1280, 800, 9, 3.0));
    CHECK(std::filesystem::exists(file));
    CHECK_FALSE(LabelFile(folder.path() / "no/such/place.json").write(registry, "", 1, 1, 1, 1));
}

TEST_CASE("panel: a control is found by its label, in a view or in any") {
    Registry registry;
    registry.begin_frame();
    for (const char* view : {"Live", "Records"}) {
        registry.enter_view(view);
        Control control;
        control.label = "Open";
        registry.record(control);
    }
    registry.end_frame();
    REQUIRE(registry.find("", "Open") != nullptr);
    CHECK(registry.find("", "Open")->view == "Live");
    REQUIRE(registry.find("Records", "Open") != nullptr);
    CHECK(registry.find("Records", "Open")->view == "Records");
    CHECK(registry.find("Records", "Shut") == nullptr);
}

TEST_CASE("panel: percentiles of frame times are times that were measured") {
    FrameTimes times;
    CHECK(times.percentile(0.5) == 0);
    CHECK(times.frames_per_second() == 0);
    for (int i = 1; i <= 100; ++i) times.milliseconds.push_back(i);
    CHECK(times.percentile(0.5) == 50);
    CHECK(times.percentile(0.95) == 95);
    CHECK(times.percentile(0.99) == 99);
    CHECK(times.percentile(1) == 100);
    CHECK(times.percentile(0) == 1);
    CHECK(times.frames_per_second() == Approx(1000 / 50.5));
}

TEST_CASE("panel: the measurement as JSON has every view with its frames a second") {
    BenchResult result;
    result.width = 1280;
    result.height = 800;
    result.renderer = "somebody";
    result.views = {{"Live", {10, 10, 20}, 8.5}, {"Records", {}, 0}};
    const auto json = nlohmann::json::parse(bench_json(result));
    CHECK(json["views"].size() == 2);
    CHECK(json["views"][0]["frames_per_second"] == 75);
    CHECK(json["views"][0]["milliseconds_median"] == 10);
    CHECK(json["views"][0]["processor_milliseconds"] == 8.5);
    CHECK(json["views"][1]["frames"] == 0);
    CHECK_THAT(bench_table(result),
               Catch::Matchers::Contains("Live") && Catch::Matchers::Contains("75.0"));
}
