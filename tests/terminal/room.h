// A strongroom for the terminal's tests: the simulator's devices and a real store in memory.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catch.h"
#include "sim/device_set.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"

namespace strongroom::testing {

using namespace std::chrono_literals;

inline constexpr CustomerId alice{1};
inline constexpr LockerId locker{12};
inline constexpr TerminalId door{1};

inline sim::ScoreModel scores() {
    return sim::ScoreModel::parse(R"({"model": "test", "provenance": {}, "templates": 1,
        "genuine_quantiles": [[0, 0.1], [1, 0.3]], "impostor_quantiles": [[0, 0.7], [1, 0.9]]})",
                                  "test");
}

// Between terminal and store: a disk that fails, or takes its time, when told to.
struct Gate : store::Records {
    store::SqliteRecords* inner = nullptr;
    std::function<bool(const auth::Record&)> fails = [](const auth::Record&) { return false; };
    std::function<void(const auth::Record&)> before = [](const auth::Record&) {};
    bool dead = false;  // nothing can be written

    [[nodiscard]] Result<store::CustomerRecord> load(store::Moment moment, CustomerId customer,
                                                     LockerId locker_id) override {
        return inner->load(moment, customer, locker_id);
    }
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        store::Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override {
        before(record);
        if (dead || fails(record)) return fail(Errc::disconnected);
        return inner->commit(moment, record, earlier);
    }
    [[nodiscard]] Result<void> note(store::Moment moment,
                                    std::span<const auth::AuditEntry> entries) override {
        if (dead) return fail(Errc::disconnected);
        return inner->note(moment, entries);
    }
    [[nodiscard]] Result<void> keep_time(store::Moment moment) override {
        if (dead) return fail(Errc::disconnected);
        return inner->keep_time(moment);
    }
};

// The devices' own clock, and how much later than that it is by now.
struct LateClock : hal::Clock {
    explicit LateClock(hal::Clock& of) : inner(of) {}
    [[nodiscard]] Instant now() const override { return inner.now() + late; }
    [[nodiscard]] WallTime wall() const override { return inner.wall(); }
    [[nodiscard]] bool wall_is_set() const override { return inner.wall_is_set(); }
    hal::Clock& inner;
    Duration late{};
};

// A strongroom with one customer. The store outlives restarts of the terminal.
struct Room {
    sim::Scheduler scheduler{1};
    sim::World world{scheduler};
    sim::SmsNetwork network{world};
    sim::ScoreModel model = scores();
    auth::Policy policy;
    sim::PersonId ada, bob;
    sim::KeyId key;
    sim::PhoneId phone;
    sim::SiteId site;
    std::optional<sim::DeviceSet> devices;
    store::MemoryAnchor anchor;
    store::AeadSealer sealer{Key256{}};
    store::KeyedChain chain{Key256{}};
    sim::SeededEntropy entropy{Rng(3)};
    std::unique_ptr<store::SqliteRecords> records;
    Gate gate;
    std::optional<LateClock> clock;
    std::unique_ptr<terminal::Terminal> terminal;
    sim::Scheduler::Handle step_handle;
    Instant step_at = never;
    std::vector<std::string> prompts;
    Instant visit_began{};
    bool answers = true;  // whoever stands there performs what is asked for

    hal::FingerprintReader* finger = nullptr;
    SensorId sensor{};

    // With the reader, whose sensor is `of_reader`, when the policy asks for a finger.
    explicit Room(auth::Policy asked = auth::locker({0.5, 0.0001, 0.001}),
                  hal::FingerprintReader* reader = nullptr, SensorId of_reader = {})
        : policy(std::move(asked)), finger(reader), sensor(of_reader) {
        ada = world.add_person({"ada", alice, 1, true});
        bob = world.add_person({"bob", CustomerId{}, 2, true});
        phone = world.add_phone("phone", "+15550100142", ada);
        key = world.add_key("key", locker, ada);
        site = world.add_site({.name = "door",
                               .terminal = door,
                               .locker = locker,
                               .keyless = !policy.asks_for(auth::Factor::key)});
        network.add_gateway({});
        sim::DeviceSet::Parts parts{.world = world, .network = network, .site = site};
        parts.scores = &model;
        devices.emplace(parts);
        auto opened = store::SqliteRecords::open({.path = ":memory:",
                                                  .vfs = {},
                                                  .master = Key256{},
                                                  .sealer = sealer,
                                                  .chain = chain,
                                                  .anchor = anchor,
                                                  .entropy = entropy,
                                                  .lockout = policy.lockout,
                                                  .sends = policy.code.sends,
                                                  .terminal = door,
                                                  .opened = moment()});
        REQUIRE(opened);
        records = std::move(*opened);
        gate.inner = records.get();
        REQUIRE(records->add_customer(moment(), "Ada", "+15550100142", alice));
        REQUIRE(records->add_locker(moment(), locker));
        REQUIRE(records->assign(moment(), locker, alice));
        REQUIRE(records->add_template(moment(), alice, sim::make_template(1, 0, model.id)));
        world.on_change([this](sim::SiteId) { request(scheduler.now()); });
        world.facts().subscribe([this](const sim::Fact& fact) {
            if (fact.kind != sim::FactKind::prompt_shown) return;
            prompts.push_back(fact.what);
            const auto gesture = gesture_of(*prompt_named(fact.what));
            if (!gesture || !answers) return;
            scheduler.after(600ms, [this, gesture] {
                world.perform(world.site(site).presenter, site, *gesture);
            });
        });
        start();
    }

