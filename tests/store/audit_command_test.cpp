// `strongroom audit`, as a person calls it, on a store on the real disk.
#include "pi/commands/audit_command.h"

#include <fstream>
#include <iostream>
#include <sstream>

#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <sys/stat.h>

#include "catch.h"
#include "home.h"
#include "rig.h"
#include "store/file_anchor.h"
#include "store/master_key.h"
#include "temporary_directory.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

struct Answer {
    int code = 0;
    std::string text;
};

// A home with a store of a few rows.
class AuditHome {
public:
    AuditHome() {
        const auto store = open();
        REQUIRE(store->add_customer(moment_, "Alice", "+919876543210", alice));
        REQUIRE(store->add_customer(moment_, "Bob", "+4915112345678", bob));
        REQUIRE(store->commit(moment_, reserve(), {}));
        REQUIRE(store->commit(moment_, wrong(), {}));
    }

    [[nodiscard]] std::unique_ptr<SqliteRecords> open() {
        auto store = SqliteRecords::open({home_.store().string(),
                                          "",
                                          master_,
                                          sealer_,
                                          chain_,
                                          anchor_,
                                          entropy_,
                                          {},
                                          {},
                                          terminal,
                                          moment_});
        if (!store) FAIL(store.error().message);
        return std::move(*store);
    }

    [[nodiscard]] Answer run(std::vector<std::string> words) const {
        CLI::App app("test");
        Answer answer;
        pi::add_audit_command(app, cli::home_options(), answer.code);
        words.insert(words.begin(), "audit");
        words.insert(words.end(), {"--home", home_.root.string()});
        std::reverse(words.begin(), words.end());
        std::ostringstream captured;
        std::streambuf* before = std::cout.rdbuf(captured.rdbuf());
        try {
            app.parse(words);
        } catch (const CLI::ParseError&) {
            answer.code = 2;
        } catch (const cli::InputError& error) {
            answer.code = 2;
            captured << error.what();
        }
        std::cout.rdbuf(before);
        answer.text = captured.str();
        return answer;
    }

    void overwrite_byte(const std::filesystem::path& file, std::streamoff offset) const {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(offset);
        stream.put('x');
    }

    TemporaryDirectory directory_;
    cli::Home home_{directory_.path()};
    SeededEntropy entropy_{1};
    Key256 master_ = make_key(home_, entropy_);
    Moment moment_{Instant{}, WallTime(std::chrono::milliseconds(1'760'000'000'123))};

private:
    [[nodiscard]] static Key256 make_key(const cli::Home& home, hal::Entropy& entropy) {
        for (const auto& file : {home.store(), home.key(), home.anchor()}) {
            std::filesystem::create_directories(file.parent_path());
        }
        const auto key = create_master_key(home.key(), entropy);
        if (!key) FAIL(key.error().message);
        return *key;
    }
    AeadSealer sealer_{master_};
    KeyedChain chain_{master_};
    FileAnchor anchor_{home_.anchor(), master_};
};

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("audit command: verify answers 0 on a whole store, also as JSON") {
    const AuditHome home;
    const Answer plain = home.run({"verify"});
    CHECK(plain.code == 0);
    CHECK_THAT(plain.text, Contains("intact: 5 rows"));
    CHECK_THAT(plain.text, !Contains("\033"));
    const auto json = nlohmann::json::parse(home.run({"verify", "--json"}).text);
    CHECK(json.at("intact") == true);
    CHECK(json.at("rows_verified") == 5);
    CHECK(json.at("first_bad") == 0);
}

TEST_CASE("audit command: verify answers 1 and names the first bad row") {
    AuditHome home;
    {
        sqlite3* raw = nullptr;
        REQUIRE(sqlite3_open(home.home_.store().c_str(), &raw) == SQLITE_OK);
        CHECK(sqlite3_exec(raw, "UPDATE audit SET detail = 9 WHERE sequence = 3", nullptr, nullptr,
                           nullptr) == SQLITE_OK);
        sqlite3_close(raw);
    }
    const Answer plain = home.run({"verify"});
    CHECK(plain.code == 1);
    CHECK_THAT(plain.text, Contains("BROKEN") && Contains("row 3"));
    const Answer json = home.run({"verify", "--json"});
    CHECK(json.code == 1);
    CHECK(nlohmann::json::parse(json.text).at("first_bad") == 3);
}

