// The drivers against the emulator over loopback TLS: every answer that a provider gives, and those
// that it should not.
#include "catch.h"
#include "devices/failover_gateway.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using sms_provider::Behaviour;
using sms_provider::ServerSetup;
using States = std::vector<DeliveryState>;

// Both drivers before one emulator.
struct Both {
    explicit Both(const Provider& provider, SmsTiming timing = quick_timing())
        : transport(provider.curl()),
          second_transport(provider.curl()),
          twilio(clock, transport, twilio_account(), timing, events.sink()),
          fast2sms(clock, second_transport, fast2sms_account(), timing, events.sink()) {}
    RealClock clock;
    SeenEvents events;
    CurlTransport transport;
    CurlTransport second_transport;
    TwilioGateway twilio;
    Fast2SmsGateway fast2sms;
};

// Each driver sends one message to an emulator that behaves so; both must report it undelivered.
void require_undelivered(Behaviour behaviour, SmsEvent event, std::int32_t twilio_code,
                         std::int32_t fast2sms_code, std::int32_t newer_code = 0) {
    // One libcurl says it so, a newer one otherwise: what is made of it is the same.
    const auto is = [&](std::int32_t expected, std::int32_t code) {
        return code == expected || (newer_code != 0 && code == newer_code);
    };
    INFO(sms_provider::to_string(behaviour));
    Provider provider;
    Both both(provider);
    provider.server->behave(behaviour);
    REQUIRE(both.twilio.submit(a_message(1)));
    CHECK(states_of(both.twilio, 1) == States{DeliveryState::undelivered});
    CHECK(both.events.count(event) == 1);
    CHECK(is(twilio_code, both.events.last_code));
    REQUIRE(both.fast2sms.submit(a_message(1)));
    CHECK(states_of(both.fast2sms, 1) == States{DeliveryState::undelivered});
    CHECK(both.events.count(event) == 2);
    CHECK(is(fast2sms_code, both.events.last_code));
    CHECK(provider.server->requests() == 2);  // each was sent once
}

TEST_CASE("sms: what a provider refuses is not tried again, and its number is kept for people") {
    require_undelivered(Behaviour::invalid_number, SmsEvent::rejected, 21211, 411);
    require_undelivered(Behaviour::opted_out, SmsEvent::rejected, 21610, 407);
}

TEST_CASE("sms: HTTP success with a refusal in the body is a refusal") {
    require_undelivered(Behaviour::refused_in_200, SmsEvent::rejected, 201, 995);
}

TEST_CASE("sms: what may have been sent is not sent again by the same provider") {
    require_undelivered(Behaviour::server_error, SmsEvent::outcome_unknown, 500, 500);
    require_undelivered(Behaviour::unavailable, SmsEvent::outcome_unknown, 503, 503);
}

TEST_CASE("sms: an answer that is not what the provider's document says is a bad answer") {
    require_undelivered(Behaviour::not_json, SmsEvent::bad_answer, 200, 200);
    require_undelivered(Behaviour::wrong_types, SmsEvent::bad_answer, 201, 200);
    require_undelivered(Behaviour::empty, SmsEvent::bad_answer, 201, 200);
}

TEST_CASE("sms: an answer of ten megabytes is cut and refused") {
    constexpr std::int32_t write_error = 23;
    require_undelivered(Behaviour::oversize, SmsEvent::bad_answer, write_error, write_error);
}

TEST_CASE("sms: a redirection is not followed") {
    require_undelivered(Behaviour::redirect, SmsEvent::rejected, 307, 302);
}

TEST_CASE("sms: a connection cut in the middle of the answer may have sent the message") {
    constexpr std::int32_t partial_file = 18;
    constexpr std::int32_t receive_error = 56;  // libcurl 8
    require_undelivered(Behaviour::cut, SmsEvent::outcome_unknown, partial_file, partial_file,
                        receive_error);
}

TEST_CASE("sms: refused credentials are said at once to the next message, for a while") {
    Provider provider;
    SmsTiming timing = quick_timing();
    timing.rest = 1h;
    Both both(provider, timing);
    provider.server->behave(Behaviour::unauthorized);
    REQUIRE(both.twilio.submit(a_message(1)));
    CHECK(states_of(both.twilio, 1) == States{DeliveryState::undelivered});
    CHECK(both.events.count(SmsEvent::credentials_refused) == 1);
    CHECK(both.twilio.submit(a_message(2)).error().code == Errc::denied);

    provider.server->behave(Behaviour::out_of_credit);
    REQUIRE(both.fast2sms.submit(a_message(1)));
    CHECK(states_of(both.fast2sms, 1) == States{DeliveryState::undelivered});
    CHECK(both.events.count(SmsEvent::out_of_credit) == 1);
    CHECK(both.fast2sms.submit(a_message(2)).error().code == Errc::exhausted);
}

