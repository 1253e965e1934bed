// Fingers: where each customer's is in the library of which sensor, and what was stored there
// (ADR 0015). The templates themselves are in the sensor.

#include <algorithm>
#include <utility>

#include "records_impl.h"

namespace strongroom::store {
namespace {

using Plain = Canonical<sizeof(std::uint64_t) * 2 + Digest{}.size()>;

Plain plain_of(const FingerEnrolment& finger) {
    Plain out;
    out.add(finger.sensor.value)
        .add(std::uint64_t{finger.reference.slot})
        .add(std::span<const std::byte>(finger.reference.template_digest));
    return out;
}

std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        out |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
    }
    return out;
}

Result<FingerEnrolment> finger_of(const Secret& plain) {
    const std::span<const std::byte> bytes = plain.reveal();
    FingerEnrolment out;
    if (bytes.size() != 16 + out.reference.template_digest.size()) return fail(Errc::corrupt);
    out.sensor.value = number_at(bytes, 0);
    const std::uint64_t slot = number_at(bytes, 8);
    if (slot > 0xffffU) return fail(Errc::corrupt);
    out.reference.slot = static_cast<FingerSlot>(slot);
    std::copy(bytes.begin() + 16, bytes.end(), out.reference.template_digest.begin());
    return out;
}

}  // namespace

Result<std::vector<FingerRow>> SqliteRecords::Impl::fingers_of(CustomerId customer) {
    std::vector<FingerRow> out;
    Query query(connection.get(), select_fingers);
    query.bind(customer.value);
    while (true) {
        const Result<bool> more = query.next();
        if (!more) return tl::unexpected(more.error());
        if (!*more) return out;
        FingerRow row;
        row.row = as_unsigned(query.integer(0));
        row.customer.value = as_unsigned(query.integer(1));
        const SealPlace place = reference_of(row.row, row.customer);
        const Result<Secret> plain = options.sealer.open(place, query.blob(2));
        if (!plain) return tl::unexpected(plain.error());
        const Result<FingerEnrolment> finger = finger_of(*plain);
        if (!finger) return tl::unexpected(finger.error());
        row.finger = *finger;
        row.fingerprint = options.sealer.fingerprint(place, query.blob(2));
        out.push_back(row);
    }
}

Result<void> SqliteRecords::Impl::insert_finger(CustomerId customer,
                                                const FingerEnrolment& finger) {
    sqlite3* db = connection.get();
    // Chosen here and not by SQLite, because the sealing binds it.
    const auto next = integer_of(db, "SELECT ifnull(max(id), 0) + 1 FROM fingers");
    if (!next) return tl::unexpected(next.error());
    const SealPlace place = reference_of(as_unsigned(*next), customer);
    const auto sealed = options.sealer.seal(options.entropy, place, plain_of(finger).bytes());
    if (!sealed) return tl::unexpected(sealed.error());
    Prepared insert("INSERT INTO fingers VALUES (?, ?, ?)");
    if (auto done = Query(db, insert)
                        .bind(*next)
                        .bind(customer.value)
                        .bind(std::span<const std::byte>(*sealed))
                        .run();
        !done) {
        return done;
    }
    add(chain.state, options.sealer.fingerprint(place, *sealed));
    return {};
}

Result<void> SqliteRecords::add_finger(Moment moment, CustomerId customer,
                                       const FingerEnrolment& finger) {
    if (!finger.sensor) return fail(Errc::out_of_range);
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> known = store.exists(store.customer_exists, customer.value);
        if (!known) return tl::unexpected(known.error());
        if (!*known) return fail(Errc::out_of_range);
        const auto enrolled = store.fingers_of({});  // everybody's
        if (!enrolled) return tl::unexpected(enrolled.error());
        for (const FingerRow& other : *enrolled) {
            if (other.finger.sensor != finger.sensor) continue;
            const bool same_slot = other.finger.reference.slot == finger.reference.slot;
            if (same_slot || other.customer == customer) return fail(Errc::denied);
        }
        if (auto done = store.insert_finger(customer, finger); !done) return done;
        return store.append(moment, auth::AuditKind::enrolled, customer, {},
                            static_cast<std::int64_t>(EnrolmentStep::finger_added));
    });
}

Result<FingerEnrolment> SqliteRecords::remove_finger(Moment moment, CustomerId customer,
                                                     SensorId sensor) {
    if (!customer) return fail(Errc::out_of_range);
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<FingerEnrolment> {
        if (auto may = store.may_administer(moment); !may) return tl::unexpected(may.error());
        const auto enrolled = store.fingers_of(customer);
        if (!enrolled) return tl::unexpected(enrolled.error());
        const auto found =
            std::find_if(enrolled->begin(), enrolled->end(),
                         [&](const FingerRow& row) { return row.finger.sensor == sensor; });
        if (found == enrolled->end()) return fail(Errc::out_of_range);
        Prepared remove("DELETE FROM fingers WHERE id = ?");
        if (auto done = Query(store.connection.get(), remove).bind(found->row).run(); !done) {
            return tl::unexpected(done.error());
        }
        subtract(store.chain.state, found->fingerprint);
        if (auto done = store.append(moment, auth::AuditKind::enrolled, customer, {},
                                     static_cast<std::int64_t>(EnrolmentStep::finger_removed));
            !done) {
            return tl::unexpected(done.error());
        }
        return found->finger;
    });
}

}  // namespace strongroom::store
