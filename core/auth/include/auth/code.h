// One-time codes: made from a seed, kept as keyed hashes, bound to what they were issued for.
#pragma once

#include <cstdint>

#include "auth/policy.h"
#include "base/ids.h"
#include "base/secret.h"

namespace strongroom::auth {

// Everything that a code is valid for, and nothing else. Part of the hash, so that a code for
// another session, terminal, customer, locker or purpose has another hash.
struct CodeBinding {
    SessionId session;
    TerminalId terminal;
    CustomerId customer;
    LockerId locker;
    Purpose purpose = Purpose::open_locker;
    std::uint32_t issue = 0;  // 1 for the first code of a session, 2 after a resend, ...
};

// `digits` uniformly distributed digits (rejection sampling over BLAKE2b keyed with the seed, as
// RFC 4226 truncates an HMAC). Asserts 6 <= digits <= 10.
[[nodiscard]] CodeDigits make_code(const Key256& seed, std::uint32_t issue, int digits);

// The only form in which a code is kept.
[[nodiscard]] Digest hash_code(const Key256& key, const CodeBinding& binding,
                               const CodeDigits& digits);

}  // namespace strongroom::auth
