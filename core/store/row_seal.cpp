#include "row_seal.h"

#include <string_view>

namespace strongroom::store {
namespace {

enum class Kind : std::uint64_t {
    key_check = 1,
    counters = 2,
    terminal = 3,
    clock = 4,
    holder = 5
};

template <std::size_t N>
Canonical<N> begin(Kind kind) {
    Canonical<N> out;
    out.add(static_cast<std::uint64_t>(kind));
    return out;
}

using Limbs = std::array<std::uint64_t, 4>;

Limbs limbs(const Digest& digest) {
    Limbs out{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        out[i / 8] |= std::to_integer<std::uint64_t>(digest[i]) << (8 * (i % 8));
    }
    return out;
}

void put(Digest& digest, const Limbs& value) {
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::byte>(value[i / 8] >> (8 * (i % 8)));
    }
}

}  // namespace

RowSealer::RowSealer(const Key256& master) : key_(master.derive("strongroom store rows v1")) {}

Digest RowSealer::seal(const CountsRow& row) const {
    const auth::CustomerCounts& counts = row.counts;
    auto message = begin<80>(Kind::counters);
    message.add(row.customer)
        .add(std::int64_t{counts.failures})
        .add(std::int64_t{counts.holds})
        .add(counts.penalty)
        .add(std::int64_t{counts.unproven.count})
        .add(counts.unproven.remaining)
        .add(std::int64_t{counts.codes.count})
        .add(counts.codes.remaining)
        .add(row.as_of);
    return keyed_hash(key_, message.bytes());
}

Digest RowSealer::seal(const TerminalRow& row) const {
    auto message = begin<40>(Kind::terminal);
    message.add(row.terminal)
        .add(std::int64_t{row.codes.count})
        .add(row.codes.remaining)
        .add(row.as_of);
    return keyed_hash(key_, message.bytes());
}

Digest RowSealer::seal(const ClockRow& row) const {
    auto message = begin<24>(Kind::clock);
    message.add(row.running).add(row.instant);
    return keyed_hash(key_, message.bytes());
}

Digest RowSealer::seal_holder(std::uint64_t locker, std::uint64_t customer) const {
    auto message = begin<24>(Kind::holder);
    message.add(locker).add(customer);
    return keyed_hash(key_, message.bytes());
}

Digest RowSealer::key_check(std::span<const std::byte, 16> store) const {
    auto message = begin<24>(Kind::key_check);
    message.add(store);
    return keyed_hash(key_, message.bytes());
}

void add(Digest& sum, const Digest& term) {
    Limbs a = limbs(sum);
    const Limbs b = limbs(term);
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::uint64_t partial = a[i] + carry;
        carry = partial < carry ? 1U : 0U;
        a[i] = partial + b[i];
        carry += a[i] < partial ? 1U : 0U;
    }
    put(sum, a);
}

void subtract(Digest& sum, const Digest& term) {
    Limbs a = limbs(sum);
    const Limbs b = limbs(term);
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::uint64_t partial = a[i] - borrow;
        borrow = partial > a[i] ? 1U : 0U;
        a[i] = partial - b[i];
        borrow += a[i] > partial ? 1U : 0U;
    }
    put(sum, a);
}

}  // namespace strongroom::store
