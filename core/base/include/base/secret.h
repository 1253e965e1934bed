// Secret: bytes that are wiped when they go out of scope and compared in constant time.
//
// A Secret has no operator<<, no conversion to text and no hash: to use the bytes one has to say
// reveal(), which is easy to find in a review. Copying is explicit (clone()); moving leaves the
// source empty.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace strongroom {

// Overwrites memory so that the compiler cannot drop it (libsodium's sodium_memzero).
void wipe(std::span<std::byte> bytes) noexcept;

// Same length and same bytes; the time depends on the length alone.
[[nodiscard]] bool equal_in_constant_time(std::span<const std::byte> a,
                                          std::span<const std::byte> b) noexcept;

class Secret {
public:
    Secret() = default;
    explicit Secret(std::span<const std::byte> bytes);
    explicit Secret(std::string_view text);
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    [[nodiscard]] Secret clone() const { return Secret(reveal()); }
    [[nodiscard]] std::span<const std::byte> reveal() const { return bytes_; }
    [[nodiscard]] std::string_view reveal_text() const;
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

private:
    std::vector<std::byte> bytes_;
};

// A 256-bit key or seed of fixed size, without heap memory; otherwise as Secret, but copyable,
// because the value types of auth carry it.
class Key256 {
public:
    static constexpr std::size_t size = 32;
    Key256() = default;
    explicit Key256(std::span<const std::byte, size> bytes);
    Key256(const Key256&) = default;
    Key256& operator=(const Key256&) = default;
    ~Key256() { wipe(bytes_); }

    [[nodiscard]] std::span<const std::byte, size> reveal() const { return bytes_; }

    // An independent key for a named purpose (BLAKE2b keyed with this key over the name).
    [[nodiscard]] Key256 derive(std::string_view purpose) const;

private:
    std::array<std::byte, size> bytes_{};
};

// The digits of a code, 0 to 16 characters, without heap memory; copyable as Key256 is. What does
// not fit is cut to an entry that can match nothing (valid() is false).
class CodeDigits {
public:
    static constexpr std::size_t capacity = 16;
    CodeDigits() = default;
    explicit CodeDigits(std::string_view digits) noexcept;
    CodeDigits(const CodeDigits&) = default;
    CodeDigits& operator=(const CodeDigits&) = default;
    ~CodeDigits() { wipe(std::as_writable_bytes(std::span(characters_))); }

    // One or more characters, all of them '0' to '9'.
    [[nodiscard]] bool valid() const noexcept;
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::string_view reveal() const { return {characters_.data(), size_}; }

private:
    std::array<char, capacity> characters_{};
    std::uint8_t size_ = 0;
};

// 256-bit keyed hash (BLAKE2b, RFC 7693).
using Digest = std::array<std::byte, 32>;
[[nodiscard]] Digest keyed_hash(const Key256& key, std::span<const std::byte> message) noexcept;

// The last four digits of a phone number, or nothing if it is too short to hide. Safe to log.
[[nodiscard]] std::string_view masked_tail(std::string_view phone_number) noexcept;

}  // namespace strongroom
