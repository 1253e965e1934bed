#include "audit_rows.h"

#include <algorithm>
#include <limits>

#include "sqlite.h"

namespace strongroom::store {
namespace {

constexpr std::uint64_t newest = std::numeric_limits<std::int64_t>::max();

AuditRow row_of(const Query& query) {
    AuditRow row;
    row.sequence = as_unsigned(query.integer(0));
    row.wall = WallTime(query.duration(1));
    row.entry.kind = static_cast<auth::AuditKind>(query.integer(2));
    row.entry.session.value = as_unsigned(query.integer(3));
    row.entry.terminal.value = as_unsigned(query.integer(4));
    row.entry.customer.value = as_unsigned(query.integer(5));
    row.entry.locker.value = as_unsigned(query.integer(6));
    row.entry.detail = query.integer(7);
    return row;
}

// Where the walk starts: at the mark or at the last row with a state, whichever is older, so that
// the state's row is authenticated by the mark.
Result<std::uint64_t> start_of(sqlite3* connection, const Verification& what) {
    if (what.whole || !what.mark || what.mark->sequence == 0) return 1;
    Prepared last(
        "SELECT sequence FROM audit WHERE state IS NOT NULL ORDER BY sequence DESC LIMIT 1");
    Query query(connection, last);
    const Result<bool> found = query.next();
    if (!found) return tl::unexpected(found.error());
    const std::uint64_t state_row = *found ? as_unsigned(query.integer(0)) : what.mark->sequence;
    return std::max<std::uint64_t>(1, std::min(state_row, what.mark->sequence));
}

// Kinds beyond a byte would be cut by AuditKind and so be covered by no authenticator.
bool well_formed(const Query& query) {
    const std::int64_t kind = query.integer(2);
    return kind >= 0 && kind <= 255 && (query.null(8) || query.blob(8).size() == Digest{}.size()) &&
           query.blob(9).size() == Digest{}.size();
}

class Walk {
public:
    Walk(sqlite3* connection, const Verification& what) : connection_(connection), what_(what) {}

    Result<Verified> run() {
        const Result<std::uint64_t> start = start_of(connection_, what_);
        if (!start) return tl::unexpected(start.error());
        out_.head = Head{*start - 1, what_.chain.first(what_.store)};
        if (*start > 1) {
            const Result<bool> found = link_before(*start);
            if (!found) return tl::unexpected(found.error());
            if (!*found) return finding(AuditVerdict::Finding::missing, *start - 1);
        }
        if (auto walked = rows(*start); !walked) return tl::unexpected(walked.error());
        if (out_.verdict.intact()) check_mark();
        if (out_.verdict.intact()) {
            if (auto checked = check_state(); !checked) return tl::unexpected(checked.error());
        }
        return out_;
    }

private:
    Verified finding(AuditVerdict::Finding what, std::uint64_t first_bad) {
        out_.verdict.finding = what;
        out_.verdict.first_bad = first_bad;
        return out_;
    }

    Result<bool> link_before(std::uint64_t start) {
        Prepared select("SELECT authenticator FROM audit WHERE sequence = ?");
        Query query(connection_, select);
        const Result<bool> found = query.bind(start - 1).next();
        if (!found || !*found) return found;
        return query.copy(0, out_.head.authenticator);
    }

    Result<void> rows(std::uint64_t start) {
        // Rows numbered below 1 are none of ours: asking for all of them finds those too.
        Prepared select(
            "SELECT sequence, wall, kind, session, terminal, customer, locker, detail, state, "
            "authenticator FROM audit WHERE sequence >= ? ORDER BY sequence");
        Query query(connection_, select);
        query.bind(start == 1 ? std::numeric_limits<std::int64_t>::min() : as_signed(start));
        while (true) {
            const Result<bool> more = query.next();
            if (!more) return tl::unexpected(more.error());
            if (!*more) return {};
            if (!row(query)) return {};
        }
    }

