#include "town.h"

#include <utility>

#include <sqlite3.h>

#include "auth/policy.h"
#include "store/audit_reader.h"
#include "store/file_anchor.h"
#include "store/sqlite_records.h"

namespace strongroom::test {
namespace {

using std::chrono::seconds;

constexpr CustomerId customer{the_customer};
constexpr LockerId locker{the_locker};
constexpr TerminalId terminal_id{the_terminal};
constexpr const char* phone_number = "+919876543210";

const sim::ScoreModel& scores() {
    static const sim::ScoreModel model = sim::ScoreModel::parse(
        R"({"model": "apart", "provenance": {"made": "for the kill test"}, "templates": 1,
            "genuine_quantiles": [[0, 0.15], [1, 0.45]],
            "impostor_quantiles": [[0, 0.7], [1, 1.2]]})",
        "kill test");
    return model;
}

Belongings make_cast(sim::World& world) {
    Belongings mine;
    mine.customer = customer;
    mine.locker = locker;
    mine.person = world.add_person({"alice", customer, 1, true});
    mine.phone = world.add_phone("alice's phone", phone_number, mine.person);
    mine.key = world.add_key("alice's key", locker, mine.person);
    mine.site = world.add_site({.name = "door", .terminal = terminal_id, .locker = locker});
    world.witness(sim::FactKind::cast_holder, {}, "alice", {},
                  static_cast<std::int64_t>(locker.value));
    return mine;
}

template <class T>
Writer outcome_of(const Result<T>& result) {
    Writer answer(Message::answer);
    answer.put_outcome(result);
    if constexpr (!std::is_void_v<T>) {
        if (result) answer.put(*result);
    }
    return answer;
}

std::string_view words(Commit what) {
    switch (what) {
        case Commit::unproven: return "while a failure was being recorded";
        case Commit::issue: return "while a code was being recorded";
        case Commit::reserve: return "while a try was being reserved";
        case Commit::settle_wrong: return "while a wrong try was being settled";
        case Commit::settle_right: return "while a right try was being settled";
        case Commit::grant: return "while the grant was being recorded";
    }
    return "?";
}

}  // namespace

Town::Town(std::filesystem::path directory, std::uint64_t seed)
    : directory_(std::move(directory)),
      scheduler_(seed),
      world_(scheduler_),
      network_(world_),
      belongings_(make_cast(world_)),
      pump_(scheduler_,
            [this] {
                const auto wanted = remote_->step();
                return wanted ? devices_->clock().to_scheduler(*wanted) : never;
            }),
      visitor_(world_, belongings_),
      checkers_(checkers::all_checkers({.face_distance_max = the_distance_max})) {
    network_.add_gateway({});
    devices_.emplace(sim::DeviceSet::Parts{
        .world = world_, .network = network_, .site = belongings_.site, .scores = &scores()});
    for (const sim::Fact& fact : world_.facts()) {
        for (const auto& checker : checkers_) checker->see(fact);
    }
    world_.facts().subscribe([this](const sim::Fact& fact) { follow(fact); });
    world_.on_change([this](sim::SiteId) {
        if (running()) pump_.request(scheduler_.now());
    });
    enrol();
}

void Town::enrol() {
    std::filesystem::create_directories(directory_ / "anchor");
    store::FileAnchor anchor(directory_ / "anchor" / "mark", the_master_key());
    store::AeadSealer sealer(the_master_key());
    store::KeyedChain chain(the_master_key());
    sim::SeededEntropy entropy{scheduler_.rng("enrolment")};
    const store::Moment moment{devices_->clock().now(), devices_->clock().wall()};
    auto opened = store::SqliteRecords::open({(directory_ / "store.db").string(),
                                              {},
                                              the_master_key(),
                                              sealer,
                                              chain,
                                              anchor,
                                              entropy,
                                              {},
                                              {},
                                              terminal_id,
                                              moment,
                                              store::SqliteRecords::Role::owner});
    STRONGROOM_ASSERT(opened.has_value());
    store::SqliteRecords& records = **opened;
    STRONGROOM_ASSERT(records.add_customer(moment, "Alice Ravindran", phone_number, customer));
    STRONGROOM_ASSERT(records.add_locker(moment, locker));
    STRONGROOM_ASSERT(records.assign(moment, locker, customer));
    STRONGROOM_ASSERT(
        records.add_template(moment, customer, sim::make_template(1, 0, scores().id)));
}

