#include "store/sqlite_records.h"

#include <algorithm>
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

// `denied` is the answer of the counting rules alone: a medium that may not be written any more is
// a store that cannot write, and has to be told from a customer who may not try.
tl::unexpected<Error> refused_or_failed(Error error) {
    if (error.code == Errc::denied && error.vendor_code != 0) error.code = Errc::disconnected;
    return tl::unexpected<Error>(error);
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
    // What another has written is verified before it is believed: an older phone number or
    // template, put back for as long as it is read, opens too.
    if (!impl_->in_memory) {
        if (auto followed = impl_->follow(); !followed) {
            impl_->roll_back();
            return tl::unexpected(followed.error());
        }
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
    const auto fingers = fingers_of(customer);
    if (!fingers) return tl::unexpected(fingers.error());
    for (const FingerRow& row : *fingers) out.fingers.push_back(row.finger);
    const auto authenticator = authenticator_of(customer);
    if (!authenticator) return tl::unexpected(authenticator.error());
    if (*authenticator) out.authenticator = (*authenticator)->authenticator;
    out.latest = latest_wall;
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
            if (auto done = impl_->append_earlier(moment, entry); !done) {
                return tl::unexpected(done.error());
            }
        }
        return impl_->apply(moment, record);
    });
    if (!counts) return refused_or_failed(counts.error());
    impl_->settle_holds(earlier);
    impl_->follow_hold(record);
    const bool reserves = std::holds_alternative<auth::ReserveTry>(record.body);
    const auto* settled = std::get_if<auth::SettleRight>(&record.body);
    const bool uses_step = settled != nullptr && settled->step.has_value();
    if (reserves || uses_step || std::holds_alternative<auth::Grant>(record.body)) {
        if (auto anchored = impl_->write_anchor(); !anchored) {
            if (reserves) impl_->give_back_try(moment, record);
            return refused_or_failed(anchored.error());
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
                if (settled.step) {
                    if (auto used = use_step(record.audit.customer, *settled.step); !used) {
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
    const auth::Record given_back{entry, auth::SettleRight{factor, false, {}}};
    // When this fails too, the hold stays, counts against the customer, and becomes a failure as
    // soon as the end of the visit can be written: never the other way round.
    if (transact([&] { return apply(moment, given_back); })) follow_hold(given_back);
}

// ---- holds that nobody settles (ADR 0008) ------------------------------------------------------

namespace {

// Whether `entry` says that nobody will settle `hold` any more.
bool abandons(const auth::AuditEntry& entry, const OpenHold& hold) {
    return (entry.kind == auth::AuditKind::ended && entry.session == hold.session) ||
           (entry.kind == auth::AuditKind::started && entry.terminal == hold.terminal);
}

}  // namespace

Result<void> SqliteRecords::Impl::append_earlier(Moment moment, const auth::AuditEntry& entry) {
    if (auto done = append(moment.wall, entry); !done) return done;
    for (const OpenHold& hold : open_holds) {
        if (!abandons(entry, hold)) continue;
        if (auto done = fail_hold(moment, hold, entry); !done) return done;
    }
    return {};
}

Result<void> SqliteRecords::Impl::fail_hold(Moment moment, const OpenHold& hold,
                                            const auth::AuditEntry& cause) {
    const auto before = read_counts(moment.now, hold.customer);
    if (!before) return tl::unexpected(before.error());
    if (!*before || (*before)->holds <= 0) return {};
    const auth::CustomerCounts after = auth::after_wrong(**before, options.lockout);
    if (auto done = write_counts(moment.now, hold.customer, after); !done) return done;
    return append(moment.wall,
                  auth::AuditEntry{auth::AuditKind::try_unsettled, hold.session, hold.terminal,
                                   hold.customer, cause.locker, after.failures});
}

void SqliteRecords::Impl::settle_holds(std::span<const auth::AuditEntry> entries) {
    for (const auth::AuditEntry& entry : entries) {
        std::erase_if(open_holds, [&](const OpenHold& hold) { return abandons(entry, hold); });
    }
}

void SqliteRecords::Impl::follow_hold(const auth::Record& record) {
    const auth::AuditEntry& of = record.audit;
    const auto* grant = std::get_if<auth::Grant>(&record.body);
    if (std::holds_alternative<auth::ReserveTry>(record.body)) {
        open_holds.push_back({of.session, of.terminal, of.customer});
    } else if (std::holds_alternative<auth::SettleWrong>(record.body) ||
               std::holds_alternative<auth::SettleRight>(record.body) ||
               (grant != nullptr && grant->settles_hold)) {
        const auto found =
            std::find_if(open_holds.begin(), open_holds.end(), [&](const OpenHold& hold) {
                return hold.session == of.session && hold.customer == of.customer;
            });
        if (found != open_holds.end()) open_holds.erase(found);
    }
}

// ---- note, keep_time -------------------------------------------------------------------------

Result<void> SqliteRecords::note(Moment moment, std::span<const auth::AuditEntry> entries) {
    if (entries.empty()) return {};
    auto written = impl_->transact([&]() -> Result<void> {
        for (const auth::AuditEntry& entry : entries) {
            if (auto done = impl_->append_earlier(moment, entry); !done) return done;
        }
        return {};
    });
    if (written) impl_->settle_holds(entries);
    return written;
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
    const Verification what{
        impl_->id, impl_->options.chain, impl_->rows, impl_->options.sealer, *mark, true};
    return verify(impl_->connection.get(), what).map([](const Verified& v) { return v.verdict; });
}

}  // namespace strongroom::store
