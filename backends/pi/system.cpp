#include "pi/system.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <vector>

#include <sys/random.h>
#include <sys/timex.h>

#include "base/assert.h"
#include "base/secret.h"

namespace strongroom::pi {

namespace {

Duration read_clock(clockid_t clock) {
    timespec time{};
    STRONGROOM_ASSERT(clock_gettime(clock, &time) == 0);  // fails only for an unknown clock
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Instant SystemClock::now() const { return Instant(read_clock(CLOCK_MONOTONIC)); }

WallTime SystemClock::wall() const { return WallTime(read_clock(CLOCK_REALTIME)); }

bool SystemClock::wall_is_set() const {
    timex state{};  // no modes: nothing is changed
    return ::adjtimex(&state) != -1 && (static_cast<unsigned>(state.status) & STA_UNSYNC) == 0;
}

Result<void> SystemEntropy::fill(std::span<std::byte> bytes) {
    // Into a buffer first: all of `bytes` or none.
    std::vector<std::byte> fresh(bytes.size());
    for (std::size_t got = 0; got < fresh.size();) {
        const ssize_t n = getrandom(fresh.data() + got, fresh.size() - got, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail(Errc::disconnected, errno);
        got += static_cast<std::size_t>(n);
    }
    std::copy(fresh.begin(), fresh.end(), bytes.begin());
    wipe(fresh);
    return {};
}

}  // namespace strongroom::pi
