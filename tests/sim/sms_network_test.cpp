#include "sim/sms_network.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "setting.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;
using State = hal::SmsDelivery::State;

hal::SmsMessage message(std::uint64_t id, std::string_view text = "Your code is 654321. Locker 5.",
                        std::string_view to = "+15550111") {
    return {hal::SmsId{id}, Secret(to), Secret(text)};
}

std::vector<State> states(SmsGateway& gateway) {
    std::vector<State> all;
    while (const auto next = gateway.poll_delivery().value()) all.push_back(next->state);
    return all;
}

TEST_CASE("sms: the code reaches whoever holds the phone, and typing it is told by its message") {
    Town town;
    town.network.add_gateway({});
    SmsGateway gateway(town.network, town.site, "primary");
    CHECK(town.world.read_newest(town.alice, town.phone) == nullptr);
    REQUIRE(gateway.submit(message(1)));
    town.scheduler.run_for(2min);
    CHECK(town.world.read_newest(town.mallory, town.phone) == nullptr);
    const Message* read = town.world.read_newest(town.alice, town.phone);
    REQUIRE(read != nullptr);
    CHECK(read->digits == "654321");
    CHECK(town.last(FactKind::sms_submitted)->who == "alice");
    CHECK(town.last(FactKind::sms_submitted)->number == 1);
    CHECK(town.last(FactKind::sms_read)->who == "alice");

    town.world.type_code(town.alice, town.site, "654321");
    CHECK(town.last(FactKind::code_typed)->number == 1);
    town.world.type_code(town.mallory, town.site, "654320");
    CHECK(town.last(FactKind::code_typed)->number == 0);

    town.world.steal_phone(town.mallory, town.phone);
    CHECK(town.world.read_newest(town.alice, town.phone) == nullptr);
    REQUIRE(gateway.submit(message(2, "Your code is 111222.")));
    town.scheduler.run_for(2min);
    CHECK(town.last(FactKind::sms_submitted)->who == "alice");
    CHECK(town.last(FactKind::sms_delivered)->who == "mallory");
    CHECK(town.world.read_newest(town.mallory, town.phone)->digits == "111222");
    for (const Fact& fact : town.world.facts()) {
        CHECK(to_json_line(fact).find("654321") == std::string::npos);
        CHECK(to_json_line(fact).find("111222") == std::string::npos);
        CHECK(to_json_line(fact).find("15550111") == std::string::npos);
    }
}

TEST_CASE("sms: a ported number rings elsewhere, an unknown one nowhere") {
    Town town;
    town.network.add_gateway({});
    SmsGateway gateway(town.network, town.site, "primary");
    const PhoneId burner = town.world.add_phone("burner", "+15550999", town.mallory);
    REQUIRE(gateway.submit(message(1)));  // under way while the number moves
    town.world.port_number(town.phone, burner);
    CHECK(town.last(FactKind::number_ported)->who == "mallory");
    REQUIRE(gateway.submit(message(2)));
    REQUIRE(gateway.submit(message(3, "Code 123456", "+15550123")));
    town.scheduler.run_for(3min);
    auto inbox = town.world.phone(burner).inbox;
    std::sort(inbox.begin(), inbox.end());
    CHECK(inbox == std::vector<std::uint64_t>{1, 2});
    CHECK(town.world.phone(town.phone).inbox.empty());
    CHECK(town.count(FactKind::sms_lost) == 1);
    const auto seen = states(gateway);
    CHECK(std::count(seen.begin(), seen.end(), State::undelivered) == 1);
    CHECK(std::count(seen.begin(), seen.end(), State::delivered) == 2);
}

