// Sealing of sensitive fields: names, phone numbers and templates are never in the store in clear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "hal/entropy.h"

namespace strongroom::store {

// Where a sealed field lives. A field sealed for one place opens at no other: a template moved from
// one customer's row to another's is refused.
struct SealPlace {
    std::string_view table;
    std::string_view column;
    std::uint64_t row = 0;    // the row's key
    std::uint64_t owner = 0;  // the customer whom the row belongs to
};

// An interface because the control arm of the sealing's defence replaces it; the product has
// AeadSealer alone. Runner thread only.
class Sealer {
public:
    virtual ~Sealer() = default;
    // `plain` sealed for `place`. Errors: disconnected (no random bytes for the nonce; nothing was
    // sealed).
    [[nodiscard]] virtual Result<std::vector<std::byte>> seal(hal::Entropy& entropy,
                                                              const SealPlace& place,
                                                              std::span<const std::byte> plain) = 0;
    // Errors: corrupt (altered, of another place, or sealed under another key).
    [[nodiscard]] virtual Result<Secret> open(const SealPlace& place,
                                              std::span<const std::byte> sealed) = 0;
    // A keyed hash of `sealed` at `place`. Their sum over all fields is part of the audit's state
    // (row_seal.h), so that a field that is taken away, or replaced by an older one of the same
    // place, which opens, is found. Zero, the sum of nothing: this sealer cannot tell.
    [[nodiscard]] virtual Digest fingerprint(const SealPlace& place,
                                             std::span<const std::byte> sealed) const;
};

// XChaCha20-Poly1305 (libsodium), a random 24-byte nonce before the ciphertext, the place as
// associated data.
class AeadSealer : public Sealer {
public:
    // The sealing key is derived from the master key.
    explicit AeadSealer(const Key256& master);
    [[nodiscard]] Result<std::vector<std::byte>> seal(hal::Entropy& entropy, const SealPlace& place,
                                                      std::span<const std::byte> plain) override;
    [[nodiscard]] Result<Secret> open(const SealPlace& place,
                                      std::span<const std::byte> sealed) override;
    [[nodiscard]] Digest fingerprint(const SealPlace& place,
                                     std::span<const std::byte> sealed) const override;

private:
    Key256 key_;
    Key256 fingerprint_key_;
    Key256 place_key_;
};

}  // namespace strongroom::store
