// What the session makes of a challenge, of shut eyes, of company, and of frames from elsewhere.
#include <set>

#include "catch.h"
#include "door.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

void claim_and_match(Door& door) {
    door.claim();
    door.match();
}

Gesture demanded(const Door& door) {
    const auto gesture = door.snapshot().gesture;
    REQUIRE(gesture);
    return *gesture;
}

// A clear movement of the head that was not asked for.
Gesture another(Gesture gesture) {
    return gesture == Gesture::turn_left ? Gesture::turn_right : Gesture::turn_left;
}

void make_a_mistake(Door& door) {
    door.look(door.frame());
    door.look(door.gesture_frame(another(demanded(door))));
}

void up_to_presence(Door& door) {
    door.claim();
    door.face();
    door.type(door.sent());
    door.key();
}

}  // namespace

TEST_CASE("session: no code is sent before two gestures have been performed") {
    Door door;
    claim_and_match(door);
    CHECK(door.state() == State::challenge);
    const Gesture first = demanded(door);
    CHECK(door.shown()->message == prompt_for(first));
    CHECK(door.shown()->seconds == 4);
    CHECK_FALSE(door.audited(AuditKind::face_matched));
    door.perform();
    CHECK(door.state() == State::challenge);
    CHECK(demanded(door) != first);
    CHECK(door.count<SendCode>() == 0);
    door.perform();
    CHECK(door.state() == State::code);
    CHECK(door.audited(AuditKind::challenge_passed));
    CHECK(door.audited(AuditKind::face_matched));
    CHECK(door.count<SendCode>() == 1);
    CHECK(door.snapshot().gesture_deadline == never);
}

TEST_CASE("session: matching frames alone do not pass the challenge") {
    Door door;
    claim_and_match(door);
    for (int i = 0; i < 20; ++i) door.look(door.frame());
    CHECK(door.state() == State::challenge);
    CHECK(door.snapshot().gestures_performed == 0);
}

TEST_CASE("session: each visit demands what its own seed says") {
    std::set<std::pair<Gesture, Gesture>> seen;
    Door door;
    for (int i = 0; i < 40; ++i) {
        claim_and_match(door);
        const Gesture first = demanded(door);
        door.perform();
        seen.insert({first, demanded(door)});
        door.perform();
        door.tell(Cancelled{});
        door.counts = {};
        door.wait(1min);
    }
    CHECK(seen.size() > 10);
}

TEST_CASE("session: a wrong gesture is a failure before any factor, and others are demanded then") {
    Door door;
    claim_and_match(door);
    make_a_mistake(door);
    CHECK(door.state() == State::face);
    CHECK(door.shown()->message == Prompt::Message::look_at_camera);
    CHECK(door.audited(AuditKind::challenge_failed));
    CHECK(door.snapshot().face_tries == 1);
    CHECK(door.snapshot().face_matches == 0);
    CHECK(door.counts.unproven.count == 1);
    CHECK(door.counts.failures == 0);
    door.look(door.frame());  // within the cool-down: nothing
    CHECK(door.snapshot().face_matches == 0);
    door.pass_cool_down();
    door.face();
    CHECK(door.state() == State::code);
}

TEST_CASE("session: another challenge demands other gestures") {
    int same = 0;
    for (int i = 0; i < 60; ++i) {
        Door door;
        for (int k = 0; k < i; ++k) {  // another seed each time
            door.claim();
            door.tell(Cancelled{});
        }
        claim_and_match(door);
        const Gesture first = demanded(door);
        make_a_mistake(door);
        door.pass_cool_down();
        door.match();
        same += demanded(door) == first ? 1 : 0;
    }
    CHECK(same < 30);  // one in five is to be expected
}

TEST_CASE("session: three failed challenges end the visit and lock nobody") {
    Door door;
    door.claim();
    for (int i = 0; i < 3; ++i) {
        door.pass_cool_down();
        door.match();
        make_a_mistake(door);
    }
    CHECK(door.snapshot().last == Outcome::not_recognised);
    CHECK(door.counts.failures == 0);
    CHECK(door.counts.unproven.count == 3);
    CHECK(door.count<SendCode>() == 0);
}

