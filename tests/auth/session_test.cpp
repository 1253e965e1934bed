#include "catch.h"
#include "door.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

const FaceThreshold threshold{0.5, 0.0001, 0.001};

void claim_and_face(Door& door) {
    door.claim();
    door.face();
}

void up_to_presence(Door& door) {
    claim_and_face(door);
    door.type(door.sent());
    door.key();
}

}  // namespace

TEST_CASE("session: face, code, key and the same face again open the locker") {
    Door door;
    door.visit();
    CHECK(door.opened());
    CHECK(door.state() == State::released);
    REQUIRE(door.last<PulseStrike>() != nullptr);
    CHECK(door.last<PulseStrike>()->hold == 5s);
    door.wait(5s);
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::opened);
    CHECK(door.audited(AuditKind::opened));
}

TEST_CASE("session: a keyless locker opens without the key") {
    Door door(locker_keyless(threshold));
    claim_and_face(door);
    door.type(door.sent());
    CHECK(door.state() == State::presence);
    door.look(door.frame());
    CHECK(door.opened());
}

TEST_CASE("session: the grant is recorded before the strike is told") {
    Door door;
    up_to_presence(door);
    door.store_answers = false;
    door.look(door.frame());
    door.release_store();  // the try is counted ...
    CHECK(door.audited(AuditKind::granted));
    CHECK(door.state() == State::granting);
    CHECK_FALSE(door.opened());
    door.release_store();  // ... and the grant is durable
    CHECK(door.opened());
}

TEST_CASE("session: a failing store ends the visit locked at every record") {
    for (int fails_at = 0; fails_at < 6; ++fails_at) {
        Door door;
        door.store_answers = false;
        door.claim();
        int records = 0;
        const auto store = [&] {
            door.store_works = records++ != fails_at;
            door.release_store();
            door.store_works = true;
        };
        door.face();
        store();  // code issued
        door.type(door.sent());
        store();  // try counted
        store();  // code right
        door.key();
        door.look(door.frame());
        store();  // try counted
        store();  // grant
        INFO("record " << fails_at << " failed");
        CHECK(door.opened() == (fails_at == 5));  // there are five records
        if (fails_at < 5) {
            CHECK(door.state() == State::idle);
            CHECK(door.snapshot().last == Outcome::records_unavailable);
            CHECK(door.reported(Alarm::records_unavailable));
        }
    }
}

TEST_CASE("session: a store that never answers ends the visit locked within ten seconds more") {
    Door door;
    up_to_presence(door);
    door.store_answers = false;
    door.look(door.frame());
    door.wait(15s);  // the window of the step
    CHECK(door.state() == State::reserving);
    door.wait(10s);
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::records_unavailable);
    CHECK_FALSE(door.opened());
}

TEST_CASE("session: third wrong code starts a five minute penalty") {
    Door door;
    claim_and_face(door);
    for (int i = 0; i < 3; ++i) {
        CHECK(door.counts.penalty == 0s);
        door.type(door.wrong());
    }
    CHECK(door.counts.failures == 3);
    CHECK(door.counts.penalty == 5min);
    CHECK(door.snapshot().last == Outcome::locked_out);
    door.claim();
    CHECK(door.state() == State::idle);  // refused at once
    door.wait(5min);
    door.visit();
    CHECK(door.opened());
}

TEST_CASE("session: each further wrong code doubles the penalty until only staff release") {
    Door door;
    claim_and_face(door);
    for (int i = 0; i < 3; ++i) door.type(door.wrong());
    Duration expected = 5min;
    for (int failures = 4; failures <= 10; ++failures) {
        door.wait(25h);  // also the day's codes
        claim_and_face(door);
        door.type(door.wrong());
        CHECK(door.counts.failures == failures);
        expected *= 2;
        CHECK(door.counts.penalty == expected);
    }
    CHECK(door.reported(Alarm::customer_locked));
    door.wait(10000h);
    door.claim();
    CHECK(door.snapshot().last == Outcome::locked_out);
    CHECK(door.shown()->message == Prompt::Message::see_staff);
    door.counts = after_release(door.counts);
    door.visit();
    CHECK(door.opened());
    CHECK(door.counts.failures == 0);
}

