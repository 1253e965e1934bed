// The witness's own test: what it must flag, shown to it as forged sequences that no sound session
// produces, each beside the sound one from which it differs in one thing.
#include "witness.h"

#include <functional>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

constexpr FaceModelId model{7};
const Policy policy = locker(FaceThreshold{0.5, 0.0001, 0.001});

// A sound visit, told to a witness step by step. A forgery leaves a step out or changes one.
class Tale {
public:
    Witness witness{policy, model};
    Instant now{1h};

    void begin() {
        tell(Effect(Load{EffectId{1}, CustomerId{1}, LockerId{11}}));
        tell(Event(CustomerLoaded{EffectId{1}, true, true, true, {}}));
        observe();
    }
    void observe() { tell(Effect(Observe{EffectId{++effect_}})); }
    void look(float distance = 0.1F) {
        FaceObservation o = frame();
        o.distance = distance;
        tell(Event(FaceObserved{o}));
    }
    FaceObservation frame() {
        FaceObservation o;
        o.captured = now;
        o.sequence = ++sequence_;
        o.faces = 1;
        o.track = TrackId{1};
        o.model = model;
        o.face_size = 60;
        o.sharpness = 100;
        o.brightness = 120;
        o.contrast = 40;
        o.distance = 0.1F;
        o.liveness_score = 1;
        o.expression = FaceExpression{0.9F, 0, 0.1F};
        return o;
    }
    void face() {
        match();
        gesture(Gesture::turn_left);
        gesture(Gesture::nod);
        tell(Effect(StopObserving{}));
    }
    void match() {
        look();
        look();
    }
    void ask(Gesture gesture) { tell(Effect(ShowPrompt{{prompt_for(gesture), 4, 0}})); }
    void show(Gesture gesture) {
        FaceObservation o = frame();
        if (gesture == Gesture::turn_left) o.yaw = 20;
        if (gesture == Gesture::turn_right) o.yaw = -20;
        if (gesture == Gesture::nod) o.pitch = 15;
        tell(Event(FaceObserved{o}));
    }
    void gesture(Gesture gesture) {
        ask(gesture);
        look();
        show(gesture);
        look();
    }
    void issue() {
        record(IssueCode{{}, 1, 120s});
        send();
    }
    void send() {
        tell(Effect(SendCode{EffectId{++effect_}, CustomerId{1}, LockerId{11}, CodeDigits("123456"),
                             120s}));
    }
    void type(std::string_view digits = "123456") {
        tell(Event(CodeEntered{CodeDigits(digits)}));
        record(ReserveTry{Factor::code});
    }
    void accept() { record(SettleRight{Factor::code, true, {}}); }
    void code() {
        issue();
        type();
        accept();
    }
    void key() { tell(Event(KeyTurned{})); }
    void look_again(float distance = 0.1F) {
        observe();
        look(distance);
        record(ReserveTry{Factor::face});
    }
    void grant() { record(Grant{true}); }
    void pulse() { tell(Effect(PulseStrike{EffectId{++effect_}, policy.release_hold})); }

    enum class Commit { yes, no };
    void record(RecordBody body, Commit commit = Commit::yes) {
        const Store store{EffectId{++effect_}, Record{{}, body}};
        tell(Effect(store));
        if (commit == Commit::no) return;
        witness.committed(now, store.record);
        tell(Event(Stored{store.effect, {}}));
    }
    void tell(const Event& event) { witness.saw(now, event); }
    void tell(const Effect& effect) { witness.saw(now, effect); }

private:
    std::uint64_t effect_ = 1;
    std::uint64_t sequence_ = 0;
};

std::string_view breach_of(const std::function<void(Tale&)>& telling) {
    Tale tale;
    telling(tale);
    return tale.witness.breach();
}

// Up to and including the key, soundly.
void proven(Tale& t) {
    t.begin();
    t.face();
    t.code();
    t.key();
}

}  // namespace

