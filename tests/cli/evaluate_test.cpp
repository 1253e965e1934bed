// Playing and evaluating by the program.
#include <map>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;

namespace {

const std::filesystem::path scenarios = STRONGROOM_SCENARIOS;

std::map<std::string, std::string> hashes(const std::string& json) {
    std::map<std::string, std::string> found;
    const auto outcome = nlohmann::json::parse(json);
    for (const auto& scenario : outcome.at("scenarios")) {
        found[scenario.at("id")] = scenario.at("trace_hash");
    }
    return found;
}

}  // namespace

TEST_CASE("cli: evaluating with one worker and with two leaves the same traces") {
    const Program program;
    const Answer one = program.run({"evaluate", "--level", "scores", "--jobs", "1", "--json", "-"});
    const Answer two = program.run({"evaluate", "--level", "scores", "--jobs", "2", "--json", "-"});
    CHECK(one.status == 0);
    CHECK(two.status == 0);
    const auto traces = hashes(one.out);
    CHECK(traces.size() >= 24);
    CHECK(traces == hashes(two.out));
    CHECK_THAT(one.err, Contains("held") && !Contains("\033"));
    const auto summary = nlohmann::json::parse(two.out).at("summary");
    CHECK(summary.at("breached") == 0);
    CHECK(summary.at("toothless") == 0);
    CHECK(summary.at("inconclusive") == 0);
}

TEST_CASE("cli: a scenario's outcome is written as JSON, JUnit and one HTML page") {
    const Program program;
    const auto file = [&](const char* name) { return (program.folder() / name).string(); };
    const Answer answer =
        program.run({"play", (scenarios / "catalogue/H1-locker.yaml").string(), "--json",
                     file("r.json"), "--junit", file("r.xml"), "--html", file("r.html")});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("H1") && Contains(file("r.html")));
    const auto json = nlohmann::json::parse(read_file(file("r.json")));
    CHECK(json.at("summary").at("scenarios") == 1);
    CHECK_THAT(read_file(file("r.xml")), Contains("<testsuite"));
    const std::string html = read_file(file("r.html"));
    CHECK_THAT(html, Contains("<html") && !Contains("src=\"http"));
}
