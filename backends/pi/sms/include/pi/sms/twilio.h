// Twilio's Messages resource as pure functions: a message to the bytes of a request, the bytes of
// an answer to what they mean. No I/O; any thread.
//
// The facts are those of https://www.twilio.com/docs/messaging/api/message-resource: a form POSTed
// with Basic authentication, 201 with JSON for what was taken, another status with a numeric `code`
// for what was not. The codes change, and Twilio advises against logic on them: what is done
// depends on the HTTP status alone, and the code is kept for people.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pi/sms/message.h"
#include "pi/sms/transport.h"

namespace strongroom::pi::twilio {

struct Account {
    std::string sid;                // "AC" and 32 hexadecimal digits
    std::string key_sid;            // of an API key ("SK..."), or empty: the account's own token
    Secret secret;                  // the API key's secret, or the account's token
    std::string from;               // a number, an alphanumeric sender, or empty with a service
    std::string messaging_service;  // "MG...", or empty
    std::string status_callback;    // public address for delivery reports, or empty
    int validity_seconds = 120;     // 1 to 36000: an older code is not worth delivering
};

// What is wrong with the account's settings, in words that name no secret; empty when nothing.
[[nodiscard]] std::string objection(const Account& account);

// out_of_range: not a number or not a text.
[[nodiscard]] Result<HttpRequest> compose_send(const Account& account,
                                               const hal::SmsMessage& message);
[[nodiscard]] SendAnswer read_send(int status, std::string_view body);

// `sid` is one that read_send() gave.
[[nodiscard]] HttpRequest compose_status(const Account& account, std::string_view sid);
[[nodiscard]] MessageState read_status(int status, std::string_view body, std::string_view sid);

// "SM" or "MM" and 32 hexadecimal digits.
[[nodiscard]] bool is_sid(std::string_view text);
// One of the words of the resource's `status`.
[[nodiscard]] MessageState state_named(std::string_view word);

}  // namespace strongroom::pi::twilio
