#include "records_impl.h"

#include <algorithm>
#include <utility>

namespace strongroom::store {

SqliteRecords::Impl::Impl(const Options& from)
    : options(from), in_memory(from.path == ":memory:"), rows(from.master) {}

Result<void> SqliteRecords::Impl::begin() {
    if (auto begun = Query(connection.get(), begin_transaction).run(); !begun) return begun;
    if (in_memory) return {};
    auto followed = follow();
    if (!followed) roll_back();
    return followed;
}

void SqliteRecords::Impl::roll_back() {
    // Some errors have rolled back already; then there is nothing to do.
    if (sqlite3_get_autocommit(connection.get()) != 0) return;
    static_cast<void>(Query(connection.get(), roll_back_transaction).step());
}

Result<void> SqliteRecords::Impl::follow() {
    std::int64_t current = 0;
    {
        Query query(connection.get(), select_data_version);
        const Result<bool> found = query.next();
        if (!found) return tl::unexpected(found.error());
        current = query.integer(0);
    }
    if (current == data_version) return {};
    const Verification what{id,
                            options.chain,
                            rows,
                            options.sealer,
                            AnchorMark{id, chain.head.sequence, chain.head.authenticator},
                            false};
    const Result<Verified> verified = verify(connection.get(), what);
    if (!verified) return tl::unexpected(verified.error());
    if (!verified->verdict.intact()) return fail(Errc::corrupt);
    chain = ChainState{verified->head, verified->state, verified->state};
    data_version = current;
    return {};
}

Result<void> SqliteRecords::Impl::write_anchor() {
    const AnchorMark mark{id, chain.head.sequence, chain.head.authenticator};
    auto written = options.anchor.write(mark);
    if (written) anchored = mark.sequence;
    return written;
}

Result<void> SqliteRecords::Impl::write_clock(Instant now) {
    const ClockRow row{running(now), now.time_since_epoch()};
    const Digest seal = rows.seal(row);
    return Query(connection.get(), upsert_clock)
        .bind(row.running)
        .bind(row.instant)
        .bind(std::span<const std::byte>(seal))
        .run();
}

Result<void> SqliteRecords::Impl::append(WallTime wall, const auth::AuditEntry& entry) {
    const AuditRow row{chain.head.sequence + 1, wall, entry};
    const bool states = chain.state != chain.recorded;
    const auto bytes = canonical(row, states ? &chain.state : nullptr);
    const Digest authenticator = options.chain.next(chain.head.authenticator, bytes.bytes());
    Query query(connection.get(), insert_audit);
    query.bind(row.sequence)
        .bind(row.wall.time_since_epoch())
        .bind(static_cast<std::int64_t>(entry.kind))
        .bind(entry.session.value)
        .bind(entry.terminal.value)
        .bind(entry.customer.value)
        .bind(entry.locker.value)
        .bind(entry.detail);
    if (states) {
        query.bind(std::span<const std::byte>(chain.state));
    } else {
        query.bind_null();
    }
    if (auto done = query.bind(std::span<const std::byte>(authenticator)).run(); !done) return done;
    chain.head = Head{row.sequence, authenticator};
    chain.recorded = chain.state;
    latest_wall = std::max(latest_wall, wall);
    return {};
}

Result<void> SqliteRecords::Impl::append(Moment moment, auth::AuditKind kind, CustomerId customer,
                                         LockerId locker, std::int64_t detail) {
    return append(moment.wall,
                  auth::AuditEntry{kind, SessionId{}, options.terminal, customer, locker, detail});
}

Result<std::optional<auth::CustomerCounts>> SqliteRecords::Impl::read_counts(Instant now,
                                                                             CustomerId customer) {
    Query query(connection.get(), select_counters);
    const Result<bool> found = query.bind(customer.value).next();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::optional<auth::CustomerCounts>{};
    const CountsRow row = counts_row(query);
    if (!query.copy(9, seal_read) || !equal_in_constant_time(seal_read, rows.seal(row))) {
        return fail(Errc::corrupt);
    }
    return auth::after_time(row.counts, running(now) - row.as_of);
}

namespace {

Result<void> put_counts(Query& query, const CountsRow& row, const Digest& seal) {
    const auth::CustomerCounts& counts = row.counts;
    return query.bind(row.customer)
        .bind(std::int64_t{counts.failures})
        .bind(std::int64_t{counts.holds})
        .bind(counts.penalty)
        .bind(std::int64_t{counts.unproven.count})
        .bind(counts.unproven.remaining)
        .bind(std::int64_t{counts.codes.count})
        .bind(counts.codes.remaining)
        .bind(row.as_of)
        .bind(std::span<const std::byte>(seal))
        .run();
}

}  // namespace

Result<void> SqliteRecords::Impl::write_counts(Instant now, CustomerId customer,
                                               const auth::CustomerCounts& counts) {
    const CountsRow row{customer.value, counts, running(now)};
    const Digest seal = rows.seal(row);
    Query query(connection.get(), update_counters);
    if (auto done = put_counts(query, row, seal); !done) return done;
    subtract(chain.state, seal_read);
    add(chain.state, seal);
    seal_read = seal;
    return {};
}

Result<void> SqliteRecords::Impl::insert_counts(Instant now, CustomerId customer) {
    const CountsRow row{customer.value, auth::CustomerCounts{}, running(now)};
    const Digest seal = rows.seal(row);
    Query query(connection.get(), insert_counters);
    if (auto done = put_counts(query, row, seal); !done) return done;
    add(chain.state, seal);
    return {};
}

Result<bool> SqliteRecords::Impl::holds_locker(LockerId locker, CustomerId customer) {
    Query query(connection.get(), select_holder);
    const Result<bool> found = query.bind(locker.value).bind(customer.value).next();
    if (!found || !*found) return found;
    Digest seal{};
    if (!query.copy(0, seal) ||
        !equal_in_constant_time(seal, rows.seal_holder(locker.value, customer.value))) {
        return fail(Errc::corrupt);
    }
    return true;
}

Result<bool> SqliteRecords::Impl::exists(Prepared& select, std::uint64_t row) {
    return Query(connection.get(), select).bind(row).next();
}

}  // namespace strongroom::store
