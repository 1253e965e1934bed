// Opening a store: what is checked, in which order, and what is said when it does not hold.

#include <filesystem>
#include <utility>

#include <sodium.h>

#include "base/assert.h"
#include "open_message.h"
#include "records_impl.h"
#include "schema.h"

namespace strongroom::store {
namespace {

tl::unexpected<OpenError> refusal(Errc code, std::string message) {
    return tl::unexpected(OpenError{code, 0, std::move(message)});
}

}  // namespace

tl::unexpected<OpenError> SqliteRecords::Impl::refuse(const Error& error, const char* doing) const {
    return tl::unexpected(open_error(error, options.path, doing));
}

Opened<void> SqliteRecords::Impl::open() {
    STRONGROOM_ASSERT(sodium_init() >= 0);
    using Step = Opened<void> (Impl::*)();
    constexpr Step steps[] = {&Impl::connect,     &Impl::lock_out_others,   &Impl::check_header,
                              &Impl::check_pages, &Impl::prepare_journal,   &Impl::create,
                              &Impl::check_key,   &Impl::upgrade_and_verify};
    for (const Step step : steps) {
        if (auto done = (this->*step)(); !done) return done;
    }
    return {};
}

Opened<void> SqliteRecords::Impl::connect() {
    const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
    const auto attempt = [&](int flags) {
        sqlite3* raw = nullptr;
        const int code = sqlite3_open_v2(
            options.path.c_str(), &raw,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | flags, vfs);
        connection.reset(raw);
        return code;
    };
    // Without leave to create, so that a wrong path leaves no empty file behind.
    int code = in_memory ? SQLITE_CANTOPEN : attempt(0);
    if ((code & 0xff) == SQLITE_CANTOPEN) {
        if (auto checked = check_anchor_of_new_store(); !checked) return checked;
        code = attempt(SQLITE_OPEN_CREATE);
        if (code == SQLITE_OK && !in_memory && options.vfs.empty()) {
            // The journal and its index inherit these permissions.
            std::error_code ignored;
            std::filesystem::permissions(
                options.path,
                std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
        }
    }
    if (code != SQLITE_OK) return refuse(sqlite_error(code), "opening it");
    if (sqlite3_db_readonly(connection.get(), "main") != 0) {
        return refusal(Errc::denied, "the store '" + options.path +
                                         "' can be read but not written: check the permissions of "
                                         "the file and its directory, and whether the disk is "
                                         "mounted read-only");
    }
    // No waiting: whoever finds the store busy is told so.
    sqlite3_busy_timeout(connection.get(), 0);
    harden(connection.get());
    const char* settings =
        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;";
    if (auto done = execute(connection.get(), settings); !done) {
        return refuse(done.error(), "opening it");
    }
    return {};
}

// A second owner would void the codes and fail the holds of the first one's visits. Where the files
// are not the system's (a simulated disk), whoever composes the program sees to it.
Opened<void> SqliteRecords::Impl::lock_out_others() {
    if (options.role != Role::owner || in_memory || !options.vfs.empty()) return {};
    return owner_lock.take(options.path);
}

Opened<void> SqliteRecords::Impl::check_anchor_of_new_store() {
    const auto mark = options.anchor.read();
    if (!mark) return tl::unexpected(anchor_error(mark.error()));
    if (!*mark) return {};
    return refusal(
        Errc::denied,
        "there is no store at '" + options.path +
            "', or it cannot be opened, but its anchor knows one: the store was removed, "
            "its path is wrong, or permissions forbid it. "
            "Put the newest copy back, or use a new anchor for a new store");
}

Opened<void> SqliteRecords::Impl::check_header() {
    sqlite3* db = connection.get();
    const auto tables = integer_of(db, "SELECT count(*) FROM sqlite_schema");
    if (!tables) return refuse(tables.error(), "reading its header");
    const auto application = integer_of(db, "PRAGMA application_id");
    if (!application) return refuse(application.error(), "reading its header");
    const auto found = integer_of(db, "PRAGMA user_version");
    if (!found) return refuse(found.error(), "reading its header");
    created = *tables == 0 && *found == 0;
    if (auto checked = check_version(options.path, created, *application, *found); !checked) {
        return checked;
    }
    version = static_cast<int>(*found);
    return {};
}

Opened<void> SqliteRecords::Impl::check_pages() {
    if (created) {
        // An empty file: found, or just made. The anchor must not know another history.
        return in_memory ? Opened<void>{} : check_anchor_of_new_store();
    }
    return check_all_pages(connection.get(), options.path);
}

Opened<void> SqliteRecords::Impl::prepare_journal() {
    if (in_memory) return {};
    if (auto done = execute(connection.get(), "PRAGMA journal_mode = WAL"); !done) {
        return refuse(done.error(), "preparing its journal");
    }
    return {};
}

Opened<void> SqliteRecords::Impl::create() {
    if (!created) return {};
    if (options.role != Role::owner) {
        return refusal(Errc::denied,
                       "the store '" + options.path + "' is empty: its owner opens it first");
    }
    sqlite3* db = connection.get();
    if (auto filled = options.entropy.fill(id); !filled) {
        return refusal(filled.error().code,
                       "no random bytes for a new store: the system's generator cannot be read");
    }
    const Digest check = rows.key_check(id);
    Prepared insert("INSERT INTO store VALUES (1, ?, ?)");
    const auto fill = [&]() -> Result<void> {
        if (auto done = execute(db, "BEGIN IMMEDIATE"); !done) return done;
        if (auto done = migrate(db, 0); !done) return done;
        if (auto done = Query(db, insert)
                            .bind(std::span<const std::byte>(id))
                            .bind(std::span<const std::byte>(check))
                            .run();
            !done) {
            return done;
        }
        if (auto done = write_clock(options.opened.now); !done) return done;
        return execute(db, "COMMIT");
    };
    instant_ = options.opened.now;
    if (auto filled = fill(); !filled) {
        roll_back();
        return refuse(filled.error(), "creating its tables");
    }
    version = schema_version;
    // From here on a missing anchor means a removed one, as soon as there is a row.
    if (auto marked = options.anchor.write({id, 0, options.chain.first(id)}); !marked) {
        return tl::unexpected(anchor_error(marked.error()));
    }
    return {};
}

Opened<void> SqliteRecords::Impl::check_key() {
    Result<StoreId> found = read_store_id(connection.get(), rows);
    if (found) {
        id = *found;
        return {};
    }
    if (found.error() == Error{Errc::denied, 0}) return tl::unexpected(wrong_key(options.path));
    return refuse(found.error(), "reading whose it is");
}

Opened<void> SqliteRecords::Impl::upgrade_and_verify() {
    sqlite3* db = connection.get();
    const bool owner = options.role == Role::owner;
    if (!owner && version != schema_version) {
        return refusal(Errc::denied, "the store '" + options.path +
                                         "' has not been upgraded yet: its owner opens it first");
    }
    // One transaction from the first upgrade to the last check, so that a refusal changes nothing.
    if (auto begun = execute(db, owner ? "BEGIN IMMEDIATE" : "BEGIN"); !begun) {
        return refuse(begun.error(), "locking it");
    }
    const auto work = [&]() -> Opened<void> {
        if (version < schema_version) {
            if (auto upgraded = migrate(db, version); !upgraded) {
                return refuse(upgraded.error(), "upgrading its tables");
            }
        }
        if (auto verified = verify_tail(); !verified) return verified;
        if (auto taken = take_over(); !taken) return taken;
        if (auto ended = execute(db, "COMMIT"); !ended) {
            return refuse(ended.error(), "taking it over");
        }
        return {};
    };
    if (auto done = work(); !done) {
        roll_back();
        return done;
    }
    version = schema_version;
    if (!owner) return {};
    if (auto marked = write_anchor(); !marked) return tl::unexpected(anchor_error(marked.error()));
    return {};
}

Opened<void> SqliteRecords::Impl::verify_tail() {
    const auto mark = options.anchor.read();
    if (!mark) return tl::unexpected(anchor_error(mark.error()));
    const Verification what{id, options.chain, rows, options.sealer, *mark, false};
    const Result<Verified> verified = verify(connection.get(), what);
    if (!verified) return refuse(verified.error(), "verifying its audit");
    if (!verified->verdict.intact()) {
        return refusal(verified->verdict.finding == AuditVerdict::Finding::foreign ? Errc::denied
                                                                                   : Errc::corrupt,
                       "the store '" + options.path +
                           "' is refused: " + describe(verified->verdict) +
                           ". Put the newest copy back, with two staff; examine this one with "
                           "'strongroom audit verify'");
    }
    chain = ChainState{verified->head, verified->state, verified->state};
    const auto seen = integer_of(connection.get(), "PRAGMA data_version");
    if (!seen) return refuse(seen.error(), "verifying its audit");
    data_version = *seen;
    anchored = *mark ? (*mark)->sequence : 0;
    return {};
}

Opened<void> SqliteRecords::Impl::take_over() {
    if (auto read = read_clock(); !read) return refuse(read.error(), "reading its running time");
    if (auto read = read_latest(); !read) return refuse(read.error(), "reading its newest rows");
    if (options.role != Role::owner) return {};
    if (auto settled = settle_leftovers(); !settled) {
        return refuse(settled.error(), "settling what was left over");
    }
    return {};
}

Result<void> SqliteRecords::Impl::read_clock() {
    Prepared select("SELECT running, instant, seal FROM clock");
    Query query(connection.get(), select);
    const Result<bool> found = query.next();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(Errc::corrupt);
    const ClockRow row{query.duration(0), query.duration(1)};
    Digest seal{};
    if (!query.copy(2, seal) || !equal_in_constant_time(seal, rows.seal(row))) {
        return fail(Errc::corrupt);
    }
    running_ = row.running;
    instant_ = Instant(row.instant);
    if (options.role != Role::owner) return {};
    // Counters written after the clock was last kept show that it had run at least so long.
    const auto latest = integer_of(connection.get(), "SELECT ifnull(max(as_of), 0) FROM counters");
    if (!latest) return tl::unexpected(latest.error());
    running_ = std::max(running_, Duration(*latest));
    instant_ = options.opened.now;
    return {};
}

// Of the newest rows, not of all: a clock that once ran ahead by years, and was put right, is not
// held against it for ever.
Result<void> SqliteRecords::Impl::read_latest() {
    const auto wall = integer_of(connection.get(),
                                 "SELECT ifnull(max(wall), 0) FROM (SELECT wall FROM audit ORDER "
                                 "BY sequence DESC LIMIT 10000)");
    if (!wall) return tl::unexpected(wall.error());
    latest_wall = WallTime(Duration(*wall));
    return {};
}

Result<void> SqliteRecords::Impl::settle_leftovers() {
    sqlite3* db = connection.get();
    const Moment moment = options.opened;
    // No code outlives the process that issued it; the audit keeps that there were some.
    if (auto done = execute(db, "DELETE FROM codes"); !done) return done;
    if (auto done = append(moment, auth::AuditKind::started, {}, {}, 0); !done) return done;
    std::vector<CustomerId> left_over;
    {
        Prepared select("SELECT customer FROM counters WHERE holds > 0 ORDER BY customer");
        Query query(db, select);
        while (true) {
            const Result<bool> more = query.next();
            if (!more) return tl::unexpected(more.error());
            if (!*more) break;
            left_over.push_back(CustomerId{as_unsigned(query.integer(0))});
        }
    }
    for (const CustomerId customer : left_over) {
        const auto before = read_counts(moment.now, customer);
        if (!before) return tl::unexpected(before.error());
        if (!*before) return fail(Errc::corrupt);
        const auth::CustomerCounts after = auth::after_restart(**before, options.lockout);
        if (auto done = write_counts(moment.now, customer, after); !done) return done;
        if (auto done = append(moment, auth::AuditKind::started, customer, {}, after.failures);
            !done) {
            return done;
        }
    }
    return write_clock(moment.now);
}

}  // namespace strongroom::store
