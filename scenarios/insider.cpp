#include "insider.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <sqlite3.h>

namespace strongroom::scenarios {
namespace {

[[nodiscard]] bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] bool contains(std::string_view haystack, std::string_view needle, bool digits) {
    for (std::size_t at = haystack.find(needle); at != std::string_view::npos;
         at = haystack.find(needle, at + 1)) {
        const std::size_t end = at + needle.size();
        const bool part_of_more = (at > 0 && is_digit(haystack[at - 1])) ||
                                  (end < haystack.size() && is_digit(haystack[end]));
        if (!digits || !part_of_more) return true;
    }
    return false;
}

// A connection of the insider's own.
class Database {
public:
    explicit Database(const sim::Disk& disk) {
        if (sqlite3_open_v2(database, &raw_, SQLITE_OPEN_READWRITE, disk.vfs().c_str()) !=
            SQLITE_OK) {
            close();
            throw PlayError("the insider cannot open the database");
        }
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { close(); }

    void run(const std::string& sql) {
        if (sqlite3_exec(raw_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            throw PlayError("the insider's SQL fails: " + std::string(sqlite3_errmsg(raw_)) +
                            " in: " + sql);
        }
    }
    [[nodiscard]] sqlite3* get() { return raw_; }

private:
    void close() { sqlite3_close(std::exchange(raw_, nullptr)); }
    sqlite3* raw_ = nullptr;
};

class Statement {
public:
    Statement(Database& db, const char* sql) {
        if (sqlite3_prepare_v2(db.get(), sql, -1, &raw_, nullptr) != SQLITE_OK) {
            throw PlayError("the insider's SQL fails: " + std::string(sqlite3_errmsg(db.get())));
        }
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(raw_); }
    [[nodiscard]] bool next() { return sqlite3_step(raw_) == SQLITE_ROW; }
    [[nodiscard]] std::int64_t integer(int column) { return sqlite3_column_int64(raw_, column); }
    [[nodiscard]] std::vector<std::byte> blob(int column) {
        const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(raw_, column));
        return {bytes, bytes + sqlite3_column_bytes(raw_, column)};
    }
    void bind(int index, std::int64_t value) { sqlite3_bind_int64(raw_, index, value); }
    void bind(int index, std::span<const std::byte> bytes) {
        sqlite3_bind_blob(raw_, index, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_TRANSIENT);
    }

private:
    sqlite3_stmt* raw_ = nullptr;
};

// The bytes that a row's link covers, as the insider knows them from the program's source.
[[nodiscard]] std::vector<std::byte> row_bytes(Statement& row) {
    std::vector<std::byte> bytes;
    for (int column = 0; column < 8; ++column) {
        const auto value = static_cast<std::uint64_t>(row.integer(column));
        for (unsigned shift = 0; shift < 64; shift += 8) {
            bytes.push_back(static_cast<std::byte>(value >> shift));
        }
    }
    const std::vector<std::byte> state = row.blob(8);
    bytes.insert(bytes.end(), state.begin(), state.end());
    return bytes;
}

}  // namespace

void Insider::restore_database() {
    if (arena_.running())
        throw PlayError("the database cannot be replaced under a running process");
    arena_.disk().restore(copy_);
}

void Insider::delete_rows_of(CustomerId customer) {
    Database db(arena_.disk());
    db.run("BEGIN IMMEDIATE");
    db.run("DELETE FROM audit WHERE customer = " + std::to_string(customer.value));
    // Renumbered by way of negative numbers, so that none meets another.
    db.run(
        "CREATE TEMP TABLE kept AS SELECT sequence AS old, "
        "row_number() OVER (ORDER BY sequence) AS new FROM audit");
    db.run("UPDATE audit SET sequence = -(SELECT new FROM kept WHERE old = sequence)");
    db.run("UPDATE audit SET sequence = -sequence");

    const parts::UnkeyedChain known_to_everybody;
    store::StoreId id{};
    {
        Statement select(db, "SELECT store_id FROM store");
        if (select.next()) {
            const auto bytes = select.blob(0);
            std::memcpy(id.data(), bytes.data(), std::min(bytes.size(), id.size()));
        }
    }
    Digest link = known_to_everybody.first(id);
    std::vector<std::pair<std::int64_t, Digest>> links;
    {
        Statement rows(db,
                       "SELECT sequence, wall, kind, session, terminal, customer, locker, "
                       "detail, state FROM audit ORDER BY sequence");
        while (rows.next()) {
            link = known_to_everybody.next(link, row_bytes(rows));
            links.emplace_back(rows.integer(0), link);
        }
    }
    for (const auto& [sequence, authenticator] : links) {
        Statement update(db, "UPDATE audit SET authenticator = ? WHERE sequence = ?");
        update.bind(1, authenticator);
        update.bind(2, sequence);
        (void)update.next();
    }
    db.run("COMMIT");
    sim::Disk& disk = arena_.disk();
    const auto files = disk.files();
    if (!links.empty() &&
        std::find(files.begin(), files.end(), parts::AnchorBesideStore::file) != files.end()) {
        parts::AnchorBesideStore beside(disk);
        (void)beside.write({id, static_cast<std::uint64_t>(links.back().first), link});
    }
}

void Insider::copy_template(CustomerId from, CustomerId over) {
    Database db(arena_.disk());
    db.run("UPDATE templates SET features = (SELECT features FROM templates WHERE customer = " +
           std::to_string(from.value) +
           " ORDER BY id LIMIT 1) WHERE customer = " + std::to_string(over.value));
}

void Insider::search_disk() {
    for (const auto& [file, bytes] : arena_.disk().image()) {
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        for (const std::string& what : find_private_data(arena_, text)) {
            arena_.world().witness(sim::FactKind::leak_found, {}, {}, what + " in " + file);
        }
    }
}

void Insider::search_log() {
    for (const std::string& what : find_private_data(arena_, arena_.log())) {
        arena_.world().witness(sim::FactKind::leak_found, {}, {}, what + " in the log");
    }
}

std::vector<std::string> find_private_data(Arena& arena, std::string_view haystack) {
    std::vector<std::string> found;
    const auto add = [&](const std::string& what) {
        if (std::find(found.begin(), found.end(), what) == found.end()) found.push_back(what);
    };
    for (const Arena::Needle& needle : arena.private_data()) {
        if (contains(haystack, needle.bytes, needle.digits)) add(needle.what);
    }
    for (std::uint64_t i = 1; const sim::Message* m = arena.world().message(i); ++i) {
        if (!m->digits.empty() && contains(haystack, m->digits, true)) add("code");
    }
    return found;
}

}  // namespace strongroom::scenarios
