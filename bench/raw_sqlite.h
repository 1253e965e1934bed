// The baseline of the visits: SQLite doing as many commits of as many rows and bytes, prepared
// statements, same pragmas, and nothing else: no seals, no chain, no checks, no decision.
#pragma once

#include <filesystem>

#include "visit_loop.h"

struct sqlite3;
struct sqlite3_stmt;

namespace strongroom::bench {

class RawSqlite {
public:
    // In `directory`, or in memory when it is empty. `anchored`: also as many overwritten and
    // synced blocks of a second file, as the store's anchor writes.
    RawSqlite(const std::filesystem::path& directory, bool anchored);
    ~RawSqlite();
    RawSqlite(const RawSqlite&) = delete;
    RawSqlite& operator=(const RawSqlite&) = delete;

    // What `visits` visits asked of the store, divided by them, as one visit's commits.
    void visit(const StoreWork& work, std::uint64_t visits);

private:
    void execute(const char* sql);
    sqlite3_stmt* prepare(const char* sql);
    void run(sqlite3_stmt* statement);
    void insert_audit();
    void update_counts();
    void insert_code();
    void update_clock();
    void write_mark();

    sqlite3* database_ = nullptr;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    sqlite3_stmt* audit_ = nullptr;
    sqlite3_stmt* counts_ = nullptr;
    sqlite3_stmt* code_ = nullptr;
    sqlite3_stmt* terminal_ = nullptr;
    sqlite3_stmt* clock_ = nullptr;
    long long sequence_ = 0;
    int mark_ = -1;
};

}  // namespace strongroom::bench
