// The numbers that the panel shows.
#include "panel/measurements.h"

#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "catch.h"

namespace strongroom::panel {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

fs::path source() {
    const char* given = std::getenv("STRONGROOM_SOURCE_DIR");
    return given == nullptr ? "." : given;
}

MeasurementsSetup setup() {
    return {source() / "backends/sim/data/scores-embedded-renders.json",
            source() / "scenarios/catalogue/H1-locker.yaml"};
}

template <class Condition>
bool eventually(const Measurements& measurements, Condition condition) {
    for (int i = 0; i < 12000; ++i) {
        if (condition(*measurements.latest())) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

TEST_CASE("histograms hold every comparison and the trade-off falls", "[panel]") {
    Measurements measurements(setup());
    REQUIRE(eventually(measurements, [](const auto& all) { return !all.det.empty(); }));
    const auto all = measurements.latest();
    for (const Histogram* one : {&all->genuine, &all->impostor}) {
        double sum = 0;
        for (const double share : one->share) sum += share;
        CHECK(sum > 0.99);
        CHECK(sum < 1.0001);
    }
    for (std::size_t i = 1; i < all->det.size(); ++i) {
        CHECK(all->det[i].fmr >= all->det[i - 1].fmr);
        CHECK(all->det[i].fnmr <= all->det[i - 1].fnmr);
    }
    CHECK(all->threshold > 0);
    CHECK(all->simulated);
    MeasurementsSetup photographs = setup();
    photographs.scores = source() / "backends/sim/data/scores-dlib-densenet-att.json";
    Measurements others(photographs);
    REQUIRE(eventually(others, [](const auto& one) { return !one.det.empty(); }));
    CHECK_FALSE(others.latest()->simulated);
}

TEST_CASE("visits and stages are timed when somebody asks", "[panel]") {
    Measurements measurements(setup());
    measurements.measure();
    REQUIRE(eventually(measurements,
                       [](const auto& all) { return !all.measuring && !all.stages.empty(); }));
    const auto all = measurements.latest();
    CHECK(all->complaint.empty());
    CHECK(all->visits_per_second.value_or(0) > 0);
    CHECK(all->stages.size() == 5);
    for (const StageTime& stage : all->stages) CHECK(stage.frames > 0);
}

TEST_CASE("rates by species come from an evaluation's file, and another file is refused",
          "[panel]") {
    std::string name = (fs::temp_directory_path() / "strongroom-rates-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    std::ofstream(name) << R"({"species": [{"species": "print_matte", "apcer": {"rate": 0.1,
        "bounds": [0.05, 0.2], "trials": 60}}]})";
    Measurements measurements(setup());
    measurements.open(name);
    REQUIRE(eventually(measurements, [](const auto& all) { return !all.species.empty(); }));
    CHECK(measurements.latest()->species.front().presentations == 60);
    std::ofstream(name) << "no JSON";
    measurements.open(name);
    CHECK(eventually(measurements, [&](const auto& all) {
        return all.complaint.find(name) != std::string::npos;
    }));
    CHECK(measurements.latest()->species.size() == 1);
    fs::remove(name);
}

}  // namespace
}  // namespace strongroom::panel