TEST_CASE("sms: losses and delays are those of the setup") {
    Town town(3);
    SmsGatewaySetup setup;
    setup.loss = 0.2;
    town.network.add_gateway(setup);
    SmsGateway gateway(town.network, town.site, "primary");
    constexpr int sent = 5000;
    for (std::uint64_t i = 1; i <= sent; ++i) REQUIRE(gateway.submit(message(i)));
    town.scheduler.run_for(5min);
    const auto lost = static_cast<double>(town.count(FactKind::sms_lost));
    CHECK(town.count(FactKind::sms_delivered) + town.count(FactKind::sms_lost) == sent);
    // Five standard deviations of a binomial count.
    CHECK(std::abs(lost - 1000) < 5 * std::sqrt(sent * 0.2 * 0.8));
    std::vector<Duration> delays;
    for (const Fact& fact : town.world.facts()) {
        if (fact.kind == FactKind::sms_delivered) delays.push_back(fact.at - Instant{});
    }
    std::sort(delays.begin(), delays.end());
    CHECK(delays.front() >= setup.delay_min);
    CHECK(delays.back() <= setup.delay_max);
    const double median = static_cast<double>(delays[delays.size() / 2].count());
    CHECK(median == Approx(static_cast<double>(setup.delay_median.count())).epsilon(0.05));
    const auto seen = states(gateway);
    CHECK(std::count(seen.begin(), seen.end(), State::accepted) == sent);
    CHECK(std::count(seen.begin(), seen.end(), State::undelivered) == static_cast<int>(lost));
}

TEST_CASE("sms: outages refuse, lose or fall silent in their window, each gateway for itself") {
    Town town;
    town.network.add_gateway({});
    SmsGatewaySetup second;
    second.name = "secondary";
    town.network.add_gateway(second);
    SmsGateway primary(town.network, town.site, "primary");
    SmsGateway secondary(town.network, town.site, "secondary");
    const auto kind = GENERATE(SmsOutage::refusing, SmsOutage::losing, SmsOutage::silent);
    town.network.outage("primary", kind, Instant(10s), Instant(20s));
    REQUIRE(primary.submit(message(1)));
    town.scheduler.run_until(Instant(10s));
    const auto during = primary.submit(message(2));
    REQUIRE(secondary.submit(message(2)));
    town.scheduler.run_until(Instant(20s));
    REQUIRE(primary.submit(message(3)));
    town.scheduler.run_until(Instant(5min));
    CHECK(town.world.phone(town.phone).inbox.size() == 3);
    const auto seen = states(primary);
    CHECK(std::count(seen.begin(), seen.end(), State::delivered) == 2);
    switch (kind) {
        case SmsOutage::refusing:
            REQUIRE_FALSE(during);
            CHECK(during.error().code == Errc::disconnected);
            CHECK(seen.size() == 4);
            break;
        case SmsOutage::losing:
            CHECK(during);
            CHECK(std::count(seen.begin(), seen.end(), State::undelivered) == 1);
            break;
        case SmsOutage::silent:
            CHECK(during);
            CHECK(std::count(seen.begin(), seen.end(), State::accepted) == 3);
            CHECK(seen.size() == 5);
            break;
    }
}

TEST_CASE("sms: quota and credentials are refused as such") {
    Town town;
    town.network.add_gateway({});
    SmsGateway gateway(town.network, town.site, "primary");
    town.network.quota("primary", 1);
    REQUIRE(gateway.submit(message(1)));
    CHECK(gateway.submit(message(2)).error().code == Errc::exhausted);
    town.network.credentials_valid("primary", false);
    CHECK(gateway.submit(message(3)).error().code == Errc::denied);
    CHECK(town.count(FactKind::sms_submitted) == 1);
}

TEST_CASE("sms: reports of a process that died do not reach the next one") {
    Town town;
    town.network.add_gateway({});
    SmsGateway gateway(town.network, town.site, "primary");
    REQUIRE(gateway.submit(message(1)));
    gateway.restart();
    REQUIRE(gateway.submit(message(1, "Your code is 222333.")));
    town.scheduler.run_for(3min);
    CHECK(states(gateway) == std::vector{State::accepted, State::delivered});
    CHECK(town.world.phone(town.phone).inbox.size() == 2);
}

}  // namespace
}  // namespace strongroom::sim
