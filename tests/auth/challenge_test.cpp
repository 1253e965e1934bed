// The challenge alone: what is drawn, and what each frame says of the demanded gesture.
#include "auth/challenge.h"

#include <cmath>
#include <map>
#include <set>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace std::chrono_literals;
using Progress = Challenge::Progress;

namespace {

const ChallengeRule rule;
const GestureSet every{Gesture::turn_left, Gesture::turn_right, Gesture::nod, Gesture::blink,
                       Gesture::smile};

Key256 seed_of(std::uint32_t number) {
    std::array<std::byte, Key256::size> bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::byte>(number >> (8 * i));
    return Key256(bytes);
}

// A person before the camera, who holds her head a little to the side.
struct Person {
    float yaw = 4;
    float pitch = -3;
    FaceExpression own{0.8F, 0, 0.15F};
    Instant now{10s};
    Challenge challenge;

    FaceObservation frame() const {
        FaceObservation o;
        o.captured = now;
        o.faces = 1;
        o.yaw = yaw;
        o.pitch = pitch;
        o.expression = own;
        return o;
    }
    FaceObservation turned(float by) const {
        FaceObservation o = frame();
        o.yaw += by;
        return o;
    }
    FaceObservation tilted(float by) const {
        FaceObservation o = frame();
        o.pitch += by;
        return o;
    }
    FaceObservation eyes(float share) const {
        FaceObservation o = frame();
        o.expression->eyes_open *= share;
        return o;
    }
    FaceObservation smiling(float more) const {
        FaceObservation o = frame();
        o.expression->smile += more;
        return o;
    }
    // The clearest way to show it.
    FaceObservation showing(Gesture gesture) const {
        switch (gesture) {
            case Gesture::turn_left: return turned(25);
            case Gesture::turn_right: return turned(-25);
            case Gesture::nod: return tilted(-18);
            case Gesture::blink: return eyes(0.1F);
            case Gesture::smile: return smiling(0.6F);
        }
        return frame();
    }
    void asked(std::initializer_list<Gesture> gestures) {
        GestureList list;
        for (const Gesture gesture : gestures) list.gestures.at(list.size++) = gesture;
        Bearing bearing;
        bearing.add(frame());
        challenge.begin(list, bearing, now);
    }
    Progress see(const FaceObservation& o, bool matching = true) {
        return challenge.see(rule, o, matching);
    }
};

}  // namespace

TEST_CASE("challenge: every order of gestures is drawn, none of them twice in one") {
    std::map<std::pair<Gesture, Gesture>, int> drawn;
    constexpr int draws = 4000;
    for (std::uint32_t i = 0; i < draws; ++i) {
        const GestureList list = draw_gestures(seed_of(i), 1, 2, every);
        REQUIRE(list.size == 2);
        REQUIRE(list.gestures[0] != list.gestures[1]);
        ++drawn[{list.gestures[0], list.gestures[1]}];
    }
    CHECK(drawn.size() == 20);
    // 200 each; five standard deviations of a binomial are 69.
    for (const auto& [pair, count] : drawn) {
        INFO(to_string(pair.first) << ", " << to_string(pair.second));
        CHECK(std::abs(count - draws / 20) < 70);
    }
}

TEST_CASE("challenge: the seed and the number say what is drawn, and nothing else") {
    const auto first = draw_gestures(seed_of(7), 1, 3, every);
    const auto again = draw_gestures(seed_of(7), 1, 3, every);
    CHECK(first.gestures == again.gestures);
    std::set<std::array<Gesture, all_gestures.size()>> different;
    for (std::uint32_t number = 1; number <= 20; ++number) {
        different.insert(draw_gestures(seed_of(7), number, 3, every).gestures);
    }
    CHECK(different.size() > 10);
}

TEST_CASE("challenge: only what is allowed is drawn") {
    const GestureSet two{Gesture::nod, Gesture::blink};
    for (std::uint32_t i = 0; i < 50; ++i) {
        const GestureList list = draw_gestures(seed_of(i), 1, 2, two);
        for (std::size_t k = 0; k < list.size; ++k) CHECK(two.contains(list.gestures.at(k)));
    }
    const GestureList all = draw_gestures(seed_of(1), 1, 5, every);
    CHECK(std::set<Gesture>(all.gestures.begin(), all.gestures.end()).size() == 5);
}

