#include "store/sealer.h"

#include <algorithm>
#include <array>

#include <sodium.h>

#include "base/assert.h"

namespace strongroom::store {
namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

// The associated data: the format, the table, the column, the row, the owner.
class Associated {
public:
    explicit Associated(const SealPlace& place) {
        text("strongroom sealed field v1");
        text(place.table);
        text(place.column);
        number(place.row);
        number(place.owner);
    }
    [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    void text(std::string_view part) {
        STRONGROOM_ASSERT(size_ + part.size() + 1 <= bytes_.size());
        for (const char c : part) bytes_[size_++] = static_cast<unsigned char>(c);
        bytes_[size_++] = 0;
    }
    void number(std::uint64_t value) {
        STRONGROOM_ASSERT(size_ + 8 <= bytes_.size());
        for (unsigned i = 0; i < 8; ++i) {
            bytes_[size_++] = static_cast<unsigned char>(value >> (8 * i));
        }
    }
    std::array<unsigned char, 128> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace

Digest Sealer::fingerprint(const SealPlace&, std::span<const std::byte>) const { return {}; }

AeadSealer::AeadSealer(const Key256& master)
    : key_(master.derive("strongroom store fields v1")),
      fingerprint_key_(master.derive("strongroom store fingerprints v1")),
      place_key_(master.derive("strongroom store fingerprint places v1")) {
    STRONGROOM_ASSERT(sodium_init() >= 0);
}

Result<std::vector<std::byte>> AeadSealer::seal(hal::Entropy& entropy, const SealPlace& place,
                                                std::span<const std::byte> plain) {
    std::vector<std::byte> out(nonce_size + plain.size() + tag_size);
    if (auto filled = entropy.fill(std::span(out).first(nonce_size)); !filled) {
        return tl::unexpected(filled.error());
    }
    const Associated associated(place);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        raw(out.data() + nonce_size), nullptr, raw(plain.data()), plain.size(), associated.data(),
        associated.size(), nullptr, raw(out.data()), raw(key_.reveal().data()));
    return out;
}

Result<Secret> AeadSealer::open(const SealPlace& place, std::span<const std::byte> sealed) {
    if (sealed.size() < nonce_size + tag_size) return fail(Errc::corrupt);
    std::vector<std::byte> plain(sealed.size() - nonce_size - tag_size);
    const Associated associated(place);
    const int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(
        raw(plain.data()), nullptr, nullptr, raw(sealed.data() + nonce_size),
        sealed.size() - nonce_size, associated.data(), associated.size(), raw(sealed.data()),
        raw(key_.reveal().data()));
    if (rc != 0) return fail(Errc::corrupt);
    Secret out{std::span<const std::byte>(plain)};
    wipe(plain);
    return out;
}

Digest AeadSealer::fingerprint(const SealPlace& place, std::span<const std::byte> sealed) const {
    const Associated associated(place);
    const Digest where =
        keyed_hash(place_key_, std::as_bytes(std::span(associated.data(), associated.size())));
    const Digest what = keyed_hash(fingerprint_key_, sealed);
    std::array<std::byte, 64> both{};
    std::copy(where.begin(), where.end(), both.begin());
    std::copy(what.begin(), what.end(), both.begin() + 32);
    return keyed_hash(fingerprint_key_, both);
}

}  // namespace strongroom::store
