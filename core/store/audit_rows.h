// The audit table: rows as canonical bytes, reading, and verification.
#pragma once

#include <functional>
#include <optional>

#include "row_seal.h"
#include "sqlite.h"
#include "store/audit.h"
#include "store/audit_reader.h"
#include "store/sealer.h"

namespace strongroom::store {

// What a row's authenticator covers besides the row before: all columns, and the state when the row
// changed it. Rows with and without differ in length.
[[nodiscard]] Canonical<96> canonical(const AuditRow& row, const Digest* state);

// Rows of counters and terminals as the queries here and in records_impl.cpp select them.
[[nodiscard]] CountsRow counts_row(const Query& query);
[[nodiscard]] TerminalRow terminal_row(const Query& query);

// "customers", "phone" and so on: where each sealed field lives.
[[nodiscard]] inline SealPlace name_of(CustomerId customer) {
    return {"customers", "name", customer.value, customer.value};
}
[[nodiscard]] inline SealPlace phone_of(CustomerId customer) {
    return {"customers", "phone", customer.value, customer.value};
}
[[nodiscard]] inline SealPlace features_of(std::uint64_t row, CustomerId customer) {
    return {"templates", "features", row, customer.value};
}
[[nodiscard]] inline SealPlace secret_of(CustomerId customer) {
    return {"authenticators", "secret", customer.value, customer.value};
}
[[nodiscard]] inline SealPlace reference_of(std::uint64_t row, CustomerId customer) {
    return {"fingers", "reference", row, customer.value};
}
// What the row of a member of staff adds to the state.
[[nodiscard]] Digest of_staff(const Sealer& sealer, StaffId staff, std::span<const std::byte> name,
                              std::span<const std::byte> verifier);
// What a customer's row adds to the state.
[[nodiscard]] Digest of_customer(const Sealer& sealer, CustomerId customer,
                                 std::span<const std::byte> name, std::span<const std::byte> phone);

// The end of the chain.
struct Head {
    std::uint64_t sequence = 0;
    Digest authenticator{};
};

struct Verified {
    AuditVerdict verdict;
    Head head;       // meaningful when the verdict is intact, as is
    Digest state{};  // the sum over counters, terminals, holders and sealed fields
};

struct Verification {
    const StoreId& store;
    const AuditChain& chain;
    const RowSealer& rows;
    const Sealer& sealer;
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
