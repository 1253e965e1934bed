// Two kinds of time that cannot be mixed by accident.
//
// Instant is monotonic: windows, lifetimes and penalties are measured on it. WallTime is the
// calendar: it appears in records only. Nobody but hal::Clock produces either; these types have no
// now().
#pragma once

#include <chrono>
#include <cstdint>

namespace strongroom {

using Duration = std::chrono::nanoseconds;

struct MonotonicTime {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicTime>;
    static constexpr bool is_steady = true;
};

// Nanoseconds since an arbitrary start, never decreasing while a process lives.
using Instant = MonotonicTime::time_point;

struct CivilTime {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<CivilTime>;
    static constexpr bool is_steady = false;
};

// Nanoseconds since 1970-01-01 00:00 UTC, leap seconds not counted. May jump either way.
using WallTime = CivilTime::time_point;

// Later than any instant that a program reaches.
inline constexpr Instant never = Instant::max();

[[nodiscard]] constexpr std::int64_t milliseconds(Duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}
[[nodiscard]] constexpr std::int64_t milliseconds(Instant t) {
    return milliseconds(t.time_since_epoch());
}

// `t + d` that stops at `never` instead of overflowing.
[[nodiscard]] constexpr Instant saturating_add(Instant t, Duration d) {
    return d > Duration::zero() && t > never - d ? never : t + d;
}

}  // namespace strongroom
