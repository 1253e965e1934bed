// Every view as a picture, compared with one that was kept and looked at.
//
// With STRONGROOM_KEEP_PICTURES=1 in the environment the pictures are kept instead: look at them,
// then commit them. They are half as large and grey: what stands where is compared, not how a
// version of Mesa rounds.
#include <cmath>
#include <cstdlib>
#include <fstream>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::test;
namespace fs = std::filesystem;

namespace {

constexpr int kept_width = 640;
constexpr int kept_height = 400;
// A pixel differs when it is this far off, of 255; so many of them may.
constexpr int far_off = 48;
constexpr double differing_allowed = 0.02;

fs::path kept_folder() {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    REQUIRE(source != nullptr);
    return fs::path(source) / "tests/panel/kept";
}

cv::Mat photograph(const std::string& display, const std::vector<std::string>& arguments,
                   const fs::path& file) {
    std::vector<std::string> all{"--screenshot", file.string(), "--level", "scores", "--seed", "1",
                                 "--after",      "4",           "--theme", "light"};
    // A few scenarios, so that a new one in the catalogue changes no picture.
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    REQUIRE(source != nullptr);
    const fs::path catalogue = file.parent_path() / "catalogue";
    fs::create_directories(catalogue);
    for (const char* name : {"H1-locker", "F01-matte-print", "K03-crowbar", "O01-guess-code"}) {
        const std::string scenario = std::string(name) + ".yaml";
        fs::copy_file(fs::path(source) / "scenarios/catalogue" / scenario, catalogue / scenario,
                      fs::copy_options::overwrite_existing);
    }
    all.insert(all.end(), {"--catalogue", catalogue.string()});
    all.insert(all.end(), arguments.begin(), arguments.end());
    const PanelAnswer answer = run_panel(display, all);
    INFO(answer.err);
    REQUIRE(answer.status == 0);
    const cv::Mat picture = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    REQUIRE_FALSE(picture.empty());
    return picture;
}

// The panel is asked once for all sections of a run.
std::vector<std::string> tabs(const std::string& display) {
    static std::vector<std::string> tabs;
    if (!tabs.empty()) return tabs;
    const sim::TemporaryFolder config;
    const PanelProgram panel(display, config.path(), {"--level", "scores"});
    panel.click("Skip the tour", "Tour");
    static_cast<void>(panel.await("Pause"));
    for (const Seen& seen : panel.controls()) {
        if (seen.kind == "tab") tabs.push_back(seen.label);
    }
    return tabs;
}

double differing(const cv::Mat& one, const cv::Mat& other) {
    cv::Mat off;
    cv::absdiff(one, other, off);
    return static_cast<double>(cv::countNonZero(off > far_off)) / static_cast<double>(off.total());
}

void compare(const std::string& display, const std::string& view, const std::string& percent) {
    const sim::TemporaryFolder folder;
    const cv::Mat picture =
        photograph(display, {"--view", view, "--size", "1280x800", "--scale", percent},
                   folder.path() / "picture.png");
    CHECK(picture.cols == 1280);
    CHECK(picture.rows == 800);
    cv::Mat small;
    cv::resize(picture, small, {kept_width, kept_height}, 0, 0, cv::INTER_AREA);
    const fs::path file = kept_folder() / (view + "-" + percent + ".png");
    if (std::getenv("STRONGROOM_KEEP_PICTURES") != nullptr) {
        fs::create_directories(kept_folder());
        // Thirty-two greys are enough, and a fraction of the size.
        small = (small / 8) * 8;
        REQUIRE(cv::imwrite(file.string(), small, {cv::IMWRITE_PNG_COMPRESSION, 9}));
        return;
    }
    const cv::Mat kept = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    INFO(file.string() << " is as the view was when it was last looked at; if it is meant to look "
                          "otherwise, run this test with STRONGROOM_KEEP_PICTURES=1");
    REQUIRE_FALSE(kept.empty());
    CHECK(differing(small, kept) < differing_allowed);
}

}  // namespace

TEST_CASE("panel: every view looks as it did when it was last looked at") {
    const auto display = Display::open();
    if (!display) return;
    for (const std::string& view : tabs(display->name())) {
        DYNAMIC_SECTION(view) { compare(display->name(), view, "100"); }
    }
}

TEST_CASE("panel: at twice the size every view looks as it did when it was last looked at") {
    const auto display = Display::open();
    if (!display) return;
    for (const std::string& view : tabs(display->name())) {
        DYNAMIC_SECTION(view) { compare(display->name(), view, "200"); }
    }
}

TEST_CASE("panel: the same seed and time give the same picture") {
    const auto display = Display::open();
    if (!display) return;
    const sim::TemporaryFolder folder;
    const cv::Mat one = photograph(display->name(), {"--view", "Live"}, folder.path() / "1.png");
    const cv::Mat other = photograph(display->name(), {"--view", "Live"}, folder.path() / "2.png");
    REQUIRE(one.size() == other.size());
    CHECK(differing(one, other) == 0);
}

TEST_CASE("panel: a picture that differs is told from one that is the same") {
    const cv::Mat page(kept_height, kept_width, CV_8UC1, cv::Scalar(240));
    cv::Mat moved = page.clone();
    cv::rectangle(moved, {100, 100, 120, 60}, cv::Scalar(20), cv::FILLED);
    CHECK(differing(page, page) == 0);
    CHECK(differing(page, moved) > differing_allowed);
}
