// Whole visits of strongroom-door on a real kernel: its own program, its own drivers, and a film of
// a simulated person before a real V4L2 device. Skipped where there is no such machine;
// tests/hil/run --visit boots one.
//
// The cases stand in the order of one day at one door, and each goes on where the one before ended.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"
#include "door_site.h"
#include "pi/guarded_strike.h"
#include "pi/support/drive_trace.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"

namespace strongroom::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// Made with the first case, kept until the last.
DoorSite* site() {
    static std::unique_ptr<DoorSite> door = [] {
        const char* material = std::getenv("STRONGROOM_VISIT_MATERIAL");
        std::string why = DoorSite::absent();
        if (why.empty() && material == nullptr) why = "STRONGROOM_VISIT_MATERIAL is not set";
        if (!why.empty()) {
            std::cout << "SKIPPED: " << why << std::endl;
            return std::unique_ptr<DoorSite>();
        }
        return std::make_unique<DoorSite>(material);
    }();
    return door.get();
}

// What the screen asks of her head, and the scene in which she does it.
std::string gesture_on(const std::string& screen) {
    if (screen.find("to your left") != std::string::npos) return "turn-left";
    if (screen.find("to your right") != std::string::npos) return "turn-right";
    if (screen.find("nod") != std::string::npos) return "nod";
    return {};
}

// Somebody at the door, who reads the screen and does what it says.
class Visitor {
public:
    explicit Visitor(DoorSite& door) : door_(door) {}

    // Shows `scene` to the camera and says she is customer 1.
    void claim(const std::string& scene) {
        door_.camera().show(scene);
        std::this_thread::sleep_for(500ms);
        door_.type("1*");
        say("claimed, showing: " + scene);
    }
    // Does with her head what is asked, until `wanted` is on the screen: true; or `patience` is
    // over, or the visit is.
    bool until(const std::string& wanted, Duration patience) {
        const Instant begun = DoorSite::now();
        while (DoorSite::now() - begun < patience) {
            const std::string screen = door_.screen();
            if (screen != shown_) {
                shown_ = screen;
                say("screen: " + screen);
                if (const std::string gesture = gesture_on(screen); !gesture.empty()) {
                    std::this_thread::sleep_for(700ms);  // a person's time to react
                    door_.camera().perform(gesture);
                }
            }
            if (screen.find(wanted) != std::string::npos) return true;
            if (over(screen)) return false;
            std::this_thread::sleep_for(20ms);
        }
        return false;
    }
    [[nodiscard]] static bool over(const std::string& screen) {
        for (const char* words : {"not recognised", "time is over", "come back", "Cancelled"}) {
            if (screen.find(words) != std::string::npos) return true;
        }
        return false;
    }
    void type_code(const std::string& digits) { door_.type(digits + "\n"); }
    // The digits that were sent after so many messages.
    std::string code(std::size_t before) {
        for (int i = 0; i < 1000; ++i) {
            const std::string digits = door_.code_after(before);
            if (!digits.empty()) return digits;
            std::this_thread::sleep_for(20ms);
        }
        return {};
    }

    void say(const std::string& line) const {
        std::cout << "  " << milliseconds(DoorSite::now() - begun_) << " ms  " << line << std::endl;
    }

private:
    DoorSite& door_;
    std::string shown_;
    Instant begun_ = DoorSite::now();
};

// A failure before any factor has succeeded slows the terminal by half a minute.
constexpr Duration pause_after_failure = 35s;

