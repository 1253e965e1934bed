#include "base/secret.h"

#include <algorithm>
#include <utility>

#include <sodium.h>

#include "base/assert.h"

namespace strongroom {

void wipe(std::span<std::byte> bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret::Secret(std::span<const std::byte> bytes) : bytes_(bytes.begin(), bytes.end()) {}
Secret::Secret(std::string_view text) : Secret(std::as_bytes(std::span(text))) {}
Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe(bytes_);
        bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
}
Secret::~Secret() { wipe(bytes_); }

std::string_view Secret::reveal_text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

Key256::Key256(std::span<const std::byte, size> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

Key256 Key256::derive(std::string_view purpose) const {
    Digest bytes = keyed_hash(*this, std::as_bytes(std::span(purpose)));
    const Key256 key(bytes);
    wipe(bytes);
    return key;
}

CodeDigits::CodeDigits(std::string_view digits) noexcept {
    if (digits.size() > capacity) return;
    std::copy(digits.begin(), digits.end(), characters_.begin());
    size_ = static_cast<std::uint8_t>(digits.size());
}

bool CodeDigits::valid() const noexcept {
    const std::string_view text = reveal();
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Digest keyed_hash(const Key256& key, std::span<const std::byte> message) noexcept {
    Digest out;
    const int rc = crypto_generichash(
        reinterpret_cast<unsigned char*>(out.data()), out.size(),
        reinterpret_cast<const unsigned char*>(message.data()), message.size(),
        reinterpret_cast<const unsigned char*>(key.reveal().data()), Key256::size);
    STRONGROOM_ASSERT(rc == 0);  // fails only for sizes out of range, which the types exclude
    return out;
}

std::string_view masked_tail(std::string_view phone_number) noexcept {
    constexpr std::size_t shown = 4;
    // A number too short to mask is not shown at all.
    if (phone_number.size() < 2 * shown) return {};
    return phone_number.substr(phone_number.size() - shown);
}

}  // namespace strongroom
