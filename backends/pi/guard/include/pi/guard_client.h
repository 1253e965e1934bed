// The controller's end of the conversation with strongroom-guard.
//
// Runner thread only. A call waits for the guard's answer, which takes about a tenth of a
// millisecond, and 100 ms at most; then the conversation is over, which the guard answers by
// locking.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "pi/guard_link.h"
#include "pi/line_guard.h"

namespace strongroom::pi {

class GuardClient {
public:
    // Waits three seconds at most. Throws GuardError: no guard at `socket`, or it refuses this
    // process.
    explicit GuardClient(const std::string& socket);
    // The same over another link; `name` is what messages call the guard.
    GuardClient(std::unique_ptr<GuardLink> link, const std::string& name);
    GuardClient(const GuardClient&) = delete;
    GuardClient& operator=(const GuardClient&) = delete;
    // The guard locks: it is asked to, and sees the conversation end, as when this process is
    // killed.
    ~GuardClient();

    // As hal::Strike has them. `disconnected` also while the guard cannot be reached: each call
    // tries anew, and a guard that was started again has locked.
    [[nodiscard]] Result<void> pulse(Duration hold);
    [[nodiscard]] Result<void> lock();
    // The guard's own, as it said when it was reached last.
    [[nodiscard]] Duration max_hold() const { return max_hold_; }

private:
    [[nodiscard]] Result<void> connect(Duration patience);
    [[nodiscard]] Result<void> ask(GuardAsk what, Duration hold, Duration patience);

    std::unique_ptr<GuardLink> link_;
    std::uint64_t number_ = 0;
    Duration max_hold_{};
};

}  // namespace strongroom::pi
