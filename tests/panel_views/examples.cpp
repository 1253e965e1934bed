#include "examples.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace strongroom::panel::test {
namespace {

using namespace std::chrono_literals;

constexpr Instant now = Instant{} + 83s + 400ms;
constexpr WallTime morning = WallTime{} + std::chrono::hours(24 * 20514 + 9);

// A head before a wall, as far as a few circles make one.
hal::Frame camera_frame() {
    constexpr int width = 320;
    constexpr int height = 240;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double dx = (x - 160) / 52.0;
            const double dy = (y - 112) / 68.0;
            const auto within = [&](double cx, double cy, double radius) {
                return (x - cx) * (x - cx) + (y - cy) * (y - cy) < radius * radius;
            };
            std::array<int, 3> colour{150 - y / 4, 140 - y / 4, 128 - y / 4};
            if (y > 188 && std::abs(x - 160) < 40 + (y - 188) * 2) colour = {92, 70, 54};
            if (dx * dx + dy * dy < 1) {
                const int shade = static_cast<int>(26 * (1 - dx));
                colour = {120 + shade, 150 + shade, 196 + shade};
            }
            if (dx * dx + dy * dy < 1.15 && dy < -0.45) colour = {38, 46, 62};
            if (within(142, 100, 6) || within(178, 100, 6)) colour = {60, 50, 46};
            if (std::abs(y - 146) < 4 && std::abs(x - 160) < 18) colour = {92, 84, 164};
            for (const int part : colour) pixels->push_back(static_cast<std::uint8_t>(part));
        }
    }
    hal::Frame frame;
    frame.captured = now;
    frame.sequence = 1;
    frame.width = width;
    frame.height = height;
    frame.pixels = pixels;
    return frame;
}

PersonSnapshot person(std::uint64_t id, const char* name, std::uint64_t customer,
                      std::uint64_t locker) {
    PersonSnapshot one;
    one.id = sim::PersonId{id};
    one.name = name;
    one.customer = CustomerId{customer};
    if (locker != 0) one.locker = LockerId{locker};
    one.phones = {std::string(name) + "'s phone"};
    if (customer != 0) one.keys = {std::string(name) + "'s key"};
    return one;
}

PhoneSnapshot phone(const char* owner, const char* number) {
    PhoneSnapshot one;
    one.name = std::string(owner) + "'s phone";
    one.number = number;
    one.owner = owner;
    one.holder = owner;
    return one;
}

void add_event(Ledger<EventRow>& events, Duration at, sim::FactKind kind, EventRow::Source source,
               std::string words) {
    events.append({Instant{} + at, kind, source, std::move(words)});
}

Ledger<EventRow>::View some_events() {
    using enum sim::FactKind;
    using Source = EventRow::Source;
    Ledger<EventRow> events;
    add_event(events, 0s, terminal_started, Source::terminal, "the terminal has started");
    add_event(events, 50s, person_arrived, Source::people, "Ada walks up");
    add_event(events, 50s, face_shown, Source::people, "Ada shows her own face");
    add_event(events, 54s, claimed, Source::people, "Ada claims locker 101 as customer 1");
    add_event(events, 54s, prompt_shown, Source::terminal, "screen: Please look at the camera");
    add_event(events, 57s, face_observed, Source::terminal, "face observed: good, distance 0.31");
    add_event(events, 60s, gesture_performed, Source::people, "Ada turns her head to the left");
    add_event(events, 64s, gesture_performed, Source::people, "Ada blinks");
    add_event(events, 66s, sms_submitted, Source::network, "a message to Ada's phone by primary");
    add_event(events, 69s, sms_delivered, Source::network, "a message arrives on Ada's phone");
    add_event(events, 69s, prompt_shown, Source::terminal,
              "screen: Enter the code from your phone");
    return events.publish();
}

Ledger<AuditLine>::View some_audit() {
    Ledger<AuditLine> lines;
    std::uint64_t sequence = 0;
    for (const char* kind :
         {"started", "customer added", "face enrolled", "customer added", "face enrolled",
          "claimed", "face matched", "gestures performed", "code issued"}) {
        ++sequence;
        lines.append({sequence, morning + std::chrono::seconds(sequence * 7), kind,
                      sequence > 5 ? 1U : 0U, sequence > 5 ? 101U : 0U, 0});
    }
    return lines.publish();
}

std::shared_ptr<const std::vector<FaultRow>> fault_table() {
    auto rows = std::make_shared<std::vector<FaultRow>>();
    for (std::size_t call = 0; call < sim::calls; ++call) {
        for (int kind = 0; kind <= static_cast<int>(sim::FaultKind::stick); ++kind) {
            FaultRow row;
            row.call = static_cast<sim::Call>(call);
            row.kind = static_cast<sim::FaultKind>(kind);
            row.possible = can_show(row.call, row.kind);
            if (!row.possible) row.reason = "the device cannot show that";
            row.active = row.call == sim::Call::sms_submit && row.kind == sim::FaultKind::drop;
            rows->push_back(row);
        }
    }
    return rows;
}

