// Who listens in gets nothing: TLS as the drivers use it, before servers that are not the provider.
#include "catch.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using sms_provider::Authority;
using sms_provider::ServerSetup;

// A driver of each provider sends one message to `provider`; nothing of it may be there.
void require_nothing_learnt(const Provider& provider, const CurlSettings& settings) {
    RealClock clock;
    CurlTransport transport(settings);
    SeenEvents events;
    TwilioGateway twilio(clock, transport, twilio_account(), quick_timing(), events.sink());
    REQUIRE(twilio.submit(a_message(1)));
    CHECK(states_of(twilio, 1) == std::vector{DeliveryState::undelivered});
    CHECK(events.count(SmsEvent::untrusted_server) == 1);

    CurlTransport second(settings);
    Fast2SmsGateway fast2sms(clock, second, fast2sms_account(), quick_timing(), events.sink());
    REQUIRE(fast2sms.submit(a_message(1)));
    CHECK(states_of(fast2sms, 1) == std::vector{DeliveryState::undelivered});
    CHECK(events.count(SmsEvent::untrusted_server) == 2);

    CHECK(provider.server->requests() == 0);
    CHECK(provider.server->body_bytes() == 0);
    CHECK(provider.server->taken().empty());
}

TEST_CASE("sms tls: a server whom the authority vouches for gets the message") {
    Provider provider;
    RealClock clock;
    CurlTransport transport(provider.curl());
    TwilioGateway gateway(clock, transport, twilio_account(), quick_timing());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == std::vector{DeliveryState::accepted, DeliveryState::delivered});
    REQUIRE(provider.server->taken().size() == 1);
    CHECK(provider.server->taken()[0].to == a_number);
    CHECK(provider.server->taken()[0].text == a_text);
    CHECK(provider.server->body_bytes() > 0);
}

TEST_CASE("sms tls: a man in the middle with a self-signed certificate gets nothing") {
    Provider provider([](ServerSetup& s) { s.identity = Authority::self_signed("localhost"); });
    require_nothing_learnt(provider, provider.curl());
}

TEST_CASE("sms tls: a certificate for another host gets nothing") {
    Provider provider;
    Provider other(
        [&](ServerSetup& s) { s.identity = provider.authority.issue("api.example.com"); });
    CurlSettings settings = other.curl();
    settings.authorities = provider.trusted;
    require_nothing_learnt(other, settings);
}

TEST_CASE("sms tls: a certificate that has expired or is not valid yet gets nothing") {
    Provider provider;
    for (const auto& [from, until] : {std::pair(-10, -1), std::pair(1, 10)}) {
        Provider other([&, first = from, last = until](ServerSetup& s) {
            s.identity = provider.authority.issue("localhost", first, last);
        });
        CurlSettings settings = other.curl();
        settings.authorities = provider.trusted;
        require_nothing_learnt(other, settings);
    }
}

TEST_CASE("sms tls: a certificate of another authority gets nothing") {
    Provider provider;
    Provider other;
    CurlSettings settings = other.curl();
    settings.authorities = provider.trusted;
    require_nothing_learnt(other, settings);
}

TEST_CASE("sms tls: a server that knows only TLS 1.1 gets nothing") {
    Provider provider([](ServerSetup& s) { s.legacy_tls = true; });
    require_nothing_learnt(provider, provider.curl());
}

TEST_CASE("sms tls: whoever answers in plain text hears no byte of the message") {
    const Recorder recorder("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    RealClock clock;
    CurlSettings settings;
    settings.base_url = "https://localhost:" + std::to_string(recorder.port());
    settings.connect_timeout = 5s;
    settings.total_timeout = 10s;
    CurlTransport transport(settings);
    SeenEvents events;
    TwilioGateway gateway(clock, transport, twilio_account(), quick_timing(), events.sink());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == std::vector{DeliveryState::undelivered});
    const std::string heard = recorder.heard();
    CHECK_FALSE(heard.empty());  // the greeting of TLS
    for (const char* secret : {"POST", "Authorization", "271828", "9812345678", "AC0000"}) {
        CHECK(heard.find(secret) == std::string::npos);
    }
}

TEST_CASE("sms tls: plain http is refused, but to an emulator where the configuration says so") {
    const auto refused = [](const std::string& url, bool plain_loopback) {
        try {
            CurlSettings settings;
            settings.base_url = url;
            settings.plain_loopback = plain_loopback;
            const CurlTransport transport(settings);
            return false;
        } catch (const SmsSettingsError& error) {
            CHECK(std::string(error.what()).find("base address") != std::string::npos);
            return true;
        }
    };
    CHECK(refused("http://127.0.0.1:8080", false));
    CHECK(refused("http://api.twilio.com", true));
    CHECK(refused("http://127.0.0.1.example.com", true));
    CHECK(refused("ftp://127.0.0.1", true));
    CHECK(refused("api.twilio.com", true));
    CHECK(refused("https://user:password@api.twilio.com", true));
    CHECK(refused("https://", true));
    CHECK(refused("https://api.twilio.com:0", true));
    CHECK(refused("https://api.twilio.com:65536", true));
    CHECK(refused("https://api.twilio.com/?a=b", true));
    CHECK_FALSE(refused("http://127.0.0.1:8080", true));
    CHECK_FALSE(refused("http://[::1]:8080", true));
    CHECK_FALSE(refused("https://api.twilio.com/", false));
}

TEST_CASE("sms tls: authorities that cannot be read are refused before anything is sent") {
    CurlSettings settings;
    settings.base_url = "https://api.twilio.com";
    settings.authorities = "no-such-file.pem";
    CHECK_THROWS_AS(CurlTransport(settings), SmsSettingsError);
}

}  // namespace
}  // namespace strongroom::pi
