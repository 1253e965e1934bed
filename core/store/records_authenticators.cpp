// Authenticators: the seed that a customer's phone shares with the store, and the last time step of
// which a code was used (ADR 0017). Both in one sealed field, so that neither can be put back
// alone.

#include <algorithm>
#include <utility>

#include "records_impl.h"

namespace strongroom::store {
namespace {

using Plain = Canonical<sizeof(std::int64_t) + auth::AuthenticatorSeed::size>;

Result<auth::Authenticator> authenticator_in(const Secret& plain) {
    const std::span<const std::byte> bytes = plain.reveal();
    if (bytes.size() != sizeof(std::int64_t) + auth::AuthenticatorSeed::size) {
        return fail(Errc::corrupt);
    }
    std::uint64_t step = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        step |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    }
    auth::Authenticator out;
    out.last_step.number = as_signed(step);
    out.seed = auth::AuthenticatorSeed(bytes.subspan<8, auth::AuthenticatorSeed::size>());
    return out;
}

}  // namespace

Result<std::optional<SqliteRecords::Impl::AuthenticatorRow>> SqliteRecords::Impl::authenticator_of(
    CustomerId customer) {
    Query query(connection.get(), select_authenticator);
    const Result<bool> found = query.bind(customer.value).next();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::optional<AuthenticatorRow>{};
    const SealPlace place = secret_of(customer);
    const Result<Secret> plain = options.sealer.open(place, query.blob(0));
    if (!plain) return tl::unexpected(plain.error());
    const Result<auth::Authenticator> authenticator = authenticator_in(*plain);
    if (!authenticator) return tl::unexpected(authenticator.error());
    return AuthenticatorRow{*authenticator, options.sealer.fingerprint(place, query.blob(0))};
}

Result<void> SqliteRecords::Impl::write_authenticator(CustomerId customer,
                                                      const auth::Authenticator& authenticator,
                                                      const std::optional<Digest>& before) {
    Plain plain;
    plain.add(authenticator.last_step.number)
        .add(std::span<const std::byte>(authenticator.seed.reveal()));
    const SealPlace place = secret_of(customer);
    const auto sealed = options.sealer.seal(options.entropy, place, plain.bytes());
    plain.forget();
    if (!sealed) return tl::unexpected(sealed.error());
    if (auto done = Query(connection.get(), write_authenticator_row)
                        .bind(customer.value)
                        .bind(std::span<const std::byte>(*sealed))
                        .run();
        !done) {
        return done;
    }
    if (before) subtract(chain.state, *before);
    add(chain.state, options.sealer.fingerprint(place, *sealed));
    return {};
}

Result<void> SqliteRecords::Impl::use_step(CustomerId customer, auth::TimeStep step) {
    auto row = authenticator_of(customer);
    if (!row) return tl::unexpected(row.error());
    if (!*row || step <= (*row)->authenticator.last_step) return fail(Errc::denied);
    (*row)->authenticator.last_step = step;
    return write_authenticator(customer, (*row)->authenticator, (*row)->fingerprint);
}

Result<void> SqliteRecords::set_authenticator(Moment moment, CustomerId customer,
                                              const auth::Authenticator& authenticator) {
    if (authenticator.last_step.number < 0) return fail(Errc::out_of_range);
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const Result<bool> known = store.exists(store.customer_exists, customer.value);
        if (!known) return tl::unexpected(known.error());
        if (!*known) return fail(Errc::out_of_range);
        const auto before = store.authenticator_of(customer);
        if (!before) return tl::unexpected(before.error());
        const std::optional<Digest> fingerprint =
            *before ? std::optional((*before)->fingerprint) : std::nullopt;
        if (auto done = store.write_authenticator(customer, authenticator, fingerprint); !done) {
            return done;
        }
        return store.append(
            moment, auth::AuditKind::enrolled, customer, {},
            static_cast<std::int64_t>(*before ? EnrolmentStep::authenticator_replaced
                                              : EnrolmentStep::authenticator_added));
    });
}

Result<void> SqliteRecords::remove_authenticator(Moment moment, CustomerId customer) {
    Impl& store = *impl_;
    return store.transact_and_anchor([&]() -> Result<void> {
        if (auto may = store.may_administer(moment); !may) return may;
        const auto before = store.authenticator_of(customer);
        if (!before) return tl::unexpected(before.error());
        if (!*before) return fail(Errc::out_of_range);
        Prepared remove("DELETE FROM authenticators WHERE customer = ?");
        if (auto done = Query(store.connection.get(), remove).bind(customer.value).run(); !done) {
            return done;
        }
        subtract(store.chain.state, (*before)->fingerprint);
        return store.append(moment, auth::AuditKind::enrolled, customer, {},
                            static_cast<std::int64_t>(EnrolmentStep::authenticator_removed));
    });
}

}  // namespace strongroom::store