TEST_CASE("session: a gesture has its own window, which nothing extends") {
    Door door;
    claim_and_match(door);
    CHECK(door.session().next_deadline() == door.now + 4s);
    door.wait(2s);
    FaceObservation company = door.frame();
    company.faces = 2;
    door.look(company);
    CHECK(door.shown()->message == Prompt::Message::one_person_only);
    door.look(door.frame());
    CHECK(door.shown()->message == prompt_for(demanded(door)));
    CHECK(door.session().next_deadline() == door.now + 2s);
    door.wait(2s - 1ns);
    CHECK(door.state() == State::challenge);
    door.wait(1ns);
    CHECK(door.audited(AuditKind::challenge_failed));
    CHECK(door.state() == State::face);
}

TEST_CASE("session: all gestures are performed within the window of the face") {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.face.window = 5s;
    Door door(policy);
    door.claim();
    door.wait(3s);
    door.match();
    CHECK(door.session().next_deadline() == door.now + 2s);
    door.wait(2s);
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::timed_out);
    CHECK(door.audited(AuditKind::challenge_failed));  // left, and counted
    CHECK(door.counts.unproven.count == 1);
}

TEST_CASE(
    "session: a challenge that is cancelled is counted, or it could be drawn until it suits") {
    Door door;
    claim_and_match(door);
    door.store_answers = false;
    door.tell(Cancelled{});
    CHECK(door.state() == State::recording);
    door.release_store();
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::cancelled);
    CHECK(door.counts.unproven.count == 1);
    // A claim that is cancelled before anything was demanded costs nothing.
    door.claim();
    door.look(door.frame());
    door.tell(Cancelled{});
    CHECK(door.counts.unproven.count == 1);
}

TEST_CASE("session: cancelled challenges slow the terminal down") {
    Door door;
    door.wait(10min);  // the bucket is full
    int demands = 0;
    for (int i = 0; i < 20; ++i) {
        claim_and_match(door);
        if (door.state() == State::challenge) ++demands;
        door.tell(Cancelled{});
    }
    CHECK(demands == 6);
    CHECK(door.reported(Alarm::terminal_attack));
}

TEST_CASE("session: another track ends the challenge, in whatever step it is") {
    for (int frames = 0; frames < 3; ++frames) {
        Door door;
        claim_and_match(door);
        if (frames > 0) door.look(door.frame());
        if (frames > 1) door.look(door.gesture_frame(demanded(door)));
        FaceObservation other = door.frame();
        other.track = TrackId{2};
        door.look(other);
        INFO("after " << frames << " frames");
        CHECK(door.state() == State::face);
        CHECK(door.audited(AuditKind::challenge_failed));
    }
}

TEST_CASE("session: who performs the gestures must match on both sides of each") {
    Door door;
    claim_and_match(door);
    door.look(door.frame());
    door.look(door.gesture_frame(demanded(door)));
    door.look(door.other_frame());  // another face, if the tracker took it for the same
    CHECK(door.snapshot().gestures_performed == 0);
    FaceObservation dead = door.frame();
    dead.liveness_score = 0.2F;
    door.look(dead);
    CHECK(door.state() == State::face);
    CHECK(door.audited(AuditKind::liveness_failed));
    CHECK(door.snapshot().face_tries == 1);
}

TEST_CASE("session: frames in which nothing can be told add nothing to a challenge") {
    const std::vector<void (*)(FaceObservation&)> useless{
        [](FaceObservation& o) { o.faces = 0; },     [](FaceObservation& o) { o.brightness = 5; },
        [](FaceObservation& o) { o.sharpness = 1; }, [](FaceObservation& o) { o.face_size = 3; },
        [](FaceObservation& o) { o.contrast = 0; },
    };
    for (const auto spoil : useless) {
        Door door;
        claim_and_match(door);
        door.look(door.frame());
        FaceObservation o = door.gesture_frame(demanded(door));
        spoil(o);
        door.look(o);
        CHECK(door.state() == State::challenge);
        CHECK(door.snapshot().gesture_step == Challenge::Step::ready);
    }
}

