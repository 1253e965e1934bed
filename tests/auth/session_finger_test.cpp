// The fingerprint as a factor: what counts as a try, whose finger it must be, and what becomes of a
// visit whose sensor may not be believed.
#include <limits>

#include "catch.h"
#include "door.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

const FaceThreshold threshold{0.5, 0.0001, 0.001};

// A door at which a finger is asked for.
Door at_finger(Policy policy = atm_access(threshold)) {
    Door door(std::move(policy));
    door.claim();
    door.face();
    return door;
}

void finish_visit(Door& door) {
    door.type(door.sent());
    door.look(door.frame());
}

}  // namespace

TEST_CASE("session: face, fingerprint, code and the same face again open") {
    Door door = at_finger();
    REQUIRE(door.state() == State::finger);
    CHECK(door.shown()->message == Prompt::Message::place_finger);
    CHECK(door.shown()->seconds == 45);
    CHECK(door.count<ObserveFinger>() == 1);
    CHECK(door.sent().size() == 0);  // no code before both biometrics
    door.lay(door.finger());
    REQUIRE(door.state() == State::code);
    CHECK(door.count<StopFinger>() == 1);
    CHECK_FALSE(door.opened());
    finish_visit(door);
    CHECK(door.opened());
    CHECK(door.position(AuditKind::face_matched) < door.position(AuditKind::finger_matched));
    CHECK(door.position(AuditKind::finger_matched) < door.position(AuditKind::code_issued));
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.holds == 0);
}

TEST_CASE("session: a finger is counted before it is judged") {
    Door door = at_finger();
    door.store_answers = false;
    FingerObservation wrong = door.finger();
    wrong.matched_slot.reset();
    door.lay(wrong);
    CHECK(door.state() == State::reserving);
    CHECK_FALSE(door.audited(AuditKind::finger_mismatched));
    door.release_store();
    CHECK(door.counts.holds == 1);
    CHECK(door.audited(AuditKind::finger_mismatched));
    door.release_store();
    CHECK(door.counts.holds == 0);
    CHECK(door.counts.failures == 1);
    CHECK(door.state() == State::finger);
}

TEST_CASE("session: a finger that does not match, matches too little or is another's is a try") {
    struct Wrong {
        AuditKind kind;
        void (*spoil)(FingerObservation&);
    };
    const std::vector<Wrong> all{
        {AuditKind::finger_mismatched, [](FingerObservation& o) { o.matched_slot.reset(); }},
        {AuditKind::finger_mismatched, [](FingerObservation& o) { o.score = 49; }},
        {AuditKind::wrong_subject, [](FingerObservation& o) { o.matched_slot = Door::slot + 1; }},
        {AuditKind::finger_artefact, [](FingerObservation& o) { o.liveness_score = 0.49F; }},
        {AuditKind::finger_artefact,
         [](FingerObservation& o) {
             o.liveness_score = 0;
             o.matched_slot.reset();
         }},
    };
    for (const Wrong& wrong : all) {
        Door door = at_finger();
        FingerObservation o = door.finger();
        wrong.spoil(o);
        door.lay(o);
        INFO(to_string(wrong.kind));
        CHECK(door.audited(wrong.kind));
        CHECK(door.counts.failures == 1);
        CHECK(door.state() == State::finger);
        CHECK(door.shown()->message == Prompt::Message::finger_not_accepted);
        CHECK(door.shown()->attempts == 2);
        // Hers still opens, after the cool-down.
        door.pass_cool_down();
        door.lay(door.finger());
        finish_visit(door);
        CHECK(door.opened());
    }
}

TEST_CASE("session: the limits of a finger's score and liveness are hers") {
    Door door = at_finger();
    FingerObservation o = door.finger();
    o.score = 50;
    o.liveness_score = 0.5F;
    door.lay(o);
    CHECK(door.state() == State::code);
}

TEST_CASE("session: an image that cannot be read costs no try") {
    Door door = at_finger();
    FingerObservation o = door.finger();
    o.quality = FingerQuality::messy;
    door.lay(o);
    CHECK(door.shown()->message == Prompt::Message::clean_finger);
    o = door.finger();
    o.quality = FingerQuality::sparse;
    door.lay(o);
    CHECK(door.shown()->message == Prompt::Message::centre_finger);
    o = door.finger();
    o.liveness_score = std::numeric_limits<float>::quiet_NaN();
    door.lay(o);
    CHECK(door.shown()->message == Prompt::Message::clean_finger);
    CHECK(door.state() == State::finger);
    CHECK(door.counts == CustomerCounts{});
    CHECK_FALSE(door.audited(AuditKind::try_reserved));
}

TEST_CASE("session: late, future and repeated fingers are refused") {
    Door door = at_finger();
    const auto refused = [&](const FingerObservation& o) {
        const std::size_t before = door.effects.size();
        door.lay(o);
        REQUIRE(door.effects.size() == before + 1);
        CHECK(std::get<Note>(door.effects.back()).entry.kind == AuditKind::refused_event);
        CHECK(door.state() == State::finger);
    };
    FingerObservation o = door.finger();
    o.captured = door.now - 1ms;  // before the step began
    refused(o);
    o = door.finger();
    o.captured = door.now + 1ms;
    refused(o);
    door.wait(16s);
    o = door.finger();
    o.captured = door.now - 15s - 1ms;
    refused(o);
    o = door.finger();
    o.quality = FingerQuality::messy;
    door.lay(o);
    o.quality = FingerQuality::good;  // the same one again
    refused(o);
    CHECK(door.counts == CustomerCounts{});
}