    // False when the walk ends here.
    bool row(const Query& query) {
        const AuditRow row = row_of(query);
        const std::uint64_t expected = out_.head.sequence + 1;
        if (as_signed(row.sequence) > as_signed(expected)) {
            finding(AuditVerdict::Finding::missing, expected);
            return false;
        }
        Digest state{};
        Digest authenticator{};
        const bool has_state = !query.null(8);
        bool good = row.sequence == expected && well_formed(query);
        if (good) {
            good = (!has_state || query.copy(8, state)) && query.copy(9, authenticator);
            const auto bytes = canonical(row, has_state ? &state : nullptr);
            good = good &&
                   equal_in_constant_time(what_.chain.next(out_.head.authenticator, bytes.bytes()),
                                          authenticator);
        }
        if (!good) {
            finding(AuditVerdict::Finding::altered, row.sequence);
            return false;
        }
        ++out_.verdict.rows;
        out_.head = Head{row.sequence, authenticator};
        if (has_state) out_.state = state;
        if (what_.mark && what_.mark->sequence == row.sequence &&
            what_.mark->authenticator != authenticator) {
            finding(AuditVerdict::Finding::rewritten, row.sequence);
            return false;
        }
        return true;
    }

    void check_mark() {
        if (!what_.mark) {
            if (out_.head.sequence > 0) finding(AuditVerdict::Finding::unanchored, 0);
        } else if (what_.mark->store != what_.store) {
            finding(AuditVerdict::Finding::foreign, 0);
        } else if (what_.mark->sequence > out_.head.sequence) {
            finding(AuditVerdict::Finding::truncated, out_.head.sequence + 1);
        }
    }

    // The tables hold what the rows say they hold.
    Result<void> check_state() {
        Digest sum{};
        for (auto part : {&Walk::add_counters, &Walk::add_terminals, &Walk::add_holders,
                          &Walk::add_customers, &Walk::add_templates, &Walk::add_fingers,
                          &Walk::add_authenticators, &Walk::add_staff}) {
            const Result<bool> good = (this->*part)(sum);
            if (!good) return tl::unexpected(good.error());
            if (!*good) {
                finding(AuditVerdict::Finding::state, 0);
                return {};
            }
        }
        if (sum != out_.state) finding(AuditVerdict::Finding::state, 0);
        return {};
    }

    template <class Seal>
    Result<bool> sum_of(const char* sql, int seal_column, Digest& sum, Seal seal_of) {
        Prepared select(sql);
        Query query(connection_, select);
        while (true) {
            const Result<bool> more = query.next();
            if (!more) return more;
            if (!*more) return true;
            Digest seal{};
            if (!query.copy(seal_column, seal) || !equal_in_constant_time(seal, seal_of(query))) {
                return false;
            }
            add(sum, seal);
        }
    }

    Result<bool> add_counters(Digest& sum) {
        return sum_of(
            "SELECT customer, failures, holds, penalty, unproven, unproven_left, codes, "
            "codes_left, as_of, seal FROM counters",
            9, sum, [this](const Query& query) { return what_.rows.seal(counts_row(query)); });
    }

    Result<bool> add_terminals(Digest& sum) {
        return sum_of("SELECT id, codes, codes_left, as_of, seal FROM terminals", 4, sum,
                      [this](const Query& query) { return what_.rows.seal(terminal_row(query)); });
    }

    Result<bool> add_holders(Digest& sum) {
        return sum_of("SELECT locker, customer, seal FROM holders", 2, sum,
                      [this](const Query& query) {
                          return what_.rows.seal_holder(as_unsigned(query.integer(0)),
                                                        as_unsigned(query.integer(1)));
                      });
    }

    // Rows of sealed fields: their fingerprints are in the sum alone.
    template <class Fingerprint>
    Result<bool> sum_of_contents(const char* sql, Digest& sum, Fingerprint fingerprint_of) {
        Prepared select(sql);
        Query query(connection_, select);
        while (true) {
            const Result<bool> more = query.next();
            if (!more) return more;
            if (!*more) return true;
            add(sum, fingerprint_of(query));
        }
    }

    Result<bool> add_customers(Digest& sum) {
        return sum_of_contents(
            "SELECT id, name, phone FROM customers", sum, [this](const Query& query) {
                const CustomerId customer{as_unsigned(query.integer(0))};
                return of_customer(what_.sealer, customer, query.blob(1), query.blob(2));
            });
    }

    Result<bool> add_templates(Digest& sum) {
        return sum_of_contents(
            "SELECT id, customer, features FROM templates", sum, [this](const Query& query) {
                const CustomerId customer{as_unsigned(query.integer(1))};
                return what_.sealer.fingerprint(
                    features_of(as_unsigned(query.integer(0)), customer), query.blob(2));
            });
    }