TEST_CASE("session: late and repeated frames add nothing to a challenge") {
    Door door;
    claim_and_match(door);
    door.wait(3s);
    door.look(door.frame());
    FaceObservation late = door.gesture_frame(demanded(door));
    late.captured -= 2500ms;
    door.look(late);
    CHECK(door.snapshot().gesture_step == Challenge::Step::ready);
    CHECK(door.audited(AuditKind::refused_event));
}

TEST_CASE("session: without expressions only movements of the head are demanded") {
    for (int i = 0; i < 30; ++i) {
        Door door;
        for (int k = 0; k < i; ++k) {
            door.claim();
            door.tell(Cancelled{});
        }
        door.claim();
        for (int k = 0; k < 2; ++k) {
            FaceObservation o = door.frame();
            o.expression.reset();
            door.look(o);
        }
        const Gesture gesture = demanded(door);
        CHECK((gesture != Gesture::blink && gesture != Gesture::smile));
    }
}

TEST_CASE("session: a policy whose gestures cannot be measured lets nobody in") {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.challenge.allowed = {Gesture::blink, Gesture::smile};
    Door door(policy);
    door.claim();
    for (int k = 0; k < 2; ++k) {
        FaceObservation o = door.frame();
        o.expression.reset();
        door.look(o);
    }
    CHECK(door.state() == State::face);
    CHECK(door.audited(AuditKind::challenge_failed));
}

TEST_CASE("session: without a required challenge matching frames are enough") {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.challenge.required = false;
    Door door(policy);
    claim_and_match(door);
    CHECK(door.state() == State::code);
    CHECK_FALSE(door.audited(AuditKind::challenge_passed));
}

TEST_CASE("session: shut eyes are no match, cost no try, and are told as no intent") {
    Door door;
    door.claim();
    for (int i = 0; i < 10; ++i) {
        door.wait(1s);
        FaceObservation o = door.frame();
        o.expression->eyes_open = 0.1F;
        door.look(o);
    }
    CHECK(door.state() == State::face);
    CHECK(door.snapshot().face_matches == 0);
    CHECK(door.snapshot().face_tries == 0);
    CHECK(door.shown()->message == Prompt::Message::open_eyes);
    CHECK_FALSE(door.audited(AuditKind::no_intent));
    door.wait(20s);
    CHECK(door.state() == State::idle);
    CHECK(door.audited(AuditKind::no_intent));
    CHECK(door.counts.unproven.count == 0);
}

TEST_CASE("session: a few frames with open eyes among shut ones are no match") {
    Door door;
    door.claim();
    const auto look_with = [&](float eyes_open) {
        door.wait(100ms);
        FaceObservation o = door.frame();
        o.expression->eyes_open = eyes_open;
        door.look(o);
    };
    for (int i = 0; i < 20; ++i) look_with(i % 5 < 3 ? 0.1F : 0.9F);
    CHECK(door.state() == State::face);
    CHECK(door.snapshot().face_matches == 0);
    CHECK(door.snapshot().face_tries == 0);
    CHECK(door.shown()->message == Prompt::Message::open_eyes);
    // She wakes up.
    for (int i = 0; i < 5; ++i) look_with(0.9F);
    CHECK(door.state() == State::challenge);
}

TEST_CASE("session: a visitor who is only slow has not shown that she does not want it") {
    Door door;
    door.claim();
    door.wait(10s);
    FaceObservation blinked = door.frame();
    blinked.expression->eyes_open = 0.1F;
    door.look(blinked);
    door.look(door.frame());
    door.wait(20s);
    CHECK(door.snapshot().last == Outcome::timed_out);
    CHECK_FALSE(door.audited(AuditKind::no_intent));
}

TEST_CASE("session: shut eyes at the end release nothing and reserve no try") {
    Door door;
    up_to_presence(door);
    FaceObservation o = door.frame();
    o.expression->eyes_open = 0.1F;
    door.look(o);
    CHECK(door.state() == State::presence);
    CHECK_FALSE(door.opened());
    door.look(door.frame());
    CHECK(door.opened());
}

