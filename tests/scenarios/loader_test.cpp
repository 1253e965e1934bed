#include "scenarios/loader.h"

#include <fstream>
#include <sstream>

#include "catch.h"
#include "yaml/reader.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

const std::filesystem::path folder = STRONGROOM_SCENARIOS;

std::string refusal_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    try {
        (void)parse_scenario(text.str(), "rejected/" + file.filename().string());
    } catch (const ScenarioError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("scenarios: every bad example is refused with its place and what to do") {
    int examples = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "rejected")) {
        std::ifstream in(entry.path());
        std::string first;
        std::getline(in, first);
        REQUIRE(first.starts_with("# "));
        const std::string expected = first.substr(2);
        const std::string said = refusal_of(entry.path());
        INFO(said);
        CHECK(said.substr(0, expected.size()) == expected);
        ++examples;
    }
    CHECK(examples >= 15);
}

TEST_CASE("scenarios: the whole catalogue can be read, and every id is its own") {
    const auto all = load_scenarios({folder / "catalogue"});
    CHECK(all.size() >= 25);
    for (const Scenario& scenario : all) {
        INFO(scenario.file);
        CHECK(scenario.honest == scenario.defences.empty());
        CHECK_FALSE(scenario.story.empty());
    }
}

TEST_CASE("scenarios: an id that was used before is refused with both files") {
    const auto file = folder / "catalogue" / "H1-locker.yaml";
    try {
        (void)load_scenarios({file, file});
        FAIL("accepted");
    } catch (const ScenarioError& error) {
        const std::string said = error.what();
        CHECK(said.find("the id 'H1' is that of") != std::string::npos);
        CHECK(said.find("H1-locker.yaml already") != std::string::npos);
    }
}

TEST_CASE("scenarios: a path that leads nowhere, or to no scenario, is refused") {
    CHECK_THROWS_AS(load_scenarios({folder / "no-such-directory"}), ScenarioError);
    CHECK_THROWS_AS(load_scenarios({folder / "include"}), ScenarioError);
}

TEST_CASE("scenarios: times are read with their units and refused without") {
    using std::chrono::milliseconds;
    CHECK(yaml::parse_duration("500ms") == milliseconds(500));
    CHECK(yaml::parse_duration("1.5s") == milliseconds(1500));
    CHECK(yaml::parse_duration("2min") == milliseconds(120000));
    CHECK(yaml::parse_duration("1h") == std::chrono::hours(1));
    for (const char* bad : {"", "5", "5 s", "-1s", "s", "1e99h", "nan s", "5sec"}) {
        INFO(bad);
        CHECK_THROWS_AS(yaml::parse_duration(bad), std::invalid_argument);
    }
}
