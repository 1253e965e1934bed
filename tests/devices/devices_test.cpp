#include <deque>
#include <map>

#include "catch.h"
#include "devices/debouncer.h"
#include "devices/failover_gateway.h"

using namespace strongroom;
using namespace strongroom::devices;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{std::chrono::hours(1)};

class HandClock final : public hal::Clock {
public:
    Instant at = start;
    [[nodiscard]] Instant now() const override { return at; }
    [[nodiscard]] WallTime wall() const override { return {}; }
};

// A provider whose answers the test chooses.
class Provider final : public hal::SmsGateway {
public:
    Result<void> answer{};
    std::map<std::uint64_t, int> taken;
    std::deque<hal::SmsDelivery> deliveries;
    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override {
        if (answer) ++taken[message.id.value];
        return answer;
    }
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override {
        if (deliveries.empty()) return std::optional<hal::SmsDelivery>{};
        const hal::SmsDelivery next = deliveries.front();
        deliveries.pop_front();
        return std::optional(next);
    }
};

hal::SmsMessage message(std::uint64_t id) {
    return {hal::SmsId{id}, Secret("+15550100142"), Secret("text")};
}

struct Pair {
    HandClock clock;
    Provider first;
    Provider second;
    FailoverGateway gateway{clock, {&first, &second}, 5s};
};

}  // namespace

TEST_CASE("debouncer: a contact that bounces gives one edge, when it has settled") {
    Debouncer contact(false, 30ms);
    CHECK_FALSE(contact.update(start, true));
    CHECK_FALSE(contact.update(start + 2ms, false));
    CHECK_FALSE(contact.update(start + 4ms, true));
    CHECK(contact.next_deadline() == start + 34ms);
    CHECK_FALSE(contact.update(start + 33ms, true));
    CHECK(contact.update(start + 34ms, true) == std::optional(true));
    CHECK_FALSE(contact.update(start + 99ms, true));
    CHECK(contact.next_deadline() == never);
}

TEST_CASE("debouncer: a glitch that is over before it settles is nothing") {
    Debouncer contact(true, 30ms);
    CHECK_FALSE(contact.update(start, false));
    CHECK_FALSE(contact.update(start + 10ms, true));
    CHECK_FALSE(contact.update(start + 50ms, true));
    CHECK(contact.settled());
}

TEST_CASE("failover: the first provider that takes a message has it alone") {
    Pair p;
    REQUIRE(p.gateway.submit(message(1)));
    CHECK(p.first.taken[1] == 1);
    CHECK(p.second.taken.empty());
}

TEST_CASE("failover: a refusing provider is passed over") {
    Pair p;
    p.first.answer = fail(Errc::disconnected);
    REQUIRE(p.gateway.submit(message(1)));
    CHECK(p.second.taken[1] == 1);
}

TEST_CASE("failover: a provider that stays silent loses the message to the next") {
    Pair p;
    REQUIRE(p.gateway.submit(message(1)));
    p.clock.at += 4s;
    REQUIRE(p.gateway.poll_delivery());
    CHECK(p.second.taken.empty());
    p.clock.at += 1s;
    REQUIRE(p.gateway.poll_delivery());
    CHECK(p.second.taken[1] == 1);
}

TEST_CASE(
    "failover: a provider that has accepted a message keeps it, however long the phone takes") {
    Pair p;
    REQUIRE(p.gateway.submit(message(1)));
    p.first.deliveries.push_back({hal::SmsId{1}, hal::SmsDelivery::State::accepted});
    REQUIRE(p.gateway.poll_delivery());
    p.clock.at += 60s;
    REQUIRE(p.gateway.poll_delivery());
    CHECK(p.second.taken.empty());
}

TEST_CASE("failover: an undelivered message goes to the next, and is reported when none is left") {
    Pair p;
    REQUIRE(p.gateway.submit(message(1)));
    p.first.deliveries.push_back({hal::SmsId{1}, hal::SmsDelivery::State::undelivered});
    const auto nothing = p.gateway.poll_delivery();
    REQUIRE(nothing);
    CHECK_FALSE(*nothing);
    CHECK(p.second.taken[1] == 1);
    p.second.deliveries.push_back({hal::SmsId{1}, hal::SmsDelivery::State::undelivered});
    const auto lost = p.gateway.poll_delivery();
    REQUIRE(lost);
    REQUIRE(*lost);
    CHECK((*lost)->state == hal::SmsDelivery::State::undelivered);
}

TEST_CASE("failover: with no provider left the refusal is the last one's") {
    Pair p;
    p.first.answer = fail(Errc::disconnected);
    p.second.answer = fail(Errc::exhausted);
    const auto refused = p.gateway.submit(message(1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::exhausted);
}

TEST_CASE("failover: a message submitted twice is sent once") {
    Pair p;
    REQUIRE(p.gateway.submit(message(1)));
    REQUIRE(p.gateway.submit(message(1)));
    CHECK(p.first.taken[1] == 1);
}
