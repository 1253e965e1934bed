// Authenticator codes: time-based one-time passwords (RFC 6238 over RFC 4226), which the customer's
// phone shows without any network.
//
// Pure functions over a seed and a time step; nobody asks a clock here. Any thread. The parameters
// are those that every authenticator app knows: HMAC-SHA-1, steps of 30 s, 6 digits (ADR 0017).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/secret.h"
#include "base/time.h"

namespace strongroom::auth {

// What phone and store share: 160 bits, as RFC 4226 recommends. Wiped when it goes; copyable as
// Key256 is.
class AuthenticatorSeed {
public:
    static constexpr std::size_t size = 20;
    AuthenticatorSeed() = default;
    explicit AuthenticatorSeed(std::span<const std::byte, size> bytes);
    AuthenticatorSeed(const AuthenticatorSeed&) = default;
    AuthenticatorSeed& operator=(const AuthenticatorSeed&) = default;
    ~AuthenticatorSeed() { wipe(bytes_); }

    [[nodiscard]] std::span<const std::byte, size> reveal() const { return bytes_; }

private:
    std::array<std::byte, size> bytes_{};
};

// Half minutes since 1970: what a code is valid for.
struct TimeStep {
    static constexpr Duration length = std::chrono::seconds(30);
    std::int64_t number = 0;
    friend constexpr auto operator<=>(TimeStep, TimeStep) = default;
};

[[nodiscard]] constexpr TimeStep time_step(WallTime wall) {
    return {std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<30>>>(
                wall.time_since_epoch())
                .count()};
}

// A customer's authenticator as a visit needs it.
struct Authenticator {
    AuthenticatorSeed seed;
    TimeStep last_step;  // codes of this step and of all before it were used
};

// The code of one step. `step` as a counter makes it RFC 4226's HOTP. Asserts 6 <= digits <= 8.
// Not valid() where the system's library refuses SHA-1: then no code is ever right.
[[nodiscard]] CodeDigits authenticator_code(const AuthenticatorSeed& seed, TimeStep step,
                                            int digits);

// The newest step within `delay_steps` of `now`, either way, whose code `entered` is; none: it is
// the code of none of them. How long it takes says nothing of the answer. Asserts 0 <= delay_steps.
[[nodiscard]] std::optional<TimeStep> step_of_code(const AuthenticatorSeed& seed,
                                                   const CodeDigits& entered, TimeStep now,
                                                   int delay_steps, int digits);

// How the seed gets onto the phone. Both hold the seed: for the customer's eyes, once.

// 32 characters in groups of four (RFC 4648), for typing.
[[nodiscard]] Secret seed_in_base32(const AuthenticatorSeed& seed);
// An otpauth:// URI. `issuer` and `account` show in the app; of them letters, digits and "-._" stay
// as they are, and the rest is escaped.
[[nodiscard]] Secret provisioning_uri(const AuthenticatorSeed& seed, std::string_view issuer,
                                      std::string_view account, int digits);

}  // namespace strongroom::auth
