// Keys into entries, for a keypad with digits and a few signs. Decides nothing.
//
//   customer number, *             a claim on the terminal's own locker
//   customer number, /, locker, *  a claim on a locker
//   digits, Enter                  a code
//   + or #                         another code, please
//   Escape or -                    cancel
//   Backspace                      takes the last digit back
//
// On a full keyboard Tab stands for * as well. One thread. Digits are wiped once they are used.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "hal/keypad.h"

namespace strongroom::pi {

class KeyAssembler {
public:
    explicit KeyAssembler(LockerId own) : own_(own) {}
    KeyAssembler(const KeyAssembler&) = delete;
    KeyAssembler& operator=(const KeyAssembler&) = delete;
    ~KeyAssembler() { forget(); }

    // A key has gone down: its code as in linux/input-event-codes.h, and when. What somebody began
    // more than 30 s before is forgotten: the next person does not complete it. Keys that mean
    // nothing here do nothing. Errors: corrupt (an entry that cannot be one: a claim without a
    // number, too many digits; it is dropped).
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> press(std::uint16_t key, Duration when);
    // Whatever was begun.
    void forget();

private:
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> digit(char value);
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> claim();
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> code();

    static constexpr std::size_t capacity = CodeDigits::capacity;
    LockerId own_;
    std::array<char, capacity> digits_{};
    std::size_t size_ = 0;
    bool overflow_ = false;
    CustomerId customer_;  // of a claim whose locker follows
    Duration last_{};
};

}  // namespace strongroom::pi
