#include "raw_sqlite.h"

#include <array>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace strongroom::bench {
namespace {

// The store's tables, as wide.
constexpr const char* schema = R"sql(
CREATE TABLE audit (sequence INTEGER PRIMARY KEY, wall INTEGER, kind INTEGER, session INTEGER,
    terminal INTEGER, customer INTEGER, locker INTEGER, detail INTEGER, state BLOB,
    authenticator BLOB) STRICT;
CREATE TABLE counters (customer INTEGER PRIMARY KEY, failures INTEGER, holds INTEGER,
    penalty INTEGER, unproven INTEGER, unproven_left INTEGER, codes INTEGER, codes_left INTEGER,
    as_of INTEGER, seal BLOB) STRICT;
CREATE TABLE codes (id INTEGER PRIMARY KEY, hash BLOB, session INTEGER, terminal INTEGER,
    customer INTEGER, locker INTEGER, purpose INTEGER, issued INTEGER, lifetime INTEGER,
    state INTEGER) STRICT;
CREATE TABLE terminals (id INTEGER PRIMARY KEY, codes INTEGER, codes_left INTEGER, as_of INTEGER,
    seal BLOB) STRICT;
CREATE TABLE clock (id INTEGER PRIMARY KEY, running INTEGER, instant INTEGER, seal BLOB) STRICT;
INSERT INTO counters VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, zeroblob(32));
)sql";

// Numbers of the sizes that the store writes: nanoseconds and random identifiers take eight bytes.
constexpr long long large = 0x1234'5678'9abc'def0;
constexpr std::array<unsigned char, 32> digest{0x5a, 1, 2, 3};

void bind_digest(sqlite3_stmt* statement, int index) {
    sqlite3_bind_blob(statement, index, digest.data(), static_cast<int>(digest.size()),
                      SQLITE_STATIC);
}

}  // namespace

RawSqlite::RawSqlite(const std::filesystem::path& directory, bool anchored) {
    const std::string path =
        directory.empty() ? ":memory:" : (directory / (anchored ? "marked.db" : "raw.db")).string();
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) {
        throw std::runtime_error("bench: cannot open " + path);
    }
    execute(
        "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;");
    execute(schema);
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    audit_ = prepare("INSERT INTO audit VALUES (?1, ?2, 7, ?2, 1, 1, 7, 0, ?3, ?3)");
    counts_ = prepare(
        "UPDATE counters SET failures = 0, holds = ?1 & 1, penalty = 0, unproven = 0, "
        "unproven_left = 0, codes = ?1, codes_left = ?2, as_of = ?2 + ?1, seal = ?3 "
        "WHERE customer = 1");
    code_ = prepare("INSERT INTO codes VALUES (?1, ?3, ?2, 1, 1, 7, 0, ?2, ?2, 1)");
    terminal_ = prepare("INSERT OR REPLACE INTO terminals VALUES (1, ?1, ?2, ?2 + ?1, ?3)");
    clock_ = prepare("INSERT OR REPLACE INTO clock VALUES (1, ?2 + ?1, ?2, ?3)");
    if (anchored) {
        const std::string mark = (directory / "raw.mark").string();
        mark_ = open(mark.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (mark_ < 0) throw std::runtime_error("bench: cannot open " + mark);
    }
}

RawSqlite::~RawSqlite() {
    for (sqlite3_stmt* statement : {begin_, commit_, audit_, counts_, code_, terminal_, clock_}) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(database_);
    if (mark_ >= 0) close(mark_);
}

void RawSqlite::execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw std::runtime_error(std::string("bench: ") + sqlite3_errmsg(database_));
    }
}

sqlite3_stmt* RawSqlite::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK) {
        throw std::runtime_error(std::string("bench: ") + sqlite3_errmsg(database_));
    }
    return statement;
}

void RawSqlite::run(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) {
        throw std::runtime_error(std::string("bench: ") + sqlite3_errmsg(database_));
    }
    sqlite3_reset(statement);
}

void RawSqlite::insert_audit() {
    sqlite3_bind_int64(audit_, 1, ++sequence_);
    sqlite3_bind_int64(audit_, 2, large);
    bind_digest(audit_, 3);
    run(audit_);
}

void RawSqlite::update_counts() {
    sqlite3_bind_int64(counts_, 1, sequence_);
    sqlite3_bind_int64(counts_, 2, large);
    bind_digest(counts_, 3);
    run(counts_);
}

void RawSqlite::insert_code() {
    sqlite3_bind_null(code_, 1);
    for (sqlite3_stmt* statement : {code_, terminal_}) {
        if (statement == terminal_) sqlite3_bind_int64(statement, 1, sequence_);
        sqlite3_bind_int64(statement, 2, large);
        bind_digest(statement, 3);
        run(statement);
    }
}

void RawSqlite::update_clock() {
    sqlite3_bind_int64(clock_, 1, sequence_);
    sqlite3_bind_int64(clock_, 2, large);
    bind_digest(clock_, 3);
    run(clock_);
}

void RawSqlite::write_mark() {
    std::array<unsigned char, 128> slot{};
    slot[0] = static_cast<unsigned char>(sequence_);
    const off_t offset = sequence_ % 2 == 0 ? 0 : 512;
    if (pwrite(mark_, slot.data(), slot.size(), offset) < 0 || fdatasync(mark_) != 0) {
        throw std::runtime_error("bench: cannot write the mark");
    }
}

void RawSqlite::visit(const StoreWork& work, std::uint64_t visits) {
    const auto each = [visits](std::uint64_t sum) { return (sum + visits / 2) / visits; };
    const std::uint64_t commits = each(work.commits);
    const std::uint64_t transactions = commits + each(work.notes);
    const std::uint64_t rows = each(work.audit_rows);
    std::uint64_t codes = each(work.codes);
    std::uint64_t marks = mark_ >= 0 ? each(work.anchored) : 0;
    for (std::uint64_t i = 0; i < transactions; ++i) {
        run(begin_);
        const std::uint64_t from = rows * i / transactions;
        const std::uint64_t until = rows * (i + 1) / transactions;
        for (std::uint64_t row = from; row < until; ++row) insert_audit();
        if (i < commits) update_counts();
        if (codes > 0) {
            insert_code();
            --codes;
        }
        run(commit_);
        if (marks > 0) {
            write_mark();
            --marks;
        }
    }
    for (std::uint64_t i = 0; i < each(work.times_kept); ++i) {
        run(begin_);
        update_clock();
        run(commit_);
    }
}

}  // namespace strongroom::bench
