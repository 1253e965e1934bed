#include "sms_provider/provider.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "wire.h"

namespace strongroom::sms_provider {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, behaviours> names{
    "honest",         "invalid-number", "opted-out",     "throttled", "server-error", "unavailable",
    "refused-in-200", "unauthorized",   "out-of-credit", "not-json",  "wrong-types",  "empty",
    "oversize",       "redirect",       "slow",          "cut",       "undelivered",  "unreported"};

constexpr std::size_t oversize_bytes = 10'000'000;
constexpr std::string_view a_proxys_page =
    "<!DOCTYPE html><html><body><h1>Sign in to the guest network</h1></body></html>";

Answer json_answer(int status, const Json& json) {
    Answer answer;
    answer.status = status;
    answer.body = json.dump();
    return answer;
}

Answer page(int status, std::string_view body) {
    Answer answer;
    answer.status = status;
    answer.type = "text/html";
    answer.body = body;
    return answer;
}

// ---- Twilio ----------------------------------------------------------------------------------

Answer twilio_error(int status, int code, const std::string& message) {
    return json_answer(status,
                       {{"code", code},
                        {"message", message},
                        {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code)},
                        {"status", status}});
}

Json twilio_resource(const Accounts& accounts, const Taken& message) {
    const std::string uri =
        "/2010-04-01/Accounts/" + accounts.twilio_sid + "/Messages/" + message.reference;
    const bool failed = message.state == "undelivered" || message.state == "failed";
    return {{"account_sid", accounts.twilio_sid},
            {"api_version", "2010-04-01"},
            {"body", message.text},
            {"date_created", "Thu, 24 Aug 2023 05:01:45 +0000"},
            {"date_sent", nullptr},
            {"date_updated", "Thu, 24 Aug 2023 05:01:45 +0000"},
            {"direction", "outbound-api"},
            {"error_code", failed ? Json(30003) : Json(nullptr)},
            {"error_message", failed ? Json("Unreachable destination handset") : Json(nullptr)},
            {"num_media", "0"},
            {"num_segments", "1"},
            {"price", nullptr},
            {"price_unit", nullptr},
            {"sid", message.reference},
            {"status", message.state},
            {"subresource_uris", {{"media", uri + "/Media.json"}}},
            {"to", message.to},
            {"uri", uri + ".json"}};
}

Answer twilio_answer(int status, const Json& resource, bool json) {
    if (json) return json_answer(status, resource);
    // Without ".json" the resource comes as XML.
    Answer answer;
    answer.status = status;
    answer.type = "application/xml";
    answer.body = "<?xml version='1.0' encoding='UTF-8'?><TwilioResponse><Message><Sid>" +
                  resource["sid"].get<std::string>() + "</Sid><Status>" +
                  resource["status"].get<std::string>() + "</Status></Message></TwilioResponse>";
    return answer;
}

bool is_e164(const std::string& number) {
    return number.size() >= 8 && number.size() <= 16 && number.front() == '+' &&
           number.find_first_not_of("0123456789", 1) == std::string::npos;
}

// The refusals that are the same whatever was asked; none when the message is to be taken.
std::optional<Answer> twilio_refusal(Behaviour behaviour, const std::string& to) {
    switch (behaviour) {
        case Behaviour::invalid_number:
            return twilio_error(400, 21211, "Invalid 'To' Phone Number: " + to);
        case Behaviour::opted_out:
            return twilio_error(400, 21610, "Attempt to send to unsubscribed recipient");
        case Behaviour::throttled: {
            Answer answer = twilio_error(429, 20429, "Too Many Requests");
            answer.retry_after = "1";
            return answer;
        }
        case Behaviour::unavailable: return page(503, "<html>Service Unavailable</html>");
        case Behaviour::unauthorized: return twilio_error(401, 20003, "Authenticate");
        case Behaviour::out_of_credit: return twilio_error(402, 20006, "Account is suspended");
        case Behaviour::not_json: return page(200, a_proxys_page);
        case Behaviour::wrong_types:
            return json_answer(201, {{"sid", 17}, {"status", Json::array({"queued"})}});
        case Behaviour::empty: return page(201, "");
        case Behaviour::redirect: {
            Answer answer = page(307, "");
            answer.location = "https://elsewhere.invalid/";
            return answer;
        }
        default: return std::nullopt;
    }
}

// ---- Fast2SMS --------------------------------------------------------------------------------

Answer fast2sms_error(int status, int code, const std::string& message) {
    return json_answer(status, {{"return", false}, {"status_code", code}, {"message", message}});
}

