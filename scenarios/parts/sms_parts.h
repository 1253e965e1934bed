// Naive parts between the terminal and the providers of short messages, for the arms that take a
// defence of theirs away. They live here and in no product. Runner thread only.
#pragma once

#include <functional>
#include <string_view>

#include "pi/sms/callback.h"
#include "pi/sms/http_gateway.h"

namespace strongroom::scenarios::parts {

// Takes every HTTP success for a message that will arrive: it reads no answer and asks no more.
class StatusOnlyGateway final : public pi::HttpGateway {
public:
    using Compose = std::function<Result<pi::HttpRequest>(const hal::SmsMessage& message)>;
    // `compose` writes the provider's requests as the production driver does. All outlive this.
    StatusOnlyGateway(hal::Clock& clock, pi::Transport& transport, Compose compose)
        : HttpGateway(clock, transport, {}, {}, nullptr), compose_(std::move(compose)) {}

protected:
    [[nodiscard]] Result<pi::HttpRequest> compose_send(
        const hal::SmsMessage& message) const override {
        return compose_(message);
    }
    [[nodiscard]] pi::SendAnswer read_send(int status, std::string_view body) const override;

private:
    Compose compose_;
};

// Takes whatever is posted to the terminal's address for the provider's report.
[[nodiscard]] pi::Callback believe_callback(std::string_view form);

}  // namespace strongroom::scenarios::parts