TEST_CASE("witness: gestures that were not shown as they should be are flagged") {
    const auto code_after = [](const std::function<void(Tale&)>& challenge) {
        return breach_of([&](Tale& t) {
            t.begin();
            t.match();
            challenge(t);
            t.tell(Effect(StopObserving{}));
            t.issue();
        });
    };
    constexpr std::string_view too_early = "I1b: a code was made out of order";
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::turn_left);
              t.gesture(Gesture::nod);
          }).empty());
    CHECK(code_after([](Tale&) {}) == too_early);
    CHECK(code_after([](Tale& t) { t.gesture(Gesture::nod); }) == too_early);
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::nod);
              t.ask(Gesture::turn_left);
              t.show(Gesture::turn_left);  // held already when it was asked for
              t.look();
          }) == too_early);
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::nod);
              t.ask(Gesture::turn_left);
              t.look();
              t.show(Gesture::turn_right);
              t.look();
          }) == too_early);
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::nod);
              t.ask(Gesture::turn_left);
              t.look();
              t.show(Gesture::turn_left);
              t.look(0.9F);  // not her
          }) == too_early);
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::nod);
              t.ask(Gesture::turn_left);
              t.now += 4s;
              t.look();
              t.show(Gesture::turn_left);
              t.look();
          }) == too_early);
    CHECK(code_after([](Tale& t) {
              t.gesture(Gesture::nod);
              t.gesture(Gesture::nod);
          }) == "I1b: the same gesture was asked for twice");
}

TEST_CASE("witness: a gesture that is asked for without a match is flagged") {
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.ask(Gesture::nod);
          }) == "I1b: a gesture was asked for before the face had matched");
}

TEST_CASE("witness: a challenge that is left without being counted is flagged") {
    const auto left = [](bool counted) {
        return breach_of([counted](Tale& t) {
            t.begin();
            t.match();
            t.ask(Gesture::nod);
            if (counted) t.record(UnprovenFailure{});
            t.tell(Effect(Note{{AuditKind::ended, {}, {}, {}, {}, 0}}));
        });
    };
    CHECK(left(true).empty());
    CHECK(left(false) == "I9: a challenge was left and not counted");
}

TEST_CASE("witness: a sound visit is no breach") {
    CHECK(breach_of([](Tale& t) {
              proven(t);
              t.look_again();
              t.grant();
              t.pulse();
          }).empty());
}

TEST_CASE("witness: an opening without a visit or without a factor is flagged") {
    CHECK(breach_of([](Tale& t) { t.pulse(); }) == "I1b: released without a visit");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.pulse();
          }) == "I1b: released without a face");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.face();
              t.pulse();
          }) == "I1b: released without a code");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.face();
              t.code();
              t.pulse();
          }) == "I1b: released without a key");
    CHECK(breach_of([](Tale& t) {
              proven(t);
              t.pulse();
          }) == "I1b: released without the same face at the end");
}

TEST_CASE("witness: one frame, a differing second one or a late second one is no face") {
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.look();
              t.issue();
          }) == "I1b: a code was made out of order");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.look();
              t.look(0.9F);
              t.issue();
          }) == "I1b: a code was made out of order");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.look();
              t.now += policy.face.window;
              t.look();
              t.issue();
          }) == "I1b: a code was made out of order");
}

TEST_CASE("witness: an opening before the grant is durable is flagged") {
    CHECK(breach_of([](Tale& t) {
              proven(t);
              t.look_again();
              t.record(Grant{true}, Tale::Commit::no);
              t.pulse();
          }) == "I3: released before the grant was durable");
}

TEST_CASE("witness: two openings, a long one, a late one and an unwanted one are flagged") {
    const auto open = [](Tale& t) {
        proven(t);
        t.look_again();
        t.grant();
    };
    CHECK(breach_of([&](Tale& t) {
              open(t);
              t.pulse();
              t.pulse();
          }) == "I8: released twice");
    CHECK(breach_of([&](Tale& t) {
              open(t);
              t.tell(Effect(PulseStrike{EffectId{99}, policy.release_hold + 1ns}));
          }) == "I7: released for too long");
    CHECK(breach_of([&](Tale& t) {
              open(t);
              t.now += policy.session_limit;
              t.pulse();
          }) == "I11: released after the visit's time");
    CHECK(breach_of([&](Tale& t) {
              open(t);
              t.tell(Event(Cancelled{}));
              t.pulse();
          }) == "I1a: released after she had cancelled, or was out of sight");
}

TEST_CASE("witness: a grant without a look at the face, or to another face, is flagged") {
    CHECK(breach_of([](Tale& t) {
              proven(t);
              t.record(Grant{false});
          }) == "I1b: granted without looking again");
    CHECK(breach_of([](Tale& t) {
              proven(t);
              t.look_again(0.9F);
              t.grant();
          }) == "I1b: granted to another face");
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.face();
              t.code();
              t.record(Grant{true});
          }) == "I1b: granted before every factor was shown");
}

