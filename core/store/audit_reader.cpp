#include "store/audit_reader.h"

#include <cctype>
#include <utility>

#include <sodium.h>

#include "audit_rows.h"
#include "base/assert.h"
#include "open_message.h"
#include "schema.h"

namespace strongroom::store {
namespace {

// A path as a file: URI, in which SQLite takes options.
std::string uri_of(const std::string& path, const char* options) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "file:";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("/._-").find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out + "?" + options;
}

// Whether a journal with content lies beside the store: then it is in use, or was not closed.
Result<bool> has_journal(const std::string& path, const std::string& vfs) {
    sqlite3_vfs* system = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
    if (system == nullptr) return fail(Errc::unsupported);
    std::string full(static_cast<std::size_t>(system->mxPathname) + 1, '\0');
    int code =
        system->xFullPathname(system, path.c_str(), static_cast<int>(full.size()), full.data());
    if ((code & 0xff) != SQLITE_OK) return sqlite_failure(code);
    full.resize(full.find('\0'));
    full += "-wal";
    int there = 0;
    code = system->xAccess(system, full.c_str(), SQLITE_ACCESS_EXISTS, &there);
    if (code != SQLITE_OK) return sqlite_failure(code);
    return there != 0;
}

}  // namespace

struct AuditReader::Impl {
    Connection connection;
    std::string path;
    int version = 0;
};

AuditReader::AuditReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditReader::AuditReader(AuditReader&&) noexcept = default;
AuditReader& AuditReader::operator=(AuditReader&&) noexcept = default;
AuditReader::~AuditReader() = default;

Opened<AuditReader> AuditReader::open(const std::string& path, const std::string& vfs) {
    STRONGROOM_ASSERT(sodium_init() >= 0);
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    const Result<bool> journal = has_journal(path, vfs);
    if (!journal) return tl::unexpected(open_error(journal.error(), path, "opening it"));
    // Without a journal nobody is writing, and the file can be read as it is: no lock is taken and
    // no index file is made beside it, which matters on a write-protected copy.
    const std::string uri = uri_of(path, *journal ? "mode=ro" : "mode=ro&immutable=1");
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        uri.c_str(), &raw,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        vfs.empty() ? nullptr : vfs.c_str());
    impl->connection.reset(raw);
    if (code != SQLITE_OK)
        return tl::unexpected(open_error(sqlite_error(code), path, "opening it"));
    harden(raw);
    const auto ask = [&](const char* sql) { return integer_of(raw, sql); };
    const auto tables = ask("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(open_error(tables.error(), path, "reading its header"));
    const auto application = ask("PRAGMA application_id");
    if (!application) {
        return tl::unexpected(open_error(application.error(), path, "reading its header"));
    }
    const auto version = ask("PRAGMA user_version");
    if (!version) return tl::unexpected(open_error(version.error(), path, "reading its header"));
    if (auto checked = check_version(path, false, *application, *version); !checked) {
        return tl::unexpected(checked.error());
    }
    if (*version != schema_version) {
        return tl::unexpected(OpenError{Errc::unsupported, 0,
                                        "the store '" + path + "' has version " +
                                            std::to_string(*version) +
                                            ": start the terminal once to upgrade it"});
    }
    if (auto checked = check_all_pages(raw, path); !checked) {
        return tl::unexpected(checked.error());
    }
    impl->version = static_cast<int>(*version);
    return AuditReader(std::move(impl));
}

Result<void> AuditReader::read(const AuditQuery& query,
                               const std::function<void(const AuditRow&)>& each) {
    return read_rows(impl_->connection.get(), query, each);
}

Result<AuditVerdict> AuditReader::verify(const Key256& master, const AuditChain& chain,
                                         Anchor& anchor) {
    return verify(master, chain, anchor, AeadSealer(master));
}

Result<AuditVerdict> AuditReader::verify(const Key256& master, const AuditChain& chain,
                                         Anchor& anchor, const Sealer& sealer) {
    sqlite3* db = impl_->connection.get();
    const RowSealer rows(master);
    // The mark before the rows: a process that goes on writing meanwhile only adds to them.
    const auto mark = anchor.read();
    if (!mark) return tl::unexpected(mark.error());
    if (auto begun = execute(db, "BEGIN"); !begun) return tl::unexpected(begun.error());
    auto out = [&]() -> Result<AuditVerdict> {
        const Result<StoreId> id = read_store_id(db, rows);
        if (!id) return tl::unexpected(id.error());
        const auto found = store::verify(db, Verification{*id, chain, rows, sealer, *mark, true});
        if (!found) return tl::unexpected(found.error());
        return found->verdict;
    }();
    static_cast<void>(execute(db, "ROLLBACK"));
    return out;
}

}  // namespace strongroom::store
