// Staff: who may change a commissioned store, and only two of them together (I10; ADR 0014).

#include <array>
#include <utility>

#include <sodium.h>

#include "records_impl.h"
#include "valid_text.h"

namespace strongroom::store {
namespace {

SealPlace staff_name_of(StaffId staff) { return {"staff", "name", staff.value, 0}; }
SealPlace verifier_of(StaffId staff) { return {"staff", "verifier", staff.value, 0}; }

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Argon2id (RFC 9106) with libsodium's parameters for a person who waits: 64 MiB, twice.
Result<Secret> verifier_for(const Secret& password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const std::string_view plain = password.reveal_text();
    if (crypto_pwhash_str(text.data(), plain.data(), plain.size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        return fail(Errc::exhausted);
    }
    return Secret(std::string_view(text.data()));
}

bool opens(const Secret& verifier, const Secret& password) {
    const std::string text(verifier.reveal_text());
    const std::string_view plain = password.reveal_text();
    return crypto_pwhash_str_verify(text.c_str(), plain.data(), plain.size()) == 0;
}

}  // namespace

Digest of_staff(const Sealer& sealer, StaffId staff, std::span<const std::byte> name,
                std::span<const std::byte> verifier) {
    Digest sum = sealer.fingerprint(staff_name_of(staff), name);
    add(sum, sealer.fingerprint(verifier_of(staff), verifier));
    return sum;
}

Result<bool> SqliteRecords::commissioned() {
    const auto count = integer_of(impl_->connection.get(), "SELECT count(*) FROM staff");
    if (!count) return tl::unexpected(count.error());
    return *count >= staff_min;
}

Result<std::vector<StaffSummary>> SqliteRecords::staff() {
    Impl& store = *impl_;
    std::vector<StaffSummary> out;
    Prepared select("SELECT id, name FROM staff ORDER BY id");
    Query query(store.connection.get(), select);
    while (true) {
        const Result<bool> more = query.next();
        if (!more) return tl::unexpected(more.error());
        if (!*more) return out;
        const StaffId staff{as_unsigned(query.integer(0))};
        Result<Secret> name = store.options.sealer.open(staff_name_of(staff), query.blob(1));
        if (!name) return tl::unexpected(name.error());
        out.push_back({staff, std::move(*name)});
    }
}

Result<void> SqliteRecords::Impl::may_administer(Moment moment) {
    const auto count = integer_of(connection.get(), "SELECT count(*) FROM staff");
    if (!count) return tl::unexpected(count.error());
    if (*count < staff_min || moment.now < authorised_until) return {};
    return fail(Errc::denied, two_staff_needed);
}

Result<StaffId> SqliteRecords::add_staff(Moment moment, std::string_view name,
                                         const Secret& password) {
    if (!valid_name(name) || password.size() < password_bytes_min ||
        password.size() > password_bytes_max) {
        return fail(Errc::out_of_range);
    }
    Result<Secret> verifier = verifier_for(password);
    if (!verifier) return tl::unexpected(verifier.error());
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    return store.transact_and_anchor([&]() -> Result<StaffId> {
        if (auto may = store.may_administer(moment); !may) return tl::unexpected(may.error());
        // Numbers are not used again: they stand in the audit. A removed one keeps its row there.
        const auto next = integer_of(
            db,
            "SELECT max(ifnull((SELECT max(id) FROM staff), 0), ifnull((SELECT max(detail) "
            "FROM audit WHERE kind = 60), 0)) + 1");
        if (!next) return tl::unexpected(next.error());
        const StaffId staff{as_unsigned(*next)};
        auto sealer = [&](const SealPlace& place, std::span<const std::byte> plain) {
            return store.options.sealer.seal(store.options.entropy, place, plain);
        };
        const auto sealed_name = sealer(staff_name_of(staff), bytes_of(name));
        if (!sealed_name) return tl::unexpected(sealed_name.error());
        const auto sealed = sealer(verifier_of(staff), verifier->reveal());
        if (!sealed) return tl::unexpected(sealed.error());
        Prepared insert("INSERT INTO staff VALUES (?, ?, ?)");
        if (auto done = Query(db, insert)
                            .bind(staff.value)
                            .bind(std::span<const std::byte>(*sealed_name))
                            .bind(std::span<const std::byte>(*sealed))
                            .run();
            !done) {
            return tl::unexpected(done.error());
        }
        add(store.chain.state, of_staff(store.options.sealer, staff, *sealed_name, *sealed));
        if (auto done =
                store.append(moment, auth::AuditKind::staff_added, {}, {}, as_signed(staff.value));
            !done) {
            return tl::unexpected(done.error());
        }
        return staff;
    });
}

Result<void> SqliteRecords::remove_staff(Moment moment, StaffId staff) {
    Impl& store = *impl_;
    sqlite3* db = store.connection.get();
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const auto count = integer_of(db, "SELECT count(*) FROM staff");
        if (!count) return tl::unexpected(count.error());
        Prepared select("SELECT name, verifier FROM staff WHERE id = ?");
        Digest sum{};
        {
            Query query(db, select);
            query.bind(staff.value);
            const Result<bool> found = query.next();
            if (!found) return tl::unexpected(found.error());
            if (!*found) return fail(Errc::out_of_range);
            // With one person left nobody could change anything any more.
            if (*count <= staff_min) return fail(Errc::denied, last_two_staff);
            sum = of_staff(store.options.sealer, staff, query.blob(0), query.blob(1));
        }
        Prepared remove("DELETE FROM staff WHERE id = ?");
        if (auto done = Query(db, remove).bind(staff.value).run(); !done) return done;
        subtract(store.chain.state, sum);
        return store.append(moment, auth::AuditKind::staff_removed, {}, {}, as_signed(staff.value));
    });
}

Result<bool> SqliteRecords::Impl::knows_password(StaffId staff, const Secret& password) {
    Prepared select("SELECT verifier FROM staff WHERE id = ?");
    Query query(connection.get(), select);
    query.bind(staff.value);
    const Result<bool> found = query.next();
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
        // As long as a wrong password takes: which numbers there are is not told by the time.
        (void)verifier_for(password);
        return false;
    }
    const Result<Secret> verifier = options.sealer.open(verifier_of(staff), query.blob(0));
    if (!verifier) return tl::unexpected(verifier.error());
    return opens(*verifier, password);
}

Result<void> SqliteRecords::authorise(Moment moment, const StaffProof& first,
                                      const StaffProof& second) {
    Impl& store = *impl_;
    store.authorised_until = Instant::min();
    const Result<bool> one = store.knows_password(first.staff, first.password);
    if (!one) return tl::unexpected(one.error());
    const Result<bool> other = store.knows_password(second.staff, second.password);
    if (!other) return tl::unexpected(other.error());
    const bool good = *one && *other && first.staff != second.staff;
    const auto kind = good ? auth::AuditKind::staff_authorised : auth::AuditKind::staff_refused;
    const Result<void> noted = store.transact_and_anchor([&]() -> Result<void> {
        // One row for each of the two.
        for (const StaffId staff : {first.staff, second.staff}) {
            if (auto done = store.append(moment, kind, {}, {}, as_signed(staff.value)); !done) {
                return done;
            }
        }
        return {};
    });
    if (!noted) return noted;
    if (!good) return fail(Errc::denied, two_staff_needed);
    store.authorised_until = moment.now + authorised_for;
    return {};
}

void SqliteRecords::end_authorisation() { impl_->authorised_until = Instant::min(); }

}  // namespace strongroom::store
