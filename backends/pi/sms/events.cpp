#include "pi/sms/events.h"

namespace strongroom::pi {

std::string_view to_string(SmsEvent event) {
    switch (event) {
        case SmsEvent::unreachable: return "sms.unreachable";
        case SmsEvent::untrusted_server: return "sms.tls_fail";
        case SmsEvent::throttled: return "sms.throttled";
        case SmsEvent::credentials_refused: return "sms.credentials_refused";
        case SmsEvent::out_of_credit: return "sms.out_of_credit";
        case SmsEvent::rejected: return "sms.rejected";
        case SmsEvent::outcome_unknown: return "sms.outcome_unknown";
        case SmsEvent::bad_answer: return "sms.bad_answer";
        case SmsEvent::undelivered: return "sms.undelivered";
        case SmsEvent::bad_signature: return "sms.bad_signature";
        case SmsEvent::foreign_report: return "sms.foreign_report";
        case SmsEvent::bad_report: return "sms.bad_report";
    }
    return "sms.invalid";
}

}  // namespace strongroom::pi
