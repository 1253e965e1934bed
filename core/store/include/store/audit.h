// The audit: rows chained by a keyed hash, and an anchor outside the store that says how far it had
// come. Together they find edits, removals, reordering, truncation and an older copy.
//
// Who can write the database but has neither the key nor the anchor cannot make a row, change one
// or take the last ones away unnoticed (invariant I3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/records.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace strongroom::store {

// Drawn when a store is created: rows and anchors of one store say nothing in another.
using StoreId = std::array<std::byte, 16>;

// One committed row.
struct AuditRow {
    std::uint64_t sequence = 0;  // 1, 2, 3, ... without gaps
    WallTime wall{};
    auth::AuditEntry entry;
    friend bool operator==(const AuditRow&, const AuditRow&) = default;
};

// The link from one row to the next. An interface because the control arm of the audit's defence
// replaces it; the product has KeyedChain alone. Any thread; never fails.
class AuditChain {
public:
    virtual ~AuditChain() = default;
    // What the first row is linked to.
    [[nodiscard]] virtual Digest first(const StoreId& store) const = 0;
    // The authenticator of a row of canonical bytes `row` that follows `previous`.
    [[nodiscard]] virtual Digest next(const Digest& previous,
                                      std::span<const std::byte> row) const = 0;
};

// keyed_hash(key, previous || row).
class KeyedChain : public AuditChain {
public:
    // The chain key is derived from the master key.
    explicit KeyedChain(const Key256& master);
    [[nodiscard]] Digest first(const StoreId& store) const override;
    [[nodiscard]] Digest next(const Digest& previous,
                              std::span<const std::byte> row) const override;

private:
    Key256 key_;
};

// How far a store had come.
struct AnchorMark {
    StoreId store{};
    std::uint64_t sequence = 0;  // of the last row; 0 when there was none
    Digest authenticator{};      // of that row; the chain's first() when there was none
    friend bool operator==(const AnchorMark&, const AnchorMark&) = default;
};

// Where the mark is kept: not in the database, and better not on its medium. Runner thread only.
class Anchor {
public:
    virtual ~Anchor() = default;
    // The last mark written, or none when there has never been one. Errors: corrupt (altered, or
    // written under another key), denied, disconnected.
    [[nodiscard]] virtual Result<std::optional<AnchorMark>> read() = 0;
    // Returns when `mark` is durable. A mark older than the one held of the same store is taken for
    // written: an anchor never goes back. After an error it holds the mark before or this one.
    // Errors: exhausted, denied, disconnected, corrupt.
    [[nodiscard]] virtual Result<void> write(const AnchorMark& mark) = 0;
};

// In memory: for tests, for stores in memory, and for simulated worlds, where it plays the medium
// that no attacker reaches. Any thread.
class MemoryAnchor : public Anchor {
public:
    [[nodiscard]] Result<std::optional<AnchorMark>> read() override;
    [[nodiscard]] Result<void> write(const AnchorMark& mark) override;

private:
    std::mutex mutex_;
    std::optional<AnchorMark> mark_;
};

// What verify found.
struct AuditVerdict {
    enum class Finding : std::uint8_t {
        intact,
        altered,     // row `first_bad` is not what was written there: edited, moved or forged
        missing,     // rows from `first_bad` on are not there, later ones are
        truncated,   // the anchor knows row `first_bad` and more: removed at the end, or an older
                     // copy
        rewritten,   // row `first_bad`, which the anchor knows, has another content
        foreign,     // the anchor belongs to another store
        unanchored,  // there are rows and no anchor
        state,  // the rows are intact; a counter, a holder, a customer or a template was changed
                // without one
    };
    Finding finding = Finding::intact;
    std::uint64_t rows = 0;       // rows whose link was checked
    std::uint64_t first_bad = 0;  // sequence number; 0 when none is to blame
    [[nodiscard]] bool intact() const { return finding == Finding::intact; }
};

[[nodiscard]] std::string_view to_string(AuditVerdict::Finding finding);
// One sentence for people: what was found, at which row, and what it means.
[[nodiscard]] std::string describe(const AuditVerdict& verdict);

}  // namespace strongroom::store