TEST_CASE("session: a second person before the release pauses it and is told to the guards") {
    Door door;
    up_to_presence(door);
    FaceObservation company = door.frame();
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(door.reported(Alarm::two_persons));
        company = door.frame();
        company.faces = 2;
        door.look(company);
        CHECK_FALSE(door.opened());
    }
    CHECK(door.reported(Alarm::two_persons));
    CHECK(door.audited(AuditKind::two_persons));
    CHECK(door.shown()->message == Prompt::Message::one_person_only);
    door.look(door.frame());  // gone
    CHECK(door.opened());
}

TEST_CASE("session: company while the face is looked for is a bad frame, and no alarm") {
    Door door;
    door.claim();
    for (int i = 0; i < 5; ++i) {
        FaceObservation o = door.frame();
        o.faces = 2;
        door.look(o);
    }
    CHECK(door.state() == State::face);
    CHECK_FALSE(door.reported(Alarm::two_persons));
}

TEST_CASE("session: a gesture that company interrupts has to be begun anew") {
    Door door;
    claim_and_match(door);
    door.look(door.frame());
    door.look(door.gesture_frame(demanded(door)));
    REQUIRE(door.snapshot().gesture_step == Challenge::Step::shown);
    FaceObservation company = door.frame();
    company.faces = 2;
    door.look(company);
    CHECK(door.snapshot().gesture_step == Challenge::Step::asked);
    door.look(door.frame());
    CHECK(door.snapshot().gestures_performed == 0);
}

TEST_CASE("session: somebody who passes by once is no alarm") {
    Door door;
    up_to_presence(door);
    for (int i = 0; i < 4; ++i) {
        FaceObservation o = i % 2 == 0 ? door.frame() : door.other_frame();
        o.faces = i % 2 == 0 ? 2 : 1;
        if (i % 2 == 1) o.distance.reset();  // she has turned to look
        door.look(o);
    }
    CHECK_FALSE(door.reported(Alarm::two_persons));
    CHECK_FALSE(door.opened());
}

TEST_CASE("session: company is told even while a mismatch cools down") {
    Door door;
    up_to_presence(door);
    door.look(door.other_frame());
    REQUIRE(door.state() == State::presence);
    for (int i = 0; i < 3; ++i) {
        FaceObservation o = door.frame();
        o.faces = 2;
        door.look(o);
    }
    CHECK(door.reported(Alarm::two_persons));
}

TEST_CASE("session: with company not counted the largest face alone decides") {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.presence.count_faces = false;
    Door door(policy);
    up_to_presence(door);
    FaceObservation o = door.frame();
    o.faces = 2;
    door.look(o);
    CHECK(door.opened());
    CHECK_FALSE(door.reported(Alarm::two_persons));
}

TEST_CASE("session: a foreign camera and old frames end the visit, each with its own record") {
    const std::vector<std::tuple<Error, AuditKind, Alarm>> failures{
        {{Errc::denied, static_cast<int>(FrameRefusal::camera_untrusted)},
         AuditKind::camera_untrusted,
         Alarm::camera_untrusted},
        {{Errc::denied, static_cast<int>(FrameRefusal::frame_stale)},
         AuditKind::frame_stale,
         Alarm::camera_untrusted},
        {{Errc::denied, 0}, AuditKind::camera_lost, Alarm::camera_lost},
        {{Errc::disconnected, 1}, AuditKind::camera_lost, Alarm::camera_lost},
    };
    for (const auto& [error, kind, alarm] : failures) {
        for (const bool at_start : {true, false}) {
            Door door;
            door.claim();
            if (at_start) {
                door.tell(EffectFailed{door.id_of<Observe>(), error});
            } else {
                door.match();  // even with a gesture under way
                door.tell(ObserverFailed{error});
            }
            CHECK(door.snapshot().last == Outcome::camera_lost);
            CHECK(door.audited(kind));
            CHECK(door.reported(alarm));
            CHECK(door.reported(Alarm::camera_lost) == (alarm == Alarm::camera_lost));
        }
    }
}
