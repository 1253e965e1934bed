#include "parts/sms_parts.h"

#include "pi/sms/form.h"
#include "pi/sms/twilio.h"

namespace strongroom::scenarios::parts {

pi::SendAnswer StatusOnlyGateway::read_send(int status, std::string_view) const {
    using Kind = pi::SendAnswer::Kind;
    if (status >= 200 && status < 300) return {Kind::accepted, "unread", 0};
    return {Kind::rejected, {}, status};
}

pi::Callback believe_callback(std::string_view form) {
    pi::Callback callback;
    const auto fields = pi::parse_form(form);
    if (!fields) return callback;
    const auto sid = pi::field(*fields, "MessageSid");
    const auto status = pi::field(*fields, "MessageStatus");
    if (!sid || !status) return callback;
    return {pi::Callback::Verdict::genuine, std::string(*sid), pi::twilio::state_named(*status)};
}

}  // namespace strongroom::scenarios::parts