TEST_CASE("session: a code is refused after its lifetime and costs no try") {
    Door door;
    claim_and_face(door);
    const CodeDigits code = door.sent();
    door.wait(120s);
    door.type(code);
    CHECK(door.state() == State::code);
    CHECK(door.audited(AuditKind::code_expired));
    CHECK_FALSE(door.audited(AuditKind::try_reserved));  // nothing was even counted
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.holds == 0);
    door.tell(ResendRequested{});
    door.type(code);  // the old one is worth nothing beside the new one
    CHECK(door.counts.failures == 1);
    door.type(door.sent());
    CHECK(door.state() == State::key);
}

TEST_CASE("session: a code that runs out while its try is counted is not compared") {
    Door door;
    claim_and_face(door);
    door.wait(119s);
    door.store_answers = false;
    door.type(door.sent());
    door.wait(1s);
    door.release_store();
    CHECK(door.audited(AuditKind::try_dropped));
    CHECK_FALSE(door.audited(AuditKind::code_right));
    door.release_store();
    CHECK(door.state() == State::code);
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.holds == 0);
}

TEST_CASE("session: a code of an earlier visit opens nothing") {
    Door door;
    claim_and_face(door);
    const CodeDigits old = door.sent();
    door.tell(Cancelled{});
    claim_and_face(door);
    REQUIRE(old.reveal() != door.sent().reveal());
    door.type(old);
    CHECK(door.audited(AuditKind::code_wrong));
    CHECK(door.counts.failures == 1);
}

TEST_CASE("session: asking for another code extends no window and keeps the count") {
    Door door;
    claim_and_face(door);
    const Instant end = door.session().next_deadline();
    door.type(door.wrong());
    door.tell(ResendRequested{});
    CHECK(door.count<SendCode>() == 1);  // too soon after the first
    door.wait(30s);
    door.tell(ResendRequested{});
    CHECK(door.count<SendCode>() == 2);
    CHECK(door.session().next_deadline() == end);
    CHECK(door.snapshot().code_tries == 1);
    CHECK(door.counts.failures == 1);
}

TEST_CASE("session: no more codes are sent than the day allows") {
    Door door;
    for (int i = 0; i < 10; ++i) {
        claim_and_face(door);
        door.tell(Cancelled{});
    }
    claim_and_face(door);
    CHECK(door.count<SendCode>() == 10);
    CHECK(door.snapshot().last == Outcome::send_limited);
    CHECK(door.reported(Alarm::sms_flood));
}

TEST_CASE("session: a code that cannot be sent ends the visit without a failure") {
    Door door;
    claim_and_face(door);
    door.tell(EffectFailed{door.id_of<SendCode>(), {Errc::disconnected, 0}});
    CHECK(door.snapshot().last == Outcome::send_failed);
    CHECK(door.counts.failures == 0);
}

TEST_CASE("session: a malformed code and one typed within the cool-down cost no try") {
    Door door;
    claim_and_face(door);
    for (const char* text : {"", "12345", "1234567", "12345a", "12345678901234567890"}) {
        door.type(CodeDigits(text));
    }
    CHECK(door.counts.failures == 0);
    door.type(door.wrong());
    door.tell(CodeEntered{door.sent()});  // at once
    CHECK(door.state() == State::code);
    CHECK(door.counts.failures == 1);
    CHECK(door.snapshot().code_tries == 1);
}