std::vector<FactorStep> steps(int reached) {
    std::vector<FactorStep> all{{"face", {}, {}, {}},      {"gestures", {}, {}, {}},
                                {"code", {}, {}, {}},      {"key", {}, {}, {}},
                                {"same face", {}, {}, {}}, {"open", {}, {}, {}}};
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
        FactorStep& step = all[static_cast<std::size_t>(i)];
        if (i < reached) step.status = FactorStep::Status::done;
        if (i == reached) step.status = FactorStep::Status::now;
    }
    return all;
}

void add_scores(CameraSnapshot& camera, float distance, float liveness) {
    for (int i = 0; i < 240; ++i) {
        const double at = 24 + i * 0.22;
        const auto wave = static_cast<float>(std::sin(at * 2.1) + 0.6 * std::sin(at * 5.3));
        Score score;
        score.at = Instant{} + std::chrono::milliseconds(static_cast<int>(at * 1000));
        score.faces = i < 90 ? 0 : 1;
        if (i >= 100) score.distance = distance + 0.03F * wave;
        score.liveness = liveness + 0.04F * wave;
        score.sharpness = 30;
        camera.scores.push_back(score);
    }
}

Snapshot common() {
    Snapshot s;
    s.serial = 1;
    s.time.now = now;
    s.time.wall = morning + 83s;
    s.time.running = true;
    s.time.achieved = 1;
    s.time.recorded = now;
    s.time.seed = 7;
    s.time.scenario = "A strongroom to try things in";
    s.time.arm = "defended";
    s.camera.pixels = true;
    s.camera.frame = camera_frame();
    s.camera.preview = true;
    s.camera.distance_max = 0.42;
    s.camera.liveness_min = 0.5;
    s.terminal.running = true;
    s.terminal.policy = "locker";
    s.terminal.steps = steps(-1);
    s.terminal.prompt_words = "Welcome";
    s.door.site = "door";
    s.door.locker = LockerId{101};
    s.people = {person(1, "Ada", 1, 101), person(2, "Ben", 2, 102), person(3, "Mallory", 0, 0)};
    s.people[0].story = "She holds locker 101, behind this door.";
    s.people[2].story = "She is up to no good.";
    s.people[2].keys = {"copy of Ada's key"};
    s.phones = {phone("Ada", "+15550100001"), phone("Ben", "+15550100002"),
                phone("Mallory", "+15550100003")};
    s.events = some_events();
    s.lockers = std::make_shared<std::vector<LockerRow>>(
        std::vector<LockerRow>{{LockerId{101}, 1, LockerRow::State::held, true},
                               {LockerId{102}, 1, LockerRow::State::held, false},
                               {LockerId{103}, 0, LockerRow::State::free, false}});
    CustomerRow ada{CustomerId{1}, "Ada", "01", 5, 0, {LockerId{101}}, 0, {}, false};
    CustomerRow ben{CustomerId{2}, "Ben", "02", 5, 0, {LockerId{102}}, 3, 4min, false};
    s.customers = std::make_shared<std::vector<CustomerRow>>(std::vector<CustomerRow>{ada, ben});
    s.audit.lines = some_audit();
    s.defences = {
        {"presentation attack detection", true, "naive-liveness, challenge.required = false"},
        {"the same face at the end", true, "presence.required = false"},
        {"the camera's identity", true, "any-camera"},
        {"two message gateways", true, "single-gateway"},
        {"counts that outlive a restart", true, "memory-counts"},
    };
    s.faults = fault_table();
    return s;
}

void stand_there(Snapshot& s, std::size_t who, float distance, float liveness) {
    s.people[who].here = true;
    s.people[who].shows_face = true;
    s.camera.preview = false;
    s.camera.observing = true;
    s.camera.face = FaceMark{
        {106, 40}, 108, 140, {{{142, 100}, {178, 100}, {160, 122}, {146, 146}, {174, 146}}}};
    FaceObservation seen;
    seen.faces = 1;
    seen.face_size = 62;
    seen.sharpness = 34;
    seen.distance = distance;
    seen.liveness_score = liveness;
    s.camera.observation = seen;
    add_scores(s.camera, distance, liveness);
}

}  // namespace

Snapshot idle() { return common(); }

