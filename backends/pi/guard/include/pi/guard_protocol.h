// What the controller and the guard say to each other, both of this build and this machine.
//
// Over a SOCK_SEQPACKET Unix socket: a question is one packet, its answer another. Values; any
// thread.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace strongroom::pi {

inline constexpr std::uint32_t guard_magic =
    0x53475231;  // "SGR1"; another protocol, another number

enum class GuardAsk : std::uint32_t {
    hello = 1,  // max_hold
    pulse = 2,
    lock = 3,
};

struct GuardQuestion {
    std::uint32_t magic = guard_magic;
    GuardAsk ask{};
    std::uint64_t number = 0;  // repeated by the answer, so that a late one is known as such
    std::int64_t hold = 0;     // pulse: nanoseconds
};
static_assert(sizeof(GuardQuestion) == 24);

struct GuardAnswer {
    std::uint32_t magic = guard_magic;
    std::uint32_t done = 0;  // 1, or 0 and an error
    std::uint64_t number = 0;
    std::int64_t max_hold = 0;  // nanoseconds
    std::uint32_t error = 0;    // Errc
    std::int32_t vendor_code = 0;
};
static_assert(sizeof(GuardAnswer) == 32);

}  // namespace strongroom::pi
