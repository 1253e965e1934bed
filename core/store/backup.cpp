#include "store/backup.h"

#include <string>

#include "open_message.h"
#include "sqlite.h"

namespace strongroom::store {

namespace {

namespace fs = std::filesystem;

struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

tl::unexpected<OpenError> refuse(Errc code, const std::string& message) {
    return tl::unexpected(OpenError{code, 0, message});
}

Result<Connection> open(const fs::path& path, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK) return sqlite_failure(code);
    sqlite3_busy_timeout(raw, 5000);
    return connection;
}

// All pages of one moment: what the owner commits meanwhile is in the copy or not, as a whole.
Result<void> copy_pages(const fs::path& from, const fs::path& to) {
    const Result<Connection> source = open(from, SQLITE_OPEN_READONLY);
    if (!source) return tl::unexpected(source.error());
    const Result<Connection> copy = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!copy) return tl::unexpected(copy.error());
    const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
        sqlite3_backup_init(copy->get(), "main", source->get(), "main"));
    if (!backup) return sqlite_failure(sqlite3_extended_errcode(copy->get()));
    if (const int code = sqlite3_backup_step(backup.get(), -1); code != SQLITE_DONE) {
        return sqlite_failure(code == SQLITE_OK ? SQLITE_BUSY : code);
    }
    return {};
}

Result<bool> whole(const fs::path& path) {
    // For writing too, so that closing it takes the journal's files away again.
    const Result<Connection> copy = open(path, SQLITE_OPEN_READWRITE);
    if (!copy) return tl::unexpected(copy.error());
    bool good = false;
    const auto look = [](void* answer, int columns, char** values, char**) {
        *static_cast<bool*>(answer) = columns == 1 && std::string_view(values[0]) == "ok";
        return 0;
    };
    const int code = sqlite3_exec(copy->get(), "PRAGMA quick_check(1)", look, &good, nullptr);
    if (code != SQLITE_OK) return sqlite_failure(code);
    return good;
}

Opened<void> copy_both(const fs::path& from, const fs::path& anchor, const fs::path& to) {
    std::error_code error;
    const fs::path anchor_copy = to / "strongroom.anchor";
    fs::copy_file(anchor, anchor_copy, error);
    if (error) {
        return refuse(Errc::disconnected, "the anchor " + anchor.string() +
                                              " cannot be copied to " + to.string() + ": " +
                                              error.message());
    }
    const fs::path copy = to / "strongroom.db";
    if (const Result<void> copied = copy_pages(from, copy); !copied) {
        return tl::unexpected(open_error(copied.error(), from.string(), "copying it"));
    }
    const Result<bool> good = whole(copy);
    if (!good || !*good) {
        return refuse(Errc::corrupt, "the copy of " + from.string() +
                                         " is damaged, so the store may be: see `audit verify`");
    }
    for (const fs::path& file : {anchor_copy, copy}) {
        fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
    }
    return {};
}

}  // namespace

Opened<void> back_up(const fs::path& from, const fs::path& anchor, const fs::path& to) {
    std::error_code error;
    if (!fs::is_regular_file(from, error)) {
        return refuse(Errc::disconnected, "there is no store " + from.string());
    }
    if (fs::exists(to, error) && !(fs::is_directory(to, error) && fs::is_empty(to, error))) {
        return refuse(Errc::denied, to.string() + " is there and not empty: name a new directory");
    }
    const bool made = fs::create_directories(to, error);
    if (error) {
        return refuse(Errc::disconnected, to.string() + " cannot be made: " + error.message());
    }
    fs::permissions(to, fs::perms::owner_all, error);
    Opened<void> done = copy_both(from, anchor, to);
    if (!done) {
        for (const char* name : {"strongroom.db", "strongroom.db-journal", "strongroom.anchor"}) {
            fs::remove(to / name, error);
        }
        if (made) fs::remove(to, error);
    }
    return done;
}

}  // namespace strongroom::store
