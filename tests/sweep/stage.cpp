#include "stage.h"

#include <utility>

#include <sqlite3.h>

#include "checkers/checker.h"
#include "store/audit_reader.h"

namespace strongroom::test {
namespace {

using std::chrono::seconds;

constexpr CustomerId customer{1};
constexpr LockerId locker{7};
constexpr TerminalId terminal_id{1};
constexpr const char* phone_number = "+919876543210";
constexpr const char* store_path = "/store.db";
constexpr int templates = 3;
constexpr double distance_max = 0.55;
constexpr SensorId sensor{1};
constexpr FingerSlot slot = 3;

// Genuine and impostor distances that do not meet: a customer who is not let in is a defect, never
// bad luck.
const sim::ScoreModel& scores() {
    static const sim::ScoreModel model = sim::ScoreModel::parse(
        R"({"model": "apart", "provenance": {"made": "for fault sweeps"}, "templates": 3,
            "genuine_quantiles": [[0, 0.15], [1, 0.45]],
            "impostor_quantiles": [[0, 0.7], [1, 1.2]]})",
        "fault sweep");
    return model;
}

Key256 master_key() {
    std::array<std::byte, Key256::size> bytes{};
    bytes.fill(std::byte{0x5a});
    return Key256{std::span<const std::byte, Key256::size>(bytes)};
}

constexpr auth::FaceThreshold threshold{distance_max, 0.001, 0.002};

// The disk and the anchor as enrolment leaves them.
struct Enrolled {
    sim::DiskImage image;
    store::AnchorMark mark;
};

Enrolled enrol() {
    sim::Disk disk(1);
    store::MemoryAnchor anchor;
    sim::SeededEntropy entropy{Rng(1)};
    store::AeadSealer sealer{master_key()};
    store::KeyedChain chain{master_key()};
    const store::Moment moment{Instant{seconds(1)}, sim::VirtualClock::default_start};
    {
        auto opened =
            store::SqliteRecords::open({store_path, disk.vfs(), master_key(), sealer, chain, anchor,
                                        entropy, auth::LockoutRule{}, auth::SendLimits{},
                                        terminal_id, moment, store::SqliteRecords::Role::owner});
        STRONGROOM_ASSERT(opened.has_value());
        store::SqliteRecords& records = **opened;
        STRONGROOM_ASSERT(records.add_customer(moment, "Alice Ravindran", phone_number, customer));
        STRONGROOM_ASSERT(records.add_locker(moment, locker));
        STRONGROOM_ASSERT(records.assign(moment, locker, customer));
        for (int i = 0; i < templates; ++i) {
            // 1 is the identity of the first person of a world.
            STRONGROOM_ASSERT(
                records.add_template(moment, customer, sim::make_template(1, i, scores().id)));
        }
        STRONGROOM_ASSERT(
            records.add_finger(moment, customer, {sensor, sim::make_finger_reference(slot, 1)}));
    }
    return {disk.image(), anchor.read().value().value()};
}

const Enrolled& enrolled() {
    static const Enrolled made = enrol();
    return made;
}

Belongings make_cast(sim::World& world, Locking locking) {
    Belongings mine;
    mine.customer = customer;
    mine.locker = locker;
    mine.person = world.add_person({"alice", customer, 1, true});
    mine.phone = world.add_phone("alice's phone", phone_number, mine.person);
    mine.key = world.add_key("alice's key", locker, mine.person);
    mine.site = world.add_site({.name = "door",
                                .terminal = terminal_id,
                                .locker = locker,
                                .keyless = locking != Locking::key,
                                .fingers = locking == Locking::finger});
    if (locking == Locking::finger) world.store_finger(mine.site, slot, mine.person);
    world.witness(sim::FactKind::cast_holder, {}, "alice", {},
                  static_cast<std::int64_t>(locker.value));
    return mine;
}

// Without false matches: one of them would be bad luck and no defect.
std::optional<sim::FingerReaderSetup> finger_setup(Locking locking) {
    if (locking != Locking::finger) return std::nullopt;
    sim::FingerReaderSetup setup;
    setup.false_match_rate = 0;
    return setup;
}

std::vector<sim::FaultRule> rules_of(const Mishap& mishap) {
    if (!mishap.device) return {};
    return {*mishap.device};
}

}  // namespace

