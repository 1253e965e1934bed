#include "pi/sms/gateways.h"

namespace strongroom::pi {
namespace {

void refuse_if(const std::string& provider, const std::string& objection) {
    if (!objection.empty()) throw SmsSettingsError(provider + ": " + objection);
}

}  // namespace

TwilioGateway::TwilioGateway(hal::Clock& clock, Transport& transport, twilio::Account account,
                             SmsTiming timing, SmsEventSink events, CallbackSource* callbacks)
    : HttpGateway(clock, transport, timing, std::move(events), callbacks),
      account_(std::move(account)) {
    refuse_if("twilio", twilio::objection(account_));
}

Result<HttpRequest> TwilioGateway::compose_send(const hal::SmsMessage& message) const {
    return twilio::compose_send(account_, message);
}

SendAnswer TwilioGateway::read_send(int status, std::string_view body) const {
    return twilio::read_send(status, body);
}

std::optional<HttpRequest> TwilioGateway::compose_status(std::string_view reference) const {
    return twilio::compose_status(account_, reference);
}

MessageState TwilioGateway::read_status(int status, std::string_view body,
                                        std::string_view reference) const {
    return twilio::read_status(status, body, reference);
}

Fast2SmsGateway::Fast2SmsGateway(hal::Clock& clock, Transport& transport, fast2sms::Account account,
                                 SmsTiming timing, SmsEventSink events)
    : HttpGateway(clock, transport, timing, std::move(events), nullptr),
      account_(std::move(account)) {
    refuse_if("fast2sms", fast2sms::objection(account_));
}

Result<HttpRequest> Fast2SmsGateway::compose_send(const hal::SmsMessage& message) const {
    return fast2sms::compose_send(account_, message);
}

SendAnswer Fast2SmsGateway::read_send(int status, std::string_view body) const {
    return fast2sms::read_send(status, body);
}

}  // namespace strongroom::pi
