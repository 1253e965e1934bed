// A visit that was recorded in the simulator, its readings given again to the terminal as the
// simulator composes it and as the door does: the same decisions and the same effects, line by line
// and to the microsecond.
#include <filesystem>
#include <fstream>
#include <memory>

#include <unistd.h>

#include "base/trace.h"
#include "catch.h"
#include "config/configuration.h"
#include "pi/commands/open_store.h"
#include "pi/service/door_devices.h"
#include "pi/service/runner.h"
#include "pi/system.h"
#include "recording.h"
#include "visit.h"

namespace strongroom::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr LockerId the_locker{101};
constexpr CustomerId ada{1};
const std::string her_phone = "+15550100142";
const auth::FaceThreshold threshold{0.5, 0.0001, 0.001};

const sim::ScoreModel& scores() {
    static const auto model = sim::ScoreModel::parse(
        R"({"model": "test", "provenance": {}, "templates": 1,
        "genuine_quantiles": [[0, 0.1], [1, 0.3]], "impostor_quantiles": [[0, 0.7], [1, 0.9]]})",
        "test");
    return model;
}

// The files of a door in a folder, with one customer. Copies are as they were when it was made.
class Home {
public:
    Home() : folder_(made()) {
        pi::create_key(paths(), entropy());
        const auto opened = open(auth::locker(threshold));
        const store::Moment moment{};
        REQUIRE(opened.records->add_customer(moment, "Ada", her_phone, ada));
        REQUIRE(opened.records->add_locker(moment, the_locker));
        REQUIRE(opened.records->assign(moment, the_locker, ada));
        REQUIRE(opened.records->add_template(moment, ada, sim::make_template(1, 0, scores().id)));
    }
    Home(const Home& other) : folder_(made()) {
        fs::copy(other.folder_, folder_, fs::copy_options::recursive);
        fs::permissions(paths().key.parent_path(), fs::perms::owner_all);
    }
    Home& operator=(const Home&) = delete;
    ~Home() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    [[nodiscard]] pi::StorePaths paths() const {
        return {folder_ / "store" / "strongroom.db", folder_ / "secrets" / "master-key",
                folder_ / "anchor" / "strongroom.anchor"};
    }
    [[nodiscard]] pi::OpenStore open(const auth::Policy& policy) const {
        return pi::open_store(paths(), policy, TerminalId{1}, {}, entropy());
    }
    [[nodiscard]] fs::path file(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }

private:
    // Of the store's own; the terminal's is the record's.
    static pi::SystemEntropy& entropy() {
        static pi::SystemEntropy system;
        return system;
    }
    static fs::path made() {
        std::string name = (fs::temp_directory_path() / "strongroom-replay-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }
    fs::path folder_;
};

struct Plan {
    std::uint64_t face = 1;  // whose; 1 is hers
    bool knows_code = true;
    bool turns_key = true;
};

class Person final : public cli::Visitor {
public:
    explicit Person(const Plan& plan) : plan_(plan) {}
    std::string code(const std::string&, const std::string& digits) override {
        return plan_.knows_code ? digits : digits == "000000" ? "111111" : "000000";
    }
    std::string authenticator_code(const std::string&) override { return {}; }
    bool turn_key() override { return plan_.turns_key; }
    Duration taken() override { return 2345678us; }

private:
    Plan plan_;
};

// One visit as the simulator composes it; `through` stands between its world and the terminal.
cli::VisitResult simulate(const Plan& plan, const Home& home, TraceSink& trace,
                          std::function<hal::Devices(const hal::Devices&)> through) {
    const auto policy = auth::locker(threshold);
    const auto opened = home.open(policy);
    cli::VisitSetup setup;
    setup.policy = policy;
    setup.customer = ada;
    setup.locker = the_locker;
    setup.phone = her_phone;
    setup.face_identity = plan.face;
    setup.seed = 4;
    setup.code_key = opened.master.derive("one-time codes");
    setup.through = std::move(through);
    setup.trace = &trace;
    Person person(plan);
    return cli::VisitStage(std::move(setup), *opened.records, &scores(), nullptr).play(person);
}

struct Recorded {
    Recording recording;
    cli::VisitResult result;
};

Recorded record(const Plan& plan, const Home& home) {
    Recorded made;
    TraceLines trace(made.recording.lines);
    std::unique_ptr<Recorder> recorder;
    made.result = simulate(plan, home, trace, [&](const hal::Devices& world) {
        recorder = std::make_unique<Recorder>(world, made.recording);
        return recorder->devices();
    });
    return made;
}

// The same terminal in the same world, which hears what it does, and whose readings come from the
// record.
Lines replay_as_simulator(const Recording& recording, const Plan& plan, const Home& home) {
    Lines lines;
    TraceLines trace(lines);
    std::unique_ptr<Replay> replay;
    static_cast<void>(simulate(plan, home, trace, [&](const hal::Devices& world) {
        replay = std::make_unique<Replay>(recording, world.clock, lines, &world);
        return replay->devices();
    }));
    return lines;
}

class RecordClock final : public hal::Clock {
public:
    explicit RecordClock(WallTime start) : start_(start) {}
    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return start_ + now_.time_since_epoch(); }
    void set(Instant now) { now_ = now; }

private:
    WallTime start_;
    Instant now_{};
};

const std::string as_usual = "policy:\n  name: locker\n";

// As `strongroom-door serve` composes it, from a configuration, with the door's own loop: it looks
// every five milliseconds, and whenever something has changed.
Lines replay_as_door(const Recording& recording, const Home& home,
                     const std::string& policy = as_usual) {
    std::string text = "terminal: 1\nlocker: 101\n" + policy +
                       "store: {database: store/strongroom.db, anchor: anchor/strongroom.anchor, "
                       "key: {file: secrets/master-key}}\nface: {kind: scores}\n"
                       "sms: {providers: [{kind: simulated}]}\n";
    for (const char* part : {"strike", "key_switch", "door_contact", "tamper_loop", "exit_button",
                             "siren", "keypad", "display"}) {
        text += std::string(part) + ": {kind: simulated}\n";
    }
    const auto configuration = config::load(home.file("strongroom.yaml", text));
    Lines lines;
    TraceLines trace(lines);
    RecordClock clock(recording.start);
    Replay replay(recording, clock, lines);
    const hal::Devices record = replay.devices();
    const pi::StopSignals stop;
    const auto settings = pi::settings_of(configuration, threshold);
    const auto opened = home.open(settings.policy);
    const pi::DoorDevices devices({.configuration = configuration,
                                   .credentials = {},
                                   .clock = clock,
                                   .entropy = record.entropy,
                                   .finger_digest_key = pi::finger_digest_key(opened.master),
                                   .simulated = &record,
                                   .sms_events = {},
                                   .emulators = false});
    {
        terminal::Terminal terminal(pi::terminal_setup(configuration, settings, opened.master),
                                    devices.devices(), *opened.records, &trace);
        pi::RunnerSetup loop;
        const Duration tick = loop.tick;
        loop.tick = {};  // no time passes but the record's
        bool first = true;
        loop.before_step = [&] {
            if (std::exchange(first, false)) return true;
            const auto next = recording.looks.upper_bound(clock.now());
            const bool more = next != recording.looks.end();
            clock.set(more ? std::min(clock.now() + tick, *next) : recording.end);
            return more;
        };
        pi::run(terminal, clock, stop, loop);
    }
    return lines;
}

// Where two differ first; empty: nowhere.
std::string difference(const Lines& a, const Lines& b) {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const std::string left = i < a.size() ? a[i] : "(the end)";
        const std::string right = i < b.size() ? b[i] : "(the end)";
        if (left != right) return "line " + std::to_string(i + 1) + ": " + left + " | " + right;
    }
    return {};
}