TEST_CASE("session: a bad frame costs no try and asks for a better one") {
    using Message = Prompt::Message;
    const std::vector<std::pair<void (*)(FaceObservation&), Message>> bad{
        {[](FaceObservation& o) { o.faces = 0; }, Message::look_at_camera},
        {[](FaceObservation& o) { o.faces = 2; }, Message::one_person_only},
        {[](FaceObservation& o) { o.face_size = 5; }, Message::move_closer},
        {[](FaceObservation& o) { o.brightness = 5; }, Message::more_light},
        {[](FaceObservation& o) { o.brightness = 250; }, Message::more_light},
        {[](FaceObservation& o) { o.contrast = 1; }, Message::more_light},
        {[](FaceObservation& o) { o.sharpness = 1; }, Message::hold_still},
        {[](FaceObservation& o) { o.yaw = -60; }, Message::face_forward},
        {[](FaceObservation& o) { o.pitch = 60; }, Message::face_forward},
        {[](FaceObservation& o) { o.roll = 60; }, Message::face_forward},
        {[](FaceObservation& o) { o.distance.reset(); }, Message::look_at_camera},
        {[](FaceObservation& o) { o.distance = -HUGE_VALF; }, Message::look_at_camera},
        {[](FaceObservation& o) { o.distance = NAN; }, Message::look_at_camera},
        {[](FaceObservation& o) { o.liveness_score = NAN; }, Message::look_at_camera},
        {[](FaceObservation& o) { o.sharpness = NAN; }, Message::hold_still},
        {[](FaceObservation& o) { o.yaw = NAN; }, Message::face_forward},
    };
    for (const auto& [spoil, message] : bad) {
        Door door;
        door.claim();
        door.look(door.frame());
        FaceObservation o = door.frame();
        spoil(o);
        door.look(o);
        CHECK(door.state() == State::face);
        CHECK(door.snapshot().face_tries == 0);
        CHECK(door.snapshot().face_matches == 0);  // the run is broken
        CHECK(door.shown()->message == message);
        CHECK(door.counts == CustomerCounts{});
    }
}

TEST_CASE("session: late, future, repeated and foreign frames are refused") {
    Door door;
    door.claim();
    door.wait(10s);
    const FaceObservation first = door.frame();
    door.look(first);
    REQUIRE(door.snapshot().face_matches == 1);
    FaceObservation late = door.frame();
    late.captured -= 3s;
    FaceObservation future = door.frame();
    future.captured += 1s;
    FaceObservation foreign = door.frame();
    foreign.model = FaceModelId{8};
    for (const FaceObservation& o : {first, late, future, foreign}) {
        const std::size_t before = door.effects.size();
        door.look(o);
        REQUIRE(door.effects.size() == before + 1);
        CHECK(std::get<Note>(door.effects.back()).entry.kind == AuditKind::refused_event);
        CHECK(door.snapshot().face_matches == 1);
    }
}

TEST_CASE("session: matching frames must follow each other on one track") {
    Door door;
    door.claim();
    for (std::uint64_t i = 0; i < 5; ++i) {
        FaceObservation o = door.frame();
        o.track = TrackId{i + 1};
        door.look(o);
    }
    CHECK(door.state() == State::face);
    door.look(door.other_frame());
    CHECK(door.snapshot().face_matches == 0);
}

TEST_CASE("session: three differing faces end the visit and lock nobody") {
    Door door;
    door.claim();
    for (int i = 0; i < 3; ++i) {
        door.wait(1s);
        door.look(door.other_frame());
    }
    CHECK(door.snapshot().last == Outcome::not_recognised);
    CHECK(door.shown()->message == Prompt::Message::not_recognised);
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.unproven.count == 3);
}

TEST_CASE("session: a face that is not live counts as a differing one") {
    Door door;
    door.claim();
    FaceObservation o = door.frame();
    o.liveness_score = 0.2F;
    door.look(o);
    CHECK(door.snapshot().face_tries == 1);
    CHECK(door.audited(AuditKind::liveness_failed));
}

TEST_CASE("session: another face after the last factor is a customer failure") {
    Door door;
    up_to_presence(door);
    for (int i = 0; i < 3; ++i) {
        door.pass_cool_down();
        door.look(door.other_frame());
    }
    CHECK_FALSE(door.opened());
    CHECK(door.counts.failures == 3);
    CHECK(door.counts.penalty == 5min);
}

