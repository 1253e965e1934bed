// Result<T> and Error: how a fallible call answers.
//
// The world fails by value: every call that can fail because of the world (a cable, a disk, a
// network) returns Result<T>. Exceptions are for composing a program (reading configuration,
// opening devices) and never cross Terminal::step(). A programmer's error asserts: base/assert.h.
#pragma once

#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

namespace strongroom {

// What went wrong, as far as a caller can act on it. The list is closed: callers switch over it
// without `default`, so that a new value is a compile error everywhere it matters.
enum class Errc : std::uint8_t {
    timeout,       // no answer in time; the effect is unknown
    disconnected,  // the device or file is not there (any more)
    busy,          // try again later; nothing was done
    corrupt,       // data came, and it is not what was written or sent
    out_of_range,  // an argument outside the stated range; nothing was done
    unsupported,   // this implementation cannot do that
    denied,        // not allowed now, or by permission
    exhausted,     // a limit, a cap, or a disk is full
};

[[nodiscard]] constexpr std::string_view to_string(Errc code) {
    switch (code) {
        case Errc::timeout: return "timeout";
        case Errc::disconnected: return "disconnected";
        case Errc::busy: return "busy";
        case Errc::corrupt: return "corrupt";
        case Errc::out_of_range: return "out_of_range";
        case Errc::unsupported: return "unsupported";
        case Errc::denied: return "denied";
        case Errc::exhausted: return "exhausted";
    }
    return "invalid";
}

// A code and the vendor's own number (errno, an SQLite result code, a sensor's confirmation code;
// 0 when there is none). No text: text is made where it is shown, and so can hold no secret.
struct Error {
    Errc code{};
    std::int32_t vendor_code = 0;
    friend constexpr bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] constexpr tl::unexpected<Error> fail(Errc code, std::int32_t vendor_code = 0) {
    return tl::unexpected<Error>(Error{code, vendor_code});
}

}  // namespace strongroom
