// The director: time on a thread of its own.
#include "panel/director.h"

#include <cstdlib>

#include "catch.h"

namespace strongroom::panel {
namespace {

using namespace std::chrono_literals;

StageSetup room() {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    StageSetup setup;
    setup.scenario = showroom();
    setup.render = false;
    setup.scores = std::filesystem::path(source == nullptr ? "." : source) /
                   "backends/sim/data/scores-embedded-renders.json";
    return setup;
}

// Until it is so; gives up after a long time.
template <class Condition>
bool eventually(const Director& director, Condition condition) {
    for (int i = 0; i < 6000; ++i) {
        const auto snapshot = director.latest();
        if (snapshot && condition(*snapshot)) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

TEST_CASE("simulated time races, pauses, steps and goes back as it is told", "[panel]") {
    Director director(room());
    director.post(TimeOrder(Run{1000}));
    REQUIRE(eventually(director, [](const Snapshot& s) { return s.time.now > Instant(60s); }));
    director.post(TimeOrder(Pause{}));
    REQUIRE(eventually(director, [](const Snapshot& s) { return !s.time.running; }));
    const Instant paused = director.latest()->time.now;
    director.post(TimeOrder(Step{1s}));
    REQUIRE(eventually(director, [&](const Snapshot& s) { return s.time.now == paused + 1s; }));
    director.post(TimeOrder(Rewind{Instant(5s)}));
    REQUIRE(eventually(director, [](const Snapshot& s) { return s.time.now == Instant(5s); }));
    CHECK(director.latest()->time.recorded == paused + 1s);
    CHECK(director.latest()->time.replaying);
}

TEST_CASE("what was posted is done and published", "[panel]") {
    Director director(room());
    director.post(Order(Arrive{"Ben"}));
    CHECK(eventually(director, [](const Snapshot& s) {
        for (const PersonSnapshot& one : s.people) {
            if (one.name == "Ben" && one.here) return true;
        }
        return false;
    }));
    director.post(Order(Arrive{"Nobody"}));
    CHECK(eventually(director, [](const Snapshot& s) { return !s.complaint.empty(); }));
}

TEST_CASE("another scenario is opened, and one that cannot be read leaves all as it was",
          "[panel]") {
    const StageSetup setup = room();
    const auto catalogue = setup.scores.parent_path() / "../../../scenarios/catalogue";
    Director director(setup);
    director.post(TimeOrder(OpenScenario{catalogue / "no-such.yaml", {}}));
    CHECK(eventually(director, [](const Snapshot& s) {
        return s.complaint.find("no-such.yaml") != std::string::npos;
    }));
    CHECK(director.latest()->people.front().name == "Ada");
    director.post(TimeOrder(OpenScenario{catalogue / "K03-crowbar.yaml", {}}));
    CHECK(eventually(director, [](const Snapshot& s) { return s.people.front().name != "Ada"; }));
    director.post(TimeOrder(Run{1000}));
    CHECK(eventually(director, [](const Snapshot& s) { return !s.alarms.empty(); }));
}

TEST_CASE("a defence that only a mutant takes away is not said to be away", "[panel]") {
    const StageSetup setup = room();
    const auto file =
        setup.scores.parent_path() / "../../../scenarios/catalogue/O04-used-code.yaml";
    Director director(setup);
    director.post(TimeOrder(OpenScenario{file, {}}));
    REQUIRE(eventually(director, [](const Snapshot& s) { return s.people.front().name != "Ada"; }));
    std::vector<std::string> all;
    for (const DefenceRow& row : director.latest()->defences) all.push_back(row.name);
    director.post(TimeOrder(Restart{all}));
    CHECK(eventually(director, [](const Snapshot& s) {
        return s.complaint.find("program of its own") != std::string::npos;
    }));
    for (const DefenceRow& row : director.latest()->defences) CHECK(row.present);
    CHECK(director.latest()->time.arm == "defended");
}

TEST_CASE("a stage that cannot be built is told and does not end the program", "[panel]") {
    StageSetup setup = room();
    setup.scores = "/nowhere/scores.json";
    Director director(std::move(setup));
    for (int i = 0; i < 6000 && director.failure().empty(); ++i) std::this_thread::sleep_for(10ms);
    CHECK(director.failure().find("/nowhere/scores.json") != std::string::npos);
    CHECK(director.latest() == nullptr);
}

}  // namespace
}  // namespace strongroom::panel