TEST_CASE("session: a lost camera ends the visit, and only while somebody looks") {
    Door door;
    door.claim();
    door.tell(ObserverFailed{{Errc::disconnected, 0}});
    CHECK(door.snapshot().last == Outcome::camera_lost);
    claim_and_face(door);
    door.tell(ObserverFailed{{Errc::disconnected, 0}});  // at the code: late news
    CHECK(door.state() == State::code);
    door.store_answers = false;
    door.type(door.sent());
    door.tell(ObserverFailed{{Errc::disconnected, 0}});  // while the try is counted
    door.release_store();
    door.release_store();
    CHECK(door.state() == State::key);
}

TEST_CASE("session: every window ends the visit locked") {
    const Policy policy = locker(threshold);
    const auto times_out = [](Door& door, Duration window) {
        CHECK(door.session().next_deadline() == door.now + window);
        door.wait(window - 1ns);
        CHECK(door.state() != State::idle);
        door.wait(1ns);
        CHECK(door.state() == State::idle);
        CHECK(door.snapshot().last == Outcome::timed_out);
        CHECK_FALSE(door.opened());
        CHECK(door.counts.failures == 0);
    };
    Door at_face;
    at_face.claim();
    times_out(at_face, policy.face.window);
    Door at_code;
    claim_and_face(at_code);
    times_out(at_code, policy.code.window);
    Door at_key;
    claim_and_face(at_key);
    at_key.type(at_key.sent());
    times_out(at_key, policy.key.window);
    Door at_presence;
    up_to_presence(at_presence);
    times_out(at_presence, policy.presence.window);
}

TEST_CASE("session: no visit lasts longer than its limit, whatever its windows allow") {
    Policy policy = locker(threshold);
    policy.session_limit = 60s;
    Door door(policy);
    claim_and_face(door);
    CHECK(door.session().next_deadline() == door.now + 60s);
    door.wait(60s);
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::timed_out);
}

TEST_CASE("session: each factor has its own number of tries in a visit") {
    Policy policy = locker(threshold);
    policy.code.tries = 1;
    Door door(policy);
    claim_and_face(door);
    door.type(door.wrong());
    CHECK(door.snapshot().last == Outcome::wrong_code);
    CHECK(door.counts.failures == 1);
}

TEST_CASE("session: a grant that is recorded too late opens nothing") {
    Door door;
    up_to_presence(door);
    door.store_answers = false;
    door.look(door.frame());
    door.release_store();
    door.wait(15s);
    door.release_store();
    CHECK_FALSE(door.opened());
    CHECK(door.audited(AuditKind::grant_withdrawn));
}

TEST_CASE("session: cancelling ends a visit at every step without a failure") {
    for (int steps = 0; steps < 5; ++steps) {
        Door door;
        door.claim();
        if (steps > 0) door.face();
        if (steps > 1) door.type(door.sent());
        if (steps > 2) door.key();
        if (steps > 3) {
            door.store_answers = false;
            door.look(door.frame());
        }
        door.tell(Cancelled{});
        door.release_store();  // gives the counted try back
        door.release_store();
        INFO("after " << steps << " steps");
        CHECK(door.state() == State::idle);
        CHECK(door.snapshot().last == Outcome::cancelled);
        CHECK_FALSE(door.opened());
        CHECK(door.counts.failures == 0);
        CHECK(door.counts.holds == 0);
    }
}

TEST_CASE("session: a key turned too early raises an alarm and proves nothing") {
    Door door;
    door.key();
    CHECK(door.reported(Alarm::key_early));
    claim_and_face(door);
    door.key();
    CHECK(door.state() == State::code);
    door.type(door.sent());
    CHECK(door.state() == State::key);
}

TEST_CASE("session: a strike that does not answer ends the visit as not opened") {
    Door door;
    up_to_presence(door);
    door.look(door.frame());
    REQUIRE(door.opened());
    Door failing = door;
    failing.tell(EffectFailed{failing.id_of<PulseStrike>(), {Errc::busy, 0}});
    CHECK(failing.snapshot().last == Outcome::release_failed);
    door.wait(5s);
    CHECK(door.snapshot().last == Outcome::release_failed);
}

