// The terminal with the simulator's devices and a real store in memory.
#include "room.h"

using namespace strongroom;
using namespace strongroom::testing;
using namespace std::chrono_literals;

TEST_CASE("terminal: an honest visit opens the door, and it is locked again afterwards") {
    Room room;
    room.visit();
    CHECK(room.count(sim::FactKind::bolt_withdrawn) == 1);
    CHECK(room.count(sim::FactKind::contents_taken) == 0);
    CHECK_FALSE(room.world.site(room.site).energised);
    CHECK_FALSE(room.world.site(room.site).bolt_withdrawn);
    CHECK(room.count(sim::FactKind::alarm_raised) == 0);
    CHECK(room.audited(auth::AuditKind::granted));
    CHECK(room.counts().failures == 0);
    CHECK(room.counts().holds == 0);
}

TEST_CASE("terminal: the same customer is served again at once") {
    Room room;
    room.visit();
    room.visit();
    CHECK(room.count(sim::FactKind::door_opened) == 2);
}

TEST_CASE("terminal: a stranger's face sends no code and counts nothing against the customer") {
    Room room;
    room.claim(room.bob);
    REQUIRE(room.until("not_recognised"));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    CHECK(room.counts().failures == 0);
    CHECK(room.counts().unproven.count == 3);
}

TEST_CASE("terminal: three wrong codes are a penalty of five minutes that a restart does not end") {
    Room room;
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    for (int i = 0; i < 3; ++i) {
        room.world.type_code(room.ada, room.site, room.code() == "000000" ? "000001" : "000000");
        room.scheduler.run_for(2s);
    }
    REQUIRE(room.until("refused_until"));
    CHECK(room.counts().failures == 3);
    room.terminal.reset();
    room.start();
    room.scheduler.run_for(1s);
    room.claim(room.ada);
    REQUIRE(room.until("refused_until"));
    CHECK(room.counts().penalty > 4min);
    room.scheduler.run_for(5min);
    room.visit();
    CHECK(room.counts().failures == 0);
}

TEST_CASE("terminal: a key before the face raises an alarm and moves nothing") {
    Room room;
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 3s));
    room.scheduler.run_for(5s);
    CHECK(room.count(sim::FactKind::alarm_raised, "key_early") == 1);
    CHECK(room.count(sim::FactKind::bolt_withdrawn) == 0);
}

TEST_CASE("terminal: a welded relay raises its alarm and no further visit begins") {
    Room room;
    room.world.weld_relay(room.site);
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    REQUIRE(room.until("turn_key"));
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 3s));
    REQUIRE(room.until("open_door"));
    room.scheduler.run_for(8s);
    CHECK(room.count(sim::FactKind::alarm_raised, "strike_stuck") == 1);
    room.claim(room.ada);
    CHECK(room.until("out_of_service"));
}

TEST_CASE("terminal: a camera that is unplugged in mid-look ends the visit") {
    Room room;
    room.claim(room.ada);
    room.world.unplug(room.bob, room.site, sim::Cable::camera);
    REQUIRE(room.until("out_of_service"));
    CHECK(room.count(sim::FactKind::alarm_raised, "camera_lost") == 1);
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    room.world.plug(room.bob, room.site, sim::Cable::camera);
    room.world.leave(room.bob);
    room.visit();
    CHECK(room.count(sim::FactKind::alarm_cleared, "camera_lost") == 1);
}

TEST_CASE("terminal: an unlocked strike at the end of a terminal is locked") {
    Room room;
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    REQUIRE(room.until("turn_key"));
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    REQUIRE(room.until("open_door"));
    REQUIRE(room.world.site(room.site).energised);
    room.terminal.reset();
    CHECK_FALSE(room.world.site(room.site).energised);
}

