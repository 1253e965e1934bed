#include "sim/faulty.h"

#include <array>
#include <cmath>
#include <set>

#include "catch.h"
#include "setting.h"
#include "sim/devices.h"
#include "sim/score_observer.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

FaultRule rule(std::string call, FaultKind kind, std::uint64_t nth = 1, bool from_then_on = false) {
    FaultRule made;
    made.call = std::move(call);
    made.kind = kind;
    made.nth = nth;
    made.from_then_on = from_then_on;
    made.delay = 2s;
    return made;
}

TEST_CASE("faulty strike: a failed or dropped pulse moves nothing, a wrong monitor lies") {
    Town town;
    Strike real(town.world, town.site);
    SECTION("fail") {
        FaultPlan plan(town.world, town.site, {rule("strike.pulse", FaultKind::fail)});
        Faulty<hal::Strike> strike(real, plan);
        CHECK(strike.pulse(1s).error().code == Errc::disconnected);
        CHECK_FALSE(town.world.site(town.site).energised);
        CHECK(strike.pulse(1s));
        CHECK(town.world.site(town.site).energised);
    }
    SECTION("drop") {
        FaultPlan plan(town.world, town.site, {rule("strike.pulse", FaultKind::drop)});
        Faulty<hal::Strike> strike(real, plan);
        CHECK(strike.pulse(1s));
        CHECK_FALSE(town.world.site(town.site).energised);
    }
    SECTION("a dropped lock leaves the pulse to the hardware's bound") {
        FaultPlan plan(town.world, town.site, {rule("strike.lock", FaultKind::drop)});
        Faulty<hal::Strike> strike(real, plan);
        REQUIRE(strike.pulse(1s));
        CHECK(strike.lock());
        CHECK(town.world.site(town.site).energised);
        town.scheduler.run_for(1s);
        CHECK_FALSE(town.world.site(town.site).energised);
    }
    SECTION("corrupt and stick") {
        FaultPlan plan(town.world, town.site,
                       {rule("strike.sense", FaultKind::corrupt, 2),
                        rule("strike.sense", FaultKind::stick, 3, true)});
        Faulty<hal::Strike> strike(real, plan);
        CHECK(strike.sense() == hal::BoltState::secured);
        CHECK(strike.sense() == hal::BoltState::released);
        REQUIRE(strike.pulse(1s));
        CHECK(strike.sense() == hal::BoltState::secured);
    }
}

TEST_CASE("faulty contact: inverted once, or stuck at what it read last") {
    Town town;
    DoorContact real(town.world, town.site);
    FaultPlan plan(town.world, town.site,
                   {rule("door_contact.open", FaultKind::corrupt, 2),
                    rule("door_contact.open", FaultKind::fail, 3),
                    rule("door_contact.open", FaultKind::stick, 4, true)});
    Faulty<hal::DoorContact> door(real, plan);
    CHECK_FALSE(door.open().value());
    CHECK(door.open().value());
    CHECK(door.open().error().code == Errc::disconnected);
    town.world.force_door(town.mallory, town.site);
    CHECK_FALSE(door.open().value());
    plan.heal();
    CHECK(door.open().value());
}

TEST_CASE("faulty keypad: entries are lost, late, doubled or altered") {
    const auto poll_kinds = [](FaultKind kind, Duration later) {
        Town town;
        Keypad real(town.world, town.site);
        FaultPlan plan(town.world, town.site, {rule("keypad.poll", kind)});
        Faulty<hal::Keypad> keypad(real, plan);
        int woken = 0;
        town.world.on_change([&](SiteId) { ++woken; });
        town.world.type_code(town.alice, town.site, "111111");
        town.world.type_code(town.alice, town.site, "222222");
        std::vector<std::string> digits;
        for (int i = 0; i < 4; ++i) {
            if (const auto entry = keypad.poll().value())
                digits.emplace_back(entry->digits.reveal());
        }
        const int before = woken;
        town.scheduler.run_for(later);
        for (int i = 0; i < 2; ++i) {
            if (const auto entry = keypad.poll().value())
                digits.emplace_back(entry->digits.reveal());
        }
        CHECK((woken > before) == (kind == FaultKind::delay && later >= 2s));
        return digits;
    };
    using Digits = std::vector<std::string>;
    CHECK(poll_kinds(FaultKind::drop, 0s) == Digits{"222222"});
    CHECK(poll_kinds(FaultKind::delay, 1s) == Digits{"222222"});
    CHECK(poll_kinds(FaultKind::delay, 2s) == Digits{"222222", "111111"});
    CHECK(poll_kinds(FaultKind::duplicate, 0s) == Digits{"111111", "111111", "222222"});
    const Digits altered = poll_kinds(FaultKind::corrupt, 0s);
    REQUIRE(altered.size() == 2);
    CHECK(altered[0] != "111111");
    CHECK(altered[0].size() == 6);
    CHECK(altered[1] == "222222");
}

