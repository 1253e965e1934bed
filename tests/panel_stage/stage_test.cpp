// The stage behind the panel: orders reach the world and the real core decides.
#include "panel/stage.h"

#include <algorithm>
#include <cstdlib>

#include "catch.h"

namespace strongroom::panel {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::filesystem::path scores_file() {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    return std::filesystem::path(source == nullptr ? "." : source) /
           "backends/sim/data/scores-embedded-renders.json";
}

StageSetup at_scores() {
    StageSetup setup;
    setup.scenario = showroom();
    setup.render = false;
    setup.scores = scores_file();
    return setup;
}

void pass(Stage& stage, Duration span) {
    const Instant until = stage.now() + span;
    while (stage.advance(until)) {
    }
}

// Until the screen shows it, for a minute at most.
bool shows(Stage& stage, Prompt::Message message) {
    for (int i = 0; i < 600; ++i) {
        const Snapshot now = stage.snapshot(false);
        if (now.terminal.prompt.message == message) return true;
        pass(stage, milliseconds(100));
    }
    return false;
}

bool message_for(Stage& stage, const std::string& phone) {
    for (int i = 0; i < 600; ++i) {
        for (const PhoneSnapshot& one : stage.snapshot(false).phones) {
            if (one.name == phone && !one.messages.empty()) return true;
        }
        pass(stage, milliseconds(100));
    }
    return false;
}

void open_as_ada(Stage& stage) {
    CHECK(stage.carry_out(Arrive{"Ada"}).empty());
    CHECK(stage.carry_out(Claim{"Ada", CustomerId{1}, LockerId{101}}).empty());
    REQUIRE(shows(stage, Prompt::Message::enter_code));
    REQUIRE(message_for(stage, "Ada's phone"));
    CHECK(stage.carry_out(TypeCode{"Ada", {}}).empty());
    REQUIRE(shows(stage, Prompt::Message::turn_key));
    CHECK(stage.carry_out(TurnKey{"Ada"}).empty());
    REQUIRE(shows(stage, Prompt::Message::open_door));
    pass(stage, milliseconds(200));
    CHECK(stage.carry_out(AtDoor{"Ada", DoorAction::pull}).empty());
}

std::vector<std::string> words_of(const Snapshot& snapshot) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < snapshot.events.size(); ++i) {
        words.push_back(snapshot.events[i].words);
    }
    return words;
}

TEST_CASE("a customer who is steered through every step opens her locker", "[panel]") {
    Stage stage(at_scores());
    open_as_ada(stage);
    const Snapshot open = stage.snapshot(true);
    CHECK(open.door.door_open);
    CHECK(open.door.bolt_withdrawn);
    REQUIRE(open.audit.lines.size() > 5);
    bool granted = false;
    for (std::size_t i = 0; i < open.audit.lines.size(); ++i) {
        CHECK(open.audit.lines[i].sequence == i + 1);
        granted = granted || open.audit.lines[i].kind == "granted";
    }
    CHECK(granted);
    CHECK(stage.carry_out(VerifyAudit{}).empty());
    CHECK_FALSE(stage.snapshot(false).audit.broken);
}

TEST_CASE("what cannot be done is said and changes nothing", "[panel]") {
    Stage stage(at_scores());
    CHECK(stage.carry_out(TypeCode{"Ada", "123456"}).find("not before the terminal") !=
          std::string::npos);
    CHECK(stage.carry_out(Arrive{"Nobody"}).find("nobody called") != std::string::npos);
    CHECK(stage.carry_out(Arrive{"Ada"}).empty());
    CHECK_FALSE(stage.carry_out(AtDoor{"Ada", DoorAction::pull}).empty());
    CHECK_FALSE(stage.carry_out(AddCustomer{"Eve", "12", LockerId{103}}).empty());
    sim::FaultRule impossible;
    impossible.call = "siren.raise";
    impossible.kind = sim::FaultKind::corrupt;
    impossible.nth = 1;
    CHECK_FALSE(stage.carry_out(SetFault{impossible, true}).empty());
    CHECK_FALSE(stage.snapshot(false).door.door_open);
}

TEST_CASE("a visit is played again to the same moment by its recording", "[panel]") {
    Stage stage(at_scores());
    open_as_ada(stage);
    pass(stage, seconds(3));
    const Instant end = stage.now();
    const std::vector<std::string> before = words_of(stage.snapshot(false));

    stage.rewind(Instant(seconds(1)));
    CHECK(stage.now() == Instant(seconds(1)));
    CHECK(stage.recorded() == end);
    Snapshot early = stage.snapshot(true);
    CHECK(early.time.replaying);
    CHECK_FALSE(early.door.door_open);
    pass(stage, end - stage.now());
    CHECK(words_of(stage.snapshot(false)) == before);
    CHECK(stage.snapshot(false).door.door_open);
}

