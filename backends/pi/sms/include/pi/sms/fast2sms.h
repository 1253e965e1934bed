// Fast2SMS's bulkV2 as pure functions: a message to the bytes of a request, the bytes of an answer
// to what they mean. No I/O; any thread.
//
// Indian numbers only. India's rules (TRAI's DLT) let nobody send free text: route `otp` sends the
// digits alone in the provider's own words, route `dlt` fills the variables of a template that was
// registered before. Both take the digits out of the text that the terminal wrote. The facts are
// those of https://docs.fast2sms.com: the key in a header, success as `"return": true` with a
// `request_id`, a refusal as `"return": false` which may come under HTTP status 200.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pi/sms/message.h"
#include "pi/sms/transport.h"

namespace strongroom::pi::fast2sms {

enum class Route : std::uint8_t { otp, dlt };

struct Account {
    Secret key;
    Route route = Route::otp;
    std::string sender;     // dlt: the registered header
    std::string template_;  // dlt: the message's id at Fast2SMS
    // dlt: how many variables the template has; they are the runs of digits in the text, in order.
    // "Your strongroom code is 135790. It opens locker 7 once, within 120 seconds." has three.
    int variables = 3;
};

// What is wrong with the account's settings, in words that name no secret; empty when nothing.
[[nodiscard]] std::string objection(const Account& account);

// out_of_range: not a number or not a text. unsupported: a number outside India, or a text that the
// route cannot say (no run of 4 to 10 digits for otp; another number of runs for dlt): another
// provider can.
[[nodiscard]] Result<HttpRequest> compose_send(const Account& account,
                                               const hal::SmsMessage& message);
[[nodiscard]] SendAnswer read_send(int status, std::string_view body);

}  // namespace strongroom::pi::fast2sms