TEST_CASE("faulty keypad: a damaged entry is dropped and told as corrupt") {
    Town town;
    Keypad real(town.world, town.site);
    FaultRule damaged = rule("keypad.poll", FaultKind::fail);
    damaged.error = Errc::corrupt;
    FaultPlan plan(town.world, town.site, {damaged});
    Faulty<hal::Keypad> keypad(real, plan);
    town.world.press_cancel(town.alice, town.site);
    CHECK(keypad.poll().error().code == Errc::corrupt);
    CHECK(keypad.poll().value() == std::nullopt);
}

TEST_CASE("faulty siren and display: a dead line says yes and shows nothing") {
    Town town;
    Siren real_siren(town.world, town.site);
    Display real_display(town.world, town.site);
    FaultPlan plan(town.world, town.site,
                   {rule("siren.raise", FaultKind::drop), rule("siren.clear", FaultKind::drop),
                    rule("display.show", FaultKind::stick, 2, true)});
    Faulty<hal::Siren> siren(real_siren, plan);
    Faulty<hal::Display> display(real_display, plan);
    CHECK(siren.raise(Alarm::tamper));
    CHECK(town.world.site(town.site).alarms.empty());
    CHECK(siren.raise(Alarm::tamper));
    CHECK(siren.clear(Alarm::tamper));
    CHECK(town.world.site(town.site).alarms.size() == 1);
    CHECK(display.show({Prompt::Message::turn_key, 0, 0}));
    CHECK(display.show({Prompt::Message::open_door, 0, 0}));
    CHECK(town.world.site(town.site).prompt->message == Prompt::Message::turn_key);
}

TEST_CASE("faulty byte link: bytes are lost, late, doubled or flipped") {
    Town town;
    ByteLinkPair pair;
    const std::array sent{std::byte{1}, std::byte{2}, std::byte{3}};
    std::array<std::byte, 16> got{};
    const auto kind =
        GENERATE(FaultKind::drop, FaultKind::delay, FaultKind::duplicate, FaultKind::corrupt);
    FaultPlan plan(town.world, town.site, {rule("byte_link.read", kind)});
    Faulty<hal::ByteLink> link(pair.near, plan);
    REQUIRE(pair.far.write(sent));
    const std::size_t first = link.read(got).value();
    const std::size_t second = link.read(std::span(got).subspan(first)).value();
    const auto begins_as_sent = [&] { return std::equal(sent.begin(), sent.end(), got.begin()); };
    switch (kind) {
        case FaultKind::drop: CHECK(first + second == 0); break;
        case FaultKind::delay:
            CHECK(first + second == 0);
            town.scheduler.run_for(2s);
            CHECK(link.read(got).value() == 3);
            CHECK(begins_as_sent());
            break;
        case FaultKind::duplicate:
            CHECK(first == 3);
            CHECK(second == 3);
            CHECK(std::equal(sent.begin(), sent.end(), got.begin() + 3));
            break;
        default: CHECK(first == 3); CHECK_FALSE(begins_as_sent());
    }
}

TEST_CASE("faulty byte link: writes are lost, doubled or flipped") {
    Town town;
    ByteLinkPair pair;
    const std::array sent{std::byte{1}, std::byte{2}, std::byte{3}};
    std::array<std::byte, 16> got{};
    FaultPlan plan(town.world, town.site,
                   {rule("byte_link.write", FaultKind::drop, 1),
                    rule("byte_link.write", FaultKind::duplicate, 2),
                    rule("byte_link.write", FaultKind::corrupt, 3)});
    Faulty<hal::ByteLink> link(pair.near, plan);
    REQUIRE(link.write(sent));
    CHECK(pair.far.read(got).value() == 0);
    REQUIRE(link.write(sent));
    CHECK(pair.far.read(got).value() == 6);
    REQUIRE(link.write(sent));
    CHECK(pair.far.read(got).value() == 3);
    CHECK_FALSE(std::equal(sent.begin(), sent.end(), got.begin()));
}

TEST_CASE("faulty gateway: a dropped message was never sent, reports can come late or twice") {
    Town town;
    town.network.add_gateway({});
    SmsGateway real(town.network, town.site, "primary");
    const hal::SmsMessage message{hal::SmsId{1}, Secret("+15550111"), Secret("Code 123456")};
    const auto poll_all = [&](hal::SmsGateway& gateway) {
        std::size_t reports = 0;
        for (int i = 0; i < 5; ++i) reports += gateway.poll_delivery().value() ? 1U : 0U;
        return reports;
    };
    SECTION("drop") {
        FaultPlan plan(town.world, town.site, {rule("sms.submit", FaultKind::drop)});
        Faulty<hal::SmsGateway> gateway(real, plan);
        CHECK(gateway.submit(message));
        town.scheduler.run_for(3min);
        CHECK(town.count(FactKind::sms_submitted) == 0);
        CHECK(poll_all(gateway) == 0);
    }
    SECTION("duplicate") {
        FaultPlan plan(town.world, town.site, {rule("sms.poll_delivery", FaultKind::duplicate)});
        Faulty<hal::SmsGateway> gateway(real, plan);
        CHECK(gateway.submit(message));
        town.scheduler.run_for(3min);
        CHECK(poll_all(gateway) == 3);
    }
    SECTION("delay") {
        FaultPlan plan(town.world, town.site, {rule("sms.poll_delivery", FaultKind::delay)});
        Faulty<hal::SmsGateway> gateway(real, plan);
        CHECK(gateway.submit(message));
        town.scheduler.run_for(3min);
        CHECK(poll_all(gateway) == 1);
        town.scheduler.run_for(2s);
        CHECK(poll_all(gateway) == 1);
    }
}

