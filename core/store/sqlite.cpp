#include "sqlite.h"

namespace strongroom::store {

Error sqlite_error(int code) {
    const auto error = [code](Errc errc) { return Error{errc, code}; };
    // The shared-memory file could not grow: the disk is full.
    if (code == SQLITE_IOERR_SHMSIZE) return error(Errc::exhausted);
    switch (code & 0xff) {
        case SQLITE_FULL:
        case SQLITE_NOMEM:
        case SQLITE_TOOBIG: return error(Errc::exhausted);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_INTERRUPT: return error(Errc::busy);
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return error(Errc::denied);
        // A constraint of ours never fails on what the program writes.
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_SCHEMA:
        case SQLITE_ERROR:
        case SQLITE_MISMATCH:
        case SQLITE_CONSTRAINT: return error(Errc::corrupt);
        default: return error(Errc::disconnected);
    }
}

Query::Query(sqlite3* connection, Prepared& prepared) {
    if (prepared.statement_ == nullptr) {
        code_ = sqlite3_prepare_v3(connection, prepared.sql_, -1, SQLITE_PREPARE_PERSISTENT,
                                   &prepared.statement_, nullptr);
    }
    statement_ = prepared.statement_;
}

Result<void> Query::run() {
    const int code = step();
    if (code == SQLITE_DONE || code == SQLITE_ROW) return {};
    return sqlite_failure(code);
}

Result<bool> Query::next() {
    const int code = step();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return sqlite_failure(code);
}

std::span<const std::byte> Query::blob(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const std::byte*>(data),
            data == nullptr ? 0U : static_cast<std::size_t>(size)};
}

void harden(sqlite3* connection) {
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    for (const int off : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                          SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
        sqlite3_db_config(connection, off, 0, nullptr);
    }
}

Result<void> execute(sqlite3* connection, const char* sql) {
    const int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_failure(code);
    return {};
}

Result<std::int64_t> integer_of(sqlite3* connection, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v2(connection, sql, -1, &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(raw, sqlite3_finalize);
    if (code != SQLITE_OK) return sqlite_failure(code);
    code = sqlite3_step(raw);
    if (code != SQLITE_ROW) return sqlite_failure(code == SQLITE_DONE ? SQLITE_CORRUPT : code);
    return sqlite3_column_int64(raw, 0);
}

}  // namespace strongroom::store
