#include "panel/stage.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/assert.h"
#include "rendered/render_source.h"
#include "report/words.h"
#include "world_of_stage.h"

namespace strongroom::panel {

namespace {

using std::chrono::milliseconds;

EventRow::Source source_of(sim::FactKind kind) {
    using report::Lane;
    switch (report::lane_of(kind)) {
        case Lane::people:
        case Lane::hands: return EventRow::Source::people;
        case Lane::camera:
        case Lane::screen: return EventRow::Source::terminal;
        case Lane::messages: return EventRow::Source::network;
        case Lane::strike:
        case Lane::bolt:
        case Lane::door:
        case Lane::alarms: return EventRow::Source::door;
        case Lane::surroundings: return EventRow::Source::surroundings;
        case Lane::records: return EventRow::Source::judge;
    }
    return EventRow::Source::surroundings;
}

std::vector<FaultRow> every_fault() {
    std::vector<FaultRow> rows;
    constexpr std::array kinds{sim::FaultKind::fail,    sim::FaultKind::delay,
                               sim::FaultKind::drop,    sim::FaultKind::duplicate,
                               sim::FaultKind::corrupt, sim::FaultKind::stick};
    for (std::size_t i = 0; i < sim::calls; ++i) {
        const auto call = static_cast<sim::Call>(i);
        for (const sim::FaultKind kind : kinds) {
            FaultRow row;
            row.call = call;
            row.kind = kind;
            row.possible = sim::can_show(call, kind);
            if (!row.possible) row.reason = "this device cannot show it";
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

// Taking one away must take it away: a control arm that keeps its defence would prove nothing.
void check_removed(const scenarios::Scenario& scenario, const std::vector<std::string>& removed) {
    for (const std::string& name : removed) {
        const auto defence =
            std::find_if(scenario.defences.begin(), scenario.defences.end(),
                         [&](const scenarios::Defence& one) { return one.name == name; });
        if (defence == scenario.defences.end()) {
            throw scenarios::PlayError("the scenario has no defence called '" + name + "'");
        }
        if (!defence->removed_by.mutant.empty()) {
            throw scenarios::PlayError("'" + name +
                                       "' is taken away by a program of its own: play the scenario "
                                       "in the view of scenarios instead");
        }
    }
}

}  // namespace

Stage::Implementation::Implementation(StageSetup given) : setup(std::move(given)) {
    check_removed(setup.scenario, setup.removed);
    faces = setup.render
                ? scenarios::render_source([this](sim::SiteId at, const vision::Look& look) {
                      if (at == site()) latest_look = look;
                  })
                : scenarios::score_source(setup.scores);
    taped = std::make_unique<TapedSource>(*faces, tapes);
    follows = setup.scenario.steps.empty();
    build();
}

Stage::Implementation::~Implementation() { take_down(); }

void Stage::Implementation::build() {
    taped->rewind();
    scenarios::ArmPlan plan;
    plan.removed = setup.removed;
    plan.kind =
        setup.removed.empty() ? scenarios::ArmKind::defended : scenarios::ArmKind::undefended;
    arm = std::make_unique<scenarios::LiveArm>(
        setup.scenario, plan, setup.seed, *taped,
        scenarios::LiveArmOptions{.faults = true, .adjust = setup.adjust});
    events.clear();
    audit.clear();
    alarms.clear();
    scores.clear();
    observation.reset();
    latest_look.reset();
    audit_read = 0;
    facts_when_read = 0;
    verdict.clear();
    broken = false;
    fault_rules.clear();
    for (const scenarios::FaultDeclaration& fault : setup.scenario.faults) {
        fault_rules.push_back(fault.rule);
    }
    faults = std::make_shared<const std::vector<FaultRow>>(every_fault());
    follows = setup.scenario.steps.empty();
    next_order = 0;
    if (setup.render) {
        preview_frame.reset();
        preview_due = Instant{};
        preview_clock.emplace(arm->scheduler());
        sim::RenderCameraSetup camera;
        camera.seed = setup.seed;
        camera.difficulty = setup.scenario.difficulty;
        camera.interval = milliseconds(200);
        preview = std::make_unique<sim::RenderCamera>(arm->world(), site(), *preview_clock, camera);
        static_cast<void>(preview->start());
    }
    for (const sim::Fact& fact : arm->world().facts()) see(fact);
    arm->world().facts().subscribe([this](const sim::Fact& fact) { see(fact); });
    fill_tables();
}

void Stage::Implementation::take_down() {
    preview.reset();
    preview_clock.reset();
    arm.reset();
}

// Lockers nobody stands before, and a past: for whoever looks at large tables.
void Stage::Implementation::fill_tables() {
    known_lockers.clear();
    for (const scenarios::CastMember& member : setup.scenario.cast) {
        if (member.locker) known_lockers.insert(*member.locker);
    }
    for (const scenarios::SiteDeclaration& one : setup.scenario.sites) {
        known_lockers.insert(one.locker);
    }
    store::SqliteRecords* records = arm->records();
    if (records == nullptr) return;
    const std::uint64_t first = known_lockers.empty() ? 1 : *known_lockers.rbegin() + 1;
    for (int i = 0; i < setup.further_lockers; ++i) {
        const LockerId locker{first + static_cast<std::uint64_t>(i)};
        if (records->add_locker(arm->moment(), locker)) known_lockers.insert(locker.value);
    }
    constexpr std::size_t batch = 500;
    std::vector<auth::AuditEntry> entries;
    for (int i = 0; i < setup.further_audit_rows; ++i) {
        auth::AuditEntry entry;
        entry.kind = auth::AuditKind::timed_out;
        entry.terminal = TerminalId{1};
        entry.detail = i;
        entries.push_back(entry);
        if (entries.size() == batch || i + 1 == setup.further_audit_rows) {
            static_cast<void>(records->note(arm->moment(), entries));
            entries.clear();
        }
    }
}

void Stage::Implementation::see(const sim::Fact& fact) {
    using sim::FactKind;
    EventRow row;
    row.at = fact.at;
    row.kind = fact.kind;
    row.source = source_of(fact.kind);
    if (!report::is_cast(fact.kind)) {
        row.words = report::in_words(fact);
        events.append(std::move(row));
    }
    if (fact.site != 0 && fact.site != static_cast<std::uint32_t>(site().value)) return;
    switch (fact.kind) {
        case FactKind::face_observed: add_score(fact); break;
        case FactKind::prompt_shown: follow_prompt(fact); break;
        case FactKind::alarm_raised:
        case FactKind::alarm_cleared:
            for (const Alarm alarm : all_alarms) {
                if (to_string(alarm) != fact.what) continue;
                if (fact.kind == FactKind::alarm_raised) {
                    alarms.push_back({alarm, fact.at, std::nullopt, false});
                } else {
                    const auto open = std::find_if(
                        alarms.rbegin(), alarms.rend(),
                        [&](const AlarmRow& one) { return one.alarm == alarm && !one.cleared; });
                    if (open != alarms.rend()) open->cleared = fact.at;
                }
            }
            break;
        default: break;
    }
}

// She does what the screen asks of her head, a moment later.
void Stage::Implementation::follow_prompt(const sim::Fact& fact) {
    if (!follows) return;
    const auto message = prompt_named(fact.what);
    const auto gesture = message ? gesture_of(*message) : std::nullopt;
    if (!gesture) return;
    arm->scheduler().after(milliseconds(700), [this, gesture] {
        const sim::PersonId who = arm->world().site(site()).presenter;
        if (who && follows) arm->world().perform(who, site(), *gesture);
    });
}

// First everything that is due, then the orders of that moment, as it was when they were given.
bool Stage::Implementation::advance(Instant until) {
    sim::Scheduler& scheduler = arm->scheduler();
    const Instant order_due = next_order < orders.size() ? orders[next_order].first : never;
    if (scheduler.next() <= std::min(order_due, until)) {
        static_cast<void>(scheduler.run_next());
        recorded = std::max(recorded, now());
        return true;
    }
    if (order_due <= until) {
        scheduler.run_until(order_due);
        static_cast<void>(obey(orders[next_order++].second));
        return true;
    }
    scheduler.run_until(until);
    recorded = std::max(recorded, until);
    return false;
}

// ---- Stage ---------------------------------------------------------------------------------

Stage::Stage(StageSetup setup)
    : implementation_(std::make_unique<Implementation>(std::move(setup))) {}
Stage::~Stage() = default;

const StageSetup& Stage::setup() const { return implementation_->setup; }
Instant Stage::now() const { return implementation_->now(); }
Instant Stage::recorded() const { return implementation_->recorded; }
bool Stage::advance(Instant until) { return implementation_->advance(until); }

std::string Stage::carry_out(const Order& order) {
    Implementation& all = *implementation_;
    while (all.arm->scheduler().next() <= all.now()) {
        static_cast<void>(all.arm->scheduler().run_next());
    }
    if (all.next_order < all.orders.size() || all.now() < all.recorded) {
        // What came after this moment did not happen.
        all.orders.resize(all.next_order);
        for (Tape& tape : all.tapes) tape.answers.resize(tape.played);
        all.recorded = all.now();
    }
    all.orders.emplace_back(all.now(), order);
    all.next_order = all.orders.size();
    all.complaint = all.obey(order);
    return all.complaint;
}

void Stage::rewind(Instant to) {
    STRONGROOM_ASSERT(to >= Instant{} && to <= recorded());
    Implementation& all = *implementation_;
    const Instant end = all.recorded;
    all.take_down();
    all.build();
    while (all.advance(to)) {
    }
    all.recorded = end;
}

void Stage::restart(std::vector<std::string> removed) {
    Implementation& all = *implementation_;
    check_removed(all.setup.scenario, removed);
    all.take_down();
    all.setup.removed = std::move(removed);
    all.orders.clear();
    all.tapes.clear();
    all.recorded = Instant{};
    all.complaint.clear();
    all.build();
}

Snapshot Stage::snapshot(bool tables) { return implementation_->look(tables); }

}  // namespace strongroom::panel
