// strongroom-door and its fingerprint sensor: an emulated R307 on a pseudo-terminal, in real time.
#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>

#include <sys/stat.h>

#include "catch.h"
#include "devices/ridge_image_check.h"
#include "door.h"
#include "emulate_r307.h"
#include "pi/commands/open_store.h"
#include "pi/service/door_devices.h"
#include "pi/service/finger_desk.h"
#include "pi/system.h"
#include "pi/uart.h"

namespace strongroom::door::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

const std::string both = "1\ncorrect horse battery\n2\nanother long sentence\n";
constexpr std::uint8_t set_password = 0x12;
constexpr std::uint8_t store_template = 0x06;
constexpr std::uint8_t take_image = 0x01;
constexpr std::uint8_t no_finger = 0x02;  // its confirmation

// A door whose policy asks for a finger, and a sensor at its serial line.
class FingerDoor {
public:
    // `sensor`: what it is when the door is first switched on. Images come twice as fast at 115200
    // baud, which is what the configuration wants.
    explicit FingerDoor(const fingerprint::R307Settings& sensor = {}, const std::string& pin = "")
        : door("cash-terminal.yaml") {
        const fs::path flash = door.folder() / "flash";
        std::ofstream file(flash, std::ios::binary);
        for (const std::byte byte : fingerprint::R307(sensor).flash_image()) {
            file.put(static_cast<char>(byte));
        }
        file.close();
        cli::R307Options options;
        options.pty = door.folder() / "r307";
        options.store = flash;
        options.quiet = true;
        emulation = std::make_unique<cli::R307Emulation>(options, said);
        std::string text = text_of(door.config());
        Door::replace(text, "device: /dev/serial0",
                      "device: " + options.pty.string() + "\n  baud: 115200");
        Door::replace(text, "  pin: {system_id: 0x0009, capacity: 1000}\n", pin);
        Door::replace(text, "  canary: {first: 990, count: 10}\n", "");
        door.configure(text);
    }

    void pin() const {
        std::string text = text_of(door.config());
        Door::replace(text, "  baud: 115200\n",
                      "  baud: 115200\n  pin: {system_id: 0x0009, capacity: 1000}\n");
        door.configure(text);
    }

    // Runs the program; `who` does what it asks for, with a finger or a cast of `material`.
    Answer run(const std::string& words, const std::string& typed, const std::string& who = "alice",
               const std::string& material = "skin") {
        std::size_t heard = 0;
        return door.run(words, typed, [&](const std::string& text, pid_t program) {
            running = program;
            carry();
            const auto hears = [&](const std::string& what) {
                const std::size_t at = text.find(what, heard);
                if (at == std::string::npos) return false;
                heard = at + what.size();
                return true;
            };
            if (hears("Put the finger on") || hears("Put the same finger on")) {
                (void)emulation->obey("place " + who + " " + material);
            } else if (hears("Take the finger off")) {
                (void)emulation->obey("lift");
            }
        });
    }
    void carry() {
        emulation->step();
        (void)emulation->wait(2ms);
        emulation->step();
    }
    // The program dies, as by a power cut, when the sensor has carried out `instruction`.
    void cut_after(std::uint8_t instruction) {
        emulation->sensor().on_exchange([this, instruction](const fingerprint::R307::Exchange& e) {
            if (e.instruction == instruction) ::kill(running, SIGKILL);
        });
    }
    void no_more_cuts() { emulation->sensor().on_exchange({}); }
    [[nodiscard]] fs::path password() const {
        return door.folder() / "etc/secrets/fingerprint-password";
    }
    [[nodiscard]] fingerprint::R307& sensor() const { return emulation->sensor(); }

    // The store, opened as the program does.
    [[nodiscard]] pi::OpenStore open() {
        return pi::open_store(
            {door.folder() / "store/strongroom.db", door.folder() / "etc/secrets/master-key",
             door.folder() / "anchor/strongroom.anchor"},
            auth::locker({}), TerminalId{2}, moment(), entropy);
    }
    void add_customer() {
        const pi::OpenStore opened = open();
        REQUIRE(opened.records->authorise(
            moment(), {StaffId{1}, Secret(std::string_view("correct horse battery"))},
            {StaffId{2}, Secret(std::string_view("another long sentence"))}));
        REQUIRE(opened.records->add_customer(moment(), "Alice", "+15550100142"));
    }
    [[nodiscard]] store::Moment moment() const { return {clock.now(), clock.wall()}; }
    [[nodiscard]] std::vector<store::FingerEnrolment> fingers_of(std::uint64_t customer) {
        return open().records->load(moment(), CustomerId{customer}, {}).value().fingers;
    }
    [[nodiscard]] std::vector<auth::AuditEntry> audit() {
        std::vector<auth::AuditEntry> rows;
        REQUIRE(open().records->read_audit(
            {}, [&](const store::AuditRow& row) { rows.push_back(row.entry); }));
        return rows;
    }