bool has(const Lines& lines, const std::string& words) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(words) != std::string::npos;
    });
}

TEST_CASE("replay: a recorded visit gives the same decisions at the door as in the simulator") {
    const Home home;
    struct Case {
        const char* name;
        Plan plan;
        bool opens;
        const char* shown;
    };
    for (const Case& c : {Case{"the rightful customer", {}, true, "strike pulse"},
                          Case{"a stranger's face", {.face = 2}, false, "screen not_recognised"},
                          Case{"a wrong code", {.knows_code = false}, false, "code_not_accepted"},
                          Case{"no key", {.turns_key = false}, false, "screen turn_key"}}) {
        INFO(c.name);
        const Recorded visit = record(c.plan, Home(home));
        REQUIRE(visit.result.opened == c.opens);
        REQUIRE(has(visit.recording.lines, c.shown));
        REQUIRE(has(visit.recording.lines, "strike pulse") == c.opens);
        REQUIRE(visit.recording.lines.size() > 20);
        CHECK(difference(visit.recording.lines,
                         replay_as_simulator(visit.recording, c.plan, Home(home))) == "");
        CHECK(difference(visit.recording.lines, replay_as_door(visit.recording, Home(home))) == "");
    }
}

TEST_CASE("replay: a door whose policy differs decides otherwise, and the comparison says where") {
    const Home home;
    const Recorded visit = record({}, Home(home));
    REQUIRE(visit.result.opened);
    for (const char* set : {"release_hold: 3s", "code.window: 2s", "face.matches_required: 3",
                            "challenge.count: 3", "key.window: 2s", "presence.window: 20ms"}) {
        INFO(set);
        const std::string policy = as_usual + "  set:\n    " + set + "\n";
        CHECK(difference(visit.recording.lines,
                         replay_as_door(visit.recording, Home(home), policy)) != "");
    }
    const auto keyless =
        replay_as_door(visit.recording, Home(home), "policy: {name: locker-keyless}\n");
    CHECK(difference(visit.recording.lines, keyless) != "");
    CHECK_FALSE(has(keyless, "screen turn_key"));
}

}  // namespace
}  // namespace strongroom::test
