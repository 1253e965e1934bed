#include <memory>
#include <thread>

#include <sqlite3.h>

#include "base/rng.h"
#include "catch.h"
#include "sim/disk.h"

using namespace strongroom;
using sim::Disk;
using sim::DiskFault;
using sim::DiskOperation;

namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

Database connect(const Disk& disk, const char* path = "/a.db") {
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(path, &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.vfs().c_str());
    Database out(raw, sqlite3_close);
    REQUIRE(code == SQLITE_OK);
    return out;
}

int run(const Database& database, const std::string& sql) {
    return sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr);
}

// -1 when it cannot be read.
int number(const Database& database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), sql, -1, &statement, nullptr) != SQLITE_OK) return -1;
    const int out = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    return out;
}

void prepare(const Database& database, const char* journal) {
    REQUIRE(run(database, std::string("PRAGMA journal_mode = ") + journal +
                              "; PRAGMA synchronous = FULL; CREATE TABLE t (a INTEGER, b BLOB)") ==
            SQLITE_OK);
}

constexpr const char* count = "SELECT count(*) FROM t";
constexpr const char* insert = "INSERT INTO t VALUES (1, randomblob(900))";

}  // namespace

TEST_CASE("simulated disk: what is committed is there for the next connection") {
    const char* journal = GENERATE("WAL", "DELETE", "TRUNCATE");
    Disk disk(1);
    {
        const auto database = connect(disk);
        prepare(database, journal);
        for (int i = 0; i < 50; ++i) REQUIRE(run(database, insert) == SQLITE_OK);
        const auto other = connect(disk);
        CHECK(number(other, count) == 50);
    }
    CHECK(number(connect(disk), count) == 50);
    CHECK(number(connect(disk), "PRAGMA integrity_check") == 0);  // the text "ok"
    const std::size_t files = std::string_view(journal) == "TRUNCATE" ? 2 : 1;
    CHECK(disk.files().size() == files);
    CHECK(disk.calls(DiskOperation::sync) > 0);
}

TEST_CASE("simulated disk: a power cut keeps commits and loses what was not synced") {
    const char* journal = GENERATE("WAL", "DELETE");
    int lost = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed << ", journal " << journal);
        Disk disk(seed);
        auto database = connect(disk);
        prepare(database, journal);
        for (int i = 0; i < 5; ++i) REQUIRE(run(database, insert) == SQLITE_OK);
        REQUIRE(run(database, "PRAGMA synchronous = OFF") == SQLITE_OK);
        for (int i = 0; i < 5; ++i) REQUIRE(run(database, insert) == SQLITE_OK);
        disk.power_cut();
        CHECK(run(database, insert) != SQLITE_OK);
        database.reset();
        const auto after = connect(disk);
        const int rows = number(after, count);
        // Without syncs a rollback journal does not even protect the page: only WAL is checked.
        if (std::string_view(journal) == "WAL") {
            CHECK(rows >= 5);
            CHECK(rows <= 10);
        }
        if (rows < 10) ++lost;
    }
    CHECK(lost > 0);
}

TEST_CASE("simulated disk: the death of a process loses no write") {
    Disk disk(3);
    auto database = connect(disk);
    prepare(database, "WAL");
    REQUIRE(run(database, "PRAGMA synchronous = OFF") == SQLITE_OK);
    for (int i = 0; i < 5; ++i) REQUIRE(run(database, insert) == SQLITE_OK);
    disk.process_death();
    CHECK(run(database, insert) != SQLITE_OK);
    CHECK(number(connect(disk), count) == 5);
}

TEST_CASE("simulated disk: a writer keeps another writer out, not readers") {
    Disk disk(4);
    const auto one = connect(disk);
    prepare(one, "WAL");
    const auto two = connect(disk);
    REQUIRE(run(one, "BEGIN IMMEDIATE") == SQLITE_OK);
    REQUIRE(run(one, insert) == SQLITE_OK);
    CHECK(run(two, "BEGIN IMMEDIATE") == SQLITE_BUSY);
    CHECK(number(two, count) == 0);
    REQUIRE(run(one, "COMMIT") == SQLITE_OK);
    CHECK(number(two, count) == 1);
    CHECK(run(two, insert) == SQLITE_OK);
}