std::optional<Answer> fast2sms_refusal(Behaviour behaviour) {
    switch (behaviour) {
        case Behaviour::invalid_number: return fast2sms_error(400, 411, "Invalid Numbers");
        case Behaviour::opted_out: return fast2sms_error(400, 407, "Invalid words used in message");
        case Behaviour::throttled: {
            Answer answer = fast2sms_error(429, 429, "Too Many Requests");
            answer.retry_after = "1";
            return answer;
        }
        case Behaviour::unavailable: return page(503, "<html>Service Unavailable</html>");
        case Behaviour::refused_in_200:
            return fast2sms_error(
                200, 995, "Spamming detected (sending multiple SMS to same number is not allowed)");
        case Behaviour::unauthorized:
            return fast2sms_error(401, 412, "Invalid Authentication, Check Authorization Key");
        case Behaviour::out_of_credit:
            return fast2sms_error(400, 416, "You don't have sufficient wallet balance");
        case Behaviour::not_json: return page(200, a_proxys_page);
        case Behaviour::wrong_types:
            return json_answer(200, {{"return", "true"}, {"request_id", Json::array()}});
        case Behaviour::empty: return page(200, "");
        case Behaviour::redirect: {
            Answer answer = page(302, "");
            answer.location = "https://elsewhere.invalid/";
            return answer;
        }
        default: return std::nullopt;
    }
}

// The first objection to a request's fields; none when they are in order.
std::optional<Answer> fast2sms_objection(const Fields& fields) {
    const auto value = [&](const char* name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    };
    const auto digits_only = [](const std::string& text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    };
    const std::string route = value("route");
    if (route.empty()) return fast2sms_error(400, 403, "Route Missing");
    if (route != "otp" && route != "dlt") return fast2sms_error(400, 408, "Invalid Route");
    const std::string numbers = value("numbers");
    if (numbers.empty()) return fast2sms_error(400, 405, "Numbers Missing");
    if (numbers.size() != 10 || !digits_only(numbers)) {
        return fast2sms_error(400, 411, "Invalid Numbers");
    }
    if (route == "otp" && !digits_only(value("variables_values"))) {
        return fast2sms_error(400, 997, "Only numeric variable_values is allowed in OTP route");
    }
    if (route == "dlt" && value("sender_id").empty()) {
        return fast2sms_error(400, 401, "Sender ID Missing");
    }
    if (route == "dlt" && value("message").empty()) {
        return fast2sms_error(400, 402, "Message Text Missing");
    }
    return std::nullopt;
}

// What is done to an answer that has taken a message.
void spoil(Answer& answer, Behaviour behaviour) {
    if (behaviour == Behaviour::server_error) {
        answer.status = 500;
        answer.type = "text/html";
        answer.body = "<html>Internal Server Error</html>";
    } else if (behaviour == Behaviour::oversize) {
        answer.body.insert(1, "\"padding\":\"" + std::string(oversize_bytes, 'x') + "\",");
    }
    answer.cut = behaviour == Behaviour::cut;
    answer.late = behaviour == Behaviour::slow;
}

}  // namespace

std::string_view to_string(Behaviour behaviour) {
    return names.at(static_cast<std::size_t>(behaviour));
}

std::optional<Behaviour> behaviour_named(std::string_view name) {
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Behaviour>(found - names.begin());
}

std::string twilio_authorization(const Accounts& accounts) {
    return "Basic " + base64(accounts.twilio_sid + ":" + accounts.twilio_token);
}

void Provider::behave(Behaviour behaviour, int times) {
    behaviour_ = times == 0 ? Behaviour::honest : behaviour;
    times_ = times;
}

Behaviour Provider::next_behaviour() {
    const Behaviour now = behaviour_;
    if (times_ > 0 && --times_ == 0) behaviour_ = Behaviour::honest;
    return now;
}

std::size_t Provider::take(Taken message) {
    std::array<char, 40> reference{};
    const bool twilio = message.provider == "twilio";
    std::snprintf(reference.data(), reference.size(), twilio ? "SM%032zx" : "q%014zx",
                  taken_.size() + 1);
    message.reference = reference.data();
    taken_.push_back(std::move(message));
    return taken_.size() - 1;
}

Answer Provider::answer(const Request& request) {
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    const std::string path = request.target.substr(0, mark);
    const std::string query = request.target.substr(std::min(mark + 1, request.target.size()));
    if (path == "/dev/bulkV2") return fast2sms(request, query);
    if (path.starts_with("/2010-04-01/")) return twilio(request, path);
    return page(404, "<html>Not Found</html>");
}

