// The members of staff who may change a commissioned store, two of them together.
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/secret.h"
#include "base/time.h"

namespace strongroom::store {

// A store with so many members of staff or more is commissioned: from then on what an operator
// changes takes two of them.
inline constexpr std::int64_t staff_min = 2;
// NIST SP 800-63B-4, 3.1.1.2: 15 characters or more where a password is the only factor.
inline constexpr std::size_t password_bytes_min = 15;
inline constexpr std::size_t password_bytes_max = 256;
// How long two members of staff have to do what they came for.
inline constexpr Duration authorised_for = std::chrono::minutes(10);

// Vendor codes beside Errc::denied.
inline constexpr std::int32_t two_staff_needed = 1;  // authorise() first
inline constexpr std::int32_t last_two_staff = 2;    // two must remain

struct StaffSummary {
    StaffId id;
    Secret name;
};

// That somebody is who she says she is.
struct StaffProof {
    StaffId staff;
    const Secret& password;
};

}  // namespace strongroom::store