bool wait_until(const std::function<bool()>& holds, Duration patience) {
    const Instant begun = DoorSite::now();
    while (!holds()) {
        if (DoorSite::now() - begun > patience) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

// From the claim to the turn of the key, as the rightful customer. Gives when the key was turned.
Instant let_in(DoorSite& door, Visitor& she) {
    const std::size_t before = door.messages();
    she.claim("customer");
    REQUIRE(she.until("Type the code", 90s));
    CHECK_FALSE(door.released());
    const std::string code = she.code(before);
    REQUIRE(code.size() == 6);
    she.type_code(code);
    REQUIRE(she.until("Turn your key", 20s));
    CHECK_FALSE(door.released());
    const Instant turned = DoorSite::now();
    door.turn_key(true);
    return turned;
}

TEST_CASE("hil visit: what stands before the virtual camera comes out of the door's own driver") {
    DoorSite* door = site();
    if (door == nullptr) return;
    const pi::SystemClock clock;
    pi::V4l2Camera camera(
        {.device = door->camera().device(), .width = film_width, .height = film_height}, clock);
    // The newest picture two seconds after `scene` was put there.
    const auto brightness = [&](const char* scene) {
        door->camera().show(scene);
        std::optional<hal::Frame> newest;
        const Instant begun = DoorSite::now();
        while (DoorSite::now() - begun < 2s) {
            const auto polled = camera.poll();
            REQUIRE(polled);
            if (*polled) newest = *polled;
            std::this_thread::sleep_for(20ms);
        }
        REQUIRE(newest);
        CHECK(newest->width == film_width);
        CHECK(newest->height == film_height);
        double sum = 0;
        for (const std::uint8_t value : *newest->pixels) sum += value;
        return sum / static_cast<double>(newest->pixels->size());
    };
    REQUIRE(camera.start());
    const double nobody = brightness("nobody");
    const double her = brightness("customer");
    INFO(nobody << " and " << her);
    CHECK(std::abs(nobody - her) > 2);
    door->camera().show("nobody");
}

TEST_CASE("hil visit: two members of staff commission the door and enrol a customer before it") {
    DoorSite* door = site();
    if (door == nullptr) return;
    const auto made = door->run({"commission"},
                                "Carol\ncorrect horse battery\ncorrect horse battery\n"
                                "Dave\nanother long sentence\nanother long sentence\n");
    INFO(made.text);
    REQUIRE(made.status == 0);
    door->camera().show("customer");
    const Instant begun = DoorSite::now();
    const auto enrolled = door->run({"enroll", "--name", "Ada", "--phone", "+15550100142"},
                                    "1\ncorrect horse battery\n2\nanother long sentence\n");
    std::cout << "enrolled after " << milliseconds(DoorSite::now() - begun) << " ms" << std::endl;
    REQUIRE(enrolled.status == 0);
    door->camera().show("nobody");
    CHECK(door->edges().empty());
}

TEST_CASE(
    "hil visit: the rightful customer opens once, and neither start nor end of the door gives a "
    "pulse") {
    DoorSite* door = site();
    if (door == nullptr) return;
    const DriveTrace trace;
    const auto started = door->serve();
    std::cout << "ready after " << milliseconds(started.took) << " ms, resident "
              << started.resident_kib << " KiB" << std::endl;
    std::this_thread::sleep_for(2s);
    std::cout << "at rest: resident " << door->resident_kib() << " KiB" << std::endl;
    CHECK(trace.sets(true) == 0);
    Visitor she(*door);
    const Instant turned = let_in(*door, she);
    REQUIRE(wait_until([&] { return door->released(); }, 30s));
    she.say("released");
    REQUIRE(she.until("Open the door", 5s));
    door->turn_key(false);
    door->open_door(true);
    REQUIRE(wait_until([&] { return !door->released(); }, 8s));
    she.say("locked");
    std::this_thread::sleep_for(1s);
    door->open_door(false);
    door->camera().show("nobody");
    const auto edges = door->edges();
    REQUIRE(edges.size() == 2);
    CHECK(edges[0].high);
    CHECK_FALSE(edges[1].high);
    std::cout << "key to strike " << milliseconds(edges[0].at - turned) << " ms, pulse "
              << milliseconds(edges[1].at - edges[0].at) << " ms; resident " << door->resident_kib()
              << " KiB, at most " << door->peak_kib() << " KiB" << std::endl;
    CHECK(edges[1].at - edges[0].at <= 6s);
    CHECK(trace.sets(true) == 1);
    std::this_thread::sleep_for(3s);
    CHECK(door->stop() == 0);
    CHECK(trace.sets(true) == 1);
    const auto verified = door->run({"audit", "verify"});
    INFO(verified.text);
    CHECK(verified.status == 0);
}

TEST_CASE("hil visit: a stranger, a print of her and a wrong code open nothing") {
    DoorSite* door = site();
    if (door == nullptr) return;
    if (door->serving()) static_cast<void>(door->stop());
    static_cast<void>(door->serve());
    const std::size_t messages = door->messages();
    const std::size_t edges = door->edges().size();
    for (const char* scene : {"stranger", "print"}) {
        Visitor attacker(*door);
        attacker.claim(scene);
        // The visit ends, whatever the screen says of it, and no code was sent.
        CHECK_FALSE(attacker.until("Type the code", 45s));
        door->type("-");
        door->camera().show("nobody");
        CHECK(door->messages() == messages);
        std::this_thread::sleep_for(pause_after_failure);
    }
    Visitor thief(*door);  // with her face, and without her phone
    thief.claim("customer");
    REQUIRE(thief.until("Type the code", 90s));
    const std::string code = thief.code(messages);
    REQUIRE(code.size() == 6);
    thief.type_code(code == "123456" ? "654321" : "123456");
    CHECK(thief.until("is not right", 10s));
    door->turn_key(true);
    std::this_thread::sleep_for(1s);
    door->turn_key(false);
    door->type("-");
    // Of the strike alone: the siren may well have sounded.
    CHECK(door->edges().size() == edges);
    door->camera().show("nobody");
    std::this_thread::sleep_for(3s);
    CHECK(door->stop() == 0);
}

TEST_CASE("hil visit: strongroom-door killed in mid-pulse is locked within the longest hold") {
    DoorSite* door = site();
    if (door == nullptr) return;
    if (door->serving()) static_cast<void>(door->stop());
    static_cast<void>(door->serve());
    const std::size_t before = door->edges().size();
    Visitor she(*door);
    static_cast<void>(let_in(*door, she));
    REQUIRE(wait_until([&] { return door->released(); }, 30s));
    std::this_thread::sleep_for(200ms);
    REQUIRE(door->released());
    const Instant killed = DoorSite::now();
    CHECK(door->kill() == -SIGKILL);
    REQUIRE(wait_until([&] { return !door->released(); }, 6s));
    const auto edges = door->edges();
    std::cout << "killed 200 ms into the pulse: locked after "
              << milliseconds(DoorSite::now() - killed) << " ms" << std::endl;
    CHECK(door->guard().alive());
    door->turn_key(false);
    // The next one starts locked, and drives nothing.
    const DriveTrace trace;
    static_cast<void>(door->serve());
    std::this_thread::sleep_for(1s);
    CHECK(door->stop() == 0);
    CHECK(trace.sets(true) == 0);
    CHECK(door->edges().size() == before + 2);
    CHECK_FALSE(door->released());
}

TEST_CASE("hil visit: what is asked of the guard reaches the line of the strike") {
    DoorSite* door = site();
    if (door == nullptr) return;
    if (door->serving()) static_cast<void>(door->stop());
    pi::GuardedStrike strike({door->guard().socket(), door->bolt_contact()});
    std::vector<Duration> took;
    for (int i = 0; i < 21; ++i) {
        const Instant asked = DoorSite::now();
        REQUIRE(strike.pulse(1s));
        while (!door->released() && DoorSite::now() - asked < 1s) {
        }
        took.push_back(DoorSite::now() - asked);
        REQUIRE(door->released());
        REQUIRE(strike.lock());
        REQUIRE(wait_until([&] { return !door->released(); }, 1s));
    }
    std::sort(took.begin(), took.end());
    const auto microseconds = [](Duration span) {
        return std::chrono::duration_cast<std::chrono::microseconds>(span).count();
    };
    std::cout << "from asking to the line: " << microseconds(took.front()) << " us at least, "
              << microseconds(took[took.size() / 2]) << " us in the middle, "
              << microseconds(took.back()) << " us at most" << std::endl;
}

}  // namespace
}  // namespace strongroom::test