Snapshot asked_for_code() {
    Snapshot s = common();
    stand_there(s, 0, 0.31F, 0.86F);
    s.terminal.session.state = auth::State::code;
    s.terminal.session.customer = CustomerId{1};
    s.terminal.session.locker = LockerId{101};
    s.terminal.steps = steps(2);
    s.terminal.steps[2].remaining = 104s;
    s.terminal.steps[2].note = "3 of 3 tries left";
    s.terminal.visit_remaining = 213s;
    s.terminal.prompt = {Prompt::Message::enter_code, 104, 3};
    s.terminal.prompt_words = "Enter the code from your phone (104 s)";
    s.phones[0].messages = {{Instant{} + 69s, "primary",
                             "482913 is your code for locker 101. Never tell it to anybody.",
                             "482913"}};
    return s;
}

Snapshot print_attack() {
    Snapshot s = common();
    stand_there(s, 2, 0.36F, 0.22F);
    s.people[2].instrument = "print_matte";
    s.people[2].instrument_of = "Ada";
    s.terminal.session.state = auth::State::face;
    s.terminal.session.customer = CustomerId{1};
    s.terminal.steps = steps(0);
    s.terminal.steps[0].remaining = 21s;
    s.terminal.steps[0].note = "2 of 3 tries left";
    s.terminal.visit_remaining = 280s;
    s.terminal.prompt = {Prompt::Message::look_at_camera, 0, 0};
    s.terminal.prompt_words = "Please look at the camera";
    s.time.arm = "without presentation attack detection";
    s.defences[0].present = false;
    return s;
}

Snapshot forced() {
    Snapshot s = common();
    s.people[2].here = true;
    s.door.door_open = true;
    s.door.enclosure_open = true;
    s.door.light = sim::Light::dark;
    s.door.network = false;
    s.door.unplugged = {sim::Cable::bolt_monitor, sim::Cable::siren};
    s.door.sounding = {Alarm::door_forced, Alarm::tamper};
    s.door.strike_welded = true;
    s.door.strike_released = true;
    s.phones[0].ported = true;
    s.phones[1].holder = "Mallory";
    s.people[1].phones.clear();
    s.people[2].phones.emplace_back("Ben's phone");
    s.camera.trouble = "the camera has no power, or its cable is unplugged";
    s.camera.frame = {};
    s.alarms = {{Alarm::tamper, Instant{} + 81s, {}, false},
                {Alarm::door_forced, Instant{} + 77s, {}, false},
                {Alarm::key_early, Instant{} + 30s, Instant{} + 35s, true}};
    auto lockers = std::make_shared<std::vector<LockerRow>>(*s.lockers);
    (*lockers)[0].state = LockerRow::State::alarm;
    s.lockers = lockers;
    s.audit.verdict = "BROKEN: row 5 does not follow from row 4";
    s.audit.broken = true;
    return s;
}

Snapshot empty() {
    Snapshot s;
    s.time.scenario = "A strongroom to try things in";
    s.terminal.refused = "the store is older than its anchor";
    return s;
}

Snapshot large() {
    Snapshot s = asked_for_code();
    auto lockers = std::make_shared<std::vector<LockerRow>>();
    for (std::uint64_t i = 1; i <= 1000; ++i) {
        LockerRow row{LockerId{i}, static_cast<int>(i * 7 % 3), LockerRow::State::free, i == 101};
        if (row.holders > 0) row.state = LockerRow::State::held;
        if (i == 37) row.state = LockerRow::State::open;
        if (i == 512) row.state = LockerRow::State::alarm;
        lockers->push_back(row);
    }
    s.lockers = lockers;
    auto customers = std::make_shared<std::vector<CustomerRow>>();
    for (std::uint64_t i = 1; i <= 600; ++i) {
        CustomerRow row{CustomerId{i}, "Customer " + std::to_string(i), "42", 5,    1,
                        {LockerId{i}}, static_cast<int>(i % 11),        {},   false};
        row.staff_only = row.failures == 10;
        customers->push_back(row);
    }
    s.customers = customers;
    Ledger<AuditLine> audit;
    constexpr std::array kinds{"claimed", "face matched", "code issued", "code right", "granted"};
    for (std::uint64_t i = 1; i <= 100'000; ++i) {
        audit.append({i, morning + std::chrono::seconds(i), kinds[i % kinds.size()], i % 600 + 1,
                      i % 1000 + 1, static_cast<std::int64_t>(i % 9)});
    }
    s.audit.lines = audit.publish();
    s.audit.verdict = "100000 rows follow from one another, up to the anchor";
    Ledger<EventRow> events;
    for (int i = 0; i < 20'000; ++i) {
        add_event(events, std::chrono::milliseconds(i * 4), sim::FactKind::face_observed,
                  static_cast<EventRow::Source>(i % 6),
                  "face observed: good, distance 0." + std::to_string(i % 90 + 10));
    }
    s.events = events.publish();
    for (int i = 0; i < 10'000; ++i) {
        s.alarms.push_back({all_alarms[static_cast<std::size_t>(i) % all_alarms.size()],
                            now - std::chrono::milliseconds(i * 8),
                            {},
                            i > 3});
    }
    return s;
}

}  // namespace strongroom::panel::test