TEST_CASE("faulty observer: lost cameras stay lost until start, bad comparisons are no numbers") {
    Town town;
    VirtualClock clock(town.scheduler);
    const ScoreModel model = ScoreModel::parse(
        R"({"model": "m", "provenance": {}, "templates": 1,
            "genuine_quantiles": [[0, 0.1], [1, 0.2]],
            "impostor_quantiles": [[0, 0.8], [1, 0.9]]})",
        "test");
    ScoreObserver real(town.world, town.site, clock, model);
    const std::array templates{make_template(1, 0, model.id)};
    town.world.show_face(town.alice, town.site);
    SECTION("fail") {
        const Errc error = GENERATE(Errc::disconnected, Errc::timeout);
        FaultRule lost = rule("face.poll", FaultKind::fail, 2);
        lost.error = error;
        FaultPlan plan(town.world, town.site, {lost});
        Faulty<hal::FaceObserver> observer(real, plan, clock);
        REQUIRE(observer.start(templates));
        CHECK(observer.poll());
        town.scheduler.run_for(2s);
        for (int i = 0; i < 3; ++i) CHECK(observer.poll().error().code == error);
        REQUIRE(observer.start(templates));
        const Instant again = clock.now();
        town.scheduler.run_for(2s);
        CHECK(observer.poll().value().value().captured >= again);
    }
    SECTION("corrupt") {
        FaultPlan plan(town.world, town.site, {rule("face.poll", FaultKind::corrupt)});
        Faulty<hal::FaceObserver> observer(real, plan, clock);
        REQUIRE(observer.start(templates));
        town.scheduler.run_for(2s);
        CHECK(std::isnan(observer.poll().value().value().distance.value()));
        CHECK_FALSE(std::isnan(observer.poll().value().value().distance.value()));
    }
    SECTION("stick: a frozen picture brings nothing new") {
        FaultPlan plan(town.world, town.site, {rule("face.poll", FaultKind::stick, 1, true)});
        Faulty<hal::FaceObserver> observer(real, plan, clock);
        REQUIRE(observer.start(templates));
        town.scheduler.run_for(2s);
        for (int i = 0; i < 3; ++i) CHECK(observer.poll().value() == std::nullopt);
    }
    SECTION("duplicate: the same frame twice") {
        FaultPlan plan(town.world, town.site, {rule("face.poll", FaultKind::duplicate)});
        Faulty<hal::FaceObserver> observer(real, plan, clock);
        REQUIRE(observer.start(templates));
        town.scheduler.run_for(2s);
        const auto first = observer.poll().value().value();
        CHECK(observer.next_poll() <= clock.now());
        CHECK(observer.poll().value().value().sequence == first.sequence);
        CHECK(observer.poll().value().value().sequence == first.sequence + 1);
    }
}

TEST_CASE("faulty clock: it may stand still, and the calendar may be wrong") {
    Town town;
    VirtualClock real(town.scheduler);
    FaultPlan plan(
        town.world, town.site,
        {rule("clock.now", FaultKind::stick, 2, true), rule("clock.wall", FaultKind::corrupt, 2)});
    Faulty<hal::Clock> clock(real, plan);
    const Instant first = clock.now();
    const WallTime wall = clock.wall();
    town.scheduler.run_for(10s);
    CHECK(clock.now() == first);
    CHECK(clock.wall() != wall + 10s);
    CHECK(clock.wall() == wall + 10s);
}

TEST_CASE("faulty entropy: a failure leaves the bytes as they were") {
    Town town;
    SeededEntropy real(town.scheduler.rng("entropy"));
    FaultPlan plan(town.world, town.site, {rule("entropy.fill", FaultKind::fail)});
    Faulty<hal::Entropy> entropy(real, plan);
    std::array<std::byte, 16> bytes{};
    CHECK(entropy.fill(bytes).error().code == Errc::disconnected);
    CHECK(bytes == std::array<std::byte, 16>{});
    CHECK(entropy.fill(bytes));
    CHECK(bytes != std::array<std::byte, 16>{});
}

}  // namespace
}  // namespace strongroom::sim
