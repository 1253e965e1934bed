// What staff do: enrolment, lockers, holders, release.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "records_impl.h"
#include "valid_text.h"

namespace strongroom::store {
namespace {

constexpr std::size_t features_min = 64;
constexpr std::size_t features_max = 2048;

bool valid_phone(std::string_view phone) {
    if (phone.size() < 9 || phone.size() > 16 || phone[0] != '+' || phone[1] == '0') return false;
    return std::all_of(phone.begin() + 1, phone.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool valid_template(const hal::FaceTemplate& face) {
    return face.features.size() >= features_min && face.features.size() <= features_max &&
           std::all_of(face.features.begin(), face.features.end(),
                       [](float f) { return std::isfinite(f); });
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

constexpr std::int64_t detail(EnrolmentStep step) { return static_cast<std::int64_t>(step); }

}  // namespace

Result<CustomerId> SqliteRecords::add_customer(Moment moment, std::string_view name,
                                               std::string_view phone, CustomerId wanted) {
    if (!valid_name(name) || !valid_phone(phone)) return fail(Errc::out_of_range);
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    return store.transact_and_anchor([&]() -> Result<CustomerId> {
        if (auto may = store.may_administer(moment); !may) return tl::unexpected(may.error());
        CustomerId customer = wanted;
        if (!customer) {
            const auto next = integer_of(db, "SELECT ifnull(max(id), 0) + 1 FROM customers");
            if (!next) return tl::unexpected(next.error());
            customer.value = as_unsigned(*next);
        }
        const Result<bool> taken = store.exists(store.customer_exists, customer.value);
        if (!taken) return tl::unexpected(taken.error());
        if (*taken) return fail(Errc::denied);
        Sealer& sealer = store.options.sealer;
        hal::Entropy& entropy = store.options.entropy;
        const auto sealed_name = sealer.seal(entropy, name_of(customer), bytes_of(name));
        if (!sealed_name) return tl::unexpected(sealed_name.error());
        const auto sealed_phone = sealer.seal(entropy, phone_of(customer), bytes_of(phone));
        if (!sealed_phone) return tl::unexpected(sealed_phone.error());
        Prepared insert("INSERT INTO customers VALUES (?, ?, ?)");
        if (auto done = Query(db, insert)
                            .bind(customer.value)
                            .bind(std::span<const std::byte>(*sealed_name))
                            .bind(std::span<const std::byte>(*sealed_phone))
                            .run();
            !done) {
            return tl::unexpected(done.error());
        }
        add(store.chain.state, of_customer(sealer, customer, *sealed_name, *sealed_phone));
        if (auto done = store.insert_counts(moment.now, customer); !done) {
            return tl::unexpected(done.error());
        }
        if (auto done = store.append(moment, auth::AuditKind::enrolled, customer, {},
                                     detail(EnrolmentStep::customer_added));
            !done) {
            return tl::unexpected(done.error());
        }
        return customer;
    });
}

Result<void> SqliteRecords::add_template(Moment moment, CustomerId customer,
                                         const hal::FaceTemplate& face) {
    if (!valid_template(face)) return fail(Errc::out_of_range);
    std::vector<std::byte> plain(sizeof face.model.value + face.features.size() * sizeof(float));
    std::memcpy(plain.data(), &face.model.value, sizeof face.model.value);
    std::memcpy(plain.data() + sizeof face.model.value, face.features.data(),
                face.features.size() * sizeof(float));
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    auto out = store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> known = store.exists(store.customer_exists, customer.value);
        if (!known) return tl::unexpected(known.error());
        if (!*known) return fail(Errc::out_of_range);
        // Chosen here and not by SQLite, because the sealing binds it.
        const auto row = integer_of(db, "SELECT ifnull(max(id), 0) + 1 FROM templates");
        if (!row) return tl::unexpected(row.error());
        const auto sealed = store.options.sealer.seal(
            store.options.entropy, features_of(as_unsigned(*row), customer), plain);
        if (!sealed) return tl::unexpected(sealed.error());
        Prepared insert("INSERT INTO templates VALUES (?, ?, ?)");
        if (auto done = Query(db, insert)
                            .bind(*row)
                            .bind(customer.value)
                            .bind(std::span<const std::byte>(*sealed))
                            .run();
            !done) {
            return done;
        }
        add(store.chain.state,
            store.options.sealer.fingerprint(features_of(as_unsigned(*row), customer), *sealed));
        return store.append(moment, auth::AuditKind::enrolled, customer, {},
                            detail(EnrolmentStep::template_added));
    });
    wipe(plain);
    return out;
}

Result<int> SqliteRecords::remove_templates(Moment moment, CustomerId customer) {
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    return store.transact_and_anchor([&]() -> Result<int> {
        if (auto may = store.may_administer(moment); !may) return tl::unexpected(may.error());
        const Result<bool> known = store.exists(store.customer_exists, customer.value);
        if (!known) return tl::unexpected(known.error());
        if (!*known) return fail(Errc::out_of_range);
        Prepared select("SELECT id, features FROM templates WHERE customer = ?");
        Query query(db, select);
        query.bind(customer.value);
        while (true) {
            const Result<bool> more = query.next();
            if (!more) return tl::unexpected(more.error());
            if (!*more) break;
            subtract(store.chain.state,
                     store.options.sealer.fingerprint(
                         features_of(as_unsigned(query.integer(0)), customer), query.blob(1)));
        }
        Prepared remove("DELETE FROM templates WHERE customer = ?");
        if (auto done = Query(db, remove).bind(customer.value).run(); !done) {
            return tl::unexpected(done.error());
        }
        const int removed = sqlite3_changes(db);
        if (auto done = store.append(moment, auth::AuditKind::enrolled, customer, {},
                                     detail(EnrolmentStep::templates_removed));
            !done) {
            return tl::unexpected(done.error());
        }
        return removed;
    });
}

Result<void> SqliteRecords::add_locker(Moment moment, LockerId locker) {
    if (!locker) return fail(Errc::out_of_range);
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> known = store.exists(store.locker_exists, locker.value);
        if (!known) return tl::unexpected(known.error());
        if (*known) return fail(Errc::denied);
        Prepared insert("INSERT INTO lockers VALUES (?)");
        if (auto done = Query(store.connection.get(), insert).bind(locker.value).run(); !done) {
            return done;
        }
        return store.append(moment, auth::AuditKind::enrolled, {}, locker,
                            detail(EnrolmentStep::locker_added));
    });
}

