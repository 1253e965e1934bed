// The customer's side of the terminal: keys in, words out. Runner thread only. Never block.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "base/prompt.h"
#include "base/result.h"
#include "base/secret.h"

namespace strongroom::hal {

// What a person has entered. The keypad (or the touch screen) assembles keys into entries; it
// decides nothing.
struct KeypadEntry {
    enum class Kind : std::uint8_t {
        claim,   // "I am customer N and want locker M"
        code,    // digits of a one-time code: `digits`
        resend,  // asks for another code
        cancel,
    };
    Kind kind{};
    CustomerId customer;  // claim
    LockerId locker;      // claim
    CodeDigits digits;    // code; anything but digits is refused by core
};

class Keypad {
public:
    virtual ~Keypad() = default;
    // The next entry in order, or none. Errors: disconnected, corrupt (an entry was dropped).
    [[nodiscard]] virtual Result<std::optional<KeypadEntry>> poll() = 0;
};

using strongroom::Prompt;

class Display {
public:
    virtual ~Display() = default;
    // Replaces what is shown. Errors: disconnected, busy. A display that fails never stops a
    // visit from ending locked.
    [[nodiscard]] virtual Result<void> show(const Prompt& prompt) = 0;
};

}  // namespace strongroom::hal
