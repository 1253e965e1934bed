// Everything that a provider of short messages, or somebody who says to be one, can make us read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "pi/sms/base_address.h"
#include "pi/sms/callback.h"
#include "pi/sms/fast2sms.h"
#include "pi/sms/form.h"
#include "pi/sms/twilio.h"

namespace strongroom::pi {
namespace {

constexpr std::string_view a_sid = "SM00000000000000000000000000000001";

void read_answers(int status, std::string_view body) {
    const SendAnswer twilio_says = twilio::read_send(status, body);
    if (twilio_says.kind == SendAnswer::Kind::accepted) {
        STRONGROOM_ASSERT(status >= 200 && status < 300 && twilio::is_sid(twilio_says.reference));
    }
    static_cast<void>(twilio::read_status(status, body, a_sid));
    const SendAnswer fast2sms_says = fast2sms::read_send(status, body);
    if (fast2sms_says.kind == SendAnswer::Kind::accepted) {
        STRONGROOM_ASSERT(status >= 200 && status < 300 && !fast2sms_says.reference.empty());
    }
}

void read_form(std::string_view form) {
    const auto fields = parse_form(form);
    if (!fields) return;
    // What is understood can be said again, and is then understood as the same.
    std::string again;
    for (const auto& [name, value] : *fields) append_field(again, name, value);
    if (again.size() <= form_bytes_max) STRONGROOM_ASSERT(parse_form(again) == fields);
}

void judge(std::string_view text) {
    static const CallbackRules rules{"https://door.example.com/sms/status",
                                     "AC00000000000000000000000000000000",
                                     Secret(std::string_view("a token nobody guesses"))};
    const std::size_t line = text.find('\n');
    const std::string_view signature = text.substr(0, line);
    const std::string_view form = line == std::string_view::npos ? "" : text.substr(line + 1);
    const Callback callback = judge_callback(rules, signature, form);
    STRONGROOM_ASSERT(callback.verdict != Callback::Verdict::genuine && callback.sid.empty());
}

void read_address(std::string_view text) {
    try {
        const BaseAddress base = parse_base_address("address", text, true);
        STRONGROOM_ASSERT(base.port > 0 && base.port < 65536 && !base.host.empty());
    } catch (const SmsSettingsError&) {
        return;
    }
}

void compose(std::string_view text) {
    static const fast2sms::Account account = [] {
        fast2sms::Account made;
        made.key = Secret(std::string_view("key"));
        made.route = fast2sms::Route::dlt;
        return made;
    }();
    const std::size_t line = text.find('\n');
    const std::string_view rest = line == std::string_view::npos ? "" : text.substr(line + 1);
    const hal::SmsMessage message{hal::SmsId{1}, Secret(text.substr(0, line)), Secret(rest)};
    static_cast<void>(fast2sms::compose_send(account, message));
    static_cast<void>(twilio::compose_send({}, message));
}

void read(std::uint8_t selector, std::uint8_t detail, std::string_view text) {
    constexpr int statuses[] = {200, 201, 204, 302, 400, 401, 402, 403, 408, 429, 500, 503, 0, 100};
    switch (selector % 5) {
        case 0: read_answers(statuses[detail % std::size(statuses)], text); break;
        case 1: read_form(text); break;
        case 2: judge(text); break;
        case 3: read_address(text); break;
        default: compose(text); break;
    }
}

}  // namespace
}  // namespace strongroom::pi

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    strongroom::pi::read(data[0], data[1],
                         std::string_view(reinterpret_cast<const char*>(data) + 2, size - 2));
    return 0;
}
