#include "pi/sms/twilio.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "base64.h"
#include "pi/sms/form.h"

namespace strongroom::pi::twilio {
namespace {

using Json = nlohmann::json;

constexpr int longest_validity = 36000;

bool is_identifier(std::string_view text, std::string_view prefix) {
    constexpr std::size_t digits = 32;
    return text.size() == prefix.size() + digits && text.starts_with(prefix) &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(prefix.size()), text.end(),
                       [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                                  (c >= 'A' && c <= 'F');
                       });
}

Secret authorization(const Account& account) {
    std::string pair = account.key_sid.empty() ? account.sid : account.key_sid;
    pair += ':';
    pair += account.secret.reveal_text();
    std::string encoded = base64(std::as_bytes(std::span(pair)));
    std::string header = "Authorization: Basic " + encoded;
    Secret secret(header);
    for (std::string* text : {&pair, &encoded, &header}) {
        wipe(std::as_writable_bytes(std::span(*text)));
    }
    return secret;
}

std::string messages_path(const Account& account) {
    return "/2010-04-01/Accounts/" + percent_encoded(account.sid) + "/Messages";
}

// The text of a member that is a string; empty when it is not.
std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The provider's own code of a refusal, or the HTTP status where it states none.
std::int32_t code_of(int status, std::string_view body) {
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return status;
    const auto code = json.find("code");
    if (code == json.end() || !code->is_number_unsigned()) return status;
    const auto value = code->get<std::uint64_t>();
    constexpr std::uint64_t largest = std::numeric_limits<std::int32_t>::max();
    return value == 0 || value > largest ? status : static_cast<std::int32_t>(value);
}

}  // namespace

std::string objection(const Account& account) {
    if (!is_identifier(account.sid, "AC")) {
        return "the account's SID must be 'AC' and 32 hexadecimal digits";
    }
    if (!account.key_sid.empty() && !is_identifier(account.key_sid, "SK")) {
        return "the API key's SID must be 'SK' and 32 hexadecimal digits";
    }
    if (account.secret.empty()) return "no secret: name the file that holds it";
    if (account.from.empty() == account.messaging_service.empty()) {
        return "give either a sender or a messaging service";
    }
    if (!account.messaging_service.empty() && !is_identifier(account.messaging_service, "MG")) {
        return "the messaging service's SID must be 'MG' and 32 hexadecimal digits";
    }
    if (account.validity_seconds < 1 || account.validity_seconds > longest_validity) {
        return "the validity must be 1 to 36000 seconds";
    }
    return {};
}

Result<HttpRequest> compose_send(const Account& account, const hal::SmsMessage& message) {
    const std::string_view to = message.to.reveal_text();
    const std::string_view text = message.text.reveal_text();
    if (!is_number(to) || !is_text(text)) return fail(Errc::out_of_range);
    HttpRequest request;
    request.method = HttpRequest::Method::post;
    request.path = messages_path(account) + ".json";
    request.headers.push_back(authorization(account));
    request.headers.emplace_back(std::string_view("Accept: application/json"));
    std::string form;
    form.reserve(1024);  // at once: a string that grows leaves pieces of itself behind
    append_field(form, "To", to);
    if (account.messaging_service.empty()) {
        append_field(form, "From", account.from);
    } else {
        append_field(form, "MessagingServiceSid", account.messaging_service);
    }
    append_field(form, "Body", text);
    append_field(form, "ValidityPeriod", std::to_string(account.validity_seconds));
    if (!account.status_callback.empty()) {
        append_field(form, "StatusCallback", account.status_callback);
    }
    request.body = Secret(form);
    wipe(std::as_writable_bytes(std::span(form)));
    return request;
}

SendAnswer read_send(int status, std::string_view body) {
    using Kind = SendAnswer::Kind;
    if (status == 429) return {Kind::throttled, {}, code_of(status, body)};
    if (status == 401 || status == 403) {
        return {Kind::credentials_refused, {}, code_of(status, body)};
    }
    if (status == 402) return {Kind::out_of_credit, {}, code_of(status, body)};
    if (status == 408 || status >= 500) return {Kind::unsure, {}, code_of(status, body)};
    // A redirection is not followed: whoever answers so is not the resource that was asked.
    if (status >= 300) return {Kind::rejected, {}, code_of(status, body)};
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return {Kind::unreadable, {}, status};
    const std::string sid = text_of(json, "sid");
    const std::string word = text_of(json, "status");
    const MessageState state = state_named(word);
    if (status < 200 || !is_sid(sid) || state == MessageState::unreadable) {
        return {Kind::unreadable, {}, status};
    }
    if (state == MessageState::undelivered) return {Kind::rejected, {}, status};
    return {Kind::accepted, sid, 0};
}

HttpRequest compose_status(const Account& account, std::string_view sid) {
    HttpRequest request;
    request.path = messages_path(account) + "/" + percent_encoded(sid) + ".json";
    request.headers.push_back(authorization(account));
    request.headers.emplace_back(std::string_view("Accept: application/json"));
    return request;
}

MessageState read_status(int status, std::string_view body, std::string_view sid) {
    if (status != 200) return MessageState::unreadable;
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object() || text_of(json, "sid") != sid) return MessageState::unreadable;
    return state_named(text_of(json, "status"));
}

bool is_sid(std::string_view text) {
    return is_identifier(text, "SM") || is_identifier(text, "MM");
}

MessageState state_named(std::string_view word) {
    for (const std::string_view known : {"accepted", "scheduled", "queued", "sending", "sent"}) {
        if (word == known) return MessageState::under_way;
    }
    if (word == "delivered" || word == "read") return MessageState::delivered;
    for (const std::string_view known : {"undelivered", "failed", "canceled"}) {
        if (word == known) return MessageState::undelivered;
    }
    return MessageState::unreadable;
}

}  // namespace strongroom::pi::twilio