TEST_CASE("an order in the middle of a replay begins another future", "[panel]") {
    Stage stage(at_scores());
    open_as_ada(stage);
    stage.rewind(Instant(seconds(1)));
    CHECK(stage.carry_out(PressCancel{"Ada"}).empty());
    CHECK(stage.recorded() == stage.now());
    pass(stage, seconds(60));
    const Snapshot after = stage.snapshot(false);
    CHECK_FALSE(after.door.door_open);
    CHECK_FALSE(after.time.replaying);
}

TEST_CASE("a mask that liveness detection would find opens once that defence is taken away",
          "[panel]") {
    Stage stage(at_scores());
    const auto attack = [&] {
        sim::ShownFace print;
        print.presentation = sim::Presentation::artefact;
        CHECK(stage.carry_out(StealPhone{"Mallory", "Ada"}).empty());
        CHECK(stage.carry_out(Arrive{"Mallory"}).empty());
        CHECK(stage.carry_out(ShowFace{"Mallory", "Ada", print}).empty());
        CHECK(stage.carry_out(Claim{"Mallory", CustomerId{1}, LockerId{101}}).empty());
        return shows(stage, Prompt::Message::enter_code);
    };
    CHECK_FALSE(attack());
    stage.restart({"presentation attack detection"});
    CHECK(attack());
    CHECK(message_for(stage, "Ada's phone"));
    CHECK(stage.carry_out(TypeCode{"Mallory", {}}).empty());
    REQUIRE(shows(stage, Prompt::Message::turn_key));
    CHECK(stage.carry_out(TurnKey{"Mallory"}).empty());
    CHECK(shows(stage, Prompt::Message::open_door));
    const Snapshot broken = stage.snapshot(true);
    CHECK_FALSE(broken.defences.front().present);
    CHECK(broken.time.arm == "without presentation attack detection");
}

TEST_CASE("a print before a rendered camera is seen for what it is, and opens once nothing looks",
          "[panel]") {
    StageSetup setup;
    setup.scenario = showroom();
    Stage stage(std::move(setup));
    const auto attack = [&] {
        sim::ShownFace print;
        print.presentation = sim::Presentation::artefact;
        print.species = "print_matte";
        print.quality = 1;
        CHECK(stage.carry_out(Arrive{"Mallory"}).empty());
        CHECK(stage.carry_out(ShowFace{"Mallory", "Ada", print}).empty());
        CHECK(stage.carry_out(Claim{"Mallory", CustomerId{1}, LockerId{101}}).empty());
        return shows(stage, Prompt::Message::enter_code);
    };
    CHECK_FALSE(attack());
    const Snapshot held = stage.snapshot(false);
    CHECK(held.camera.pixels);
    CHECK(held.camera.frame.width > 0);
    CHECK_FALSE(held.camera.scores.empty());
    stage.restart({"presentation attack detection"});
    CHECK(attack());
}

TEST_CASE("faults are switched on and off while time passes", "[panel]") {
    Stage stage(at_scores());
    sim::FaultRule rule;
    rule.call = "face.poll";
    rule.kind = sim::FaultKind::fail;
    rule.probability = 1;
    CHECK(stage.carry_out(SetFault{rule, true}).empty());
    const auto active = [&] {
        const Snapshot snapshot = stage.snapshot(false);
        return std::count_if(snapshot.faults->begin(), snapshot.faults->end(),
                             [](const FaultRow& row) { return row.active; });
    };
    CHECK(active() == 1);
    CHECK(stage.carry_out(Arrive{"Ada"}).empty());
    CHECK(stage.carry_out(Claim{"Ada", CustomerId{1}, LockerId{101}}).empty());
    pass(stage, seconds(10));
    const Snapshot failed = stage.snapshot(false);
    const bool alarmed = std::any_of(failed.alarms.begin(), failed.alarms.end(),
                                     [](const auto& a) { return a.alarm == Alarm::camera_lost; });
    CHECK(alarmed);
    CHECK(stage.carry_out(SetFault{rule, false}).empty());
    CHECK(active() == 0);
}

TEST_CASE("large tables are filled once and grow by what is new", "[panel]") {
    StageSetup setup = at_scores();
    setup.further_lockers = 40;
    setup.further_audit_rows = 1200;
    Stage stage(std::move(setup));
    const Snapshot first = stage.snapshot(true);
    CHECK(first.lockers->size() == 42);
    const std::size_t rows = first.audit.lines.size();
    CHECK(rows >= 1200);
    CHECK(stage.carry_out(AddLocker{LockerId{5000}}).empty());
    const Snapshot second = stage.snapshot(true);
    CHECK(second.lockers->size() == 43);
    REQUIRE(second.audit.lines.size() > rows);
    CHECK(second.audit.lines[rows].sequence == rows + 1);
    CHECK(first.audit.lines.size() == rows);
}

}  // namespace
}  // namespace strongroom::panel
