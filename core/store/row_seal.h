// Authenticators of the rows that are kept in clear, and their sum.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "auth/counts.h"
#include "base/secret.h"

namespace strongroom::store {

// A fixed number of 64-bit values as bytes, least significant first.
template <std::size_t N>
class Canonical {
public:
    Canonical& add(std::uint64_t value) {
        for (std::size_t i = 0; i < 8; ++i) {
            bytes_[size_++] = static_cast<std::byte>(value >> (8 * i));
        }
        return *this;
    }
    Canonical& add(std::int64_t value) { return add(static_cast<std::uint64_t>(value)); }
    Canonical& add(std::chrono::nanoseconds value) { return add(std::int64_t{value.count()}); }
    Canonical& add(std::span<const std::byte> bytes) {
        std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
        size_ += bytes.size();
        return *this;
    }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.data(), size_}; }
    void forget() { wipe(bytes_); }

private:
    std::array<std::byte, N> bytes_{};
    std::size_t size_ = 0;
};

// The counts of a customer as a row holds them: what remained at `as_of` of the store's running
// time.
struct CountsRow {
    std::uint64_t customer = 0;
    auth::CustomerCounts counts;
    std::chrono::nanoseconds as_of{};
};

struct TerminalRow {
    std::uint64_t terminal = 0;
    auth::DayCount codes;
    std::chrono::nanoseconds as_of{};
};

// The store's running time: it had run `running` when the monotonic clock showed `instant`.
struct ClockRow {
    std::chrono::nanoseconds running{};
    std::chrono::nanoseconds instant{};
};

// Keyed hashes over rows; one key, the kind of row first. Counters, terminals and holders count
// towards the state, and so do the fingerprints of sealed fields (sealer.h): it is the sum modulo
// 2^256, so that order does not matter and a change costs one subtraction and one addition. Without
// the key nobody can make a seal, and finding among old ones a set with the right sum is a
// generalised birthday problem of 256 bits.
class RowSealer {
public:
    explicit RowSealer(const Key256& master);
    [[nodiscard]] Digest seal(const CountsRow& row) const;
    [[nodiscard]] Digest seal(const TerminalRow& row) const;
    [[nodiscard]] Digest seal(const ClockRow& row) const;
    [[nodiscard]] Digest seal_holder(std::uint64_t locker, std::uint64_t customer) const;
    // Says whether a key is the one that a store was made with.
    [[nodiscard]] Digest key_check(std::span<const std::byte, 16> store) const;

private:
    Key256 key_;
};

void add(Digest& sum, const Digest& term);
void subtract(Digest& sum, const Digest& term);

}  // namespace strongroom::store