// What the anchor's medium holds outlives the process; writing it is a call that can fail.
class Stage::StageAnchor final : public store::Anchor {
public:
    // `tell` is called at each failure.
    StageAnchor(Lifeline& life, std::uint64_t failing, bool for_good, std::function<void()> tell)
        : life_(life), failing_(failing), for_good_(for_good), tell_(std::move(tell)) {
        STRONGROOM_ASSERT(inside_.write(enrolled().mark));
    }
    [[nodiscard]] Result<std::optional<store::AnchorMark>> read() override {
        return inside_.read();
    }
    [[nodiscard]] Result<void> write(const store::AnchorMark& mark) override {
        return life_.guard([&]() -> Result<void> {
            ++writes_;
            const bool fails =
                failing_ != 0 && (for_good_ ? writes_ >= failing_ : writes_ == failing_);
            if (fails) {
                failed_ = true;
                tell_();
                return fail(Errc::disconnected);
            }
            return inside_.write(mark);
        });
    }
    void heal() { failing_ = 0; }
    [[nodiscard]] std::uint64_t writes() const { return writes_; }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    Lifeline& life_;
    store::MemoryAnchor inside_;
    std::uint64_t failing_;
    bool for_good_;
    std::function<void()> tell_;
    std::uint64_t writes_ = 0;
    bool failed_ = false;
};

std::uint64_t Calls::total() const {
    std::uint64_t sum = disk + anchor;
    for (const std::uint64_t count : device) sum += count;
    return sum;
}

Stage::Stage(const Mishap& mishap)
    : mishap_(mishap),
      locking_(mishap.locking),
      key_switch_lies_(mishap.device && mishap.device->call == "key_switch.turned" &&
                       mishap.device->kind == sim::FaultKind::corrupt),
      scheduler_(1),
      world_(scheduler_),
      network_(world_),
      belongings_(make_cast(world_, mishap.locking)),
      disk_(mishap.seed * 100'000 + mishap.disk_call + mishap.death_disk_call +
            mishap.death_moment),
      anchor_(std::make_unique<StageAnchor>(
          life_, mishap.anchor_write, mishap.for_good,
          [this] {
              world_.witness(sim::FactKind::fault_injected, belongings_.site, {}, "anchor.write");
          })),
      plan_(world_, belongings_.site, rules_of(mishap)),
      entropy_(scheduler_.rng("store")),
      sealer_(master_key()),
      chain_(master_key()),
      pump_(scheduler_, [this] { return devices_->clock().to_scheduler(terminal_->step()); }),
      visitor_(world_, belongings_) {
    network_.add_gateway({});
    disk_.restore(enrolled().image);
    disk_.set_faults([this](sim::DiskOperation operation, std::uint64_t call) {
        return disk_fault(operation, call);
    });
    devices_.emplace(sim::DeviceSet::Parts{.world = world_,
                                           .network = network_,
                                           .site = belongings_.site,
                                           .scores = &scores(),
                                           .finger = finger_setup(mishap.locking),
                                           .faults = &plan_});
    life_.end_at(mishap.death_moment, [this] { died_ = true; });
    world_.on_change([this](sim::SiteId) {
        if (terminal_) pump_.request(scheduler_.now());
    });
    world_.facts().subscribe([this](const sim::Fact& fact) { follow(fact); });
}

Stage::~Stage() {
    life_.end();
    bury();
}

sim::DiskFault Stage::disk_fault(sim::DiskOperation operation, std::uint64_t call) {
    using sim::DiskFault;
    using sim::DiskOperation;
    if (mishap_.death_disk_call != 0 && call == mishap_.death_disk_call && life_.alive()) {
        life_.end();
        // The write that was under way is cut in two.
        return operation == DiskOperation::write ? DiskFault::torn : DiskFault::fail;
    }
    if (!life_.alive()) return DiskFault::fail;
    const bool due = mishap_.disk_call != 0 &&
                     (mishap_.for_good ? call >= mishap_.disk_call : call == mishap_.disk_call);
    if (!due) return DiskFault::none;
    const DiskFault fault = mishap_.disk_fault;
    if (fault == DiskFault::torn && operation != DiskOperation::write) return DiskFault::none;
    if (fault == DiskFault::lie && operation != DiskOperation::sync) return DiskFault::none;
    disk_fault_happened_ = true;
    world_.witness(sim::FactKind::fault_injected, belongings_.site, {},
                   "disk." + std::string(to_string(operation)), static_cast<std::int64_t>(call));
    return fault;
}

