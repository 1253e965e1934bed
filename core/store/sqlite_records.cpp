#include "store/sqlite_records.h"

#include <cstring>
#include <utility>

#include "records_impl.h"

namespace strongroom::store {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

Result<hal::FaceTemplate> template_of(const Secret& plain) {
    const std::span<const std::byte> bytes = plain.reveal();
    hal::FaceTemplate out;
    if (bytes.size() < sizeof out.model.value ||
        (bytes.size() - sizeof out.model.value) % sizeof(float) != 0) {
        return fail(Errc::corrupt);
    }
    std::memcpy(&out.model.value, bytes.data(), sizeof out.model.value);
    const auto features = bytes.subspan(sizeof out.model.value);
    out.features.resize(features.size() / sizeof(float));
    std::memcpy(out.features.data(), features.data(), features.size());
    return out;
}

}  // namespace

SqliteRecords::SqliteRecords(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteRecords::~SqliteRecords() = default;

Opened<std::unique_ptr<SqliteRecords>> SqliteRecords::open(const Options& options) {
    auto impl = std::make_unique<Impl>(options);
    if (auto opened = impl->open(); !opened) return tl::unexpected(opened.error());
    return std::unique_ptr<SqliteRecords>(new SqliteRecords(std::move(impl)));
}

// ---- load ------------------------------------------------------------------------------------

Result<CustomerRecord> SqliteRecords::load(Moment moment, CustomerId customer, LockerId locker) {
    // One reading transaction, so that what is read belongs together.
    if (auto begun = Query(impl_->connection.get(), impl_->begin_reading).run(); !begun) {
        return tl::unexpected(begun.error());
    }
    auto out = impl_->load(moment, customer, locker);
    if (out) {
        if (auto ended = Query(impl_->connection.get(), impl_->commit_transaction).run(); !ended) {
            out = tl::unexpected(ended.error());
        }
    }
    impl_->roll_back();
    return out;
}

Result<CustomerRecord> SqliteRecords::Impl::load(Moment moment, CustomerId customer,
                                                 LockerId locker) {
    CustomerRecord out;
    {
        Query query(connection.get(), select_phone);
        const Result<bool> found = query.bind(customer.value).next();
        if (!found) return tl::unexpected(found.error());
        if (!*found) return out;
        Result<Secret> phone = options.sealer.open(phone_of(customer), query.blob(0));
        if (!phone) return tl::unexpected(phone.error());
        out.phone = std::move(*phone);
    }
    const auto counts = read_counts(moment.now, customer);
    if (!counts) return tl::unexpected(counts.error());
    if (!*counts) return fail(Errc::corrupt);  // each customer has counters
    const Result<bool> entitled = holds_locker(locker, customer);
    if (!entitled) return tl::unexpected(entitled.error());
    if (auto loaded = load_templates(customer, out); !loaded) {
        return tl::unexpected(loaded.error());
    }
    out.counts = **counts;
    out.entitled = *entitled;
    out.known = true;
    return out;
}

Result<void> SqliteRecords::Impl::load_templates(CustomerId customer, CustomerRecord& out) {
    Query query(connection.get(), select_templates);
    query.bind(customer.value);
    while (true) {
        const Result<bool> more = query.next();
        if (!more) return tl::unexpected(more.error());
        if (!*more) return {};
        const SealPlace place = features_of(as_unsigned(query.integer(0)), customer);
        const Result<Secret> plain = options.sealer.open(place, query.blob(1));
        if (!plain) return tl::unexpected(plain.error());
        Result<hal::FaceTemplate> face = template_of(*plain);
        if (!face) return tl::unexpected(face.error());
        out.templates.push_back(std::move(*face));
    }
}

// ---- commit ----------------------------------------------------------------------------------

Result<auth::CustomerCounts> SqliteRecords::commit(Moment moment, const auth::Record& record,
                                                   std::span<const auth::AuditEntry> earlier) {
    const auto counts = impl_->transact([&]() -> Result<auth::CustomerCounts> {
        for (const auth::AuditEntry& entry : earlier) {
            if (auto done = impl_->append(moment.wall, entry); !done) {
                return tl::unexpected(done.error());
            }
        }
        return impl_->apply(moment, record);
    });
    if (!counts) return counts;
    const bool reserves = std::holds_alternative<auth::ReserveTry>(record.body);
    if (reserves || std::holds_alternative<auth::Grant>(record.body)) {
        if (auto anchored = impl_->write_anchor(); !anchored) {
            if (reserves) impl_->give_back_try(moment, record);
            return tl::unexpected(anchored.error());
        }
    }
    return counts;
}

Result<auth::CustomerCounts> SqliteRecords::Impl::apply(Moment moment, const auth::Record& record) {
    const CustomerId customer = record.audit.customer;
    const auto before = read_counts(moment.now, customer);
    if (!before) return tl::unexpected(before.error());
    if (!*before) {
        // A stranger's failure is recorded although there is nobody to count it for.
        if (!std::holds_alternative<auth::UnprovenFailure>(record.body)) {
            return fail(Errc::out_of_range);
        }
        if (auto done = append(moment.wall, record.audit); !done) {
            return tl::unexpected(done.error());
        }
        return auth::CustomerCounts{};
    }
    const auto after = carry_out(moment, record, **before);
    if (!after) return after;
    if (auto done = write_counts(moment.now, customer, *after); !done) {
        return tl::unexpected(done.error());
    }
    if (auto done = append(moment.wall, record.audit); !done) return tl::unexpected(done.error());
    return after;
}

Result<auth::CustomerCounts> SqliteRecords::Impl::carry_out(Moment moment,
                                                            const auth::Record& record,
                                                            auth::CustomerCounts counts) {
    using Counts = Result<auth::CustomerCounts>;
    return std::visit(
        Overloaded{
            [&](const auth::UnprovenFailure&) -> Counts { return auth::after_unproven(counts); },
            [&](const auth::IssueCode& code) -> Counts {
                if (!auth::may_send(counts, options.sends)) return fail(Errc::denied);
                if (auto issued = issue(moment, record, code); !issued) {
                    return tl::unexpected(issued.error());
                }
                return auth::after_send(counts);
            },
            [&](const auth::ReserveTry&) -> Counts {
                if (!auth::may_reserve(counts, options.lockout)) return fail(Errc::denied);
                return auth::after_reserve(counts);
            },
            // There is nothing to settle when a restart has made a failure of the hold.
            [&](const auth::SettleWrong&) -> Counts {
                if (counts.holds <= 0) return fail(Errc::denied);
                return auth::after_wrong(counts, options.lockout);
            },
            [&](const auth::SettleRight& settled) -> Counts {
                if (counts.holds <= 0) return fail(Errc::denied);
                if (settled.consumes_code) {
                    if (auto used = consume(moment, record, settled); !used) {
                        return tl::unexpected(used.error());
                    }
                }
                return auth::after_right(counts);
            },
            [&](const auth::Grant& grant) -> Counts {
                if (grant.settles_hold) {
                    if (counts.holds <= 0) return fail(Errc::denied);
                    counts = auth::after_right(counts);
                }
                return auth::after_full_success(counts);
            },
        },
        record.body);
}

Result<void> SqliteRecords::Impl::issue(Moment moment, const auth::Record& record,
                                        const auth::IssueCode& code) {
    const auth::AuditEntry& entry = record.audit;
    if (auto counted = count_terminal_code(moment.now, entry.terminal); !counted) return counted;
    if (auto done = Query(connection.get(), supersede_codes).bind(entry.session.value).run();
        !done) {
        return done;
    }
    return Query(connection.get(), insert_code)
        .bind(std::span<const std::byte>(code.hash))
        .bind(entry.session.value)
        .bind(entry.terminal.value)
        .bind(entry.customer.value)
        .bind(entry.locker.value)
        .bind(static_cast<std::int64_t>(auth::Purpose::open_locker))
        .bind(running(moment.now))
        .bind(code.lifetime)
        .run();
}

Result<void> SqliteRecords::Impl::consume(Moment moment, const auth::Record& record,
                                          const auth::SettleRight& settled) {
    const auth::AuditEntry& entry = record.audit;
    auto done = Query(connection.get(), consume_code)
                    .bind(entry.session.value)
                    .bind(std::span<const std::byte>(settled.code))
                    .bind(entry.terminal.value)
                    .bind(entry.customer.value)
                    .bind(entry.locker.value)
                    .bind(static_cast<std::int64_t>(auth::Purpose::open_locker))
                    .bind(running(moment.now))
                    .run();
    if (!done) return done;
    // Whatever is not exactly one live code, of this binding, is no code.
    if (sqlite3_changes64(connection.get()) != 1) return fail(Errc::denied);
    return {};
}

Result<void> SqliteRecords::Impl::count_terminal_code(Instant now, TerminalId of) {
    TerminalRow row{of.value, {}, running(now)};
    bool known = false;
    {
        Query query(connection.get(), select_terminal);
        const Result<bool> found = query.bind(of.value).next();
        if (!found) return tl::unexpected(found.error());
        known = *found;
        if (known) {
            const TerminalRow before = terminal_row(query);
            if (!query.copy(4, terminal_seal_read) ||
                !equal_in_constant_time(terminal_seal_read, rows.seal(before))) {
                return fail(Errc::corrupt);
            }
            row.codes = auth::after_time(before.codes, row.as_of - before.as_of);
        }
    }
    if (row.codes.count >= options.sends.per_terminal_per_day) return fail(Errc::denied);
    row.codes = auth::after_event(row.codes);
    const Digest seal = rows.seal(row);
    if (auto done = Query(connection.get(), write_terminal)
                        .bind(row.terminal)
                        .bind(std::int64_t{row.codes.count})
                        .bind(row.codes.remaining)
                        .bind(row.as_of)
                        .bind(std::span<const std::byte>(seal))
                        .run();
        !done) {
        return done;
    }
    if (known) subtract(chain.state, terminal_seal_read);
    add(chain.state, seal);
    return {};
}

void SqliteRecords::Impl::give_back_try(Moment moment, const auth::Record& record) {
    auth::AuditEntry entry = record.audit;
    entry.kind = auth::AuditKind::try_dropped;
    const auth::Factor factor = std::get<auth::ReserveTry>(record.body).factor;
    // When this fails too, the hold stays, counts against the customer, and becomes a failure at
    // the next opening: never the other way round.
    static_cast<void>(transact([&] {
        return apply(moment, auth::Record{entry, auth::SettleRight{factor, false, {}}});
    }));
}

// ---- note, keep_time -------------------------------------------------------------------------

Result<void> SqliteRecords::note(Moment moment, std::span<const auth::AuditEntry> entries) {
    if (entries.empty()) return {};
    return impl_->transact([&]() -> Result<void> {
        for (const auth::AuditEntry& entry : entries) {
            if (auto done = impl_->append(moment.wall, entry); !done) return done;
        }
        return {};
    });
}

Result<void> SqliteRecords::keep_time(Moment moment) {
    if (auto kept = impl_->transact([&] { return impl_->write_clock(moment.now); }); !kept) {
        return kept;
    }
    if (impl_->anchored == impl_->chain.head.sequence) return {};
    return impl_->write_anchor();
}

// ---- the audit -------------------------------------------------------------------------------

Result<void> SqliteRecords::read_audit(const AuditQuery& query,
                                       const std::function<void(const AuditRow&)>& each) {
    return read_rows(impl_->connection.get(), query, each);
}

Result<AuditVerdict> SqliteRecords::verify_audit() {
    Result<std::optional<AnchorMark>> mark = impl_->options.anchor.read();
    if (!mark) return tl::unexpected(mark.error());
    const Verification what{impl_->id, impl_->options.chain, impl_->rows, *mark, true};
    return verify(impl_->connection.get(), what).map([](const Verified& v) { return v.verdict; });
}

}  // namespace strongroom::store
