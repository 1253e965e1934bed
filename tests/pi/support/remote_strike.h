// A strike in a process of its own, so that a test can take the process away.
//
// One thread at a time.
#pragma once

#include <functional>
#include <memory>

#include <sys/types.h>

#include "hal/strike.h"

namespace strongroom::test {

class RemoteStrike final : public hal::Strike {
public:
    // Makes the device in a child of this process. Throws std::runtime_error when that fails; what
    // the child says about it goes to standard error.
    explicit RemoteStrike(const std::function<std::unique_ptr<hal::Strike>()>& make);
    RemoteStrike(const RemoteStrike&) = delete;
    RemoteStrike& operator=(const RemoteStrike&) = delete;
    ~RemoteStrike() override;  // destroys the device in an orderly way, if it is still there

    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override { return max_hold_; }

    void destroy();  // the device; its process goes on
    void kill();     // SIGKILL: no destructor runs
    void freeze();   // the process stands still, with everything it holds, until thaw()
    void thaw();

private:
    struct Answer;
    [[nodiscard]] Answer ask(char what, Duration hold = {}) const;
    pid_t child_ = -1;
    int socket_ = -1;
    Duration max_hold_{};
};

}  // namespace strongroom::test
