// Is this request to our callback address a delivery report of the provider, and what does it say?
// A pure function, any thread: whoever listens (CallbackServer, a simulated network) asks it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "pi/sms/message.h"

namespace strongroom::pi {

struct CallbackRules {
    std::string public_url;   // exactly as given to the provider: the signature is over it
    std::string account_sid;  // ours
    Secret token;             // the account's token: the key of the signature
};

struct Callback {
    enum class Verdict : std::uint8_t {
        genuine,        // signed by the provider, for our account: `sid` and `state` are its word
        bad_signature,  // no signature, or a wrong one: nothing else of it was looked at
        foreign,        // signed, but for another account, or with a state that is none
        malformed,      // no form, or not one that the provider sends
    };
    Verdict verdict = Verdict::malformed;
    std::string sid;
    MessageState state = MessageState::unreadable;
};

// `signature` is the header X-Twilio-Signature, empty when there was none; `form` the body.
[[nodiscard]] Callback judge_callback(const CallbackRules& rules, std::string_view signature,
                                      std::string_view form);

// Where genuine reports and the others come out, in order. Runner thread.
class CallbackSource {
public:
    virtual ~CallbackSource() = default;
    [[nodiscard]] virtual std::optional<Callback> next() = 0;
};

}  // namespace strongroom::pi