Result<void> SqliteRecords::assign(Moment moment, LockerId locker, CustomerId customer) {
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> place = store.exists(store.locker_exists, locker.value);
        if (!place) return tl::unexpected(place.error());
        const Result<bool> person = store.exists(store.customer_exists, customer.value);
        if (!person) return tl::unexpected(person.error());
        if (!*place || !*person) return fail(Errc::out_of_range);
        const Result<bool> holder = store.holds_locker(locker, customer);
        if (!holder) return tl::unexpected(holder.error());
        if (*holder) return {};
        const Digest seal = store.rows.seal_holder(locker.value, customer.value);
        Prepared insert("INSERT INTO holders VALUES (?, ?, ?)");
        if (auto done = Query(store.connection.get(), insert)
                            .bind(locker.value)
                            .bind(customer.value)
                            .bind(std::span<const std::byte>(seal))
                            .run();
            !done) {
            return done;
        }
        add(store.chain.state, seal);
        return store.append(moment, auth::AuditKind::enrolled, customer, locker,
                            detail(EnrolmentStep::holder_assigned));
    });
}

Result<void> SqliteRecords::unassign(Moment moment, LockerId locker, CustomerId customer) {
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> holder = store.holds_locker(locker, customer);
        if (!holder) return tl::unexpected(holder.error());
        if (!*holder) return fail(Errc::out_of_range);
        Prepared remove("DELETE FROM holders WHERE locker = ? AND customer = ?");
        if (auto done =
                Query(store.connection.get(), remove).bind(locker.value).bind(customer.value).run();
            !done) {
            return done;
        }
        subtract(store.chain.state, store.rows.seal_holder(locker.value, customer.value));
        return store.append(moment, auth::AuditKind::enrolled, customer, locker,
                            detail(EnrolmentStep::holder_removed));
    });
}

Result<auth::CustomerCounts> SqliteRecords::release_by_staff(Moment moment, CustomerId customer,
                                                             StaffId first, StaffId second) {
    if (!first || !second || first == second) return fail(Errc::denied);
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<auth::CustomerCounts> {
        if (auto may = store.may_administer(moment); !may) return tl::unexpected(may.error());
        const auto before = store.read_counts(moment.now, customer);
        if (!before) return tl::unexpected(before.error());
        if (!*before) return fail(Errc::out_of_range);
        const auth::CustomerCounts after = auth::after_release(**before);
        if (auto done = store.write_counts(moment.now, customer, after); !done) {
            return tl::unexpected(done.error());
        }
        // One row for each of the two.
        for (const StaffId staff : {first, second}) {
            if (auto done = store.append(moment, auth::AuditKind::released_by_staff, customer, {},
                                         as_signed(staff.value));
                !done) {
                return tl::unexpected(done.error());
            }
        }
        return after;
    });
}

Result<std::vector<CustomerSummary>> SqliteRecords::customers(Moment moment) {
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    std::vector<CustomerSummary> out;
    Prepared select(
        "SELECT id, name, phone, (SELECT count(*) FROM templates WHERE customer = customers.id), "
        "(SELECT count(*) FROM fingers WHERE customer = customers.id), "
        "(SELECT count(*) FROM authenticators WHERE customer = customers.id) "
        "FROM customers ORDER BY id");
    Prepared lockers("SELECT locker FROM holders WHERE customer = ? ORDER BY locker");
    Query query(db, select);
    while (true) {
        const Result<bool> more = query.next();
        if (!more) return tl::unexpected(more.error());
        if (!*more) return out;
        CustomerSummary& summary = out.emplace_back();
        summary.id.value = as_unsigned(query.integer(0));
        Result<Secret> name = store.options.sealer.open(name_of(summary.id), query.blob(1));
        if (!name) return tl::unexpected(name.error());
        summary.name = std::move(*name);
        const auto phone = store.options.sealer.open(phone_of(summary.id), query.blob(2));
        if (!phone) return tl::unexpected(phone.error());
        summary.phone_tail = masked_tail(phone->reveal_text());
        summary.templates = static_cast<int>(query.integer(3));
        summary.fingers = static_cast<int>(query.integer(4));
        summary.authenticator = query.integer(5) != 0;
        const auto counts = store.read_counts(moment.now, summary.id);
        if (!counts) return tl::unexpected(counts.error());
        if (!*counts) return fail(Errc::corrupt);
        summary.counts = **counts;
        Query held(db, lockers);
        held.bind(summary.id.value);
        while (true) {
            const Result<bool> another = held.next();
            if (!another) return tl::unexpected(another.error());
            if (!*another) break;
            summary.lockers.push_back(LockerId{as_unsigned(held.integer(0))});
        }
    }
}

}  // namespace strongroom::store