// ---- the process ---------------------------------------------------------------------------

bool Town::start(const KillPlan& plan) {
    // What was typed while nobody listened is gone.
    while (world_.take_keypad_entry(belongings_.site)) {
    }
    buried_ = false;
    claimed_ = grant_pending_ = false;
    known_.under_way.reset();
    world_.witness(sim::FactKind::terminal_started, belongings_.site);
    remote_ = std::make_unique<Remote>(
        directory_, [this](Message message, Reader& reader) { return serve(message, reader); },
        plan);
    bury_if_dead();
    if (running()) pump_.request(scheduler_.now());
    return running();
}

void Town::arm(const KillPlan& plan) {
    if (remote_) remote_->arm(plan);
}

void Town::bury_if_dead() {
    if (buried_ || running()) return;
    buried_ = true;
    crashed_ = crashed_ || remote_->ended_by_itself();
    place_of_death_ = place();
    opening_ = false;
    pump_.stop();
    world_.witness(sim::FactKind::terminal_died, belongings_.site);
    devices_->process_died(Instant{seconds(3)});
}

std::string Town::place() const {
    if (opening_) return "while the store was being opened";
    if (known_.under_way) return std::string(words(*known_.under_way));
    if (grant_pending_) return "between the grant and the pulse";
    if (world_.site(belongings_.site).energised) return "during the pulse";
    if (known_.holds > 0) return "between reservation and settlement";
    return claimed_ ? "elsewhere in a visit" : "before the claim";
}

Visitor::Outcome Town::visit(int typos) {
    return visitor_.visit(typos, [this] { bury_if_dead(); });
}

void Town::rest(Duration span) {
    const Instant until = scheduler_.now() + span;
    while (scheduler_.next() <= until) {
        scheduler_.run_next();
        bury_if_dead();
    }
    scheduler_.run_until(until);
}

void Town::let_pass(Duration span) {
    pump_.stop();
    scheduler_.run_for(span);
    // Facts have been seen by the checkers, and messages are old.
    world_.facts().clear();
    world_.forget_messages();
    if (running()) pump_.request(scheduler_.now());
    rest(seconds(1));
}

// ---- what it asks --------------------------------------------------------------------------

Writer Town::serve(Message message, Reader& reader) {
    const hal::Devices devices = devices_->devices();
    switch (message) {
        case Message::now: return std::move(Writer(Message::answer).put(devices.clock.now()));
        case Message::wall: return std::move(Writer(Message::answer).put(devices.clock.wall()));
        case Message::entropy: {
            std::vector<std::byte> bytes(static_cast<std::size_t>(reader.take<std::uint64_t>()));
            STRONGROOM_ASSERT(devices.entropy.fill(bytes));
            return std::move(Writer(Message::answer).put_bytes(bytes));
        }
        case Message::strike_pulse:
            grant_pending_ = false;
            return outcome_of(devices.strike.pulse(reader.take<Duration>()));
        case Message::strike_lock: return outcome_of(devices.strike.lock());
        case Message::strike_sense: return outcome_of(devices.strike.sense());
        case Message::strike_max_hold:
            return std::move(Writer(Message::answer).put(devices.strike.max_hold()));
        case Message::key_turned: return outcome_of(devices.key.turned());
        case Message::door_open: return outcome_of(devices.door.open());
        case Message::tamper_intact: return outcome_of(devices.tamper.intact());
        case Message::exit_pressed: return outcome_of(devices.exit_button.pressed());
        case Message::opening:
        case Message::opened:
        case Message::commit_begins:
        case Message::commit_ended:
            hear_of_records(message, reader);
            return Writer(Message::answer);
        case Message::face_start:
        case Message::face_stop:
        case Message::face_poll:
        case Message::face_next:
        case Message::face_model: return serve_face(message, reader);
        default: return serve_panel(message, reader);
    }
}

