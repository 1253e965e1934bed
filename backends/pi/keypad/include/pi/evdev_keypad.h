// A keypad or keyboard that the kernel shows as an input device.
//
// It is grabbed: nothing that is typed on it reaches a console or another program. Runner thread
// only; never blocks. What the keys mean: pi/key_assembler.h.
#pragma once

#include <filesystem>
#include <stdexcept>

#include "hal/keypad.h"
#include "pi/key_assembler.h"

namespace strongroom::pi {

// Names the device, what is wrong, and what to do.
class KeypadError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class EvdevKeypad final : public hal::Keypad {
public:
    // `device` as "/dev/input/by-id/...-event-kbd": the number of /dev/input/eventN changes. Claims
    // that name no locker are on `own`. Throws KeypadError: not there, not allowed, grabbed by
    // another program, no keys.
    EvdevKeypad(std::filesystem::path device, LockerId own);
    EvdevKeypad(const EvdevKeypad&) = delete;
    EvdevKeypad& operator=(const EvdevKeypad&) = delete;
    ~EvdevKeypad() override;

    // A keypad that was unplugged is looked for again at each call.
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> poll() override;
    // Readable while keys wait; -1 while the keypad is gone. Changes when it comes back.
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    [[nodiscard]] int open();  // 0 or an errno
    void close();

    std::filesystem::path device_;
    KeyAssembler assembler_;
    int descriptor_ = -1;
    bool skipping_ = false;  // the kernel dropped events; until the next report
};

}  // namespace strongroom::pi