TEST_CASE("simulated disk: the same seed loses the same sectors") {
    const auto cut = [](std::uint64_t seed) {
        Disk disk(seed);
        const auto database = connect(disk);
        prepare(database, "DELETE");
        REQUIRE(run(database, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF") == SQLITE_OK);
        for (int i = 0; i < 40; ++i) {
            REQUIRE(run(database, "INSERT INTO t VALUES (2, zeroblob(900))") == SQLITE_OK);
        }
        disk.power_cut();
        return disk.image();
    };
    CHECK(cut(11) == cut(11));
    CHECK(cut(11) != cut(12));
}

TEST_CASE("simulated disk: faults come at the call that was asked for") {
    Disk disk(5);
    const auto database = connect(disk);
    prepare(database, "WAL");
    SECTION("a failing sync") {
        disk.set_faults([](DiskOperation operation, std::uint64_t) {
            return operation == DiskOperation::sync ? DiskFault::fail : DiskFault::none;
        });
        CHECK(run(database, insert) == SQLITE_IOERR);
        CHECK(sqlite3_extended_errcode(database.get()) == SQLITE_IOERR_FSYNC);
    }
    SECTION("a torn write") {
        disk.set_faults([](DiskOperation operation, std::uint64_t) {
            return operation == DiskOperation::write ? DiskFault::torn : DiskFault::none;
        });
        CHECK(run(database, insert) == SQLITE_IOERR);
    }
    SECTION("once") {
        const std::uint64_t next = disk.calls() + 1;
        disk.set_faults([next](DiskOperation, std::uint64_t call) {
            return call == next ? DiskFault::fail : DiskFault::none;
        });
        CHECK(run(database, insert) != SQLITE_OK);
        CHECK(run(database, insert) == SQLITE_OK);
    }
    disk.set_faults({});
    const int before = number(database, count);
    CHECK(run(database, insert) == SQLITE_OK);
    CHECK(number(database, count) == before + 1);
}

TEST_CASE("simulated disk: a full disk says so, and works again when there is room") {
    Disk disk(6);
    const auto database = connect(disk);
    prepare(database, "WAL");
    std::uint64_t used = 0;
    for (const auto& [path, bytes] : disk.image()) used += bytes.size();
    disk.set_capacity(used + 1000);
    CHECK(run(database, insert) == SQLITE_FULL);
    disk.set_capacity({});
    CHECK(run(database, insert) == SQLITE_OK);
}

TEST_CASE("simulated disk: an image is a copy that can be put back") {
    Disk disk(7);
    {
        const auto database = connect(disk);
        prepare(database, "DELETE");
        REQUIRE(run(database, insert) == SQLITE_OK);
    }
    const sim::DiskImage older = disk.image();
    {
        const auto database = connect(disk);
        REQUIRE(run(database, insert) == SQLITE_OK);
    }
    CHECK(number(connect(disk), count) == 2);
    disk.restore(older);
    CHECK(number(connect(disk), count) == 1);
    disk.remove("/a.db");
    CHECK(disk.files().empty());
}

TEST_CASE("simulated disk: several disks work in parallel threads") {
    std::vector<std::thread> threads;
    std::vector<int> rows(4, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        threads.emplace_back([i, &rows] {
            Disk disk(i);
            sqlite3* raw = nullptr;
            if (sqlite3_open_v2("/a.db", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                disk.vfs().c_str()) == SQLITE_OK) {
                sqlite3_exec(raw, "PRAGMA journal_mode = WAL; CREATE TABLE t (a, b)", nullptr,
                             nullptr, nullptr);
                for (int k = 0; k < 50; ++k) sqlite3_exec(raw, insert, nullptr, nullptr, nullptr);
                sqlite3_exec(
                    raw, count,
                    [](void* out, int, char** values, char**) {
                        *static_cast<int*>(out) = std::stoi(values[0]);
                        return 0;
                    },
                    &rows[i], nullptr);
            }
            sqlite3_close(raw);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(rows == std::vector<int>(4, 50));
}
