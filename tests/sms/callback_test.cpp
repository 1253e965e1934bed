// Delivery reports over real sockets: the emulator posts them, a stranger posts others.
#include <httplib.h>

#include "catch.h"
#include "pi/sms/callback_server.h"
#include "pi/sms/form.h"
#include "pi/sms/signature.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using sms_provider::ServerSetup;
using States = std::vector<DeliveryState>;

CallbackSettings callback_settings() {
    const sms_provider::Accounts accounts;
    CallbackSettings settings;
    CallbackAccount& account = settings.accounts.emplace_back();
    account.rules.account_sid = accounts.twilio_sid;
    account.rules.token = Secret(std::string_view(accounts.twilio_token));
    return settings;
}

int free_port() { return Recorder("").port(); }

// A server whose public address is its own.
struct Listening {
    Listening() {
        constexpr int tries = 20;
        for (int i = 1; server == nullptr; ++i) {
            CallbackSettings settings = callback_settings();
            settings.port = free_port();
            url = "http://127.0.0.1:" + std::to_string(settings.port) + settings.accounts[0].path;
            settings.accounts[0].rules.public_url = url;
            try {
                server = std::make_unique<CallbackServer>(std::move(settings));
            } catch (const SmsSettingsError&) {  // somebody else has just taken the port
                if (i == tries) throw;
            }
        }
    }
    std::string url;
    std::unique_ptr<CallbackServer> server;
};

TEST_CASE("sms callbacks: a signed report says delivered before the driver has asked") {
    Listening listening;
    Provider provider;
    RealClock clock;
    CurlTransport transport(provider.curl());
    twilio::Account account = twilio_account();
    account.status_callback = listening.url;
    SmsTiming timing = quick_timing();
    timing.ask_first = 1h;
    SeenEvents events;
    TwilioGateway gateway(clock, transport, std::move(account), timing, events.sink(),
                          &listening.server->source());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == States{DeliveryState::accepted, DeliveryState::delivered});
    CHECK(poll_until(gateway, [&] { return provider.server->reports_taken() == 1; }));
    CHECK(provider.server->requests() == 1);
    CHECK(listening.server->refused() == 0);
    CHECK(events.counts.empty());
}

TEST_CASE("sms callbacks: a forged report is refused, told and not believed") {
    Listening listening;
    Provider provider([](ServerSetup& s) { s.deliver_after = 1h; });
    RealClock clock;
    CurlTransport transport(provider.curl());
    twilio::Account account = twilio_account();
    account.status_callback = listening.url;
    SmsTiming timing = quick_timing();
    timing.ask_first = 1h;
    SeenEvents events;
    TwilioGateway gateway(clock, transport, std::move(account), timing, events.sink(),
                          &listening.server->source());
    REQUIRE(gateway.submit(a_message(1)));
    std::vector<DeliveryState> states;
    CHECK(poll_until(gateway, [&] { return provider.server->taken().size() == 1; }));
    CHECK_FALSE(provider.server->post_forged(0, "delivered"));
    CHECK(poll_until(gateway, [&] { return events.count(SmsEvent::bad_signature) == 1; }));
    CHECK(listening.server->refused() == 1);
    CHECK(provider.server->delivered() == 0);
    const auto next = gateway.poll_delivery();
    REQUIRE(next);
    // Accepted may still come; delivered may not.
    CHECK((!*next || (*next)->state == DeliveryState::accepted));
}

