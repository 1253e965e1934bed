#include "pi/sms/callback.h"

#include "pi/sms/form.h"
#include "pi/sms/signature.h"
#include "pi/sms/twilio.h"

namespace strongroom::pi {

Callback judge_callback(const CallbackRules& rules, std::string_view signature,
                        std::string_view form) {
    using Verdict = Callback::Verdict;
    Callback callback;
    const auto fields = parse_form(form);
    if (!fields || fields->empty()) return callback;
    // Before anything that a stranger wrote is interpreted.
    callback.verdict = Verdict::bad_signature;
    if (!signature_is_right(rules.token, rules.public_url, *fields, signature)) return callback;
    callback.verdict = Verdict::foreign;
    const auto account = field(*fields, "AccountSid");
    const auto sid = field(*fields, "MessageSid");
    const auto status = field(*fields, "MessageStatus");
    if (account != rules.account_sid || !sid || !twilio::is_sid(*sid) || !status) return callback;
    callback.state = twilio::state_named(*status);
    if (callback.state == MessageState::unreadable) return callback;
    callback.verdict = Verdict::genuine;
    callback.sid = *sid;
    return callback;
}

}  // namespace strongroom::pi
