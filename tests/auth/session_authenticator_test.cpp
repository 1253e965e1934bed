// Where no short message can be sent: the code of her authenticator, when it is asked for, and what
// it is worth.
#include "catch.h"
#include "door.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

// A door whose gateway is down, at which she has shown her face; she has an authenticator.
Door at_authenticator(Policy policy = locker({0.5, 0.0001, 0.001})) {
    Door door(std::move(policy));
    door.gateway_works = false;
    door.authenticator.emplace();
    door.claim();
    door.face();
    return door;
}

void finish_visit(Door& door) {
    door.key();
    door.look(door.frame());
}

}  // namespace

TEST_CASE("session: when no message can be sent, her authenticator's code is as good") {
    Door door = at_authenticator();
    REQUIRE(door.state() == State::authenticator);
    CHECK(door.shown() == Prompt{Prompt::Message::enter_authenticator_code, 150, 3});
    CHECK(door.audited(AuditKind::send_failed));
    CHECK(door.audited(AuditKind::authenticator_offered));
    door.type(door.phone());
    REQUIRE(door.state() == State::key);
    CHECK(door.authenticator->last_step == door.step);  // durable before the factor counts
    CHECK_FALSE(door.opened());
    finish_visit(door);
    CHECK(door.opened());
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.holds == 0);
}

TEST_CASE("session: while messages can be sent nobody is asked for an authenticator's code") {
    Door door;
    door.authenticator.emplace();
    door.claim();
    door.face();
    REQUIRE(door.state() == State::code);
    door.type(door.phone());
    CHECK(door.counts.failures == 1);
    CHECK(door.audited(AuditKind::code_wrong));
    CHECK_FALSE(door.audited(AuditKind::authenticator_offered));
}

TEST_CASE("session: who has no authenticator is told that the service is down") {
    Door door;
    door.gateway_works = false;
    door.claim();
    door.face();
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::send_failed);
    CHECK(door.shown()->message == Prompt::Message::out_of_service);
}

TEST_CASE("session: a policy may do without authenticators") {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.code.authenticator.offered = false;
    Door door = at_authenticator(policy);
    CHECK(door.snapshot().last == Outcome::send_failed);
}

TEST_CASE("session: a message that did not arrive makes way for the authenticator") {
    Door door;
    door.authenticator.emplace();
    door.claim();
    door.face();
    REQUIRE(door.state() == State::code);
    const CodeDigits sent = door.sent();
    door.wait(20s);
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    REQUIRE(door.state() == State::authenticator);
    CHECK(door.shown() == Prompt{Prompt::Message::enter_authenticator_code, 130, 3});
    // Should it arrive after all, it is worth nothing.
    door.type(sent);
    CHECK(door.audited(AuditKind::authenticator_wrong));
    CHECK(door.counts.failures == 1);
    // And there is no other one to be had.
    door.tell(ResendRequested{});
    CHECK(door.state() == State::authenticator);
    CHECK(door.count<SendCode>() == 1);
}

TEST_CASE("session: a message that did not arrive changes nothing for who has no authenticator") {
    Door door;
    door.claim();
    door.face();
    const std::size_t before = door.effects.size();
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    CHECK(door.state() == State::code);
    CHECK(door.effects.size() == before);
    door.type(door.sent());
    finish_visit(door);
    CHECK(door.opened());
}

TEST_CASE("session: news of an earlier message is no news of this one") {
    Door door;
    door.authenticator.emplace();
    door.claim();
    door.face();
    const EffectId first = door.id_of<SendCode>();
    door.wait(31s);
    door.tell(ResendRequested{});
    door.tell(CodeUndelivered{first});
    CHECK(door.state() == State::code);
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    CHECK(door.state() == State::authenticator);
}

TEST_CASE("session: a code of a step that was used is refused and counted") {
    Door door = at_authenticator();
    const CodeDigits code = door.phone();
    door.type(code);
    finish_visit(door);
    REQUIRE(door.opened());
    door.tell(StrikeReleased{door.id_of<PulseStrike>()});
    door.wait(6s);
    door.effects.clear();
    // Seven seconds later it is still this half minute's.
    door.claim();
    door.face();
    REQUIRE(door.state() == State::authenticator);
    door.type(code);
    CHECK(door.audited(AuditKind::authenticator_used));
    CHECK(door.counts.failures == 1);
    CHECK(door.shown() == Prompt{Prompt::Message::code_not_accepted, 0, 2});
    // And so is one of the step before, whoever had it; the next one is good.
    door.type(door.phone(-1));
    CHECK(door.counts.failures == 2);
    door.type(door.phone(1));
    CHECK(door.state() == State::key);
    CHECK_FALSE(door.opened());
}