TEST_CASE("witness: a code accepted twice, expired, wrong or never sent is flagged") {
    const auto with_face = [](Tale& t) {
        t.begin();
        t.face();
    };
    CHECK(breach_of([&](Tale& t) {
              with_face(t);
              t.issue();
              t.type();
              t.record(SettleRight{Factor::code, true, {}}, Tale::Commit::no);
              t.tell(Event(StoreFailed{t.witness.visit().outstanding, {Errc::timeout, 0}}));
              t.type();
              t.accept();
          }) == "I8: a code was accepted twice");
    CHECK(breach_of([&](Tale& t) {
              with_face(t);
              t.issue();
              t.type();
              t.now += policy.code.lifetime;
              t.accept();
          }) == "I11: an expired code was accepted");
    CHECK(breach_of([&](Tale& t) {
              with_face(t);
              t.issue();
              t.type("654321");
              t.accept();
          }) == "I8: a code was accepted that is not the newest of this visit");
    CHECK(breach_of([&](Tale& t) {
              with_face(t);
              t.issue();
              t.accept();
          }) == "I9: a try was compared before it was counted");
    CHECK(breach_of([&](Tale& t) {
              with_face(t);
              t.send();
          }) == "I9: a code was sent that was not counted");
}

TEST_CASE("witness: a try in a penalty, beyond staff only, or uncounted is flagged") {
    const auto at_code = [](Tale& t) {
        t.begin();
        t.face();
        t.issue();
    };
    const auto wrong = [](Tale& t) {
        t.type("000000");
        t.record(SettleWrong{Factor::code});
        t.now += policy.code.cool_down;
    };
    CHECK(breach_of([&](Tale& t) {
              at_code(t);
              for (int i = 0; i < 4; ++i) wrong(t);
          }) == "I9: a try was compared during a penalty");
    CHECK(breach_of([&](Tale& t) {
              at_code(t);
              t.type("000000");
              t.record(SettleWrong{Factor::code});
              t.type("000000");
          }) == "I9: tried again within the cool-down");
    CHECK(breach_of([&](Tale& t) {
              at_code(t);
              t.tell(Event(CodeEntered{CodeDigits("000000")}));
              t.record(ReserveTry{Factor::code}, Tale::Commit::no);
              t.tell(Event(StoreFailed{t.witness.visit().outstanding, {Errc::timeout, 0}}));
              t.record(SettleWrong{Factor::code});
          }) == "I9: a try was compared before it was counted");
    CHECK(breach_of([&](Tale& t) {
              for (int i = 0; i < policy.lockout.staff_only_from; ++i) {
                  t.witness.wrong_elsewhere(t.now);
                  t.now += 24h;
              }
              at_code(t);
              wrong(t);
          }) == "I9: a try was compared after only staff could release");
}

TEST_CASE("witness: a count or a penalty that fell is flagged") {
    const auto after_three_wrong = [](Tale& t) {
        for (int i = 0; i < 3; ++i) t.witness.wrong_elsewhere(t.now);
    };
    CHECK(breach_of([&](Tale& t) {
              after_three_wrong(t);
              t.witness.check_counts(t.now, {2, 0, 5min, {}, {}});
          }) == "I9: the count fell below the wrong tries");
    CHECK(breach_of([&](Tale& t) {
              after_three_wrong(t);
              t.witness.check_counts(t.now, {3, 0, 4min, {}, {}});
          }) == "I9: the penalty is shorter than what was earned");
    CHECK(breach_of([&](Tale& t) {
              after_three_wrong(t);
              t.witness.check_counts(t.now, {3, 0, 5min, {}, {}});
          }).empty());
}

TEST_CASE("witness: a try given back without a reason is flagged") {
    const auto counted = [](Tale& t) {
        t.begin();
        t.face();
        t.issue();
        t.type("000000");
    };
    CHECK(breach_of([&](Tale& t) {
              counted(t);
              t.record(SettleRight{Factor::code, false, {}});
          }) == "I9: a try was given back that could have been compared");
    CHECK(breach_of([&](Tale& t) {
              counted(t);
              t.tell(Event(Cancelled{}));
              t.record(SettleRight{Factor::code, false, {}});
          }).empty());
}

TEST_CASE("witness: a right code judged wrong is flagged") {
    CHECK(breach_of([](Tale& t) {
              t.begin();
              t.face();
              t.issue();
              t.type();
              t.record(SettleWrong{Factor::code});
          }) == "I5: what was right was judged wrong");
}
