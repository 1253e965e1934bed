// The checkers, on recorded traces: traces/CHECKER-what.jsonl must be flagged by that checker,
// traces/honest-*.jsonl by none. make_traces.py wrote them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "catch.h"
#include "checkers/checker.h"

using namespace strongroom;
using namespace strongroom::checkers;

namespace {

constexpr double threshold = 0.5;

std::filesystem::path folder() {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    REQUIRE(source != nullptr);
    return std::filesystem::path(source) / "tests/checkers/traces";
}

std::vector<std::filesystem::path> traces() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void read(const std::filesystem::path& file, sim::FactLog& log) {
    std::ifstream in(file);
    REQUIRE(in.good());
    sim::read_json_lines(in, file.string(), log);
    REQUIRE_FALSE(log.empty());
}

Reference reference() {
    Reference reference;
    reference.face_distance_max = threshold;
    return reference;
}

// What each checker says about a trace, by the checkers' names.
std::set<std::string> flagged_by(const sim::FactLog& log, const Reference& rules,
                                 std::string* words = nullptr) {
    std::set<std::string> names;
    const auto checkers = all_checkers(rules);
    for (const auto& checker : checkers) {
        for (const sim::Fact& fact : log) checker->see(fact);
        checker->finish(log[log.size() - 1].at);
        for (const Violation& violation : checker->violations()) {
            names.insert(std::string(checker->name()));
            if (words != nullptr) {
                *words += std::string(checker->name()) + ": " + violation.what + "\n";
            }
        }
    }
    return names;
}

std::set<std::string> flagged_by(const std::filesystem::path& file,
                                 const Reference& rules = reference()) {
    sim::FactLog log;
    read(file, log);
    return flagged_by(log, rules);
}

}  // namespace

TEST_CASE("checkers: every recorded trace is flagged by the checker that it is named after") {
    int honest = 0;
    int broken = 0;
    for (const auto& file : traces()) {
        const std::string name = file.stem().string();
        const std::string expected = name.substr(0, name.find('-'));
        sim::FactLog log;
        read(file, log);
        std::string words;
        const auto flagged = flagged_by(log, reference(), &words);
        INFO(name << "\n" << words);
        if (expected == "honest") {
            ++honest;
            CHECK(flagged.empty());
        } else {
            ++broken;
            CHECK(flagged.contains(expected));
        }
    }
    CHECK(honest >= 1);
    CHECK(broken >= 1);
}

TEST_CASE("checkers: each has traces that it must flag") {
    std::set<std::string> covered;
    for (const auto& file : traces()) {
        const std::string name = file.stem().string();
        covered.insert(name.substr(0, name.find('-')));
    }
    for (const auto& checker : all_checkers(reference())) {
        INFO(checker->name());
        CHECK(covered.contains(std::string(checker->name())));
    }
}

TEST_CASE("checkers: a store that was attacked may have a broken audit") {
    Reference rules = reference();
    const auto file = folder() / "I3-broken-without-an-attack.jsonl";
    CHECK(flagged_by(file).contains("I3"));
    rules.records_attacked = true;
    CHECK(flagged_by(file, rules).empty());
}

TEST_CASE("checkers: without readings of the disk nothing is said about grants") {
    Reference rules = reference();
    rules.reads_records = false;
    CHECK(flagged_by(folder() / "I3-no-reading-shows-the-grant.jsonl", rules).empty());
}

TEST_CASE("checkers: a removed record that the audit shows is as it should be") {
    sim::FactLog log;
    read(folder() / "I3-row-removed-unnoticed.jsonl", log);
    log.append({log[log.size() - 1].at, sim::FactKind::audit_broken, 0, "", "", 3, 0});
    Reference rules = reference();
    rules.records_attacked = true;
    CHECK(flagged_by(log, rules).empty());
}

TEST_CASE("checkers: the threshold of the reference decides which frames match") {
    const auto file = folder() / "honest-visit.jsonl";
    Reference rules = reference();
    rules.face_distance_max = 0.2;
    const auto flagged = flagged_by(file, rules);
    CHECK(flagged.contains("I1b"));
    CHECK(flagged.contains("I11"));
}

TEST_CASE("checkers: check() orders violations by time and reaches the given end") {
    sim::FactLog log;
    read(folder() / "honest-visit.jsonl", log);
    // Nothing more is recorded: the welded contact has to be noticed by the clock alone.
    const Instant last = log[log.size() - 1].at;
    log.append({last, sim::FactKind::relay_welded, 1, "", "", 0, 0});
    log.append({last, sim::FactKind::strike_energised, 1, "", "weld", 0, 0});
    CHECK(check(log, reference()).empty());
    const auto violations = check(log, reference(), last + std::chrono::seconds(10));
    REQUIRE(violations.size() == 1);
    CHECK(violations[0].invariant == Invariant::alarm);
    CHECK(violations[0].at == last + std::chrono::seconds(2));
}

TEST_CASE("checkers: a run that repeats a breach reports it a limited number of times") {
    sim::FactLog log;
    read(folder() / "honest-visit.jsonl", log);
    const Instant last = log[log.size() - 1].at;
    for (int i = 0; i < 100; ++i) {
        log.append({last, sim::FactKind::leak_found, 0, "", "somewhere", 0, 0});
    }
    CHECK(check(log, reference()).size() == 20);
}
