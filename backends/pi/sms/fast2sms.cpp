#include "pi/sms/fast2sms.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "pi/sms/form.h"

namespace strongroom::pi::fast2sms {
namespace {

using Json = nlohmann::json;

constexpr std::string_view india = "+91";
constexpr std::size_t national_digits = 10;
constexpr int variables_most = 16;

// The provider's own code of a refusal, or the HTTP status where it states none.
std::int32_t code_of(const Json& json, int status) {
    if (!json.is_object()) return status;
    const auto code = json.find("status_code");
    if (code == json.end() || !code->is_number_unsigned()) return status;
    const auto value = code->get<std::uint64_t>();
    constexpr std::uint64_t largest = std::numeric_limits<std::int32_t>::max();
    return value == 0 || value > largest ? status : static_cast<std::int32_t>(value);
}

SendAnswer refusal(const Json& json, int status) {
    using Kind = SendAnswer::Kind;
    const std::int32_t code = code_of(json, status);
    // The key is unknown or disabled, the account is disabled; there is no money left.
    if (status == 401 || status == 403 || code == 412 || code == 413 || code == 415) {
        return {Kind::credentials_refused, {}, code};
    }
    if (status == 402 || code == 416) return {Kind::out_of_credit, {}, code};
    return {Kind::rejected, {}, code};
}

// "135790|7|120"; empty when the text has another number of runs.
std::string variables_of(const Account& account, std::string_view text) {
    const auto runs = digit_runs(text);
    std::string values;
    if (account.route == Route::otp) {
        constexpr std::size_t shortest = 4;
        constexpr std::size_t longest = 10;
        const auto code = std::find_if(runs.begin(), runs.end(), [&](std::string_view run) {
            return run.size() >= shortest && run.size() <= longest;
        });
        return code == runs.end() ? values : std::string(*code);
    }
    if (runs.size() != static_cast<std::size_t>(account.variables)) return values;
    values.reserve(text.size() + runs.size());
    for (const std::string_view run : runs) {
        if (!values.empty()) values += '|';
        values += run;
    }
    return values;
}

}  // namespace

std::string objection(const Account& account) {
    if (account.key.empty()) return "no key: name the file that holds it";
    if (account.route == Route::otp) return {};
    if (account.sender.empty() || account.template_.empty()) {
        return "route 'dlt' needs the registered sender and the id of the approved template";
    }
    if (account.variables < 1 || account.variables > variables_most) {
        return "a template of route 'dlt' has 1 to 16 variables";
    }
    return {};
}

Result<HttpRequest> compose_send(const Account& account, const hal::SmsMessage& message) {
    const std::string_view to = message.to.reveal_text();
    const std::string_view text = message.text.reveal_text();
    if (!is_number(to) || !is_text(text)) return fail(Errc::out_of_range);
    if (!to.starts_with(india) || to.size() != india.size() + national_digits) {
        return fail(Errc::unsupported);
    }
    std::string values = variables_of(account, text);
    if (values.empty()) return fail(Errc::unsupported);

    HttpRequest request;
    request.method = HttpRequest::Method::post;
    request.path = "/dev/bulkV2";
    std::string key = "authorization: ";
    key.reserve(key.size() + account.key.size());
    key += account.key.reveal_text();
    request.headers.emplace_back(std::string_view(key));
    request.headers.emplace_back(std::string_view("Accept: application/json"));
    std::string form;
    form.reserve(512);  // at once: a string that grows leaves pieces of itself behind
    append_field(form, "route", account.route == Route::otp ? "otp" : "dlt");
    if (account.route == Route::dlt) {
        append_field(form, "sender_id", account.sender);
        append_field(form, "message", account.template_);
        append_field(form, "flash", "0");
    }
    append_field(form, "variables_values", values);
    append_field(form, "numbers", to.substr(india.size()));
    request.body = Secret(form);
    for (std::string* used : {&values, &key, &form}) {
        wipe(std::as_writable_bytes(std::span(*used)));
    }
    return request;
}

SendAnswer read_send(int status, std::string_view body) {
    using Kind = SendAnswer::Kind;
    const Json json = Json::parse(body, nullptr, false);
    if (status == 429) return {Kind::throttled, {}, code_of(json, status)};
    if (status == 408 || status >= 500) return {Kind::unsure, {}, code_of(json, status)};
    if (status >= 300) return refusal(json, status);
    if (status < 200 || !json.is_object()) return {Kind::unreadable, {}, status};
    const auto taken = json.find("return");
    if (taken == json.end() || !taken->is_boolean()) return {Kind::unreadable, {}, status};
    // The one place where success is decided: never by the status alone.
    if (!taken->get<bool>()) return refusal(json, status);
    const auto id = json.find("request_id");
    constexpr std::size_t longest = 64;
    if (id == json.end() || !id->is_string() || id->get_ref<const std::string&>().empty() ||
        id->get_ref<const std::string&>().size() > longest) {
        return {Kind::unreadable, {}, status};
    }
    return {Kind::accepted, id->get<std::string>(), 0};
}

}  // namespace strongroom::pi::fast2sms