TEST_CASE("sms: after 429 a message is tried again, because it was never processed") {
    Provider provider;
    Both both(provider);
    provider.server->behave(Behaviour::throttled, 2);
    REQUIRE(both.twilio.submit(a_message(1)));
    CHECK(states_of(both.twilio, 1) == States{DeliveryState::accepted, DeliveryState::delivered});
    CHECK(both.events.count(SmsEvent::throttled) == 2);
    CHECK(provider.server->taken().size() == 1);

    provider.server->behave(Behaviour::throttled);
    REQUIRE(both.fast2sms.submit(a_message(1)));
    CHECK(states_of(both.fast2sms, 1) == States{DeliveryState::undelivered});
    CHECK(provider.server->taken().size() == 1);
}

TEST_CASE("sms: a time-out after the request was sent may have sent it: reported, not repeated") {
    Provider provider;
    CurlSettings settings = provider.curl();
    settings.connect_timeout = 1500ms;
    settings.total_timeout = 1500ms;
    RealClock clock;
    CurlTransport transport(settings);
    SeenEvents events;
    TwilioGateway gateway(clock, transport, twilio_account(), quick_timing(), events.sink());
    provider.server->behave(Behaviour::slow);
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == States{DeliveryState::undelivered});
    CHECK(events.count(SmsEvent::outcome_unknown) == 1);
    CHECK(provider.server->requests() == 1);
    CHECK(provider.server->taken().size() == 1);
}

// Times out, or is refused, before a byte of the request has left.
void require_unreachable(CurlSettings settings) {
    RealClock clock;
    CurlTransport transport(std::move(settings));
    SeenEvents events;
    SmsTiming timing = quick_timing();
    timing.rest = 1h;
    TwilioGateway gateway(clock, transport, twilio_account(), timing, events.sink());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == States{DeliveryState::undelivered});
    CHECK(events.count(SmsEvent::unreachable) == timing.attempts);
    CHECK(gateway.submit(a_message(2)).error().code == Errc::disconnected);
}

TEST_CASE(
    "sms: nobody listens, no such name, no greeting: nothing was sent, so it is tried again") {
    CurlSettings settings;
    settings.connect_timeout = 400ms;
    settings.total_timeout = 400ms;
    {
        const Recorder gone("");
        settings.base_url = "https://127.0.0.1:" + std::to_string(gone.port());
    }
    require_unreachable(settings);
    settings.base_url = "https://api.invalid";
    require_unreachable(settings);
    const Recorder silent("");
    settings.base_url = "https://127.0.0.1:" + std::to_string(silent.port());
    require_unreachable(settings);
    CHECK(silent.heard().find("POST") == std::string::npos);
}

TEST_CASE("sms: a message that does not arrive is reported as undelivered") {
    Provider provider;
    Both both(provider);
    provider.server->behave(Behaviour::undelivered);
    REQUIRE(both.twilio.submit(a_message(1)));
    CHECK(states_of(both.twilio, 1) == States{DeliveryState::accepted, DeliveryState::undelivered});
    CHECK(both.events.count(SmsEvent::undelivered) == 1);
}

TEST_CASE("sms: fast2sms says the digits of the code, and that it took them") {
    Provider provider;
    Both both(provider);
    REQUIRE(both.fast2sms.submit(a_message(1)));
    bool accepted = false;
    CHECK(poll_until(both.fast2sms, [&] {
        accepted = accepted || !provider.server->taken().empty();
        return accepted;
    }));
    REQUIRE(provider.server->taken().size() == 1);
    CHECK(provider.server->taken()[0].text == "Your OTP: 271828");
    CHECK(provider.server->taken()[0].to == a_number);

    Fast2SmsGateway dlt(both.clock, both.second_transport, fast2sms_account(fast2sms::Route::dlt),
                        quick_timing());
    REQUIRE(dlt.submit(a_message(2)));
    CHECK(poll_until(dlt, [&] { return provider.server->taken().size() == 2; }));
    CHECK(provider.server->taken()[1].text == "template 111111: 271828|7|120");
}

TEST_CASE("sms: when the first provider refuses in HTTP 200 the second one sends the code") {
    Provider india;
    Provider world;
    RealClock clock;
    SeenEvents events;
    CurlTransport to_india(india.curl());
    CurlTransport to_world(world.curl());
    Fast2SmsGateway fast2sms(clock, to_india, fast2sms_account(), quick_timing(), events.sink());
    TwilioGateway twilio(clock, to_world, twilio_account(), quick_timing(), events.sink());
    devices::FailoverGateway both(clock, {&fast2sms, &twilio}, 10s);
    india.server->behave(Behaviour::refused_in_200);
    REQUIRE(both.submit(a_message(1)));
    CHECK(states_of(both, 1) == States{DeliveryState::accepted, DeliveryState::delivered});
    CHECK(events.count(SmsEvent::rejected) == 1);
    CHECK(india.server->taken().empty());
    CHECK(world.server->delivered() == 1);
}

TEST_CASE("sms: a driver that goes away does not wait for a network that does not answer") {
    Provider provider;
    provider.server->behave(Behaviour::slow);
    RealClock clock;
    CurlSettings settings = provider.curl();
    settings.total_timeout = 10min;
    auto transport = std::make_unique<CurlTransport>(settings);
    TwilioGateway gateway(clock, *transport, twilio_account(), quick_timing());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(poll_until(gateway, [&] { return provider.server->requests() == 1; }));
    transport.reset();  // the test's own limit is what would fail
}

}  // namespace
}  // namespace strongroom::pi
