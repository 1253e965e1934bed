// The terminal and its fingerprint reader: what it starts, stops and gives up, and what becomes of
// a sensor that may not be believed.
#include <deque>
#include <stdexcept>

#include "room.h"

using namespace strongroom;
using namespace strongroom::testing;
using namespace std::chrono_literals;

namespace {

constexpr SensorId sensor{5};
constexpr FingerSlot slot = 3;

// Answers what it is told to.
struct ScriptedReader : hal::FingerprintReader {
    Result<void> start(const hal::FingerReference& reference) override {
        ++starts;
        if (busy > 0) {
            --busy;
            return fail(Errc::busy);
        }
        if (refusal) return tl::unexpected<Error>(*refusal);
        started = reference;
        return {};
    }
    void stop() override {
        started.reset();
        ++stops;
    }
    Result<std::optional<FingerObservation>> poll() override {
        REQUIRE(started);  // nobody asks a reader that was stopped
        if (failure) return tl::unexpected<Error>(*failure);
        if (laid.empty()) return std::nullopt;
        const FingerObservation o = laid.front();
        laid.pop_front();
        return o;
    }
    [[nodiscard]] Instant next_poll() const override { return poll_at; }

    std::optional<hal::FingerReference> started;
    std::deque<FingerObservation> laid;
    std::optional<Error> refusal;  // of the start
    std::optional<Error> failure;  // of every poll
    int busy = 0;                  // starts
    int starts = 0;
    int stops = 0;
    Instant poll_at = never;
    std::uint64_t sequence = 0;
};

const Error changed{Errc::denied, static_cast<std::int32_t>(SensorRefusal::sensor_changed)};

struct FingerRoom {
    ScriptedReader reader;
    Room room{auth::atm_access({0.5, 0.0001, 0.001}), &reader, sensor};

    FingerRoom() {
        hal::FingerReference reference{slot, {}};
        reference.template_digest.fill(std::byte{7});
        REQUIRE(room.records->add_finger(room.moment(), alice, {sensor, reference}));
    }
    void up_to_finger() {
        room.claim(room.ada);
        REQUIRE(room.until("place_finger"));
        room.scheduler.run_for(100ms);
    }
    void lay(std::optional<FingerSlot> matched) {
        FingerObservation o;
        o.captured = room.terminal_now();
        o.sequence = ++reader.sequence;
        o.liveness_score = 1;
        o.matched_slot = matched;
        o.score = 100;
        reader.laid.push_back(o);
        room.request(room.scheduler.now());
        room.scheduler.run_for(100ms);
    }
    bool finish() {
        if (!room.until("enter_code")) return false;
        room.world.type_code(room.ada, room.site, room.code());
        if (!room.until("open_door")) return false;
        room.scheduler.run_for(500ms);
        return room.world.pull_door(room.ada, room.site);
    }
    void leave() {
        room.world.leave(room.ada);
        room.scheduler.run_for(5s);
    }
};

}  // namespace

TEST_CASE("terminal: a finger between face and code opens, and the reader is stopped after it") {
    FingerRoom r;
    r.up_to_finger();
    REQUIRE(r.reader.started);
    CHECK(r.reader.started->slot == slot);
    CHECK(r.reader.started->template_digest[31] == std::byte{7});
    CHECK(r.room.count(sim::FactKind::sms_submitted) == 0);
    r.lay(slot);
    CHECK_FALSE(r.reader.started);
    CHECK(r.finish());
    CHECK(r.room.audited(auth::AuditKind::finger_matched));
}

TEST_CASE("terminal: a policy that asks for a finger is refused without a reader or a sensor") {
    ScriptedReader reader;
    const auth::Policy policy = auth::atm_access({0.5, 0.0001, 0.001});
    CHECK_THROWS_AS(Room(policy), std::invalid_argument);
    CHECK_THROWS_AS(Room(policy, &reader), std::invalid_argument);
    CHECK_NOTHROW(Room(policy, &reader, sensor));
    CHECK_NOTHROW(Room(auth::locker({0.5, 0.0001, 0.001})));
}

TEST_CASE("terminal: a finger in another sensor's library is none") {
    ScriptedReader reader;
    Room room(auth::atm_access({0.5, 0.0001, 0.001}), &reader, sensor);
    REQUIRE(room.records->add_finger(room.moment(), alice, {SensorId{6}, {slot, {}}}));
    room.claim(room.ada);
    CHECK(room.until("not_recognised"));
    CHECK(reader.starts == 0);
}

TEST_CASE("terminal: a wrong finger is counted durably, and hers opens after it") {
    FingerRoom r;
    r.up_to_finger();
    r.lay(slot + 1);
    CHECK(r.room.prompts.back() == "finger_not_accepted");
    CHECK(r.room.counts().failures == 1);
    CHECK(r.room.audited(auth::AuditKind::wrong_subject));
    r.room.scheduler.run_for(2s);
    r.lay(slot);
    CHECK(r.finish());
    CHECK(r.room.counts().failures == 0);
}

