// The drivers: Twilio and Fast2SMS as hal::SmsGateway. See http_gateway.h for what they promise and
// twilio.h, fast2sms.h for what they say. Runner thread only.
#pragma once

#include "pi/sms/base_address.h"
#include "pi/sms/fast2sms.h"
#include "pi/sms/http_gateway.h"
#include "pi/sms/twilio.h"

namespace strongroom::pi {

// Reports delivery: by signed callbacks when `callbacks` is given and the account has a
// status_callback, and by asking for the message's state in any case.
class TwilioGateway final : public HttpGateway {
public:
    // Throws SmsSettingsError when the account's settings cannot be right.
    TwilioGateway(hal::Clock& clock, Transport& transport, twilio::Account account,
                  SmsTiming timing = {}, SmsEventSink events = {},
                  CallbackSource* callbacks = nullptr);

protected:
    [[nodiscard]] Result<HttpRequest> compose_send(const hal::SmsMessage& message) const override;
    [[nodiscard]] SendAnswer read_send(int status, std::string_view body) const override;
    [[nodiscard]] std::optional<HttpRequest> compose_status(
        std::string_view reference) const override;
    [[nodiscard]] MessageState read_status(int status, std::string_view body,
                                           std::string_view reference) const override;

private:
    twilio::Account account_;
};

// Reports `accepted` and nothing after it: the provider's delivery reports are not signed, and what
// anybody could have written is not believed.
class Fast2SmsGateway final : public HttpGateway {
public:
    // Throws SmsSettingsError when the account's settings cannot be right.
    Fast2SmsGateway(hal::Clock& clock, Transport& transport, fast2sms::Account account,
                    SmsTiming timing = {}, SmsEventSink events = {});

protected:
    [[nodiscard]] Result<HttpRequest> compose_send(const hal::SmsMessage& message) const override;
    [[nodiscard]] SendAnswer read_send(int status, std::string_view body) const override;

private:
    fast2sms::Account account_;
};

}  // namespace strongroom::pi