TEST_CASE("session: another locker, an unknown or a not entitled customer learn the same") {
    Door door;
    door.claim(LockerId{99});
    const std::optional<Prompt> refused = door.shown();
    CHECK(refused->message == Prompt::Message::not_recognised);
    for (int missing = 0; missing < 3; ++missing) {
        Session session({TerminalId{1}, Door::locker_id, locker(threshold), Key256{}, Door::model});
        session.handle(Instant{1h}, Claimed{Door::customer, Door::locker_id, Key256{}});
        std::optional<Prompt> prompt;
        for (int i = 0; i < 2; ++i) {
            std::optional<EffectId> load;
            while (auto effect = session.poll_effect()) {
                if (auto* l = std::get_if<Load>(&*effect)) load = l->effect;
                if (auto* p = std::get_if<ShowPrompt>(&*effect)) prompt = p->prompt;
            }
            if (load) {
                session.handle(Instant{1h},
                               CustomerLoaded{*load, missing != 0, missing != 1, missing != 2, {}});
            }
        }
        CHECK(prompt == refused);
        CHECK(session.snapshot(Instant{1h}).last == Outcome::not_recognised);
    }
}

TEST_CASE("session: failures before any factor slow the terminal, by a minute at most") {
    Door door;
    door.wait(1h);  // the bucket has filled
    int served = 0;
    for (; served < 10 && door.snapshot().last != Outcome::throttled; ++served) {
        door.claim();
        for (int i = 0; i < 3 && door.state() == State::face; ++i) {
            door.pass_cool_down();
            door.look(door.other_frame());
        }
    }
    CHECK(served == 3);  // two visits of three failures each, then the wait
    CHECK(door.reported(Alarm::terminal_attack));
    CHECK(door.shown()->message == Prompt::Message::refused_until);
    CHECK(door.shown()->seconds <= 60);
    door.wait(std::chrono::seconds(door.shown()->seconds));
    door.visit();
    CHECK(door.opened());  // the rightful customer is served after that wait
}

TEST_CASE(
    "session: claims that fail one after the other raise the alarm with the last one allowed") {
    Door door;
    door.wait(1h);
    const int burst = ThrottleRule{}.burst;
    for (int i = 0; i < burst; ++i) {
        CHECK_FALSE(door.reported(Alarm::terminal_attack));
        door.claim(LockerId{99});
    }
    CHECK(door.reported(Alarm::terminal_attack));
    CHECK(door.snapshot().last == Outcome::not_recognised);
}

TEST_CASE("session: ten failures a day before any factor raise the alarm and lock nobody") {
    Policy policy = locker(threshold);
    policy.throttle.burst = 20;
    Door door(policy);
    for (int i = 0; i < 10; ++i) {
        CHECK_FALSE(door.reported(Alarm::terminal_attack));
        door.wait(5min);  // the terminal is not slowed
        door.claim();
        door.look(door.other_frame());
        if (i < 9) door.tell(Cancelled{});
    }
    CHECK(door.reported(Alarm::terminal_attack));
    door.tell(Cancelled{});
    door.visit();
    CHECK(door.opened());
}

TEST_CASE("session: a stale answer changes nothing") {
    Door door;
    claim_and_face(door);
    const EffectId issued = door.id_of<Store>();
    const std::size_t before = door.effects.size();
    const Error error{Errc::disconnected, 0};
    for (const EffectId id : {issued, EffectId{}, EffectId{12345}}) {
        door.tell(Stored{id, {}});
        door.tell(StoreFailed{id, error});
        door.tell(StrikeReleased{id});
        door.tell(EffectFailed{id, error});
        door.tell(CustomerLoaded{id, true, true, true, {}});
    }
    CHECK(door.effects.size() == before);
    CHECK(door.state() == State::code);
}