    Result<bool> add_fingers(Digest& sum) {
        return sum_of_contents(
            "SELECT id, customer, reference FROM fingers", sum, [this](const Query& query) {
                const CustomerId customer{as_unsigned(query.integer(1))};
                return what_.sealer.fingerprint(
                    reference_of(as_unsigned(query.integer(0)), customer), query.blob(2));
            });
    }

    Result<bool> add_authenticators(Digest& sum) {
        return sum_of_contents(
            "SELECT customer, secret FROM authenticators", sum, [this](const Query& query) {
                const CustomerId customer{as_unsigned(query.integer(0))};
                return what_.sealer.fingerprint(secret_of(customer), query.blob(1));
            });
    }

    Result<bool> add_staff(Digest& sum) {
        return sum_of_contents(
            "SELECT id, name, verifier FROM staff", sum, [this](const Query& query) {
                const StaffId staff{as_unsigned(query.integer(0))};
                return of_staff(what_.sealer, staff, query.blob(1), query.blob(2));
            });
    }

    sqlite3* connection_;
    const Verification& what_;
    Verified out_;
};

}  // namespace

CountsRow counts_row(const Query& query) {
    CountsRow row;
    row.customer = as_unsigned(query.integer(0));
    row.counts.failures = static_cast<std::int32_t>(query.integer(1));
    row.counts.holds = static_cast<std::int32_t>(query.integer(2));
    row.counts.penalty = query.duration(3);
    row.counts.unproven.count = static_cast<std::int32_t>(query.integer(4));
    row.counts.unproven.remaining = query.duration(5);
    row.counts.codes.count = static_cast<std::int32_t>(query.integer(6));
    row.counts.codes.remaining = query.duration(7);
    row.as_of = query.duration(8);
    return row;
}

TerminalRow terminal_row(const Query& query) {
    TerminalRow row;
    row.terminal = as_unsigned(query.integer(0));
    row.codes.count = static_cast<std::int32_t>(query.integer(1));
    row.codes.remaining = query.duration(2);
    row.as_of = query.duration(3);
    return row;
}

Canonical<96> canonical(const AuditRow& row, const Digest* state) {
    Canonical<96> out;
    out.add(row.sequence)
        .add(row.wall.time_since_epoch())
        .add(static_cast<std::uint64_t>(row.entry.kind))
        .add(row.entry.session.value)
        .add(row.entry.terminal.value)
        .add(row.entry.customer.value)
        .add(row.entry.locker.value)
        .add(row.entry.detail);
    if (state != nullptr) out.add(*state);
    return out;
}

Digest of_customer(const Sealer& sealer, CustomerId customer, std::span<const std::byte> name,
                   std::span<const std::byte> phone) {
    Digest sum = sealer.fingerprint(name_of(customer), name);
    add(sum, sealer.fingerprint(phone_of(customer), phone));
    return sum;
}

Result<Verified> verify(sqlite3* connection, const Verification& what) {
    return Walk(connection, what).run();
}

Result<void> read_rows(sqlite3* connection, const AuditQuery& wanted,
                       const std::function<void(const AuditRow&)>& each) {
    // The newest ones first inside, so that a tail of a long audit reads no more than it shows.
    Prepared select(
        "SELECT * FROM (SELECT sequence, wall, kind, session, terminal, customer, locker, detail "
        "FROM audit WHERE sequence >= ?1 AND (?2 = 0 OR customer = ?2) "
        "ORDER BY sequence DESC LIMIT ?3) ORDER BY sequence");
    Prepared all(
        "SELECT sequence, wall, kind, session, terminal, customer, locker, detail "
        "FROM audit WHERE sequence >= ?1 AND (?2 = 0 OR customer = ?2) ORDER BY sequence");
    Query query(connection, wanted.tail == 0 ? all : select);
    query.bind(std::min(wanted.from, newest)).bind(wanted.customer.value);
    if (wanted.tail != 0) query.bind(std::min(wanted.tail, newest));
    while (true) {
        const Result<bool> more = query.next();
        if (!more) return tl::unexpected(more.error());
        if (!*more) return {};
        each(row_of(query));
    }
}

}  // namespace strongroom::store