TEST_CASE("terminal: a reader that is busy is started again, for five seconds at most") {
    SECTION("it gives up a comparison of before") {
        FingerRoom r;
        r.reader.busy = 10;
        r.up_to_finger();
        r.room.scheduler.run_for(1s);
        REQUIRE(r.reader.started);
        CHECK(r.reader.starts == 11);
        r.lay(slot);
        CHECK(r.finish());
    }
    SECTION("it never does") {
        FingerRoom r;
        r.reader.busy = 1000;
        r.up_to_finger();
        REQUIRE(r.room.until("out_of_service"));
        CHECK(r.room.count(sim::FactKind::alarm_raised, "finger_reader_lost") == 1);
        CHECK(r.room.audited(auth::AuditKind::finger_reader_lost));
    }
}

TEST_CASE("terminal: a lost reader ends the visit, and its alarm ends with the next finger") {
    FingerRoom r;
    r.up_to_finger();
    r.reader.failure = Error{Errc::timeout, 0};
    r.room.request(r.room.scheduler.now());
    REQUIRE(r.room.until("out_of_service"));
    CHECK_FALSE(r.reader.started);
    r.room.scheduler.run_for(1s);
    CHECK(r.room.count(sim::FactKind::alarm_raised, "finger_reader_lost") == 1);
    CHECK(r.room.counts().failures == 0);
    r.leave();
    r.reader.failure.reset();
    r.up_to_finger();
    CHECK(r.room.count(sim::FactKind::alarm_cleared, "finger_reader_lost") == 0);
    r.lay(slot);
    CHECK(r.room.count(sim::FactKind::alarm_cleared, "finger_reader_lost") == 1);
    CHECK(r.finish());
}

TEST_CASE("terminal: a reader whose answers are damaged is lost after two seconds, not at once") {
    FingerRoom r;
    r.up_to_finger();
    r.reader.failure = Error{Errc::corrupt, 0};
    r.room.request(r.room.scheduler.now());
    r.room.scheduler.run_for(1s);
    CHECK(r.reader.started);
    r.reader.failure.reset();
    r.room.request(r.room.scheduler.now());
    r.room.scheduler.run_for(1500ms);
    CHECK(r.reader.started);  // one good answer in between
    r.reader.failure = Error{Errc::corrupt, 0};
    r.room.request(r.room.scheduler.now());
    r.room.scheduler.run_for(3s);
    CHECK_FALSE(r.reader.started);
    CHECK(r.room.audited(auth::AuditKind::finger_reader_lost));
}

TEST_CASE("terminal: a reader to whom nobody lays a finger is not lost") {
    FingerRoom r;
    r.up_to_finger();
    r.room.scheduler.run_for(20s);
    CHECK(r.reader.started);
    REQUIRE(r.room.until("timed_out"));
    CHECK_FALSE(r.reader.started);
    CHECK(r.room.count(sim::FactKind::alarm_raised) == 0);
}

TEST_CASE("terminal: a sensor that may not be believed serves nobody until staff have seen it") {
    for (const bool at_start : {true, false}) {
        FingerRoom r;
        if (at_start) {
            r.reader.refusal = changed;
            r.room.claim(r.room.ada);
        } else {
            r.up_to_finger();
            r.reader.failure = changed;
            r.room.request(r.room.scheduler.now());
        }
        REQUIRE(r.room.until("out_of_service"));
        r.room.scheduler.run_for(1s);
        CHECK(r.room.count(sim::FactKind::alarm_raised, "finger_reader_untrusted") == 1);
        CHECK(r.room.audited(auth::AuditKind::sensor_changed));
        CHECK(r.room.counts().failures == 0);
        // Put right or not: until it was looked at, no visit begins.
        r.reader.refusal.reset();
        r.reader.failure.reset();
        r.leave();
        const int starts = r.reader.starts;
        r.room.claim(r.room.ada);
        r.room.scheduler.run_for(10s);
        CHECK(r.room.prompts.back() == "out_of_service");
        CHECK(r.reader.starts == starts);
        r.room.terminal->acknowledge(Alarm::finger_reader_untrusted);
        r.leave();
        CHECK(r.room.count(sim::FactKind::alarm_cleared, "finger_reader_untrusted") == 1);
        r.up_to_finger();
        r.lay(slot);
        CHECK(r.finish());
    }
}

TEST_CASE("terminal: a visit that ends while a finger is awaited stops the reader") {
    FingerRoom r;
    r.up_to_finger();
    r.room.world.press_cancel(r.room.ada, r.room.site);
    REQUIRE(r.room.until("cancelled"));
    CHECK_FALSE(r.reader.started);
    r.room.scheduler.run_for(1s);
    r.leave();
    // And so does the terminal's end.
    r.up_to_finger();
    const int stops = r.reader.stops;
    r.room.terminal.reset();
    CHECK(r.reader.stops == stops + 1);
}