TEST_CASE("challenge: what the observer does not measure is not drawn") {
    Person person;
    Bearing bearing;
    bearing.add(person.frame());
    CHECK(measurable(every, bearing) == every);
    FaceObservation without = person.frame();
    without.expression.reset();
    bearing.add(without);
    const GestureSet head = measurable(every, bearing);
    CHECK(head == GestureSet{Gesture::turn_left, Gesture::turn_right, Gesture::nod});
    FaceObservation broken = person.frame();
    broken.expression->eyes_open = NAN;
    Bearing other;
    other.add(broken);
    CHECK(measurable(every, other) == head);
    CHECK(measurable(every, Bearing()) == head);
}

TEST_CASE("challenge: each gesture is performed by bearing, gesture, bearing") {
    for (const Gesture gesture : all_gestures) {
        Person person;
        person.asked({gesture});
        INFO(to_string(gesture));
        CHECK(person.challenge.demanded() == gesture);
        CHECK(person.see(person.frame()) == Progress::nothing);
        CHECK(person.see(person.showing(gesture)) == Progress::shown);
        CHECK(person.see(person.frame()) == Progress::passed);
        CHECK_FALSE(person.challenge.under_way());
        CHECK(person.challenge.demanded() == std::nullopt);
    }
}

TEST_CASE("challenge: a pose that was held already does not answer") {
    for (const Gesture gesture : all_gestures) {
        Person person;
        person.asked({gesture});
        INFO(to_string(gesture));
        for (int i = 0; i < 5; ++i) CHECK(person.see(person.showing(gesture)) == Progress::nothing);
        CHECK(person.challenge.step() == Challenge::Step::asked);
        (void)person.see(person.frame());
        CHECK(person.see(person.showing(gesture)) == Progress::shown);
    }
}

TEST_CASE("challenge: frames from before the demand do not count for it") {
    Person person;
    person.asked({Gesture::nod, Gesture::turn_left});
    FaceObservation early = person.frame();
    early.captured = person.now - 1ns;
    CHECK(person.see(early) == Progress::nothing);
    CHECK(person.challenge.step() == Challenge::Step::asked);
    (void)person.see(person.frame());
    (void)person.see(person.showing(Gesture::nod));
    CHECK(person.see(person.frame()) == Progress::performed);
    // The next one is demanded a moment later, and what was on its way then is of before.
    person.challenge.demand_next(person.now + 120ms);
    (void)person.see(person.frame());
    (void)person.see(person.showing(Gesture::turn_left));
    CHECK(person.challenge.step() == Challenge::Step::asked);
    person.now += 120ms;
    (void)person.see(person.frame());
    (void)person.see(person.showing(Gesture::turn_left));
    CHECK(person.see(person.frame()) == Progress::passed);
}

TEST_CASE("challenge: a gesture is closed by a frame that is hers and looks ahead") {
    Person person;
    person.asked({Gesture::turn_right});
    (void)person.see(person.frame());
    (void)person.see(person.turned(-20));
    CHECK(person.see(person.turned(-20)) == Progress::nothing);  // still turned
    CHECK(person.see(person.turned(8)) == Progress::nothing);    // not back yet
    CHECK(person.see(person.tilted(9)) == Progress::nothing);
    CHECK(person.see(person.frame(), false) == Progress::nothing);  // not hers, or not alive
    CHECK(person.see(person.turned(3)) == Progress::passed);
}

TEST_CASE("challenge: a blink is closed by open eyes, and a smile may last") {
    Person person;
    person.asked({Gesture::blink, Gesture::smile});
    (void)person.see(person.frame());
    (void)person.see(person.eyes(0.2F));
    CHECK(person.see(person.eyes(0.6F)) == Progress::nothing);
    CHECK(person.see(person.eyes(0.75F)) == Progress::performed);
    person.challenge.demand_next(person.now);
    (void)person.see(person.frame());
    (void)person.see(person.smiling(0.5F));
    CHECK(person.see(person.smiling(0.5F)) == Progress::passed);
}

TEST_CASE("challenge: too small a movement is none") {
    const std::vector<std::pair<Gesture, FaceObservation (*)(const Person&)>> small{
        {Gesture::turn_left, [](const Person& p) { return p.turned(11.9F); }},
        {Gesture::turn_right, [](const Person& p) { return p.turned(-11.9F); }},
        {Gesture::nod, [](const Person& p) { return p.tilted(-9.9F); }},
        {Gesture::blink, [](const Person& p) { return p.eyes(0.55F); }},
        {Gesture::smile, [](const Person& p) { return p.smiling(0.28F); }},
    };
    for (const auto& [gesture, frame] : small) {
        Person person;
        person.asked({gesture});
        (void)person.see(person.frame());
        INFO(to_string(gesture));
        CHECK(person.see(frame(person)) == Progress::nothing);
        CHECK(person.challenge.step() == Challenge::Step::ready);
    }
}

