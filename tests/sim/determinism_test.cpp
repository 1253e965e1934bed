#include <array>
#include <sstream>

#include "catch.h"
#include "setting.h"
#include "sim/device_set.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

ScoreModel scores() {
    return ScoreModel::parse(
        R"({"model": "m", "provenance": {}, "templates": 1,
            "genuine_quantiles": [[0, 0.1], [1, 0.5]],
            "impostor_quantiles": [[0, 0.4], [1, 0.9]]})",
        "test");
}

// A busy quarter of an hour, driven without a terminal: what it would do with the devices is done
// here by a rule, so that every source of chance in the simulator takes part.
std::string busy_day(std::uint64_t seed, Digest* hash = nullptr) {
    Town town(seed);
    SmsGatewaySetup lossy;
    lossy.loss = 0.3;
    town.network.add_gateway(lossy);
    FaultRule chance;
    chance.call = "face.poll";
    chance.kind = FaultKind::drop;
    chance.probability = 0.2;
    FaultPlan plan(town.world, town.site, {chance});
    const ScoreModel model = scores();
    DeviceSet::Parts parts{.world = town.world, .network = town.network, .site = town.site};
    parts.scores = &model;
    parts.faults = &plan;
    parts.clock_origin = Instant(5s);
    DeviceSet set(parts);
    hal::Devices devices = set.devices();

    Rng rng = town.scheduler.rng("actors");
    const std::array templates{make_template(1, 0, model.id)};
    for (std::uint64_t visit = 1; visit <= 30; ++visit) {
        const PersonId who = rng.below(2) == 0 ? town.alice : town.mallory;
        town.world.claim(who, town.site, CustomerId{11}, LockerId{5});
        town.world.show_face(who, town.site);
        static_cast<void>(devices.keypad.poll());
        static_cast<void>(devices.face.start(templates));
        for (int i = 0; i < 10; ++i) {
            town.scheduler.run_for(Duration(static_cast<std::int64_t>(rng.below(1'000'000'000))));
            static_cast<void>(devices.face.poll());
        }
        devices.face.stop();
        std::array<std::byte, 8> random{};
        REQUIRE(devices.entropy.fill(random));
        const std::string code = std::to_string(100000 + std::to_integer<int>(random[0]) * 3000);
        REQUIRE(devices.sms.submit({hal::SmsId{visit}, Secret("+15550111"), Secret(code)}));
        town.scheduler.run_for(10s);
        if (const Message* read = town.world.read_newest(town.alice, town.phone)) {
            town.world.type_code(who, town.site, read->digits);
        }
        static_cast<void>(devices.keypad.poll());
        town.world.turn_key(town.alice, town.site, town.key, 2s);
        static_cast<void>(devices.strike.pulse(3s));
        town.world.pull_door(who, town.site);
        town.scheduler.run_for(5s);
        town.world.close_door(who, town.site);
        town.world.leave(who);
    }
    if (hash != nullptr) *hash = town.world.facts().hash();
    std::ostringstream text;
    town.world.facts().write_json_lines(text);
    return text.str();
}

TEST_CASE("determinism: the same seed gives the same facts byte for byte, another seed others") {
    Digest hash_a{};
    Digest hash_b{};
    Digest hash_c{};
    const std::string a = busy_day(77, &hash_a);
    CHECK(a.size() > 20000);
    CHECK(busy_day(77, &hash_b) == a);
    CHECK(hash_a == hash_b);
    CHECK(busy_day(78, &hash_c) != a);
    CHECK(hash_a != hash_c);
}

TEST_CASE("device set: a process that dies leaves the strike to its hardware and starts anew") {
    Town town(1, true);
    town.network.add_gateway({});
    const ScoreModel model = scores();
    DeviceSet::Parts parts{.world = town.world, .network = town.network, .site = town.site};
    parts.scores = &model;
    parts.clock_origin = Instant(5s);
    DeviceSet set(parts);
    hal::Devices devices = set.devices();
    REQUIRE(devices.strike.pulse(3s));
    REQUIRE(devices.face.start(std::array{make_template(1, 0, model.id)}));
    REQUIRE(devices.sms.submit({hal::SmsId{1}, Secret("+15550111"), Secret("Code 123456")}));
    town.scheduler.run_for(1s);
    set.process_died(Instant(1s));
    CHECK(devices.clock.now() == Instant(1s));
    CHECK(devices.face.poll().error().code == Errc::denied);
    CHECK(town.world.site(town.site).energised);
    town.scheduler.run_for(2s);
    CHECK_FALSE(town.world.site(town.site).energised);
    town.scheduler.run_for(2min);
    CHECK(devices.sms.poll_delivery().value() == std::nullopt);
    REQUIRE(devices.sms.submit({hal::SmsId{1}, Secret("+15550111"), Secret("Code 654321")}));
    CHECK(town.count(FactKind::sms_submitted) == 2);
}

}  // namespace
}  // namespace strongroom::sim
