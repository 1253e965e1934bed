#include "sim/facts.h"

#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "base/rng.h"
#include "catch.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

Fact some_fact(Rng& rng) {
    Fact fact;
    fact.at = Instant(Duration(static_cast<std::int64_t>(rng.next() >> 2U)));
    fact.kind = static_cast<FactKind>(rng.below(fact_kinds));
    fact.site = static_cast<std::uint32_t>(rng.next());
    for (std::uint64_t i = rng.below(30); i > 0; --i) {
        fact.who += static_cast<char>('a' + rng.below(26));
    }
    fact.what = rng.below(2) == 0 ? "" : "quoted \"text\"\n\\ \xc3\xa9";
    fact.number = static_cast<std::int64_t>(rng.next());
    fact.value = std::ldexp(rng.uniform(-1, 1), static_cast<int>(rng.below(600)) - 300);
    return fact;
}

TEST_CASE("facts: every fact survives JSON Lines exactly") {
    Rng rng(5);
    FactLog log;
    for (int i = 0; i < 2000; ++i) log.append(some_fact(rng));
    log.append({});
    Fact extreme;
    extreme.value = -0.0;
    extreme.number = std::numeric_limits<std::int64_t>::min();
    extreme.at = never;
    log.append(extreme);
    extreme.value = std::numeric_limits<double>::infinity();
    log.append(extreme);
    extreme.value = -extreme.value;
    log.append(extreme);

    std::stringstream text;
    log.write_json_lines(text);
    FactLog again;
    read_json_lines(text, "memory", again);
    REQUIRE(again.size() == log.size());
    for (std::size_t i = 0; i < log.size(); ++i) CHECK(again[i] == log[i]);
    CHECK(again.hash() == log.hash());

    Fact not_a_number;
    not_a_number.value = std::nan("");
    CHECK(std::isnan(from_json_line(to_json_line(not_a_number), "x").value));
}

TEST_CASE("facts: names of kinds are distinct and lead back") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < fact_kinds; ++i) {
        const auto kind = static_cast<FactKind>(i);
        CHECK(names.insert(to_string(kind)).second);
        CHECK(fact_kind_named(to_string(kind)) == kind);
    }
    CHECK_FALSE(fact_kind_named("opened"));
    // Anchors: a list and an enumeration that are shifted against each other show here.
    CHECK(to_string(FactKind::cast_person) == "cast_person");
    CHECK(to_string(FactKind::face_observed) == "face_observed");
    CHECK(to_string(FactKind::strike_energised) == "strike_energised");
    CHECK(to_string(FactKind::door_opened) == "door_opened");
    CHECK(to_string(FactKind::sms_lost) == "sms_lost");
    CHECK(to_string(FactKind::wall_jumped) == "wall_jumped");
    CHECK(to_string(FactKind::record_missing) == "record_missing");
}

TEST_CASE("facts: a line that is no fact is refused with its place") {
    const auto refusal = [](std::string_view line) -> std::string {
        std::stringstream in;
        in << '\n' << line << '\n';
        FactLog log;
        try {
            read_json_lines(in, "trace.jsonl", log);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "accepted";
    };
    using Catch::Matchers::Contains;
    CHECK_THAT(refusal("{"), Contains("trace.jsonl:2"));
    CHECK_THAT(refusal("[1]"), Contains("not a JSON object"));
    CHECK_THAT(refusal(R"({"at": 1})"), Contains("needs 'at' and 'kind'"));
    CHECK_THAT(refusal(R"({"kind": "door_opened"})"), Contains("needs 'at' and 'kind'"));
    CHECK_THAT(refusal(R"({"at": 1.5, "kind": "door_opened"})"), Contains("'at'"));
    CHECK_THAT(refusal(R"({"at": 1, "kind": "door_openned"})"), Contains("door_openned"));
    CHECK_THAT(refusal(R"({"at": 1, "kind": "door_opened", "site": -1})"), Contains("'site'"));
    CHECK_THAT(refusal(R"({"at": 1, "kind": "door_opened", "who": 3})"), Contains("'who'"));
    CHECK_THAT(refusal(R"({"at": 1, "kind": "door_opened", "value": "x"})"), Contains("'value'"));
    CHECK_THAT(refusal(R"({"at": 1, "kind": "door_opened", "whom": ""})"), Contains("'whom'"));
    CHECK(refusal(R"({"at": 1, "kind": "door_opened"})") == "accepted");
}

TEST_CASE("facts: the hash covers every field and does not depend on when it is asked for") {
    Rng rng(9);
    std::vector<Fact> facts;
    for (int i = 0; i < 700; ++i) facts.push_back(some_fact(rng));
    FactLog plain;
    FactLog asked;
    FactLog cleared;
    for (const Fact& fact : facts) {
        plain.append(fact);
        asked.append(fact);
        static_cast<void>(asked.hash());
        cleared.append(fact);
        if (cleared.size() == 13) cleared.clear();
    }
    CHECK(plain.hash() == asked.hash());
    CHECK(plain.hash() == cleared.hash());
    CHECK(cleared.size() == 700 % 13);

    const Digest before = plain.hash();
    std::set<Digest> digests{before};
    const auto differs = [&](auto change) {
        FactLog log;
        for (std::size_t i = 0; i < facts.size(); ++i) {
            Fact fact = facts[i];
            if (i == 333) change(fact);
            log.append(fact);
        }
        return digests.insert(log.hash()).second;
    };
    CHECK(differs([](Fact& f) { f.at += 1ns; }));
    CHECK(differs(
        [](Fact& f) { f.kind = static_cast<FactKind>((static_cast<int>(f.kind) + 1) % 50); }));
    CHECK(differs([](Fact& f) { f.site ^= 1U; }));
    CHECK(differs([](Fact& f) { f.who += 'x'; }));
    CHECK(differs([](Fact& f) { f.what += 'x'; }));
    CHECK(differs([](Fact& f) { f.number ^= 1; }));
    CHECK(differs([](Fact& f) { f.value = std::nextafter(f.value, 1e300); }));
}

TEST_CASE("facts: every observer sees every fact once, in order, also when one appends") {
    FactLog log;
    std::string first;
    std::string second;
    log.subscribe([&](const Fact& fact) {
        first += fact.what;
        if (fact.what == "a") {
            log.append({{}, FactKind::leak_found, 0, "", "b", 0, 0});
            log.append({{}, FactKind::leak_found, 0, "", "c", 0, 0});
            CHECK(fact.what == "a");  // the reference survives
        }
    });
    const auto subscription = log.subscribe([&](const Fact& fact) { second += fact.what; });
    log.append({{}, FactKind::leak_found, 0, "", "a", 0, 0});
    log.append({{}, FactKind::leak_found, 0, "", "d", 0, 0});
    CHECK(first == "abcd");
    CHECK(second == "abcd");
    log.unsubscribe(subscription);
    log.append({{}, FactKind::leak_found, 0, "", "e", 0, 0});
    CHECK(first == "abcde");
    CHECK(second == "abcd");
    std::string all;
    for (const Fact& fact : log) all += fact.what;
    CHECK(all == "abcde");
}

}  // namespace
}  // namespace strongroom::sim
