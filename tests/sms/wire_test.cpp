// What the drivers say and understand, byte by byte: pure functions without a network.
#include "catch.h"
#include "pi/sms/callback.h"
#include "pi/sms/form.h"
#include "pi/sms/signature.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using Kind = SendAnswer::Kind;

std::string text_of(const Secret& secret) { return std::string(secret.reveal_text()); }

TEST_CASE("sms wire: a form is written as RFC 3986 says and read back") {
    std::string form;
    append_field(form, "To", "+91 98&=%");
    append_field(form, "Body", "a\nb~");
    CHECK(form == "To=%2B91%2098%26%3D%25&Body=a%0Ab~");
    const auto fields = parse_form(form);
    REQUIRE(fields);
    CHECK(field(*fields, "To") == "+91 98&=%");
    CHECK(field(*fields, "Body") == "a\nb~");
    CHECK_FALSE(field(*fields, "From"));
    CHECK(field(*parse_form("a+b=c+d&e&f="), "a b") == "c d");
    CHECK(parse_form("")->empty());
}

TEST_CASE("sms wire: a form that is none is refused") {
    CHECK_FALSE(parse_form("a=%"));
    CHECK_FALSE(parse_form("a=%4"));
    CHECK_FALSE(parse_form("a=%zz"));
    CHECK_FALSE(parse_form("a=%00"));
    CHECK_FALSE(parse_form("=b"));
    CHECK_FALSE(parse_form("a=1&a=2"));
    CHECK_FALSE(parse_form("a=1&&b=2"));
    CHECK_FALSE(parse_form("a=" + std::string(form_bytes_max, 'x')));
    std::string many;
    for (std::size_t i = 0; i < form_fields_max; ++i) append_field(many, std::to_string(i), "");
    CHECK(parse_form(many));
    append_field(many, "one more", "");
    CHECK_FALSE(parse_form(many));
}

TEST_CASE("sms wire: twilio is asked with a form, Basic authentication and nothing else") {
    twilio::Account account = twilio_account();
    account.status_callback = "https://door.example.com/sms/status";
    const auto request = twilio::compose_send(account, a_message(1, "Code 271828"));
    REQUIRE(request);
    CHECK(request->path == "/2010-04-01/Accounts/" + account.sid + "/Messages.json");
    REQUIRE(request->headers.size() == 2);
    CHECK(text_of(request->headers[0]) ==
          "Authorization: Basic "
          "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDplbXVsYXRlZC10b2tlbg==");
    CHECK(text_of(request->body) ==
          "To=%2B919812345678&From=%2B15005550006&Body=Code%20271828&ValidityPeriod=120&"
          "StatusCallback=https%3A%2F%2Fdoor.example.com%2Fsms%2Fstatus");
    account.from.clear();
    account.messaging_service = "MG" + std::string(32, 'a');
    account.key_sid = "SK" + std::string(32, 'b');
    CHECK(twilio::objection(account).empty());
    const auto other = twilio::compose_send(account, a_message(1));
    CHECK(text_of(other->body).find("From=") == std::string::npos);
    CHECK(text_of(other->body).find("MessagingServiceSid=MGaaaa") != std::string::npos);
    CHECK(text_of(other->headers[0]) != text_of(request->headers[0]));
}

TEST_CASE("sms wire: settings of an account that cannot be right are named") {
    const auto objects = [](const auto& change, std::string_view to) {
        twilio::Account account = twilio_account();
        change(account);
        const std::string text = twilio::objection(account);
        CHECK(text.find("emulated-token") == std::string::npos);
        return text.find(to) != std::string::npos;
    };
    CHECK(objects([](auto& a) { a.sid = "AC123"; }, "SID"));
    CHECK(objects([](auto& a) { a.sid[5] = '/'; }, "SID"));
    CHECK(objects([](auto& a) { a.key_sid = "x"; }, "API key"));
    CHECK(objects([](auto& a) { a.secret = Secret(); }, "secret"));
    CHECK(objects([](auto& a) { a.from.clear(); }, "sender"));
    CHECK(objects([](auto& a) { a.messaging_service = "MG"; }, "sender"));
    CHECK(objects([](auto& a) { a.validity_seconds = 0; }, "validity"));
    fast2sms::Account account = fast2sms_account(fast2sms::Route::dlt);
    CHECK(fast2sms::objection(account).empty());
    account.variables = 17;
    CHECK(fast2sms::objection(account).find("variables") != std::string::npos);
    account.template_.clear();
    CHECK(fast2sms::objection(account).find("template") != std::string::npos);
    account.key = Secret();
    CHECK(fast2sms::objection(account).find("key") != std::string::npos);
}