TEST_CASE("session: a code of one step away opens, of two it is wrong") {
    for (const std::int64_t apart : {-1, 0, 1}) {
        Door door = at_authenticator();
        door.type(door.phone(apart));
        INFO(apart);
        CHECK(door.state() == State::key);
        CHECK(door.authenticator->last_step.number == door.step.number + apart);
    }
    for (const std::int64_t apart : {-2, 2}) {
        Door door = at_authenticator();
        door.type(door.phone(apart));
        INFO(apart);
        CHECK(door.state() == State::authenticator);
        CHECK(door.audited(AuditKind::authenticator_wrong));
        CHECK(door.counts.failures == 1);
    }
}

TEST_CASE("session: an authenticator's code is counted before it is compared") {
    Door door = at_authenticator();
    door.store_answers = false;
    door.type(door.phone());
    CHECK(door.state() == State::reserving);
    CHECK_FALSE(door.audited(AuditKind::authenticator_right));
    door.release_store();
    CHECK(door.counts.holds == 1);
    CHECK(door.state() == State::settling);
    // Not met before it is durable that the step is used.
    CHECK(door.snapshot().stage == 1);
    door.release_store();
    CHECK(door.snapshot().stage == 2);
}

TEST_CASE("session: wrong codes count alike, whoever made them") {
    // One of each kind: the third one starts the penalty.
    Door door;
    door.authenticator.emplace();
    door.claim();
    door.face();
    door.type(door.wrong());
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    REQUIRE(door.state() == State::authenticator);
    CHECK(door.shown()->attempts == 2);
    door.type(door.phone(5));
    door.type(door.phone(6));
    CHECK(door.snapshot().last == Outcome::locked_out);
    CHECK(door.counts.penalty == 5min);
}

TEST_CASE("session: a code used at another terminal meanwhile is refused by the store") {
    Door door = at_authenticator();
    door.store_answers = false;
    door.type(door.phone());
    door.release_store();
    door.authenticator->last_step = door.step;
    door.release_store();
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::wrong_code);
    CHECK(door.audited(AuditKind::authenticator_used));
    CHECK_FALSE(door.reported(Alarm::records_unavailable));
    CHECK(door.counts.holds == 1);  // a failure as soon as the end is written
}

TEST_CASE("session: without a calendar no authenticator's code is asked for") {
    Door door;
    door.gateway_works = false;
    door.authenticator.emplace();
    door.clock_set = false;
    door.claim();
    door.face();
    CHECK(door.snapshot().last == Outcome::send_failed);
    CHECK(door.audited(AuditKind::clock_not_set));
    CHECK(door.counts == CustomerCounts{0, 0, {}, {}, {1, 24h}});
}

TEST_CASE("session: a calendar that is lost meanwhile costs no try") {
    Door door = at_authenticator();
    const CodeDigits code = door.phone();
    door.clock_set = false;
    door.type(code);
    CHECK(door.snapshot().last == Outcome::send_failed);
    CHECK(door.audited(AuditKind::clock_not_set));
    CHECK_FALSE(door.audited(AuditKind::try_reserved));
}

TEST_CASE("session: without a calendar messages go on") {
    Door door;
    door.authenticator.emplace();
    door.clock_set = false;
    door.claim();
    door.face();
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    REQUIRE(door.state() == State::code);
    door.type(door.sent());
    CHECK(door.state() == State::key);
}

TEST_CASE("session: the authenticator has no more time than the code") {
    Door door;
    door.authenticator.emplace();
    door.claim();
    door.face();
    door.wait(149s);
    door.tell(CodeUndelivered{door.id_of<SendCode>()});
    REQUIRE(door.state() == State::authenticator);
    CHECK(door.shown()->seconds == 1);
    door.wait(1s);
    CHECK(door.snapshot().last == Outcome::timed_out);
}
