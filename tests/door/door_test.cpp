// strongroom-door: what is in it, and what it does with configurations, stores and people.
#include "door.h"

#include <sys/stat.h>

#include "catch.h"

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using namespace strongroom::door::test;

TEST_CASE("door: nothing of the simulator, of scenarios or of simulation models is linked") {
    const std::string map = text_of(STRONGROOM_DOOR_MAP);
    // What it is made of must be there, or the map is of something else.
    for (const char* own : {"libstrongroom_auth.a", "libstrongroom_terminal.a",
                            "libstrongroom_store.a", "libstrongroom_pi_gpio.a"}) {
        CHECK_THAT(map, Contains(own));
    }
    for (const char* foreign :
         {"backends/sim", "strongroom_sim", "strongroom_people", "face_model", "liveness_model",
          "strongroom_fingerprint", "sms_provider", "scenarios/", "strongroom_scenarios",
          "strongroom_parts", "strongroom_rendered", "ui/cli", "naive"}) {
        CHECK_THAT(map, !Contains(foreign));
    }
}

TEST_CASE("door: two members of staff are made once, with their passwords unseen") {
    const Door door;
    const Answer made = door.run("commission", two_people);
    INFO(made.text);
    CHECK(made.status == 0);
    CHECK_THAT(made.text, Contains("Carol is member of staff 1"));
    CHECK_THAT(made.text, Contains("Dave is member of staff 2"));
    CHECK_THAT(made.text, !Contains("battery") && !Contains("sentence"));
    struct stat status {};
    REQUIRE(::stat((door.folder() / "etc/secrets/master-key").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);

    const Answer audit = door.run("audit verify");
    CHECK(audit.status == 0);
    CHECK_THAT(audit.text, Contains("intact"));

    // A third takes the other two.
    const Answer alone = door.run("commission",
                                  "1\ncorrect horse battery\n1\nx\n1\nx\n1\nx\n"
                                  "1\nx\n1\nx\nEve\n");
    CHECK(alone.status == 2);
    CHECK_THAT(alone.text, Contains("two members of staff have to agree"));
    const Answer third = door.run(
        "commission",
        "1\ncorrect horse battery\n2\nanother long sentence\nEve\nyet another sentence\nyet "
        "another sentence\n");
    INFO(third.text);
    CHECK(third.status == 0);
    CHECK_THAT(third.text, Contains("Eve is member of staff 3"));
}

TEST_CASE("door: a commissioning that breaks off can be gone on with") {
    const Door door;
    const Answer broken = door.run("commission",
                                   "Carol\ncorrect horse battery\ncorrect horse "
                                   "battery\nDave\n");
    CHECK(broken.status == 2);
    CHECK_THAT(broken.text, Contains("the input ended"));
    const Answer half = door.run("serve");
    CHECK(half.status == 2);
    const Answer rest =
        door.run("commission", "Dave\nanother long sentence\nanother long sentence\n");
    INFO(rest.text);
    CHECK(rest.status == 0);
    CHECK_THAT(rest.text, Contains("Dave is member of staff 2"));
}

TEST_CASE("door: what is simulated, unknown or missing is refused by name") {
    const Door door;
    std::string text = text_of(door.config());
    const auto refused = [&](const std::string& what, const std::string& by) {
        std::string changed = text;
        Door::replace(changed, what, by);
        door.configure(changed);
        const Answer answer = door.run("serve");
        CHECK(answer.status == 2);
        CHECK_THAT(answer.text, Contains("error: "));
        return answer.text;
    };
    CHECK_THAT(
        refused("kind: evdev\n  device: /dev/input/by-id/usb-keypad-event-kbd", "kind: simulated"),
        Contains("simulated, which a door cannot be: keypad"));
    CHECK_THAT(refused("terminal: 1", "terminus: 1"), Contains("did you mean 'terminal'"));
    CHECK_THAT(refused("terminal: 1", "terminal: 1\ncolour: red"), Contains("'colour'"));
    door.configure(text);
    CHECK_THAT(door.run("serve").text, Contains("master-key"));
    CHECK_THAT(door.run("audit verify").text, Contains("strongroom-door commission"));
}

TEST_CASE("door: a wrong word is answered with the words there are") {
    const Answer answer = Door().run("serv");
    CHECK(answer.status == 2);
    CHECK_THAT(answer.text, Contains("there is no command 'serv'") && Contains("commission"));
}

TEST_CASE(
    "door: without its guard it does not run, and a pack that is not the pinned one is named") {
    const Door door;
    REQUIRE(door.run("commission", two_people).status == 0);
    const Answer answer = door.run("serve");
    CHECK(answer.status == 2);
    CHECK_THAT(answer.text, Contains("guard"));
    CHECK_THAT(door.run("doctor").text, Contains("is not the manifest that is pinned"));
}

TEST_CASE("door: the doctor names every part that is not as it should be, and goes on") {
    const Door door;
    const Answer before = door.run("doctor");
    CHECK(before.status == 1);
    CHECK_THAT(before.text, Contains("good  configuration") && Contains("BAD   store") &&
                                Contains("strongroom-door commission") && Contains("BAD   face") &&
                                Contains("BAD   camera") && Contains("BAD   devices"));
    CHECK_THAT(door.run("doctor --json").text, Contains("\"ready\": false"));
}

TEST_CASE("door: a backup holds store and anchor, and is not written over") {
    const Door door;
    REQUIRE(door.run("commission", two_people).status == 0);
    const fs::path to = door.folder() / "copy";
    const Answer first = door.run("backup --to " + to.string());
    INFO(first.text);
    CHECK(first.status == 0);
    CHECK(fs::exists(to / "strongroom.db"));
    CHECK(fs::exists(to / "strongroom.anchor"));
    const Answer second = door.run("backup --to " + to.string());
    CHECK(second.status == 2);
    CHECK_THAT(second.text, Contains("not empty"));
}