Writer Town::serve_face(Message message, Reader& reader) {
    hal::FaceObserver& face = devices_->devices().face;
    Writer answer(Message::answer);
    if (message == Message::face_model) return std::move(answer.put(face.model()));
    if (message == Message::face_next) return std::move(answer.put(face.next_poll()));
    if (message == Message::face_stop) {
        face.stop();
        return answer;
    }
    if (message == Message::face_start) {
        std::vector<hal::FaceTemplate> templates(
            static_cast<std::size_t>(reader.take<std::uint64_t>()));
        for (hal::FaceTemplate& one : templates) {
            one.model = reader.take<FaceModelId>();
            const auto bytes = reader.take_bytes();
            one.features.resize(bytes.size() / sizeof(float));
            std::memcpy(one.features.data(), bytes.data(), bytes.size());
        }
        return outcome_of(face.start(templates));
    }
    const auto seen = face.poll();
    answer.put_outcome(seen);
    if (!seen) return answer;
    answer.put(seen->has_value());
    if (*seen) answer.put(**seen);
    return answer;
}

Writer Town::serve_panel(Message message, Reader& reader) {
    const hal::Devices devices = devices_->devices();
    Writer answer(Message::answer);
    switch (message) {
        case Message::display_show: return outcome_of(devices.display.show(reader.take<Prompt>()));
        case Message::siren_raise: return outcome_of(devices.siren.raise(reader.take<Alarm>()));
        case Message::siren_clear: return outcome_of(devices.siren.clear(reader.take<Alarm>()));
        case Message::sms_submit: {
            const auto id = reader.take<hal::SmsId>();
            Secret to(std::string_view(reader.take_text()));
            Secret text(std::string_view(reader.take_text()));
            return outcome_of(devices.sms.submit({id, std::move(to), std::move(text)}));
        }
        case Message::sms_poll: {
            const auto delivery = devices.sms.poll_delivery();
            answer.put_outcome(delivery);
            if (!delivery) return answer;
            answer.put(delivery->has_value());
            if (*delivery) answer.put(**delivery);
            return answer;
        }
        case Message::keypad_poll: {
            const auto entry = devices.keypad.poll();
            answer.put_outcome(entry);
            if (!entry) return answer;
            answer.put(entry->has_value());
            if (*entry) {
                answer.put((*entry)->kind).put((*entry)->customer).put((*entry)->locker);
                answer.put_text((*entry)->digits.reveal());
            }
            return answer;
        }
        default: break;
    }
    STRONGROOM_ASSERT(message == Message::keypad_poll);  // nothing else is left to ask
    return answer;
}

void Town::hear_of_records(Message message, Reader& reader) {
    if (message == Message::opening) {
        opening_ = true;
        return;
    }
    if (message == Message::opened) {
        opening_ = false;
        known_.failures += std::exchange(known_.holds, 0);
        return;
    }
    const auto what = reader.take<Commit>();
    if (message == Message::commit_begins) {
        known_.under_way = what;
        return;
    }
    known_.under_way.reset();
    if (!reader.take<bool>()) return;
    ++commits_[what];
    switch (what) {
        case Commit::reserve: ++known_.holds; break;
        case Commit::settle_wrong:
            --known_.holds;
            ++known_.failures;
            break;
        case Commit::settle_right: --known_.holds; break;
        case Commit::grant:
            known_.failures = known_.holds = 0;
            ++known_.grants;
            grant_pending_ = true;
            break;
        case Commit::unproven:
        case Commit::issue: break;
    }
}