TEST_CASE("challenge: movements are measured from her own bearing, not from the front") {
    Person person;
    person.yaw = 14;  // more than a turn, for somebody who looks straight ahead
    person.asked({Gesture::turn_left});
    CHECK(person.see(person.frame()) == Progress::nothing);
    CHECK(person.see(person.turned(5)) == Progress::nothing);
    CHECK(person.challenge.step() == Challenge::Step::ready);
    CHECK(person.see(person.turned(13)) == Progress::shown);
}

TEST_CASE("challenge: another clear movement of the head is wrong") {
    const std::map<Gesture, std::vector<Gesture>> wrong{
        {Gesture::turn_left, {Gesture::turn_right, Gesture::nod}},
        {Gesture::turn_right, {Gesture::turn_left, Gesture::nod}},
        {Gesture::nod, {Gesture::turn_left, Gesture::turn_right}},
        {Gesture::blink, {Gesture::turn_left, Gesture::turn_right, Gesture::nod}},
        {Gesture::smile, {Gesture::turn_left, Gesture::turn_right, Gesture::nod}},
    };
    for (const Gesture demanded : all_gestures) {
        for (const Gesture made : all_gestures) {
            if (made == demanded) continue;
            Person person;
            person.asked({demanded});
            (void)person.see(person.frame());
            const auto& list = wrong.at(demanded);
            const bool bad = std::find(list.begin(), list.end(), made) != list.end();
            INFO(to_string(made) << " instead of " << to_string(demanded));
            CHECK(person.see(person.showing(made)) == (bad ? Progress::wrong : Progress::nothing));
        }
    }
}

TEST_CASE("challenge: a head that dips while it turns turns nevertheless") {
    Person person;
    person.asked({Gesture::turn_left});
    (void)person.see(person.frame());
    FaceObservation o = person.turned(10);
    o.pitch -= 12;
    CHECK(person.see(o) == Progress::nothing);
    o.yaw += 8;
    CHECK(person.see(o) == Progress::shown);
}

TEST_CASE("challenge: what was not measured adds nothing") {
    for (const Gesture gesture : {Gesture::blink, Gesture::smile}) {
        Person person;
        person.asked({gesture});
        FaceObservation o = person.frame();
        o.expression.reset();
        CHECK(person.see(o) == Progress::nothing);
        CHECK(person.challenge.step() == Challenge::Step::asked);
        (void)person.see(person.frame());
        CHECK(person.see(o) == Progress::nothing);
        CHECK(person.challenge.step() == Challenge::Step::ready);
    }
    for (const Gesture gesture : all_gestures) {
        Person person;
        person.asked({gesture});
        FaceObservation o = person.frame();
        o.yaw = NAN;
        o.pitch = -INFINITY;
        o.expression->eyes_open = NAN;
        o.expression->smile = INFINITY;
        for (int i = 0; i < 3; ++i) CHECK(person.see(o) != Progress::passed);
        CHECK(person.challenge.step() == Challenge::Step::asked);
        (void)person.see(person.frame());
        FaceObservation flat = person.frame();
        flat.yaw = NAN;
        flat.expression->eyes_open = NAN;
        flat.expression->smile = NAN;
        CHECK(person.see(flat) == Progress::nothing);
    }
}

TEST_CASE("challenge: after an interruption the gesture has to be begun anew") {
    Person person;
    person.asked({Gesture::nod});
    (void)person.see(person.frame());
    (void)person.see(person.showing(Gesture::nod));
    person.challenge.interrupt();
    CHECK(person.see(person.frame()) == Progress::nothing);
    CHECK(person.see(person.frame()) == Progress::nothing);
    CHECK(person.see(person.showing(Gesture::nod)) == Progress::shown);
    CHECK(person.see(person.frame()) == Progress::passed);
}

TEST_CASE("challenge: her bearing is the mean of her frames") {
    Bearing bearing;
    CHECK(bearing.frames() == 0);
    CHECK_FALSE(bearing.expression());
    Person person;
    bearing.add(person.turned(2));
    bearing.add(person.turned(-4));
    FaceObservation broken = person.frame();
    broken.pitch = NAN;
    bearing.add(broken);
    CHECK(bearing.frames() == 2);
    CHECK(bearing.yaw() == Approx(person.yaw - 1));
    CHECK(bearing.pitch() == Approx(person.pitch));
    REQUIRE(bearing.expression());
    CHECK(bearing.expression()->eyes_open == Approx(0.8));
}
