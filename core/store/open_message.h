// What is said when a store cannot be opened; the checks that its owner and its readers share.
#pragma once

#include <string>

#include "row_seal.h"
#include "sqlite.h"
#include "store/audit.h"
#include "store/open_error.h"

namespace strongroom::store {

// `doing`: "opening it", "reading its header", ...
[[nodiscard]] OpenError open_error(const Error& error, const std::string& path, const char* doing);
[[nodiscard]] OpenError anchor_error(const Error& error);
[[nodiscard]] OpenError wrong_key(const std::string& path);

// Ours, and of a version that this program knows. `empty`: there is nothing in it.
[[nodiscard]] Opened<void> check_version(const std::string& path, bool empty,
                                         std::int64_t application, std::int64_t version);
[[nodiscard]] Opened<void> check_all_pages(sqlite3* connection, const std::string& path);
// denied: the key behind `rows` is not this store's.
[[nodiscard]] Result<StoreId> read_store_id(sqlite3* connection, const RowSealer& rows);

}  // namespace strongroom::store
