// The tables, as numbered migrations.
#pragma once

#include <sqlite3.h>

#include "base/result.h"

namespace strongroom::store {

// "SROM", in the database's header.
inline constexpr int application_id = 0x53524F4D;
// The newest version that this program knows; PRAGMA user_version.
inline constexpr int schema_version = 5;

// Brings a database from `version` (0: empty) to schema_version, inside the caller's transaction.
[[nodiscard]] Result<void> migrate(sqlite3* connection, int version);

}  // namespace strongroom::store