TEST_CASE("sms callbacks: only a POST of a small form to the one path is even looked at") {
    Listening listening;
    httplib::Client client("127.0.0.1", listening.server->port());
    const char* form = "application/x-www-form-urlencoded";
    const auto status = [](const httplib::Result& result) { return result ? result->status : 0; };
    CHECK(status(client.Get("/sms/status")) == 405);
    CHECK(status(client.Delete("/sms/status")) == 405);
    CHECK(status(client.Post("/", "a=b", form)) == 404);
    CHECK(status(client.Get("/../sms/status")) == 404);
    CHECK(status(client.Post("/sms/status", "a=b", form)) == 403);
    CHECK(status(client.Post("/sms/status", "a=%", form)) == 400);
    CHECK(status(client.Post("/sms/status", "", form)) == 400);
    // The connection may be closed before all of it has been written: then there is no answer.
    const int too_long = status(client.Post("/sms/status", std::string(100'000, 'x'), form));
    CHECK((too_long == 413 || too_long == 0));
    CHECK(listening.server->refused() >= 7);
    std::size_t seen = 0;
    while (const auto callback = listening.server->source().next()) {
        CHECK(callback->verdict != Callback::Verdict::genuine);
        ++seen;
    }
    CHECK(seen >= 7);
}

TEST_CASE("sms callbacks: a flood of forged reports does not push the provider's out") {
    Listening listening;
    Provider provider([](ServerSetup& s) { s.deliver_after = 1h; });
    RealClock clock;
    CurlTransport transport(provider.curl());
    twilio::Account account = twilio_account();
    account.status_callback = listening.url;
    TwilioGateway gateway(clock, transport, std::move(account), quick_timing());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(poll_until(gateway, [&] { return provider.server->taken().size() == 1; }));
    // As the provider would sign it.
    const std::string form = "AccountSid=" + sms_provider::Accounts().twilio_sid +
                             "&MessageSid=" + provider.server->taken()[0].reference +
                             "&MessageStatus=delivered";
    const std::string signature = twilio_signature(Secret(std::string_view("emulated-token")),
                                                   listening.url, *parse_form(form));
    httplib::Client client("127.0.0.1", listening.server->port());
    const char* type = "application/x-www-form-urlencoded";
    const auto genuine =
        client.Post("/sms/status", httplib::Headers{{"X-Twilio-Signature", signature}}, form, type);
    REQUIRE(genuine);
    CHECK(genuine->status == 204);
    for (int i = 0; i < 300; ++i) static_cast<void>(client.Post("/sms/status", form, type));
    CHECK(listening.server->refused() == 300);
    std::size_t believed = 0;
    std::size_t kept = 0;
    while (const auto callback = listening.server->source().next()) {
        ++kept;
        believed += callback->verdict == Callback::Verdict::genuine ? 1U : 0U;
    }
    CHECK(believed == 1);
    CHECK(kept == 256);
}

TEST_CASE("sms callbacks: each account has an address of its own below the public one") {
    const std::string url = "https://door.example/sms/status";
    CHECK(callback_address(url, 0).url == url);
    CHECK(callback_address(url, 0).path == "/sms/status");
    CHECK(callback_address(url, 1).url == url + "/2");
    CHECK(callback_address(url, 1).path == "/sms/status/2");
    CHECK(callback_address(url + "/", 2).path == "/sms/status/3");
    // A query is part of what is signed, and of no path.
    CHECK(callback_address(url + "?door=7", 0).url == url + "?door=7");
    CHECK(callback_address(url + "?door=7", 1).url == url + "/2?door=7");
    CHECK(callback_address(url + "?door=7", 1).path == "/sms/status/2");
    CHECK(callback_address("https://door.example:8443/", 0).path == "/");
    CHECK_THROWS_AS(callback_address("https://door.example", 0), SmsSettingsError);
    CHECK_THROWS_AS(callback_address("door.example/sms", 0), SmsSettingsError);
}

TEST_CASE("sms callbacks: two accounts are each told of their own messages alone") {
    const std::string url = "https://door.example/sms/status";
    CallbackSettings settings;
    for (std::size_t i = 0; i < 2; ++i) {
        const CallbackAddress address = callback_address(url, i);
        CallbackAccount& account = settings.accounts.emplace_back();
        account.path = address.path;
        account.rules.public_url = address.url;
        account.rules.account_sid = i == 0 ? "AC1" : "AC2";
        account.rules.token = Secret(i == 0 ? std::string_view("one") : std::string_view("two"));
    }
    CallbackServer server(std::move(settings));
    httplib::Client client("127.0.0.1", server.port());
    const auto message_of = [](const std::string& account) {
        return "SM" + std::string(32, account.back());
    };
    const auto report = [&](const std::string& account, std::string_view token,
                            const CallbackAddress& to) {
        const std::string form = "AccountSid=" + account + "&MessageSid=" + message_of(account) +
                                 "&MessageStatus=delivered";
        const std::string signature = twilio_signature(Secret(token), to.url, *parse_form(form));
        const auto answer =
            client.Post(to.path, httplib::Headers{{"X-Twilio-Signature", signature}}, form,
                        "application/x-www-form-urlencoded");
        return answer ? answer->status : 0;
    };
    const CallbackAddress first = callback_address(url, 0);
    const CallbackAddress second = callback_address(url, 1);
    CHECK(report("AC2", "two", second) == 204);
    CHECK(report("AC1", "one", first) == 204);
    // One account's word counts nothing at the other's address.
    CHECK(report("AC1", "one", second) == 403);
    CHECK(report("AC2", "two", first) == 403);
    CHECK(report("AC2", "one", first) == 403);
    CHECK(server.refused() == 3);
    for (std::size_t i = 0; i < 2; ++i) {
        INFO(i);
        const auto said = server.source(i).next();
        REQUIRE(said);
        CHECK(said->verdict == Callback::Verdict::genuine);
        CHECK(said->sid == message_of(i == 0 ? "AC1" : "AC2"));
    }
}

TEST_CASE("sms callbacks: reports are taken over TLS with a certificate of one's own") {
    const sms_provider::Authority authority;
    const sms_provider::Identity identity = authority.issue("localhost");
    const Folder folder;
    CallbackSettings settings = callback_settings();
    settings.accounts[0].rules.public_url = "https://localhost/sms/status";
    settings.certificate = folder.file("certificate.pem", identity.certificate);
    settings.key = folder.file("key.pem", identity.key);
    CallbackServer server(std::move(settings));
    httplib::Client client("https://localhost:" + std::to_string(server.port()));
    client.set_ca_cert_path(folder.file("authority.pem", authority.certificate()).c_str());
    const auto answer = client.Post("/sms/status", "a=b", "application/x-www-form-urlencoded");
    REQUIRE(answer);
    CHECK(answer->status == 403);
}

TEST_CASE("sms callbacks: an address, a certificate or a port that cannot be used is named") {
    const auto refused = [](const std::function<void(CallbackSettings&)>& change,
                            std::string_view about) {
        CallbackSettings settings = callback_settings();
        settings.accounts[0].rules.public_url = "https://door.example.com/sms/status";
        change(settings);
        try {
            const CallbackServer server(std::move(settings));
            return false;
        } catch (const SmsSettingsError& error) {
            INFO(error.what());
            return std::string(error.what()).find(about) != std::string::npos;
        }
    };
    CHECK(refused([](auto& s) { s.listen = "0.0.0.0"; }, "certificate"));
    CHECK(refused([](auto& s) { s.accounts[0].rules.public_url = "http://door.example.com/"; },
                  "TLS"));
    CHECK(refused([](auto& s) { s.accounts[0].rules.public_url = ""; }, "https"));
    CHECK(refused([](auto& s) { s.certificate = "no-such.pem"; }, "no-such.pem"));
    const Recorder taken("");
    CHECK(refused([&](auto& s) { s.port = taken.port(); }, std::to_string(taken.port())));
}

}  // namespace
}  // namespace strongroom::pi