TEST_CASE("sms wire: twilio's answers mean what the status and the body say together") {
    const std::string sid = "SM" + std::string(32, '1');
    const auto body = [&](const std::string& status) {
        return R"({"sid":")" + sid + R"(","status":")" + status + R"("})";
    };
    const SendAnswer taken = twilio::read_send(201, body("queued"));
    CHECK(taken.kind == Kind::accepted);
    CHECK(taken.reference == sid);
    CHECK(twilio::read_send(201, body("accepted")).kind == Kind::accepted);
    CHECK(twilio::read_send(201, body("failed")).kind == Kind::rejected);
    CHECK(twilio::read_send(201, body("of the art")).kind == Kind::unreadable);
    CHECK(twilio::read_send(201, R"({"sid":"SM1","status":"queued"})").kind == Kind::unreadable);
    CHECK(twilio::read_send(201, R"({"sid":7,"status":["queued"]})").kind == Kind::unreadable);
    CHECK(twilio::read_send(200, "[]").kind == Kind::unreadable);
    CHECK(twilio::read_send(201, "").kind == Kind::unreadable);
    CHECK(twilio::read_send(201, "\xff\xfe").kind == Kind::unreadable);
    const SendAnswer refused = twilio::read_send(400, R"({"code":21211,"status":400})");
    CHECK(refused.kind == Kind::rejected);
    CHECK(refused.vendor_code == 21211);
    CHECK(twilio::read_send(400, "not JSON").vendor_code == 400);
    CHECK(twilio::read_send(400, R"({"code":-5})").vendor_code == 400);
    CHECK(twilio::read_send(400, R"({"code":99999999999})").vendor_code == 400);
    CHECK(twilio::read_send(400, R"({"code":"21211"})").vendor_code == 400);
    CHECK(twilio::read_send(401, "{}").kind == Kind::credentials_refused);
    CHECK(twilio::read_send(429, "").kind == Kind::throttled);
    CHECK(twilio::read_send(302, "").kind == Kind::rejected);
    CHECK(twilio::read_send(408, "").kind == Kind::unsure);
    CHECK(twilio::read_send(500, "{}").kind == Kind::unsure);
    CHECK(twilio::read_send(504, "").kind == Kind::unsure);
}

TEST_CASE("sms wire: twilio's word on a message counts only for that message") {
    const std::string sid = "SM" + std::string(32, '1');
    const std::string body = R"({"sid":")" + sid + R"(","status":"delivered"})";
    CHECK(twilio::read_status(200, body, sid) == MessageState::delivered);
    CHECK(twilio::read_status(200, body, "SM" + std::string(32, '2')) == MessageState::unreadable);
    CHECK(twilio::read_status(404, body, sid) == MessageState::unreadable);
    CHECK(twilio::read_status(200, "{", sid) == MessageState::unreadable);
    for (const char* word : {"accepted", "scheduled", "queued", "sending", "sent"}) {
        CHECK(twilio::state_named(word) == MessageState::under_way);
    }
    for (const char* word : {"undelivered", "failed", "canceled"}) {
        CHECK(twilio::state_named(word) == MessageState::undelivered);
    }
    CHECK(twilio::state_named("received") == MessageState::unreadable);
    CHECK(twilio::state_named("") == MessageState::unreadable);
}

TEST_CASE("sms wire: fast2sms is asked for digits or for a template, with the key in a header") {
    const auto otp = fast2sms::compose_send(fast2sms_account(), a_message(1));
    REQUIRE(otp);
    CHECK(otp->path == "/dev/bulkV2");
    CHECK(text_of(otp->headers[0]) == "authorization: emulated-key");
    CHECK(text_of(otp->body) == "route=otp&variables_values=271828&numbers=9812345678");
    const auto dlt = fast2sms::compose_send(fast2sms_account(fast2sms::Route::dlt), a_message(1));
    REQUIRE(dlt);
    CHECK(text_of(dlt->body) ==
          "route=dlt&sender_id=STRONG&message=111111&flash=0&"
          "variables_values=271828%7C7%7C120&numbers=9812345678");
}

TEST_CASE("sms wire: what fast2sms cannot carry is left to another provider") {
    const auto error = [](const hal::SmsMessage& message,
                          fast2sms::Route route = fast2sms::Route::otp) {
        return fast2sms::compose_send(fast2sms_account(route), message).error().code;
    };
    CHECK(error(a_message(1, a_text, "+15005550001")) == Errc::unsupported);
    CHECK(error(a_message(1, a_text, "+91981234567")) == Errc::unsupported);
    CHECK(error(a_message(1, "no code at all")) == Errc::unsupported);
    CHECK(error(a_message(1, "locker 7 within 12 s")) == Errc::unsupported);
    CHECK(error(a_message(1, "Code 271828"), fast2sms::Route::dlt) == Errc::unsupported);
    CHECK(error(a_message(1, a_text, "9812345678")) == Errc::out_of_range);
    CHECK(error(a_message(1, "")) == Errc::out_of_range);
}