TEST_CASE(
    "terminal: a try whose outcome cannot be written is a failure when the disk is well again") {
    Room room;
    const auto type_wrong = [&] {
        room.claim(room.ada);
        REQUIRE(room.until("enter_code"));
        room.world.type_code(room.ada, room.site, room.code() == "000000" ? "000001" : "000000");
        REQUIRE(room.until("out_of_service"));
        room.world.leave(room.ada);
    };
    // From the settlement on nothing can be written.
    room.gate.fails = [&](const auth::Record& record) {
        room.gate.dead |= std::holds_alternative<auth::SettleWrong>(record.body);
        return room.gate.dead;
    };
    type_wrong();
    room.scheduler.run_for(20s);
    CHECK(room.counts().holds == 1);
    CHECK(room.count(sim::FactKind::alarm_raised, "records_unavailable") == 1);
    room.gate.dead = false;
    room.scheduler.run_for(2s);
    CHECK(room.counts().holds == 0);
    CHECK(room.counts().failures == 1);
    CHECK(room.audited(auth::AuditKind::try_unsettled));
    CHECK(room.count(sim::FactKind::alarm_cleared, "records_unavailable") == 1);
    // Twice more, and it is a penalty like any other; afterwards she opens, and all is forgotten.
    for (int i = 2; i <= 3; ++i) {
        type_wrong();
        room.gate.dead = false;
        room.scheduler.run_for(2s);
        CHECK(room.counts().failures == i);
        CHECK(room.counts().holds == 0);
    }
    room.gate.fails = [](const auth::Record&) { return false; };
    CHECK(room.counts().penalty > 4min);
    room.scheduler.run_for(5min);
    room.visit();
    CHECK(room.counts().failures == 0);
    CHECK(room.counts().holds == 0);
}

TEST_CASE("terminal: a right code and a grant that cannot be written leave no hold either") {
    Room room;
    bool grant = false;
    SECTION("the code") { grant = false; }
    SECTION("the grant") { grant = true; }
    room.gate.fails = [&](const auth::Record& record) {
        return grant ? std::holds_alternative<auth::Grant>(record.body)
                     : std::holds_alternative<auth::SettleRight>(record.body);
    };
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    if (grant) {
        REQUIRE(room.until("turn_key"));
        REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    }
    REQUIRE(room.until("out_of_service"));
    room.world.leave(room.ada);
    room.scheduler.run_for(12s);
    CHECK(room.count(sim::FactKind::bolt_withdrawn) == 0);
    CHECK(room.counts().holds == 0);
    CHECK(room.counts().failures == 1);
    room.gate.fails = [](const auth::Record&) { return false; };
    room.visit();
    CHECK(room.counts().failures == 0);
}

TEST_CASE("terminal: a grant that the disk takes too long over opens nothing") {
    Room room;
    room.gate.before = [&](const auth::Record& record) {
        if (std::holds_alternative<auth::Grant>(record.body)) room.clock->late += 60s;
    };
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    REQUIRE(room.until("turn_key"));
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    REQUIRE(room.until("timed_out"));
    room.scheduler.run_for(12s);
    CHECK(room.count(sim::FactKind::bolt_withdrawn) == 0);
    CHECK(room.count(sim::FactKind::strike_energised) == 0);
    CHECK(room.audited(auth::AuditKind::grant_withdrawn));
}

TEST_CASE("terminal: a box that is opened during a visit releases nothing") {
    Room room;
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    REQUIRE(room.until("turn_key"));
    room.world.open_enclosure(room.bob, room.site);
    room.scheduler.run_for(1s);
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    REQUIRE(room.until("out_of_service"));
    CHECK(room.count(sim::FactKind::strike_energised) == 0);
    CHECK(room.audited(auth::AuditKind::release_failed));
}

namespace {

// Looks well and shows nothing.
class SilentObserver final : public hal::FaceObserver {
public:
    explicit SilentObserver(FaceModelId model) : model_(model) {}
    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate>) override { return {}; }
    void stop() override {}
    [[nodiscard]] Result<std::optional<FaceObservation>> poll() override {
        return std::optional<FaceObservation>{};
    }
    [[nodiscard]] Instant next_poll() const override { return never; }
    [[nodiscard]] FaceModelId model() const override { return model_; }

private:
    FaceModelId model_;
};

}  // namespace

