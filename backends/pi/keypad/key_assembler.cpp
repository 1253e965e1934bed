#include "pi/key_assembler.h"

#include <charconv>
#include <chrono>
#include <span>

#include <linux/input-event-codes.h>

#include "base/secret.h"

namespace strongroom::pi {
namespace {

using Entry = hal::KeypadEntry;
using Pressed = Result<std::optional<Entry>>;

constexpr Duration patience = std::chrono::seconds(30);

// '0' to '9', or none.
[[nodiscard]] char digit_of(std::uint16_t key) {
    switch (key) {
        case KEY_0:
        case KEY_KP0:
        case KEY_NUMERIC_0: return '0';
        case KEY_KP1: return '1';
        case KEY_KP2: return '2';
        case KEY_KP3: return '3';
        case KEY_KP4: return '4';
        case KEY_KP5: return '5';
        case KEY_KP6: return '6';
        case KEY_KP7: return '7';
        case KEY_KP8: return '8';
        case KEY_KP9: return '9';
        default: break;
    }
    if (key >= KEY_1 && key <= KEY_9) return static_cast<char>('1' + (key - KEY_1));
    if (key >= KEY_NUMERIC_1 && key <= KEY_NUMERIC_9) {
        return static_cast<char>('1' + (key - KEY_NUMERIC_1));
    }
    return '\0';
}

// 1 and up; 0 for none.
[[nodiscard]] std::uint64_t number_of(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

}  // namespace

void KeyAssembler::forget() {
    wipe(std::as_writable_bytes(std::span(digits_)));
    size_ = 0;
    overflow_ = false;
    customer_ = {};
}

Pressed KeyAssembler::press(std::uint16_t key, Duration when) {
    if (when - last_ > patience) forget();
    last_ = when;
    if (const char value = digit_of(key); value != '\0') return digit(value);
    switch (key) {
        case KEY_KPASTERISK:
        case KEY_NUMERIC_STAR:
        case KEY_TAB: return claim();
        case KEY_KPSLASH:
        case KEY_SLASH:
            customer_ = {number_of({digits_.data(), size_})};
            size_ = 0;
            if (customer_ && !overflow_) return std::nullopt;
            forget();
            return fail(Errc::corrupt);
        case KEY_ENTER:
        case KEY_KPENTER: return code();
        case KEY_KPPLUS:
        case KEY_NUMERIC_POUND: forget(); return Entry{Entry::Kind::resend, {}, {}, {}};
        case KEY_ESC:
        case KEY_KPMINUS:
        case KEY_MINUS: forget(); return Entry{Entry::Kind::cancel, {}, {}, {}};
        case KEY_BACKSPACE:
            if (size_ > 0) digits_.at(--size_) = '\0';
            return std::nullopt;
        default: return std::nullopt;
    }
}

Pressed KeyAssembler::digit(char value) {
    if (size_ == capacity) {
        overflow_ = true;  // said when the entry is complete: until then the person may cancel
        return std::nullopt;
    }
    digits_.at(size_++) = value;
    return std::nullopt;
}

Pressed KeyAssembler::claim() {
    const std::uint64_t number = number_of({digits_.data(), size_});
    Entry entry{Entry::Kind::claim, {}, {}, {}};
    entry.customer = customer_ ? customer_ : CustomerId{number};
    entry.locker = customer_ ? LockerId{number} : own_;
    const bool whole = number != 0 && !overflow_;
    forget();
    if (!whole) return fail(Errc::corrupt);
    return entry;
}

Pressed KeyAssembler::code() {
    Entry entry{Entry::Kind::code, {}, {}, CodeDigits({digits_.data(), size_})};
    const bool whole = size_ > 0 && !overflow_ && !customer_;
    forget();
    if (!whole) return fail(Errc::corrupt);
    return entry;
}

}  // namespace strongroom::pi