    [[nodiscard]] store::Moment moment() const {
        return {scheduler.now(), WallTime{} + scheduler.now().time_since_epoch()};
    }

    void start() {
        clock.emplace(devices->devices().clock);
        const hal::Devices own = devices->devices();
        const hal::Devices used{*clock,    own.entropy, own.face,        own.strike, own.key,
                                own.door,  own.tamper,  own.exit_button, own.keypad, own.display,
                                own.siren, own.sms,     finger};
        terminal = std::make_unique<terminal::Terminal>(terminal::Setup{.terminal = door,
                                                                        .locker = locker,
                                                                        .policy = policy,
                                                                        .rules = {},
                                                                        .code_key = Key256{},
                                                                        .sensor = sensor},
                                                        used, gate, nullptr);
        request(scheduler.now());
    }

    [[nodiscard]] Instant terminal_now() const { return clock->now(); }

    void request(Instant when) {
        if (terminal == nullptr || (scheduler.pending(step_handle) && step_at <= when)) return;
        scheduler.cancel(step_handle);
        step_at = when;
        step_handle = scheduler.at(when, [this] {
            step_handle = {};
            request(devices->clock().to_scheduler(terminal->step()));
        });
    }

    // Runs until `message` is on the screen; false after a minute.
    bool until(std::string_view message) {
        const Instant limit = scheduler.now() + 1min;
        while (prompts.empty() || prompts.back() != message) {
            if (scheduler.next() > limit) return false;
            scheduler.run_next();
        }
        return true;
    }

    void claim(sim::PersonId who) {
        world.arrive(who, site);
        world.show_face(who, site);
        visit_began = scheduler.now();
        world.claim(who, site, alice, locker);
        scheduler.run_for(10ms);
    }

    std::string code() {
        const Instant limit = scheduler.now() + 1min;
        while (scheduler.now() < limit) {
            const sim::Message* message = world.read_newest(ada, phone);
            if (message != nullptr && message->submitted >= visit_began) return message->digits;
            scheduler.run_for(500ms);
        }
        return {};
    }

    [[nodiscard]] std::size_t count(sim::FactKind kind, std::string_view what = {}) const {
        std::size_t n = 0;
        for (const sim::Fact& fact : world.facts()) {
            n += fact.kind == kind && (what.empty() || fact.what == what);
        }
        return n;
    }

    auth::CustomerCounts counts() {
        const auto record = records->load(moment(), alice, locker);
        REQUIRE(record);
        return record->counts;
    }

    [[nodiscard]] std::vector<auth::AuditKind> audit() {
        std::vector<auth::AuditKind> kinds;
        REQUIRE(records->read_audit(
            {}, [&](const store::AuditRow& row) { kinds.push_back(row.entry.kind); }));
        return kinds;
    }

    bool audited(auth::AuditKind kind) {
        const auto kinds = audit();
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }

    void visit() {
        claim(ada);
        REQUIRE(until("enter_code"));
        world.type_code(ada, site, code());
        REQUIRE(until("turn_key"));
        REQUIRE(world.turn_key(ada, site, key, 10s));
        REQUIRE(until("open_door"));
        scheduler.run_for(500ms);
        CHECK(world.pull_door(ada, site));
        scheduler.run_for(20s);
        CHECK(world.close_door(ada, site));
        world.leave(ada);
        scheduler.run_for(5s);
    }
};

}  // namespace strongroom::testing
