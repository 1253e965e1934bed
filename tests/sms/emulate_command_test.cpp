// `strongroom emulate sms` as it is typed to, with our driver as the client.
#include <sstream>

#include "catch.h"
#include "emulate_pty.h"
#include "emulate_sms.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using States = std::vector<DeliveryState>;

std::string said_by(const std::function<void(cli::SmsOptions&)>& change) {
    cli::SmsOptions options;
    change(options);
    std::ostringstream out;
    try {
        const cli::SmsEmulation emulation(options, out);
        return {};
    } catch (const cli::EmulatorError& error) {
        return error.what();
    }
}

TEST_CASE("emulate sms: a driver that trusts its authority sends, and the message is printed") {
    const Folder folder;
    cli::SmsOptions options;
    options.tls = true;
    options.authority = folder.file("authority.pem", "");
    options.behave = "throttled:1";
    options.deliver_after = 0.02;
    std::ostringstream out;
    cli::SmsEmulation emulation(options, out);
    CurlSettings curl;
    curl.base_url = emulation.server().base_url();
    curl.authorities = options.authority;
    curl.connect_timeout = std::chrono::seconds(5);
    curl.total_timeout = std::chrono::seconds(10);
    CHECK(out.str().find(curl.base_url) != std::string::npos);
    RealClock clock;
    CurlTransport transport(curl);
    SeenEvents events;
    TwilioGateway gateway(clock, transport, twilio_account(), quick_timing(), events.sink());
    REQUIRE(gateway.submit(a_message(1)));
    CHECK(states_of(gateway, 1) == States{DeliveryState::accepted, DeliveryState::delivered});
    CHECK(events.count(SmsEvent::throttled) == 1);
    emulation.step();
    CHECK(out.str().find("message 1 by twilio to +919812345678: Your strongroom code is 271828") !=
          std::string::npos);

    CHECK(emulation.obey("behave opted-out"));
    REQUIRE(gateway.submit(a_message(2)));
    CHECK(states_of(gateway, 2) == States{DeliveryState::undelivered});
    CHECK(emulation.obey("status"));
    CHECK(out.str().find("1 messages taken, 1 delivered") != std::string::npos);
    CHECK(emulation.obey("forge 1 delivered"));
    CHECK(out.str().find("the forged report was refused") != std::string::npos);
    CHECK_FALSE(emulation.obey("quit"));
}

TEST_CASE("emulate sms: what cannot be done is said with what can") {
    CHECK(said_by([](auto& o) { o.tls = true; }).find("--authority") != std::string::npos);
    CHECK(said_by([](auto& o) { o.authority = "a.pem"; }).find("--tls") != std::string::npos);
    CHECK(said_by([](auto& o) { o.behave = "sulking"; }).find("known are honest, ") !=
          std::string::npos);
    CHECK(said_by([](auto& o) { o.behave = "slow:-1"; }).find("no count") != std::string::npos);
    const Recorder taken("");
    CHECK(said_by([&](auto& o) { o.port = taken.port(); }).find("is it in use") !=
          std::string::npos);
    CHECK(said_by([](auto& o) {
              o.tls = true;
              o.authority = "/no/such/folder/authority.pem";
          }).find("cannot be written") != std::string::npos);

    std::ostringstream out;
    cli::SmsEmulation emulation({}, out);
    CHECK(emulation.obey("dance"));
    CHECK(out.str().find("no such command") != std::string::npos);
    CHECK(emulation.obey("behave sulking"));
    CHECK(out.str().find("there is none of that name") != std::string::npos);
    CHECK(emulation.obey("forge 1 delivered"));
    CHECK(out.str().find("of a message that was taken") != std::string::npos);
}

}  // namespace
}  // namespace strongroom::pi