TEST_CASE("terminal: an observer that hangs without an error ends the visit and raises its alarm") {
    SilentObserver silent(scores().id);  // outlives the terminal
    Room room;
    const hal::Devices d = room.devices->devices();
    const hal::Devices devices{d.clock,  d.entropy,     silent,   d.strike,  d.key,   d.door,
                               d.tamper, d.exit_button, d.keypad, d.display, d.siren, d.sms};
    room.terminal = std::make_unique<terminal::Terminal>(terminal::Setup{.terminal = door,
                                                                         .locker = locker,
                                                                         .policy = room.policy,
                                                                         .rules = {},
                                                                         .code_key = Key256{}},
                                                         devices, *room.records, nullptr);
    room.request(room.scheduler.now());
    room.claim(room.ada);
    room.scheduler.run_for(6s);
    CHECK(room.prompts.back() == "out_of_service");
    CHECK(room.count(sim::FactKind::alarm_raised, "camera_lost") == 1);
    CHECK(room.audited(auth::AuditKind::camera_lost));
}

// ---- challenge, company, and cameras that are not the terminal's own ---------------------------

TEST_CASE("terminal: a face that answers nothing gets no code") {
    Room room;
    room.answers = false;
    room.claim(room.ada);
    REQUIRE(room.until("not_recognised"));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    CHECK(room.audited(auth::AuditKind::challenge_failed));
    CHECK(room.counts().unproven.count == 3);
    CHECK(room.counts().failures == 0);
}

TEST_CASE("terminal: a sleeping customer who is held to the camera opens nothing") {
    Room room;
    room.world.arrive(room.bob, room.site);
    sim::ShownFace asleep;
    asleep.whose = room.ada;
    asleep.eyes_shut = true;
    room.world.show_face(room.bob, room.site, asleep);
    room.world.claim(room.bob, room.site, alice, locker);
    REQUIRE(room.until("timed_out"));
    room.scheduler.run_for(5s);
    CHECK(room.audited(auth::AuditKind::no_intent));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    CHECK(room.counts().unproven.count == 0);
}

TEST_CASE("terminal: a second person before the release raises an alarm and opens nothing") {
    Room room;
    room.claim(room.ada);
    REQUIRE(room.until("enter_code"));
    room.world.type_code(room.ada, room.site, room.code());
    REQUIRE(room.until("turn_key"));
    sim::ShownFace both;
    both.faces = 2;
    room.world.show_face(room.ada, room.site, both);
    REQUIRE(room.world.turn_key(room.ada, room.site, room.key, 10s));
    REQUIRE(room.until("one_person_only"));
    room.scheduler.run_for(2s);
    CHECK(room.count(sim::FactKind::alarm_raised, "two_persons") == 1);
    CHECK(room.count(sim::FactKind::strike_energised) == 0);
    room.world.show_face(room.ada, room.site);
    REQUIRE(room.until("open_door"));
    CHECK(room.audited(auth::AuditKind::two_persons));
}

TEST_CASE("terminal: another camera in the place of its own is refused with an alarm") {
    Room room;
    sim::ShownFace stream;
    stream.whose = room.ada;
    stream.presentation = sim::Presentation::compromised;
    room.world.replace_camera(room.bob, room.site, sim::CameraKind::virtual_device, stream);
    room.claim(room.bob);
    REQUIRE(room.until("out_of_service"));
    room.scheduler.run_for(2s);
    CHECK(room.count(sim::FactKind::alarm_raised, "camera_untrusted") == 1);
    CHECK(room.count(sim::FactKind::alarm_raised, "camera_lost") == 0);
    CHECK(room.audited(auth::AuditKind::camera_untrusted));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
    room.world.replace_camera(room.bob, room.site, sim::CameraKind::own);
    room.world.leave(room.bob);
    room.visit();
    CHECK(room.count(sim::FactKind::door_opened) == 1);
}

TEST_CASE("terminal: frames of an earlier visit are refused with an alarm") {
    Room room;
    sim::ShownFace film;
    film.whose = room.ada;
    film.presentation = sim::Presentation::compromised;
    room.world.replace_camera(room.bob, room.site, sim::CameraKind::recording, film);
    room.claim(room.bob);
    REQUIRE(room.until("out_of_service"));
    room.scheduler.run_for(2s);
    CHECK(room.count(sim::FactKind::alarm_raised, "camera_untrusted") == 1);
    CHECK(room.audited(auth::AuditKind::frame_stale));
    CHECK(room.count(sim::FactKind::sms_submitted) == 0);
}
