// The audit table: rows as canonical bytes, reading, and verification.
#pragma once

#include <functional>
#include <optional>

#include "row_seal.h"
#include "sqlite.h"
#include "store/audit.h"
#include "store/audit_reader.h"

namespace strongroom::store {

// What a row's authenticator covers besides the row before: all columns, and the state when the row
// changed it. Rows with and without differ in length.
[[nodiscard]] Canonical<96> canonical(const AuditRow& row, const Digest* state);

// Rows of counters and terminals as the queries here and in records_impl.cpp select them.
[[nodiscard]] CountsRow counts_row(const Query& query);
[[nodiscard]] TerminalRow terminal_row(const Query& query);

// The end of the chain.
struct Head {
    std::uint64_t sequence = 0;
    Digest authenticator{};
};

struct Verified {
    AuditVerdict verdict;
    Head head;       // meaningful when the verdict is intact, as is
    Digest state{};  // the sum over counters, terminals and holders
};

struct Verification {
    const StoreId& store;
    const AuditChain& chain;
    const RowSealer& rows;
    // Must be one of the rows. None is accepted as long as there are no rows.
    std::optional<AnchorMark> mark;
    // True: every row. False: from the mark on, and the state.
    bool whole = true;
};

// Errors: corrupt (a damaged page), disconnected, busy.
[[nodiscard]] Result<Verified> verify(sqlite3* connection, const Verification& what);

[[nodiscard]] Result<void> read_rows(sqlite3* connection, const AuditQuery& query,
                                     const std::function<void(const AuditRow&)>& each);

}  // namespace strongroom::store
