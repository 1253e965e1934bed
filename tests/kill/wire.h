// What the victim and the witness say to each other: one datagram a message, strictly in turn. The
// witness orders a step; until it is done the victim asks, and the witness answers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/assert.h"
#include "base/result.h"
#include "base/secret.h"

namespace strongroom::test {

// Where the victim finds its end.
inline constexpr int victim_socket = 3;

enum class Message : std::uint8_t {
    // From the witness.
    step,
    answer,
    // From the victim: the end of a step, and calls of devices.
    stepped,
    now,
    wall,
    entropy,
    face_start,
    face_stop,
    face_poll,
    face_next,
    face_model,
    strike_pulse,
    strike_lock,
    strike_sense,
    strike_max_hold,
    key_turned,
    door_open,
    tamper_intact,
    exit_pressed,
    keypad_poll,
    display_show,
    siren_raise,
    siren_clear,
    sms_submit,
    sms_poll,
    // Told so that the witness knows how far the records are.
    opening,
    opened,
    commit_begins,
    commit_ended,
};

// What a commit is about: the index in auth::RecordBody.
enum class Commit : std::uint8_t { unproven, issue, reserve, settle_wrong, settle_right, grant };

class Writer {
public:
    explicit Writer(Message message) { put(message); }
    template <class T>
    Writer& put(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        append(std::as_bytes(std::span(&value, 1)));
        return *this;
    }
    Writer& put_bytes(std::span<const std::byte> bytes) {
        put(static_cast<std::uint64_t>(bytes.size()));
        append(bytes);
        return *this;
    }
    Writer& put_text(std::string_view text) { return put_bytes(std::as_bytes(std::span(text))); }
    // An error, or that there is none.
    template <class T>
    Writer& put_outcome(const Result<T>& result) {
        put(result.has_value());
        if (!result) put(result.error());
        return *this;
    }
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

private:
    void append(std::span<const std::byte> bytes) {
        if (bytes.empty()) return;
        const std::size_t before = bytes_.size();
        bytes_.resize(before + bytes.size());
        std::memcpy(bytes_.data() + before, bytes.data(), bytes.size());
    }
    std::vector<std::byte> bytes_;
};

// Both ends are built from this file: what does not fit asserts.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
    template <class T>
    [[nodiscard]] T take() {
        static_assert(std::is_trivially_copyable_v<T>);
        STRONGROOM_ASSERT(bytes_.size() >= sizeof(T));
        T value;
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_ = bytes_.subspan(sizeof value);
        return value;
    }
    [[nodiscard]] std::span<const std::byte> take_bytes() {
        const auto size = static_cast<std::size_t>(take<std::uint64_t>());
        STRONGROOM_ASSERT(bytes_.size() >= size);
        const auto taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }
    [[nodiscard]] std::string take_text() {
        const auto bytes = take_bytes();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    [[nodiscard]] Result<void> take_outcome() {
        if (take<bool>()) return {};
        return tl::unexpected(take<Error>());
    }

private:
    std::span<const std::byte> bytes_;
};

inline constexpr std::size_t message_max = 64 * 1024;

// The door that is played at, the same on both sides.
inline constexpr std::uint64_t the_customer = 1;
inline constexpr std::uint64_t the_locker = 7;
inline constexpr std::uint64_t the_terminal = 1;
inline constexpr double the_distance_max = 0.55;

[[nodiscard]] inline Key256 the_master_key() {
    std::array<std::byte, Key256::size> bytes{};
    bytes.fill(std::byte{0x3c});
    return Key256{std::span<const std::byte, Key256::size>(bytes)};
}

}  // namespace strongroom::test
