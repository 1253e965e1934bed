// A thin hold on SQLite: connections, statements prepared once, result codes as Errc.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "base/result.h"

namespace strongroom::store {

// An (extended) SQLite result code as callers act on it.
[[nodiscard]] Error sqlite_error(int code);
[[nodiscard]] inline tl::unexpected<Error> sqlite_failure(int code) {
    return tl::unexpected<Error>(sqlite_error(code));
}

// Identifiers use all 64 bits; SQLite's integers are signed.
[[nodiscard]] constexpr std::int64_t as_signed(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
[[nodiscard]] constexpr std::uint64_t as_unsigned(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

struct CloseConnection {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

// A statement that is prepared at its first use and then reused. `sql` has static storage.
class Prepared {
public:
    explicit constexpr Prepared(const char* sql) : sql_(sql) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared() { sqlite3_finalize(statement_); }

private:
    friend class Query;
    const char* sql_;
    sqlite3_stmt* statement_ = nullptr;
};

// One run of a statement: bind, step, read; reset at the end of the scope. Bound bytes must live as
// long. A statement that cannot be prepared answers so at step().
class Query {
public:
    Query(sqlite3* connection, Prepared& prepared);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() {
        if (statement_ != nullptr) sqlite3_reset(statement_);
    }

    Query& bind(std::int64_t value) {
        note(sqlite3_bind_int64(statement_, ++bound_, value));
        return *this;
    }
    Query& bind(std::uint64_t value) { return bind(as_signed(value)); }
    Query& bind(std::chrono::nanoseconds value) { return bind(std::int64_t{value.count()}); }
    Query& bind(std::span<const std::byte> bytes) {
        // An empty span may have no address, which SQLite would take for NULL.
        note(sqlite3_bind_blob64(statement_, ++bound_,
                                 bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                                 bytes.size(), SQLITE_STATIC));
        return *this;
    }
    Query& bind_null() {
        note(sqlite3_bind_null(statement_, ++bound_));
        return *this;
    }

    // SQLITE_ROW, SQLITE_DONE or an error.
    [[nodiscard]] int step() { return code_ != SQLITE_OK ? code_ : sqlite3_step(statement_); }
    // For statements that return no row.
    [[nodiscard]] Result<void> run();
    // True when there is a row; false at the end.
    [[nodiscard]] Result<bool> next();

    [[nodiscard]] std::int64_t integer(int column) const {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] std::chrono::nanoseconds duration(int column) const {
        return std::chrono::nanoseconds(integer(column));
    }
    [[nodiscard]] bool null(int column) const {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    // Valid until the next step or the end of the scope.
    [[nodiscard]] std::span<const std::byte> blob(int column) const;
    // False when the column's size is another: the row is not ours.
    template <std::size_t N>
    [[nodiscard]] bool copy(int column, std::array<std::byte, N>& out) const {
        const std::span<const std::byte> bytes = blob(column);
        if (bytes.size() != N) return false;
        std::copy(bytes.begin(), bytes.end(), out.begin());
        return true;
    }

private:
    void note(int code) {
        if (code_ == SQLITE_OK) code_ = code;
    }
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
    int code_ = SQLITE_OK;
};

// What a schema written by an attacker could bring along is switched off: triggers, views,
// functions and writes to SQLite's own tables.
void harden(sqlite3* connection);

// Runs SQL without results, of one or several statements.
[[nodiscard]] Result<void> execute(sqlite3* connection, const char* sql);
// The single integer of a PRAGMA or SELECT.
[[nodiscard]] Result<std::int64_t> integer_of(sqlite3* connection, const char* sql);

}  // namespace strongroom::store