auth::Policy Stage::policy() const {
    switch (locking_) {
        case Locking::key: return auth::locker(threshold);
        case Locking::keyless: return auth::locker_keyless(threshold);
        case Locking::finger: return auth::atm_access(threshold);
    }
    return auth::locker(threshold);
}

store::SqliteRecords::Options Stage::store_options() {
    return {store_path,
            disk_.vfs(),
            master_key(),
            sealer_,
            chain_,
            *anchor_,
            entropy_,
            policy().lockout,
            policy().code.sends,
            terminal_id,
            {devices_->clock().now(), devices_->clock().wall()},
            store::SqliteRecords::Role::owner};
}

bool Stage::boot() {
    auto opened = store::SqliteRecords::open(store_options());
    if (!opened || !life_.alive()) {
        opened = tl::unexpected(store::OpenError{});  // closes what was opened
        bury_if_dead();
        return false;
    }
    records_ = std::move(*opened);
    faulty_records_ = std::make_unique<sim::Faulty<store::Records>>(*records_, plan_);
    // What was typed while nobody listened is gone, as it is when a program opens a keypad.
    while (world_.take_keypad_entry(belongings_.site)) {
    }
    mortal_.emplace(devices_->devices(), life_);
    world_.witness(sim::FactKind::terminal_started, belongings_.site);
    terminal_ = std::make_unique<terminal::Terminal>(
        terminal::Setup{.terminal = terminal_id,
                        .locker = locker,
                        .policy = policy(),
                        .rules = {},
                        .code_key = master_key().derive("codes"),
                        .sensor = sensor},
        mortal_->devices(), *faulty_records_, nullptr);
    pump_.request(scheduler_.now());
    return true;
}

bool Stage::boot_and_die(std::uint64_t disk_call, bool power) {
    mishap_ = {};
    mishap_.death_disk_call = disk_.calls() + disk_call;
    mishap_.power = power;
    const bool died = !boot();
    if (!died) mishap_ = {};
    return died;
}

void Stage::bury_if_dead() {
    if (life_.alive()) return;
    if (mishap_.power) {
        world_.cut_power(belongings_.site);
        disk_.power_cut();
    } else {
        disk_.process_death();
    }
    const bool ran = terminal_ != nullptr;
    bury();
    if (ran) world_.witness(sim::FactKind::terminal_died, belongings_.site);
    devices_->process_died(Instant{seconds(3)});
    mishap_ = {};
    life_.begin();
}

// Destroys what was the process; behind the lifeline it cannot touch anything.
void Stage::bury() {
    pump_.stop();
    terminal_.reset();
    faulty_records_.reset();
    records_.reset();
}

void Stage::heal() {
    plan_.heal();
    anchor_->heal();
    mishap_ = {};
    world_.restore_power(belongings_.site);
}

void Stage::acknowledge_alarms() {
    if (!terminal_) return;
    for (const Alarm alarm : all_alarms) terminal_->acknowledge(alarm);
    pump_.request(scheduler_.now());
}

Visitor::Outcome Stage::visit(int typos) {
    if (!running()) boot();
    return visitor_.visit(typos, [this] { bury_if_dead(); });
}

void Stage::rest(Duration span) {
    const Instant until = scheduler_.now() + span;
    while (scheduler_.next() <= until) {
        scheduler_.run_next();
        bury_if_dead();
    }
    scheduler_.run_until(until);
}

Calls Stage::calls() const {
    Calls calls;
    for (std::size_t i = 0; i < sim::calls; ++i) {
        calls.device[i] = plan_.count(static_cast<sim::Call>(i));
    }
    calls.disk = disk_.calls();
    for (std::size_t i = 0; i < sim::disk_operations; ++i) {
        calls.disk_by_operation[i] = disk_.calls(static_cast<sim::DiskOperation>(i));
    }
    calls.anchor = anchor_->writes();
    calls.moments = life_.moments();
    return calls;
}

bool Stage::happened() const {
    return plan_.injected() > 0 || disk_fault_happened_ || anchor_->failed() || died_;
}

// ---- what an independent witness finds -----------------------------------------------------

std::int64_t Stage::grants_on_disk() const {
    sim::Disk copy(1);
    copy.restore(disk_.image());
    auto reader = store::AuditReader::open(store_path, copy.vfs());
    if (!reader) return -1;
    std::int64_t grants = 0;
    const auto read = reader->read({}, [&](const store::AuditRow& row) {
        if (row.entry.kind == auth::AuditKind::granted) ++grants;
    });
    return read ? grants : -1;
}

