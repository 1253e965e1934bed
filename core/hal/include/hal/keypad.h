// The customer's side of the terminal: keys in, words out. Runner thread only. Never block.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace strongroom::hal {

// What a person has entered. The keypad (or the touch screen) assembles keys into entries; it
// decides nothing.
struct KeypadEntry {
    enum class Kind : std::uint8_t {
        claim,        // "I am customer N and want locker M"
        code,         // digits of a one-time code: `digits`
        resend,       // asks for another code
        cancel,
    };
    Kind kind{};
    CustomerId customer;  // claim
    LockerId locker;      // claim
    Secret digits;        // code: 1 to 12 characters '0' to '9'; anything else is refused by core
};

class Keypad {
public:
    virtual ~Keypad() = default;
    // The next entry in order, or none. Errors: disconnected, corrupt (an entry was dropped).
    [[nodiscard]] virtual Result<std::optional<KeypadEntry>> poll() = 0;
};

// What the screen should tell. The words, their language and their layout are the display's.
struct Prompt {
    enum class Message : std::uint8_t {
        welcome,            // nobody is being served
        please_wait,
        look_at_camera,
        move_closer,        // face too small
        one_person_only,
        more_light,         // too dark, too bright, or too little contrast
        hold_still,         // blurred
        face_forward,
        enter_code,         // `seconds` remain; a code was sent to the phone ending in ...
        code_not_accepted,  // `attempts` remain
        turn_key,
        open_door,          // `seconds` remain
        not_recognised,     // the visit ended: no factor named, so that nothing is learnt
        refused_until,      // `seconds` to wait
        see_staff,          // only staff can help
        out_of_service,
        cancelled,
        timed_out,
    };
    Message message{};
    std::int32_t seconds = 0;
    std::int32_t attempts = 0;
    friend constexpr bool operator==(const Prompt&, const Prompt&) = default;
};

class Display {
public:
    virtual ~Display() = default;
    // Replaces what is shown. Errors: disconnected, busy. A display that fails never stops a
    // visit from ending locked.
    [[nodiscard]] virtual Result<void> show(const Prompt& prompt) = 0;
};

}  // namespace strongroom::hal