TEST_CASE("session: a finger within the cool-down is asked for again and costs no try") {
    Door door = at_finger();
    FingerObservation wrong = door.finger();
    wrong.matched_slot.reset();
    door.lay(wrong);
    door.lay(door.finger());
    CHECK(door.shown()->message == Prompt::Message::place_finger);
    CHECK(door.state() == State::finger);
    CHECK(door.counts.failures == 1);
}

TEST_CASE("session: wrong fingers and wrong codes share one count") {
    Door door = at_finger();
    for (int i = 0; i < 2; ++i) {
        FingerObservation wrong = door.finger();
        wrong.score = 0;
        door.pass_cool_down();
        wrong.captured = door.now;
        door.lay(wrong);
    }
    door.pass_cool_down();
    door.lay(door.finger());
    REQUIRE(door.state() == State::code);
    door.type(door.wrong());
    CHECK(door.snapshot().last == Outcome::locked_out);
    CHECK(door.counts.failures == 3);
    CHECK(door.counts.penalty == 5min);
}

TEST_CASE("session: a visit ends after as many wrong fingers as the policy allows") {
    Policy policy = atm_access(threshold);
    policy.finger.tries = 2;
    Door door = at_finger(policy);
    for (int i = 0; i < 2; ++i) {
        door.pass_cool_down();
        FingerObservation wrong = door.finger();
        wrong.matched_slot.reset();
        door.lay(wrong);
    }
    CHECK(door.snapshot().last == Outcome::wrong_finger);
    CHECK(door.shown()->message == Prompt::Message::not_recognised);
    CHECK(door.count<StopFinger>() == 1);
    CHECK(door.sent().size() == 0);
}

TEST_CASE("session: a customer without an enrolled finger is refused as one without a face") {
    Door door(atm_access(threshold));
    door.slot_enrolled = false;
    door.claim();
    CHECK(door.snapshot().last == Outcome::not_recognised);
    CHECK(door.count<Observe>() == 0);
    Door other;  // whose policy asks for none
    other.slot_enrolled = false;
    other.visit();
    CHECK(other.opened());
}

TEST_CASE("session: a sensor that may not be believed ends the visit, each with its own record") {
    const auto refusal = [](SensorRefusal why) {
        return Error{Errc::denied, static_cast<std::int32_t>(why)};
    };
    const std::vector<std::tuple<Error, AuditKind, Alarm>> failures{
        {refusal(SensorRefusal::sensor_changed), AuditKind::sensor_changed,
         Alarm::finger_reader_untrusted},
        {refusal(SensorRefusal::factory_password), AuditKind::factory_password,
         Alarm::finger_reader_untrusted},
        {refusal(SensorRefusal::template_changed), AuditKind::template_changed,
         Alarm::finger_reader_untrusted},
        {refusal(SensorRefusal::link_forged), AuditKind::link_forged,
         Alarm::finger_reader_untrusted},
        {{Errc::denied, 0}, AuditKind::finger_reader_lost, Alarm::finger_reader_lost},
        {{Errc::timeout, 1}, AuditKind::finger_reader_lost, Alarm::finger_reader_lost},
    };
    for (const auto& [error, kind, alarm] : failures) {
        for (const bool at_start : {true, false}) {
            Door door = at_finger();
            if (at_start) {
                door.tell(EffectFailed{door.id_of<ObserveFinger>(), error});
            } else {
                door.tell(FingerReaderFailed{error});
            }
            INFO(to_string(kind));
            CHECK(door.snapshot().last == Outcome::finger_reader_lost);
            CHECK(door.shown()->message == Prompt::Message::out_of_service);
            CHECK(door.audited(kind));
            CHECK(door.reported(alarm));
            CHECK(door.counts == CustomerCounts{});
        }
    }
}

TEST_CASE("session: a sensor that fails while a finger is counted gives the try back") {
    Door door = at_finger();
    door.store_answers = false;
    door.lay(door.finger());
    door.tell(FingerReaderFailed{{Errc::denied, static_cast<int>(SensorRefusal::link_forged)}});
    CHECK(door.state() == State::reserving);
    door.release_store();  // counted
    CHECK(door.audited(AuditKind::try_dropped));
    CHECK_FALSE(door.audited(AuditKind::finger_matched));
    door.release_store();  // given back
    CHECK(door.snapshot().last == Outcome::finger_reader_lost);
    CHECK(door.counts == CustomerCounts{});
}

TEST_CASE("session: fingers and failures of a sensor that nobody waits for are refused") {
    Door door = at_finger();
    door.lay(door.finger());
    REQUIRE(door.state() == State::code);
    door.lay(door.finger());
    door.tell(FingerReaderFailed{{Errc::disconnected, 0}});
    CHECK(door.state() == State::code);
    door.store_answers = false;
    door.type(door.sent());
    REQUIRE(door.state() == State::reserving);
    door.tell(FingerReaderFailed{{Errc::disconnected, 0}});
    CHECK_FALSE(door.snapshot().ending);
    CHECK_FALSE(door.audited(AuditKind::finger_reader_lost));
}

TEST_CASE("session: the finger has its window, and a wrong finger extends it by nothing") {
    Door door = at_finger();
    const Instant end = door.snapshot().stage_deadline;
    door.wait(20s);
    FingerObservation wrong = door.finger();
    wrong.matched_slot.reset();
    door.lay(wrong);
    CHECK(door.snapshot().stage_deadline == end);
    door.wait(25s);
    CHECK(door.snapshot().last == Outcome::timed_out);
    CHECK(door.count<StopFinger>() == 1);
}