Answer Provider::twilio(const Request& request, const std::string& path) {
    if (request.authorization != twilio_authorization(accounts_))
        return twilio_error(401, 20003, "Authenticate");
    const std::string messages = "/2010-04-01/Accounts/" + accounts_.twilio_sid + "/Messages";
    if (!path.starts_with(messages)) {
        return twilio_error(404, 20404, "The requested resource was not found");
    }
    std::string rest = path.substr(messages.size());
    const bool json = rest.ends_with(".json");
    if (json) rest.resize(rest.size() - std::string_view(".json").size());
    if (rest.empty() && request.method == "POST") return twilio_send(request, json);
    if (rest.starts_with('/') && request.method == "GET") {
        return twilio_message(rest.substr(1), json);
    }
    return twilio_error(405, 20004, "Method not allowed");
}

Answer Provider::twilio_send(const Request& request, bool json) {
    Fields fields = read_form(request.body);
    const Behaviour behaviour = next_behaviour();
    if (auto refusal = twilio_refusal(behaviour, fields["To"])) return *refusal;
    if (fields["To"].empty()) return twilio_error(400, 21604, "A 'To' phone number is required.");
    if (fields["From"].empty() && fields["MessagingServiceSid"].empty()) {
        return twilio_error(400, 21603, "A 'From' phone number is required.");
    }
    if (fields["Body"].empty()) return twilio_error(400, 21602, "Message body is required.");
    if (fields["Body"].size() > 1600) {
        return twilio_error(400, 21617, "The concatenated message body exceeds the 1600 limit.");
    }
    if (!is_e164(fields["To"])) {
        return twilio_error(400, 21211, "Invalid 'To' Phone Number: " + fields["To"]);
    }
    const std::string state = behaviour == Behaviour::refused_in_200 ? "failed" : "queued";
    const std::size_t index =
        take({"twilio", {}, fields["To"], fields["Body"], state, fields["StatusCallback"]});
    Answer answer = twilio_answer(201, twilio_resource(accounts_, taken_[index]), json);
    if (state == "queued") answer.taken = index;
    spoil(answer, behaviour);
    return answer;
}

Answer Provider::twilio_message(const std::string& sid, bool json) const {
    const auto found = std::find_if(taken_.begin(), taken_.end(),
                                    [&](const Taken& t) { return t.reference == sid; });
    if (found == taken_.end() || found->provider != "twilio") {
        return twilio_error(404, 20404, "The requested resource was not found");
    }
    return twilio_answer(200, twilio_resource(accounts_, *found), json);
}

Answer Provider::fast2sms(const Request& request, const std::string& query) {
    Fields fields = read_form(request.method == "GET" ? query : request.body);
    const std::string key =
        request.method == "GET" ? fields["authorization"] : request.authorization;
    if (key != accounts_.fast2sms_key) {
        return fast2sms_error(401, 412, "Invalid Authentication, Check Authorization Key");
    }
    const Behaviour behaviour = next_behaviour();
    if (auto refusal = fast2sms_refusal(behaviour)) return *refusal;
    if (auto objection = fast2sms_objection(fields)) return *objection;
    const std::string& values = fields["variables_values"];
    const std::string text = fields["route"] == "otp"
                                 ? "Your OTP: " + values
                                 : "template " + fields["message"] + ": " + values;
    const std::size_t index = take({"fast2sms", {}, "+91" + fields["numbers"], text, "queued", {}});
    Answer answer = json_answer(200, {{"return", true},
                                      {"request_id", taken_[index].reference},
                                      {"message", Json::array({"SMS sent successfully."})}});
    answer.taken = index;
    spoil(answer, behaviour);
    return answer;
}

void Provider::set_state(std::size_t index, std::string_view state) {
    STRONGROOM_ASSERT(index < taken_.size());
    taken_[index].state = state;
}

Report Provider::report_of(const Taken& message, std::string_view state,
                           std::string_view token) const {
    const Fields fields{{"AccountSid", accounts_.twilio_sid},
                        {"ApiVersion", "2010-04-01"},
                        {"From", "+15005550006"},
                        {"MessageSid", message.reference},
                        {"MessageStatus", std::string(state)},
                        {"SmsSid", message.reference},
                        {"SmsStatus", std::string(state)},
                        {"To", message.to}};
    return {message.callback, write_form(fields), sign(token, message.callback, fields)};
}

Report Provider::report(std::size_t index) const {
    STRONGROOM_ASSERT(index < taken_.size());
    return report_of(taken_[index], taken_[index].state, accounts_.twilio_token);
}

Report Provider::forged_report(std::size_t index, std::string_view state) const {
    STRONGROOM_ASSERT(index < taken_.size());
    return report_of(taken_[index], state, "what a stranger takes for the token");
}

}  // namespace strongroom::sms_provider