TEST_CASE("audit command: tail shows the newest rows in order") {
    const AuditHome home;
    const Answer two = home.run({"tail", "-n", "2"});
    CHECK(two.code == 0);
    CHECK(lines(two.text) == 2);
    CHECK_THAT(two.text, Contains("try_reserved") && Contains("code_wrong"));
    CHECK_THAT(two.text, Contains("2025-10-09T08:53:20.123Z"));
    CHECK(two.text.find("try_reserved") < two.text.find("code_wrong"));
    CHECK(lines(home.run({"tail", "-n", "0"}).text) == 0);
    CHECK(lines(home.run({"tail", "--customer", "2"}).text) == 1);
    const auto row = nlohmann::json::parse(home.run({"tail", "-n", "1", "--json"}).text);
    CHECK(row.at("sequence") == 5);
    CHECK(row.at("session") == "0000000000000063");
}

TEST_CASE("audit command: export writes each row, and no secret") {
    const AuditHome home;
    const Answer jsonl = home.run({"export"});
    CHECK(jsonl.code == 0);
    CHECK(lines(jsonl.text) == 5);
    std::istringstream in(jsonl.text);
    for (std::string line; std::getline(in, line);) {
        CHECK(nlohmann::json::parse(line).contains("kind"));
    }
    const Answer csv = home.run({"export", "--format", "csv", "--from", "4"});
    CHECK(lines(csv.text) == 3);
    CHECK_THAT(csv.text, StartsWith("sequence,time,kind"));
    for (const char* secret : {"Alice", "98765", "Bob"}) {
        CHECK_THAT(jsonl.text, !Contains(secret));
    }
    const auto file = home.directory_.path() / "out.csv";
    CHECK(home.run({"export", "--format", "csv", "-o", file.string()}).code == 0);
    CHECK(std::filesystem::file_size(file) > 100);
}

TEST_CASE("audit command: export never overwrites the store, its key or its anchor") {
    const AuditHome home;
    for (const auto& own : {home.home_.store(), home.home_.key(), home.home_.anchor()}) {
        CHECK(home.run({"export", "-o", own.string()}).code == 2);
    }
    CHECK(home.run({"verify"}).code == 0);
}

TEST_CASE("audit command: bad input is answered with 2 and words") {
    AuditHome home;
    SECTION("usage") {
        CHECK(home.run({}).code == 2);
        CHECK(home.run({"verify", "--nonsense"}).code == 2);
        CHECK(home.run({"tail", "-n", "-3"}).code == 2);
        CHECK(home.run({"export", "--format", "xml"}).code == 2);
        CHECK(home.run({"tail", "--from", "0"}).code == 2);
    }
    SECTION("no store") {
        std::filesystem::remove(home.home_.store());
        const Answer answer = home.run({"verify"});
        CHECK(answer.code == 2);
        CHECK_THAT(answer.text, Contains("missing") && Contains("strongroom.db"));
        CHECK_FALSE(std::filesystem::exists(home.home_.store()));
    }
    SECTION("no database") {
        std::ofstream(home.home_.store(), std::ios::trunc) << std::string(5000, 'x');
        CHECK_THAT(home.run({"tail"}).text, Contains("not a strongroom store"));
        CHECK(home.run({"tail"}).code == 2);
    }
    SECTION("a damaged page") {
        for (std::streamoff i = 0; i < 64; ++i) home.overwrite_byte(home.home_.store(), 8192 + i);
        const Answer answer = home.run({"verify"});
        CHECK(answer.code == 2);
        CHECK_THAT(answer.text, Contains("damaged"));
    }
    SECTION("a key that others can read") {
        REQUIRE(::chmod(home.home_.key().c_str(), 0644) == 0);
        const Answer answer = home.run({"verify"});
        CHECK(answer.code == 2);
        CHECK_THAT(answer.text, Contains("chmod 600"));
    }
    SECTION("another key") {
        std::filesystem::remove(home.home_.key());
        REQUIRE(create_master_key(home.home_.key(), home.entropy_));
        CHECK(home.run({"verify"}).code == 2);
    }
    SECTION("an altered anchor") {
        home.overwrite_byte(home.home_.anchor(), 3);
        home.overwrite_byte(home.home_.anchor(), 4096 + 3);
        CHECK(home.run({"verify"}).code == 2);
    }
}

TEST_CASE("audit command: a missing anchor is a broken audit") {
    const AuditHome home;
    std::filesystem::remove(home.home_.anchor());
    const Answer answer = home.run({"verify"});
    CHECK(answer.code == 1);
    CHECK_THAT(answer.text, Contains("no anchor"));
}