std::optional<int> Stage::failures_on_disk() const {
    sim::Disk copy(1);
    copy.restore(disk_.image());
    sqlite3* database = nullptr;
    std::optional<int> found;
    if (sqlite3_open_v2(store_path, &database, SQLITE_OPEN_READWRITE, copy.vfs().c_str()) ==
        SQLITE_OK) {
        sqlite3_stmt* query = nullptr;
        sqlite3_prepare_v2(database, "SELECT failures + holds FROM counters WHERE customer = 1", -1,
                           &query, nullptr);
        if (sqlite3_step(query) == SQLITE_ROW) found = sqlite3_column_int(query, 0);
        sqlite3_finalize(query);
    }
    sqlite3_close(database);
    return found;
}

void Stage::verify_audit() {
    sim::Disk copy(1);
    copy.restore(disk_.image());
    auto reader = store::AuditReader::open(store_path, copy.vfs());
    if (!reader) {
        world_.witness(sim::FactKind::audit_broken, belongings_.site);
        return;
    }
    const auto verdict = reader->verify(master_key(), chain_, *anchor_);
    if (verdict && verdict->intact()) {
        world_.witness(sim::FactKind::audit_verified, belongings_.site, {}, {},
                       static_cast<std::int64_t>(verdict->rows));
    } else {
        world_.witness(sim::FactKind::audit_broken, belongings_.site, {}, {},
                       verdict ? static_cast<std::int64_t>(verdict->first_bad) : 0);
    }
}

std::optional<auth::CustomerCounts> Stage::counts() {
    if (!records_) return std::nullopt;
    const auto record =
        records_->load({devices_->clock().now(), devices_->clock().wall()}, customer, locker);
    if (!record) return std::nullopt;
    return record->counts;
}

void Stage::follow(const sim::Fact& fact) {
    if (fact.kind == sim::FactKind::strike_energised) {
        world_.witness(sim::FactKind::grant_recorded, belongings_.site, {}, {}, grants_on_disk());
    } else if (fact.kind == sim::FactKind::prompt_shown && fact.what == "enter_code") {
        attempts_left_ = fact.value;
    } else if (fact.kind == sim::FactKind::prompt_shown && fact.what == "code_not_accepted") {
        // An expired code leaves the number of attempts as it was, and counts for nothing.
        if (fact.value < attempts_left_) refusals_.push_back({grants_on_disk()});
        attempts_left_ = fact.value;
    }
}

std::vector<std::string> Stage::violations() {
    std::vector<std::string> found;
    for (const auto& checker : checkers::all_checkers({.face_distance_max = distance_max})) {
        const bool of_the_key = checker->name() == "I1b" || checker->name() == "I11";
        if (key_switch_lies_ && of_the_key) continue;
        for (const sim::Fact& fact : world_.facts()) checker->see(fact);
        checker->finish(scheduler_.now());
        for (const auto& violation : checker->violations()) {
            found.push_back(std::string(checker->name()) + ": " + violation.what);
        }
    }
    const sim::Site& site = world_.site(belongings_.site);
    if (site.energised) found.emplace_back("the strike is still released");
    if (site.bolt_withdrawn) found.emplace_back("the bolt is still withdrawn");
    const auto counted = counts();
    if (!counted) return found;
    const std::int64_t grants = grants_on_disk();
    int refused = 0;
    for (const Refusal& refusal : refusals_) refused += refusal.grants == grants ? 1 : 0;
    if (counted->failures + counted->holds < refused) {
        found.push_back("the screen refused " + std::to_string(refused) +
                        " codes since the last grant and the store counts " +
                        std::to_string(counted->failures + counted->holds));
    }
    return found;
}

std::uint64_t Stage::shown() const {
    std::uint64_t hash = 0xcbf29ce484222325U;
    const auto mix = [&hash](std::uint64_t value) {
        hash = (hash ^ value) * 0x100000001b3U;
        hash ^= hash >> 29U;
    };
    for (const sim::Fact& fact : world_.facts()) {
        if (fact.kind == sim::FactKind::fault_injected) continue;
        mix(static_cast<std::uint64_t>(fact.at.time_since_epoch().count()));
        mix(static_cast<std::uint64_t>(fact.kind));
        mix(static_cast<std::uint64_t>(fact.number));
        for (const char c : fact.what) mix(static_cast<unsigned char>(c));
    }
    return hash;
}

}  // namespace strongroom::test
