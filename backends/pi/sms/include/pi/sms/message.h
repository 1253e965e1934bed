// What all providers' drivers share: which numbers and texts are taken, and what an answer means.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hal/sms_gateway.h"

namespace strongroom::pi {

// E.164: "+" and 1 to 15 digits.
[[nodiscard]] bool is_number(std::string_view number);
// 1 to 160 characters of the part of the GSM 7-bit alphabet that is ASCII and counts once.
[[nodiscard]] bool is_text(std::string_view text);
// The runs of decimal digits in a text, in order.
[[nodiscard]] std::vector<std::string_view> digit_runs(std::string_view text);

// What a provider's answer to a request to send says.
struct SendAnswer {
    enum class Kind : std::uint8_t {
        accepted,             // it will be sent; `reference` is the provider's name for it
        rejected,             // it will not be sent, and asking again is of no use
        throttled,            // it was not processed: asking again later is safe
        credentials_refused,  // it was not processed: the account is not let in
        out_of_credit,        // it was not processed: the account has nothing left
        unsure,               // it may or may not be sent
        unreadable,           // as unsure: the answer is none that the provider's document knows
    };
    Kind kind = Kind::unsure;
    std::string reference;
    std::int32_t vendor_code = 0;  // the provider's own code, or the HTTP status
};

// What a provider says has become of a message.
enum class MessageState : std::uint8_t { under_way, delivered, undelivered, unreadable };

}  // namespace strongroom::pi
