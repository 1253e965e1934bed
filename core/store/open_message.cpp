#include "open_message.h"

#include <utility>

#include "schema.h"

namespace strongroom::store {
namespace {

std::string advice(const Error& error) {
    const int code = error.vendor_code & 0xff;
    if (code == SQLITE_NOTADB) {
        return "it is not a strongroom store, or its first page is damaged: check the path, or put "
               "the newest copy back";
    }
    switch (error.code) {
        case Errc::corrupt:
            return "it is damaged: put the newest copy back, and keep this one for examination";
        case Errc::exhausted: return "the disk is full: free some space and start again";
        case Errc::busy: return "another program is writing to it: stop that one first";
        case Errc::denied:
            return "it cannot be written: check the permissions of the file and its directory, and "
                   "whether the disk is mounted read-only";
        case Errc::disconnected:
        case Errc::timeout:
            return code == SQLITE_CANTOPEN
                       ? "it is missing, or its directory is, or permissions forbid it: check the "
                         "path"
                       : "the disk reports errors: check the medium";
        case Errc::out_of_range:
        case Errc::unsupported: return "check the path";
    }
    return "check the path";
}

}  // namespace

OpenError open_error(const Error& error, const std::string& path, const char* doing) {
    std::string message =
        "the store '" + path + "' cannot be used (" + doing + "): " + advice(error);
    if (error.vendor_code != 0) {
        message += std::string(" [") + sqlite3_errstr(error.vendor_code) + ", SQLite code " +
                   std::to_string(error.vendor_code) + "]";
    }
    return {error.code, error.vendor_code, std::move(message)};
}

OpenError anchor_error(const Error& error) {
    std::string message = "the anchor of the store cannot be used: ";
    switch (error.code) {
        case Errc::corrupt:
            message +=
                "it is damaged or was written under another key: check that key and anchor belong "
                "to this store";
            break;
        case Errc::denied: message += "permission denied: check its owner and permissions"; break;
        case Errc::exhausted: message += "its disk is full: free some space"; break;
        case Errc::disconnected:
        case Errc::timeout:
        case Errc::busy:
        case Errc::out_of_range:
        case Errc::unsupported: message += "check its path and its medium"; break;
    }
    return {error.code, error.vendor_code, std::move(message)};
}

OpenError wrong_key(const std::string& path) {
    return {Errc::denied, 0,
            "the master key is not the one that the store '" + path +
                "' was made with: give the right key file"};
}

Opened<void> check_version(const std::string& path, bool empty, std::int64_t application,
                           std::int64_t version) {
    if (empty) return {};
    if (application != application_id) {
        return tl::unexpected(
            OpenError{Errc::corrupt, 0,
                      "'" + path + "' is a database, but no strongroom store: check the path"});
    }
    if (version > schema_version) {
        return tl::unexpected(OpenError{
            Errc::unsupported, 0,
            "the store '" + path + "' has version " + std::to_string(version) +
                ", and this program knows versions up to " + std::to_string(schema_version) +
                ": use the program that wrote it, or a newer one"});
    }
    if (version < 1) {
        return tl::unexpected(OpenError{Errc::corrupt, 0,
                                        "the store '" + path +
                                            "' has no version: it is damaged; put the newest copy "
                                            "back"});
    }
    return {};
}

Opened<void> check_all_pages(sqlite3* connection, const std::string& path) {
    Prepared check("PRAGMA quick_check(1)");
    Query query(connection, check);
    const Result<bool> found = query.next();
    if (!found) return tl::unexpected(open_error(found.error(), path, "checking its pages"));
    const std::span<const std::byte> text = query.blob(0);
    const std::string answer(reinterpret_cast<const char*>(text.data()), text.size());
    if (answer == "ok") return {};
    return tl::unexpected(OpenError{Errc::corrupt, SQLITE_CORRUPT,
                                    "the store '" + path +
                                        "' has a damaged page: put the newest copy back, and keep "
                                        "this one for examination [" +
                                        answer + "]"});
}

Result<StoreId> read_store_id(sqlite3* connection, const RowSealer& rows) {
    Prepared select("SELECT store_id, key_check FROM store");
    Query query(connection, select);
    const Result<bool> found = query.next();
    if (!found) return tl::unexpected(found.error());
    StoreId id{};
    Digest check{};
    if (!*found || !query.copy(0, id) || !query.copy(1, check)) return fail(Errc::corrupt);
    if (!equal_in_constant_time(check, rows.key_check(id))) return fail(Errc::denied);
    return id;
}

}  // namespace strongroom::store
