// What a driver for short messages has noticed, for the log, the alarm table and the tests. An
// event is a name and the provider's number: it cannot hold a phone number or a text.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace strongroom::pi {

enum class SmsEvent : std::uint8_t {
    unreachable,          // no connection; nothing was sent
    untrusted_server,     // the server could not prove who it is; nothing was sent
    throttled,            // 429: not processed
    credentials_refused,  // the account is not let in
    out_of_credit,        // the account has nothing left
    rejected,             // the provider will not send this message, whatever the HTTP status was
    outcome_unknown,      // it may have been sent; it is not sent again here
    bad_answer,           // an answer that is none, or too long; treated as outcome_unknown
    undelivered,          // the provider reports that it did not arrive
    bad_signature,        // a delivery report that the provider did not sign; not believed
    foreign_report,       // signed, but for a message or an account that is not ours; not believed
    bad_report,           // a request to the callback address that is no delivery report
};
inline constexpr std::size_t sms_event_kinds = 12;

// "sms.tls_fail" and the like; static.
[[nodiscard]] std::string_view to_string(SmsEvent event);

// Runner thread. `vendor_code`: the provider's, libcurl's or HTTP's number; 0 when there is none.
using SmsEventSink = std::function<void(SmsEvent event, std::int32_t vendor_code)>;

}  // namespace strongroom::pi
