#include "store/audit.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::store {

KeyedChain::KeyedChain(const Key256& master) : key_(master.derive("strongroom audit chain v1")) {}

Digest KeyedChain::first(const StoreId& store) const { return keyed_hash(key_, store); }

Digest KeyedChain::next(const Digest& previous, std::span<const std::byte> row) const {
    std::array<std::byte, 256> message;
    STRONGROOM_ASSERT(row.size() <= message.size() - previous.size());
    const auto end = std::copy(previous.begin(), previous.end(), message.begin());
    std::copy(row.begin(), row.end(), end);
    return keyed_hash(key_, std::span(message).first(previous.size() + row.size()));
}

Result<std::optional<AnchorMark>> MemoryAnchor::read() {
    const std::lock_guard guard(mutex_);
    return mark_;
}

Result<void> MemoryAnchor::write(const AnchorMark& mark) {
    const std::lock_guard guard(mutex_);
    if (!mark_ || mark_->store != mark.store || mark_->sequence < mark.sequence) mark_ = mark;
    return {};
}

std::string_view to_string(AuditVerdict::Finding finding) {
    switch (finding) {
        case AuditVerdict::Finding::intact: return "intact";
        case AuditVerdict::Finding::altered: return "altered";
        case AuditVerdict::Finding::missing: return "missing";
        case AuditVerdict::Finding::truncated: return "truncated";
        case AuditVerdict::Finding::rewritten: return "rewritten";
        case AuditVerdict::Finding::foreign: return "foreign";
        case AuditVerdict::Finding::unanchored: return "unanchored";
        case AuditVerdict::Finding::state: return "state";
    }
    return "invalid";
}

std::string describe(const AuditVerdict& verdict) {
    const std::string row = "row " + std::to_string(verdict.first_bad);
    switch (verdict.finding) {
        case AuditVerdict::Finding::intact:
            return "the audit is intact: " + std::to_string(verdict.rows) + " rows";
        case AuditVerdict::Finding::altered:
            return row + " is not what was written there: it was edited, moved or forged";
        case AuditVerdict::Finding::missing:
            return row + " is missing, and later rows are there: rows were removed";
        case AuditVerdict::Finding::truncated:
            return row +
                   " is missing, and the anchor knows it: rows were removed at the end, or "
                   "this is an older copy of the store";
        case AuditVerdict::Finding::rewritten:
            return row + " is not the row that the anchor knows: the audit was rewritten";
        case AuditVerdict::Finding::foreign:
            return "the anchor belongs to another store: the store or the anchor was exchanged";
        case AuditVerdict::Finding::unanchored:
            return "there are rows and no anchor: the anchor is missing or its path is wrong";
        case AuditVerdict::Finding::state:
            return "the rows are intact, but a counter, a holder, a customer or a template is not "
                   "as "
                   "they left it: the tables were changed behind the audit's back";
    }
    return "invalid";
}

}  // namespace strongroom::store
