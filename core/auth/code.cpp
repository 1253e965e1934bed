#include "auth/code.h"

#include <array>
#include <cstring>

#include "base/assert.h"

namespace strongroom::auth {

namespace {

// Appends integers in a fixed byte order, so that a hash means the same on every machine.
class Message {
public:
    void add(std::uint64_t value) {
        for (int i = 0; i < 8; ++i, value >>= 8U) {
            bytes_.at(size_++) = static_cast<std::byte>(value & 0xffU);
        }
    }
    void add(std::string_view text) {
        add(text.size());
        for (const char c : text) bytes_.at(size_++) = static_cast<std::byte>(c);
    }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.data(), size_}; }
    ~Message() { wipe(bytes_); }
    Message() = default;
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;

private:
    std::array<std::byte, 96> bytes_{};
    std::size_t size_ = 0;
};

std::uint64_t first_word(const Digest& digest, std::size_t index) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        word = (word << 8U) | std::to_integer<std::uint64_t>(digest.at(index * 8 + i));
    }
    return word;
}

}  // namespace

CodeDigits make_code(const Key256& seed, std::uint32_t issue, int digits) {
    STRONGROOM_ASSERT(digits >= 6 && digits <= 10);
    std::uint64_t modulus = 1;
    for (int i = 0; i < digits; ++i) modulus *= 10;
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % modulus;
    for (std::uint64_t attempt = 0;; ++attempt) {
        Message message;
        message.add("strongroom one-time code");
        message.add(issue);
        message.add(attempt);
        Digest digest = keyed_hash(seed, message.bytes());
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint64_t word = first_word(digest, i);
            if (word >= limit) continue;  // would favour small codes
            std::array<char, CodeDigits::capacity> text{};
            std::uint64_t rest = word % modulus;
            for (int k = digits - 1; k >= 0; --k, rest /= 10) {
                text.at(static_cast<std::size_t>(k)) = static_cast<char>('0' + rest % 10);
            }
            CodeDigits code({text.data(), static_cast<std::size_t>(digits)});
            wipe(std::as_writable_bytes(std::span(text)));
            wipe(digest);
            return code;
        }
    }
}

Digest hash_code(const Key256& key, const CodeBinding& binding, const CodeDigits& digits) {
    Message message;
    message.add(binding.session.value);
    message.add(binding.terminal.value);
    message.add(binding.customer.value);
    message.add(binding.locker.value);
    message.add(static_cast<std::uint64_t>(binding.purpose));
    message.add(binding.issue);
    message.add(digits.reveal());
    return keyed_hash(key, message.bytes());
}

}  // namespace strongroom::auth
