// Debouncer: a raw contact in, settled edges out.
#pragma once

#include <optional>

#include "base/time.h"

namespace strongroom::devices {

// A change counts once the contact has read the same for `settle`. Feed it whenever the contact may
// have changed and at next_deadline(). One thread.
class Debouncer {
public:
    Debouncer(bool initial, Duration settle) : settled_(initial), raw_(initial), settle_(settle) {}

    // The new settled value, when it has just changed.
    std::optional<bool> update(Instant now, bool raw) {
        if (raw != raw_) {
            raw_ = raw;
            since_ = now;
        }
        if (raw_ == settled_ || now - since_ < settle_) return std::nullopt;
        settled_ = raw_;
        return settled_;
    }

    [[nodiscard]] bool settled() const { return settled_; }
    // When a pending change will have settled; `never` when none is pending.
    [[nodiscard]] Instant next_deadline() const {
        return raw_ == settled_ ? never : saturating_add(since_, settle_);
    }

private:
    bool settled_;
    bool raw_;
    Duration settle_;
    Instant since_{};
};

}  // namespace strongroom::devices