void Town::follow(const sim::Fact& fact) {
    for (const auto& checker : checkers_) checker->see(fact);
    if (fact.kind == sim::FactKind::claimed) claimed_ = true;
    if (fact.kind != sim::FactKind::strike_energised) return;
    ++pulses_;
    world_.witness(sim::FactKind::grant_recorded, belongings_.site, {}, {}, grants_on_disk());
}

// ---- what the witness finds ----------------------------------------------------------------

std::int64_t Town::grants_on_disk() const {
    auto reader = store::AuditReader::open((directory_ / "store.db").string());
    if (!reader) return -1;
    std::int64_t grants = 0;
    const auto read = reader->read({}, [&](const store::AuditRow& row) {
        if (row.entry.kind == auth::AuditKind::granted) ++grants;
    });
    return read ? grants : -1;
}

bool Town::audit_intact() const {
    auto reader = store::AuditReader::open((directory_ / "store.db").string());
    if (!reader) return false;
    store::FileAnchor anchor(directory_ / "anchor" / "mark", the_master_key());
    const auto verdict =
        reader->verify(the_master_key(), store::KeyedChain(the_master_key()), anchor);
    return verdict && verdict->intact();
}

std::optional<Town::Counted> Town::counts_on_disk() const {
    sqlite3* database = nullptr;
    std::optional<Counted> counted;
    if (sqlite3_open_v2((directory_ / "store.db").c_str(), &database, SQLITE_OPEN_READONLY,
                        nullptr) == SQLITE_OK) {
        sqlite3_stmt* query = nullptr;
        sqlite3_prepare_v2(database, "SELECT failures, holds FROM counters WHERE customer = 1", -1,
                           &query, nullptr);
        if (sqlite3_step(query) == SQLITE_ROW) {
            counted = Counted{sqlite3_column_int(query, 0), sqlite3_column_int(query, 1)};
        }
        sqlite3_finalize(query);
    }
    sqlite3_close(database);
    return counted;
}

int Town::failures_on_disk() const {
    const auto counted = counts_on_disk();
    return counted ? counted->failures + counted->holds : -1;
}

std::vector<std::string> Town::examine() {
    std::vector<std::string> found;
    const std::int64_t grants = grants_on_disk();
    if (grants < pulses_) {
        found.push_back("the strike was released " + std::to_string(pulses_) +
                        " times and the database holds " + std::to_string(grants) + " grants");
    }
    if (!audit_intact()) found.emplace_back("the audit does not verify");
    const auto counted = counts_on_disk();
    if (!counted) {
        found.emplace_back("the counts cannot be read");
        return found;
    }
    // A commit that was under way has happened, or not; the witness knows by its grants alone.
    const bool granted = grants > known_.grants;
    if (granted && known_.under_way != Commit::grant) {
        found.emplace_back("a grant nobody asked to record");
    }
    const int known = known_.failures + known_.holds;
    int least = known;
    int most = known;
    if (granted) {
        least = most = 0;
    } else if (known_.under_way == Commit::settle_right) {
        least = known - 1;
    } else if (known_.under_way == Commit::reserve) {
        most = known + 1;
    }
    const int sum = counted->failures + counted->holds;
    if (sum < least || sum > most) {
        found.push_back("the store counts " + std::to_string(sum) + " failures and open tries, " +
                        "and the witness knows of " + std::to_string(least) + " to " +
                        std::to_string(most));
    }
    known_ = {counted->failures, counted->holds, grants, std::nullopt};
    return found;
}

std::vector<std::string> Town::violations() const {
    std::vector<std::string> found;
    for (const auto& checker : checkers_) {
        // A try that a kill cut off counts as a failure, and two typos beside it are a penalty: the
        // test itself judges whether she is made to wait for no more than that.
        if (checker->invariant() == scenarios::Invariant::service) continue;
        for (const auto& violation : checker->violations()) {
            found.push_back(std::string(checker->name()) + ": " + violation.what);
        }
    }
    return found;
}

}  // namespace strongroom::test