TEST_CASE("sms wire: fast2sms's answers are read from the body, never from the status alone") {
    const SendAnswer taken = fast2sms::read_send(200, R"({"return":true,"request_id":"abc"})");
    CHECK(taken.kind == Kind::accepted);
    CHECK(taken.reference == "abc");
    const SendAnswer refused =
        fast2sms::read_send(200, R"({"return":false,"status_code":995,"message":"Spamming"})");
    CHECK(refused.kind == Kind::rejected);
    CHECK(refused.vendor_code == 995);
    CHECK(fast2sms::read_send(200, R"({"return":"true","request_id":"abc"})").kind ==
          Kind::unreadable);
    CHECK(fast2sms::read_send(200, R"({"return":true})").kind == Kind::unreadable);
    CHECK(fast2sms::read_send(200, R"({"return":true,"request_id":""})").kind == Kind::unreadable);
    CHECK(fast2sms::read_send(200, R"({"return":true,"request_id":5})").kind == Kind::unreadable);
    CHECK(fast2sms::read_send(200, "<html>").kind == Kind::unreadable);
    CHECK(fast2sms::read_send(200, "").kind == Kind::unreadable);
    CHECK(fast2sms::read_send(401, R"({"return":false,"status_code":412})").kind ==
          Kind::credentials_refused);
    CHECK(fast2sms::read_send(400, R"({"return":false,"status_code":416})").kind ==
          Kind::out_of_credit);
    CHECK(fast2sms::read_send(400, R"({"return":false,"status_code":411})").vendor_code == 411);
    CHECK(fast2sms::read_send(200, R"({"return":false,"status_code":412})").kind ==
          Kind::credentials_refused);
    CHECK(fast2sms::read_send(429, "").kind == Kind::throttled);
    CHECK(fast2sms::read_send(502, "<html>").kind == Kind::unsure);
}

TEST_CASE("sms wire: signatures agree with RFC 2202 and with the provider's published example") {
    CHECK(twilio_signature(Secret(std::string_view("Jefe")), "what do ya want for nothing?", {}) ==
          "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    const Secret token(std::string_view("12345"));
    const std::string url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const std::vector<FormField> fields{{"To", "+18005551212"},
                                        {"CallSid", "CA1234567890ABCDE"},
                                        {"From", "+14158675309"},
                                        {"Digits", "1234"},
                                        {"Caller", "+14158675309"}};
    CHECK(signature_is_right(token, url, fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    CHECK_FALSE(signature_is_right(token, url + "/", fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    CHECK_FALSE(signature_is_right(token, url, fields, ""));
    CHECK_FALSE(signature_is_right(token, url, fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8"));
}

CallbackRules rules() {
    return {"https://door.example.com/sms/status", "AC" + std::string(32, '0'),
            Secret(std::string_view("emulated-token"))};
}

// The verdict on a report with these fields, signed with `token`.
Callback judged(const std::vector<FormField>& fields, std::string_view token = "emulated-token") {
    std::string form;
    for (const auto& [name, value] : fields) append_field(form, name, value);
    return judge_callback(rules(), twilio_signature(Secret(token), rules().public_url, fields),
                          form);
}

TEST_CASE("sms wire: only a signed report on a message of our account is believed") {
    using Verdict = Callback::Verdict;
    const std::string sid = "SM" + std::string(32, '1');
    const std::vector<FormField> fields{
        {"AccountSid", rules().account_sid}, {"MessageSid", sid}, {"MessageStatus", "delivered"}};
    const Callback genuine = judged(fields);
    CHECK(genuine.verdict == Verdict::genuine);
    CHECK(genuine.sid == sid);
    CHECK(genuine.state == MessageState::delivered);
    CHECK(judged(fields, "guessed").verdict == Verdict::bad_signature);
    CHECK(judge_callback(rules(), "", "MessageSid=" + sid).verdict == Verdict::bad_signature);
    CHECK(judge_callback(rules(), "x", "").verdict == Verdict::malformed);
    CHECK(judge_callback(rules(), "x", "%").verdict == Verdict::malformed);
    const auto changed = [&](std::size_t index, const std::string& value) {
        std::vector<FormField> other = fields;
        other[index].second = value;
        return judged(other).verdict;
    };
    CHECK(changed(0, "AC" + std::string(32, '9')) == Verdict::foreign);
    CHECK(changed(1, "CA1") == Verdict::foreign);
    CHECK(changed(2, "received") == Verdict::foreign);
    CHECK(judged({{"MessageSid", sid}}).verdict == Verdict::foreign);
    // What is not believed says nothing.
    CHECK(judged(fields, "guessed").sid.empty());
    CHECK(judged(fields, "guessed").state == MessageState::unreadable);
}

TEST_CASE("sms wire: an event says what happened, by name") {
    CHECK(to_string(SmsEvent::untrusted_server) == "sms.tls_fail");
    CHECK(to_string(SmsEvent::rejected) == "sms.rejected");
    CHECK(to_string(SmsEvent::bad_signature) == "sms.bad_signature");
    std::map<std::string_view, int> names;
    for (std::size_t i = 0; i < sms_event_kinds; ++i) ++names[to_string(static_cast<SmsEvent>(i))];
    CHECK(names.size() == sms_event_kinds);
    CHECK_FALSE(names.contains("sms.invalid"));
}

}  // namespace
}  // namespace strongroom::pi