    Door door;
    std::ostringstream said;
    std::unique_ptr<cli::R307Emulation> emulation;
    pi::SystemClock clock;
    pi::SystemEntropy entropy;
    pid_t running = 0;
    bool lay = false;
};

fingerprint::R307Settings fast() {
    fingerprint::R307Settings settings;
    settings.baud_multiplier = 12;
    return settings;
}

bool has_row(const std::vector<auth::AuditEntry>& rows, auth::AuditKind kind, std::int64_t detail) {
    return std::any_of(rows.begin(), rows.end(), [&](const auth::AuditEntry& row) {
        return row.kind == kind && row.detail == detail;
    });
}

}  // namespace

TEST_CASE("door finger: a sensor as it is sold becomes the door's own, and stays so") {
    FingerDoor at;  // at 57600 baud
    at.sensor().enrol(5, 99);
    const Answer done = at.run("commission", two_people + "empty\n");
    INFO(done.text);
    REQUIRE(done.status == 0);
    CHECK_THAT(done.text, Contains("does not answer at 115200 baud") &&
                              Contains("holds 1 fingers of nobody knows whom") &&
                              Contains("made the sensor's password") &&
                              Contains("pin: {system_id: 0x0009, capacity: 1000, packet_size: "
                                       "128}") &&
                              Contains("slots 990 to 999 stay empty"));
    CHECK(at.sensor().baud() == 115200);
    CHECK(at.sensor().library().empty());
    struct stat status {};
    REQUIRE(::stat(at.password().c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0400U);
    const std::string password = text_of(at.password()).substr(0, 8);
    CHECK(at.sensor().password() == std::stoul(password, nullptr, 16));
    CHECK_THAT(done.text, !Contains(password));

    // Once more: nothing is changed, whatever the password file's copy is for.
    const std::uint64_t writes = at.sensor().flash_writes();
    const Answer again = at.run("commission", both + "\n");
    INFO(again.text);
    CHECK(again.status == 0);
    CHECK_THAT(again.text, Contains("has its own password already, and 0 fingers"));
    CHECK(at.sensor().flash_writes() == writes);

    // Another sensor on the cable, and none of the right password.
    at.pin();
    std::string text = text_of(at.door.config());
    Door::replace(text, "capacity: 1000", "capacity: 300");
    at.door.configure(text);
    const Answer other = at.run("commission", both + "\n");
    CHECK(other.status == 2);
    CHECK_THAT(other.text,
               Contains("another one than the configuration pins") && Contains("capacity 1000"));
    fs::remove(at.password());
    const Answer lost = at.run("commission", both + "\n");
    CHECK(lost.status == 2);
    CHECK_THAT(lost.text, Contains("put its copy back"));
    CHECK_FALSE(fs::exists(at.password()));
}

TEST_CASE("door finger: a commissioning that is cut off after the password was set goes on") {
    FingerDoor at(fast());
    at.cut_after(set_password);
    const Answer cut = at.run("commission", two_people);
    INFO(cut.text);
    CHECK(cut.status == -1);
    CHECK(at.sensor().password() != 0);
    REQUIRE(fs::exists(at.password()));
    at.no_more_cuts();
    const Answer again = at.run("commission", both + "\n");
    INFO(again.text);
    CHECK(again.status == 0);
    CHECK_THAT(again.text, Contains("has its own password already"));
    CHECK(at.sensor().password() == std::stoul(text_of(at.password()), nullptr, 16));
}

TEST_CASE("door finger: a library of nobody knows whom is not emptied unasked") {
    FingerDoor at(fast());
    at.sensor().enrol(5, 99);
    const Answer kept = at.run("commission", two_people + "no\n");
    CHECK(kept.status == 2);
    CHECK_THAT(kept.text, Contains("the sensor is as it was"));
    CHECK(at.sensor().library().size() == 1);
    CHECK(at.sensor().password() == 0);
    CHECK_FALSE(fs::exists(at.password()));
    // Nothing works with a sensor that is not the door's own.
    const Answer early = at.run("finger check", both);
    CHECK(early.status == 2);
    CHECK_THAT(early.text, Contains("fingerprint-password"));
}

TEST_CASE("door finger: a finger is enrolled, known again by the reader, checked, and removed") {
    FingerDoor at(fast());
    REQUIRE(at.run("commission", two_people).status == 0);
    at.add_customer();
    CHECK_THAT(at.run("finger add --customer 1", both).text, Contains("is not pinned"));
    at.pin();
    // Of a cast, and of nobody.
    CHECK_THAT(at.run("finger add --customer 7", both).text, Contains("there is no customer 7"));
    const Answer cast = at.run("finger add --customer 1", both, "alice", "silicone");
    INFO(cast.text);
    CHECK(cast.status == 2);
    CHECK_THAT(cast.text, Contains("does not look like a living finger"));
    CHECK(at.sensor().library().empty());
    CHECK(has_row(at.audit(), auth::AuditKind::finger_artefact, 0));

    const Answer added = at.run("finger add --customer 1", both);
    INFO(added.text);
    REQUIRE(added.status == 0);
    CHECK_THAT(added.text, Contains("Please wait 4 seconds"));
    REQUIRE(at.sensor().library().size() == 1);
    const auto fingers = at.fingers_of(1);
    REQUIRE(fingers.size() == 1);
    CHECK(at.sensor().library().contains(fingers[0].reference.slot));
    CHECK(has_row(at.audit(), auth::AuditKind::enrolled,
                  static_cast<std::int64_t>(store::EnrolmentStep::finger_added)));

    // The terminal's reader, over the same line, with what the store has of her.
    const config::Configuration c = config::load(at.door.config());
    const config::Fingerprint& f = c.fingerprint.value();
    {
        pi::Uart line(f.device.string(), 115200);
        devices::RidgeImageCheck check;
        devices::ZfmReader reader(
            line, at.clock, check,
            pi::reader_settings(
                f,
                pi::sensor_password(
                    f.password, config::read_secret(f.password, at.door.folder() / "etc/secrets")),
                pi::finger_digest_key(at.open().master)));
        (void)at.emulation->obey("lift");
        // Laid down when the glass was seen to be empty.
        at.sensor().on_exchange([&](const fingerprint::R307::Exchange& e) {
            if (e.instruction == take_image && e.confirmation == no_finger) at.lay = true;
        });
        REQUIRE(reader.start(fingers[0].reference));
        std::optional<FingerObservation> seen;
        const Instant end = at.clock.now() + 60s;
        while (!seen && at.clock.now() < end) {
            at.carry();
            if (std::exchange(at.lay, false)) (void)at.emulation->obey("place alice");
            const auto polled = reader.poll();
            REQUIRE((polled || polled.error().code == Errc::corrupt));
            if (polled) seen = *polled;
        }
        REQUIRE(seen);
        CHECK(seen->matched_slot == fingers[0].reference.slot);
        CHECK(seen->liveness_score >= 0.5F);
        at.no_more_cuts();
        (void)at.emulation->obey("lift");
    }

    // What nobody is enrolled with goes; what somebody is enrolled with is missed.
    at.sensor().enrol(500, 4711);
    const Answer checked = at.run("finger check", both);
    INFO(checked.text);
    CHECK(checked.status == 0);
    CHECK_THAT(checked.text, Contains("slot 500 of the sensor") && Contains("deleted") &&
                                 Contains("sensor and store agree"));
    CHECK(at.sensor().library().size() == 1);
    const Answer removed = at.run("finger remove --customer 1", both);
    CHECK(removed.status == 0);
    CHECK(at.sensor().library().empty());
    CHECK(at.fingers_of(1).empty());
    CHECK_THAT(at.run("finger remove --customer 1", both).text, Contains("has no finger"));
}

TEST_CASE("door finger: an enrolment that is cut off leaves nothing that anybody could use") {
    FingerDoor at(fast());
    REQUIRE(at.run("commission", two_people).status == 0);
    at.add_customer();
    at.pin();
    at.cut_after(store_template);
    const Answer cut = at.run("finger add --customer 1", both);
    INFO(cut.text);
    CHECK(cut.status == -1);
    CHECK(at.sensor().library().size() == 1);
    CHECK(at.fingers_of(1).empty());
    at.no_more_cuts();
    const Answer checked = at.run("finger check", both);
    CHECK_THAT(checked.text, Contains("an enrolment that broke off leaves one"));
    CHECK(at.sensor().library().empty());
}

}  // namespace strongroom::door::test
