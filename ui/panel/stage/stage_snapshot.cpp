// How a stage looks from outside.
#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "pi/text_display.h"
#include "world_of_stage.h"

namespace strongroom::panel {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Point point(const vision::Point& from) {
    return {static_cast<float>(from.x), static_cast<float>(from.y)};
}

FaceMark mark_of(const vision::Detection& face) {
    FaceMark mark;
    mark.corner = {static_cast<float>(face.box.x), static_cast<float>(face.box.y)};
    mark.width = static_cast<float>(face.box.width);
    mark.height = static_cast<float>(face.box.height);
    for (std::size_t i = 0; i < mark.landmarks.size(); ++i) {
        mark.landmarks[i] = point(face.landmarks.points[i]);
    }
    return mark;
}

DoorSnapshot door_of(const sim::Site& site) {
    DoorSnapshot door;
    door.site = site.setup.name;
    door.locker = site.setup.locker;
    door.keyless = site.setup.keyless;
    door.fingers = site.setup.fingers;
    door.powered = site.powered;
    door.strike_released = site.energised;
    door.strike_welded = site.welded;
    door.bolt_withdrawn = site.bolt_withdrawn;
    door.door_open = site.door_open;
    door.enclosure_open = site.enclosure_open;
    door.key_turned = site.key.has_value();
    door.sounding.assign(site.alarms.begin(), site.alarms.end());
    door.light = site.light;
    door.magnet = site.magnet;
    for (std::size_t i = 0; i < sim::cables; ++i) {
        if ((site.unplugged >> i & 1U) != 0) door.unplugged.push_back(static_cast<sim::Cable>(i));
    }
    door.camera = site.camera;
    return door;
}

std::vector<DefenceRow> defences_of(const StageSetup& setup) {
    std::vector<DefenceRow> rows;
    for (const scenarios::Defence& defence : setup.scenario.defences) {
        DefenceRow row;
        row.name = defence.name;
        row.present = std::find(setup.removed.begin(), setup.removed.end(), defence.name) ==
                      setup.removed.end();
        for (const std::string& part : defence.removed_by.parts) {
            row.explanation += (row.explanation.empty() ? "" : ", ") + part;
        }
        for (const auto& [name, value] : defence.removed_by.values) {
            row.explanation += (row.explanation.empty() ? "" : ", ") + name + " = " + value;
        }
        if (!defence.removed_by.mutant.empty()) {
            row.explanation = "a program of its own, which a panel cannot play: mutant " +
                              defence.removed_by.mutant;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

// A curve of what was handed to the decision: facts have it at every level.
void Stage::Implementation::add_score(const sim::Fact& fact) {
    Score score;
    score.at = fact.at;
    const bool compared = fact.what == "good" && fact.value > 0;
    if (compared) score.distance = static_cast<float>(fact.value);
    score.faces = fact.what == "no_face" ? 0 : fact.what == "several_faces" ? 2 : 1;
    if (const Tape::Answer* seen = tapes.empty() || tapes.front().played == 0
                                       ? nullptr
                                       : &tapes.front().answers[tapes.front().played - 1];
        seen != nullptr && seen->result && *seen->result) {
        observation = **seen->result;
        score.liveness = observation->liveness_score;
        score.sharpness = observation->sharpness;
        score.faces = observation->faces;
        score.distance = observation->distance;
    }
    scores.push_back(score);
    const auto old = std::find_if(scores.begin(), scores.end(),
                                  [&](const Score& one) { return fact.at - one.at <= minutes(1); });
    scores.erase(scores.begin(), old);
}

void Stage::Implementation::look_at_camera(CameraSnapshot& camera) {
    const auth::Policy& policy = arm->settings().policy;
    camera.pixels = setup.render;
    camera.scores = scores;
    camera.observation = observation;
    camera.distance_max = policy.face.threshold.distance_max;
    camera.liveness_min = policy.face.liveness_min;
    terminal::Terminal* terminal = arm->terminal(site());
    const auth::State state =
        terminal == nullptr ? auth::State::idle : terminal->snapshot().session.state;
    camera.observing = state == auth::State::face || state == auth::State::challenge ||
                       state == auth::State::presence;
    const sim::Scene scene = arm->world().scene(site());
    if (!scene.camera_works) {
        camera.trouble = "the camera has no power, or its cable is unplugged";
        return;
    }
    if (!setup.render) {
        camera.trouble = "at this level faces are scores: there is no picture";
        return;
    }
    // What was seen long ago (while a visit was played again) is no picture of now.
    const bool fresh = latest_look && now() - latest_look->frame.captured < seconds(1);
    if (camera.observing && fresh) {
        camera.frame = latest_look->frame;
        if (latest_look->largest) camera.face = mark_of(*latest_look->largest);
        return;
    }
    camera.preview = true;
    if (now() >= preview_due) {
        preview_due = now() + std::chrono::milliseconds(200);
        auto frame = preview->poll();
        if (frame && *frame) preview_frame = std::move(**frame);
    }
    if (preview_frame) camera.frame = *preview_frame;
}

void Stage::Implementation::look_at_people(Snapshot& snapshot) {
    const sim::World& world = arm->world();
    const sim::Site& door = world.site(site());
    for (const sim::Person& person : world.people()) {
        PersonSnapshot one;
        one.id = person.id;
        one.name = person.name;
        one.customer = person.customer;
        if (const scenarios::CastMember* member = setup.scenario.member(person.name);
            member != nullptr && member->locker) {
            one.locker = LockerId{*member->locker};
        }
        one.willing = person.willing;
        one.here = person.where == site();
        one.shows_face = door.presenter == person.id;
        if (one.shows_face && door.face.presentation != sim::Presentation::bona_fide) {
            one.instrument = door.face.species.empty() ? "artefact" : door.face.species;
            one.instrument_of = world.person(door.face.whose).name;
        }
        for (const sim::PhysicalKey& key : world.keys()) {
            if (key.holder == person.id) one.keys.push_back(key.name);
        }
        for (const sim::Phone& phone : world.phones()) {
            if (phone.holder == person.id) one.phones.push_back(phone.name);
        }
        snapshot.people.push_back(std::move(one));
    }
    for (const sim::Phone& phone : world.phones()) {
        PhoneSnapshot one;
        one.name = phone.name;
        one.number = phone.number;
        one.owner = phone.owner ? world.person(phone.owner).name : std::string();
        one.holder = phone.holder ? world.person(phone.holder).name : std::string();
        one.ported = phone.number.empty();
        constexpr std::size_t most = 50;
        const std::size_t first = phone.inbox.size() > most ? phone.inbox.size() - most : 0;
        for (std::size_t i = first; i < phone.inbox.size(); ++i) {
            const sim::Message* message = world.message(phone.inbox[i]);
            if (message == nullptr) continue;
            one.messages.push_back({message->delivered.value_or(message->submitted),
                                    message->gateway, message->text, message->digits});
        }
        snapshot.phones.push_back(std::move(one));
    }
}

void Stage::Implementation::read_audit() {
    store::AuditQuery query;
    query.from = audit_read + 1;
    static_cast<void>(arm->records()->read_audit(query, [&](const store::AuditRow& row) {
        audit_read = row.sequence;
        audit.append({row.sequence, row.wall, std::string(to_string(row.entry.kind)),
                      row.entry.customer.value, row.entry.locker.value, row.entry.detail});
    }));
}

void Stage::Implementation::read_tables() {
    store::SqliteRecords* records = arm->records();
    if (records == nullptr) return;
    const std::size_t facts = arm->world().facts().size() + orders.size();
    if (customers && facts == facts_when_read) return;
    facts_when_read = facts;
    read_audit();
    const auto all = records->customers(arm->moment());
    if (!all) return;
    auto rows = std::make_shared<std::vector<CustomerRow>>();
    std::map<std::uint64_t, int> holders;
    const auth::LockoutRule& rule = arm->settings().policy.lockout;
    for (const store::CustomerSummary& customer : *all) {
        CustomerRow row;
        row.id = customer.id;
        row.name = std::string(customer.name.reveal_text());
        row.phone_tail = customer.phone_tail;
        row.templates = customer.templates;
        row.fingers = customer.fingers;
        row.lockers = customer.lockers;
        row.failures = customer.counts.failures;
        const auth::Admission admission = auth::admission(customer.counts, rule);
        if (admission.kind == auth::Admission::Kind::wait) row.penalty = admission.wait;
        row.staff_only = admission.kind == auth::Admission::Kind::staff_only;
        for (const LockerId locker : customer.lockers) ++holders[locker.value];
        rows->push_back(std::move(row));
    }
    customers = std::move(rows);
    const sim::Site& door = arm->world().site(site());
    auto doors = std::make_shared<std::vector<LockerRow>>();
    for (const std::uint64_t number : known_lockers) {
        LockerRow row;
        row.locker = LockerId{number};
        row.holders = holders[number];
        row.state = row.holders > 0 ? LockerRow::State::held : LockerRow::State::free;
        row.terminal = number == door.setup.locker.value;
        if (row.terminal && door.door_open) row.state = LockerRow::State::open;
        if (row.terminal && !door.alarms.empty()) row.state = LockerRow::State::alarm;
        doors->push_back(row);
    }
    lockers = std::move(doors);
}

Snapshot Stage::Implementation::look(bool tables) {
    Snapshot snapshot;
    if (tables) read_tables();
    const sim::Site& place = arm->world().site(site());
    snapshot.time.now = now();
    snapshot.time.wall = arm->moment().wall;
    snapshot.time.recorded = recorded;
    snapshot.time.replaying = next_order < orders.size() || now() < recorded;
    snapshot.time.seed = setup.seed;
    snapshot.time.scenario = setup.scenario.title;
    snapshot.time.arm = setup.removed.empty() ? "defended" : "without";
    for (const std::string& name : setup.removed) snapshot.time.arm += " " + name;
    look_at_camera(snapshot.camera);
    TerminalSnapshot& terminal = snapshot.terminal;
    terminal.policy = arm->settings().policy.name;
    terminal.refused = arm->refused();
    terminal.follow_prompts = follows;
    if (terminal::Terminal* running = arm->terminal(site())) {
        const terminal::Snapshot inside = running->snapshot();
        terminal.running = true;
        terminal.out_of_service = inside.out_of_service;
        terminal.session = inside.session;
        const Instant clock = arm->moment().now;
        if (inside.session.state != auth::State::idle && inside.session.session_deadline != never) {
            terminal.visit_remaining =
                std::max(Duration{}, inside.session.session_deadline - clock);
        }
        terminal.steps = steps_of(arm->settings().policy, inside.session, clock);
    } else {
        terminal.steps = steps_of(arm->settings().policy, {}, Instant{});
    }
    if (place.prompt && terminal.running) {
        terminal.prompt = *place.prompt;
        terminal.prompt_words = pi::prompt_words(*place.prompt);
    }
    snapshot.door = door_of(place);
    snapshot.door.network =
        !arm->network().outage_now(setup.scenario.gateways.front().name).has_value();
    look_at_people(snapshot);
    snapshot.events = events.publish();
    snapshot.alarms.assign(alarms.rbegin(), alarms.rend());
    snapshot.lockers = lockers;
    snapshot.customers = customers;
    snapshot.audit = {audit.publish(), verdict, broken};
    snapshot.defences = defences_of(setup);
    auto switches = std::make_shared<std::vector<FaultRow>>(*faults);
    for (FaultRow& row : *switches) {
        row.active =
            std::any_of(fault_rules.begin(), fault_rules.end(), [&](const sim::FaultRule& rule) {
                return rule.call == to_string(row.call) && rule.kind == row.kind;
            });
    }
    snapshot.faults = std::move(switches);
    snapshot.complaint = complaint;
    return snapshot;
}

}  // namespace strongroom::panel
