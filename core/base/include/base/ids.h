// Identifiers as types of their own, so that a customer is never passed where a locker is meant.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace strongroom {

template <class Tag>
struct Id {
    std::uint64_t value = 0;  // 0 means none
    [[nodiscard]] constexpr explicit operator bool() const { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

using CustomerId = Id<struct CustomerTag>;
using LockerId = Id<struct LockerTag>;
using TerminalId = Id<struct TerminalTag>;
using SessionId = Id<struct SessionTag>;  // never reused within a store
using EffectId = Id<struct EffectTag>;    // unique within a session machine
using StaffId = Id<struct StaffTag>;
using SensorId = Id<struct SensorTag>;  // a fingerprint sensor, given at its commissioning
using TrackId = Id<struct TrackTag>;    // one face followed from frame to frame

}  // namespace strongroom
