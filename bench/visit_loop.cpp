#include "visit_loop.h"

#include <stdexcept>

#include "store/file_anchor.h"

namespace strongroom::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr CustomerId customer{1};
constexpr LockerId locker{7};
constexpr TerminalId terminal_id{1};
constexpr const char* phone_number = "+919876543210";
constexpr int templates = 3;
constexpr Duration patience = seconds(60);

const sim::ScoreModel& scores() {
    static const sim::ScoreModel model = sim::ScoreModel::parse(
        R"({"model": "apart", "provenance": {"made": "for measurements"}, "templates": 3,
            "genuine_quantiles": [[0, 0.15], [1, 0.45]],
            "impostor_quantiles": [[0, 0.7], [1, 1.2]]})",
        "bench");
    return model;
}

Key256 master_key() {
    std::array<std::byte, Key256::size> bytes{};
    bytes.fill(std::byte{0x21});
    return Key256{std::span<const std::byte, Key256::size>(bytes)};
}

// As the product's, but for the caps on codes a day: a benchmark plays a year in a minute.
auth::Policy policy() {
    auth::Policy policy = auth::locker({0.55, 0.001, 0.002});
    policy.code.sends.per_customer_per_day = 1'000'000'000;
    policy.code.sends.per_terminal_per_day = 1'000'000'000;
    return policy;
}

}  // namespace

class VisitLoop::CountingRecords final : public store::Records {
public:
    CountingRecords(store::Records& inner, StoreWork& work) : inner_(inner), work_(work) {}
    [[nodiscard]] Result<store::CustomerRecord> load(store::Moment moment, CustomerId of,
                                                     LockerId at) override {
        ++work_.loads;
        return inner_.load(moment, of, at);
    }
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        store::Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override {
        ++work_.commits;
        work_.audit_rows += earlier.size() + 1;
        if (std::holds_alternative<auth::IssueCode>(record.body)) ++work_.codes;
        return inner_.commit(moment, record, earlier);
    }
    [[nodiscard]] Result<void> note(store::Moment moment,
                                    std::span<const auth::AuditEntry> entries) override {
        ++work_.notes;
        work_.audit_rows += entries.size();
        return inner_.note(moment, entries);
    }
    [[nodiscard]] Result<void> keep_time(store::Moment moment) override {
        ++work_.times_kept;
        return inner_.keep_time(moment);
    }

private:
    store::Records& inner_;
    StoreWork& work_;
};

class VisitLoop::CountingAnchor final : public store::Anchor {
public:
    CountingAnchor(store::Anchor& inner, StoreWork& work) : inner_(inner), work_(work) {}
    [[nodiscard]] Result<std::optional<store::AnchorMark>> read() override { return inner_.read(); }
    [[nodiscard]] Result<void> write(const store::AnchorMark& mark) override {
        ++work_.anchored;
        return inner_.write(mark);
    }

private:
    store::Anchor& inner_;
    StoreWork& work_;
};

VisitLoop::VisitLoop(const std::filesystem::path& directory)
    : scheduler_(1),
      world_(scheduler_),
      network_(world_),
      person_(world_.add_person({"alice", customer, 1, true})),
      phone_(world_.add_phone("phone", phone_number, person_)),
      key_(world_.add_key("key", locker, person_)),
      site_(world_.add_site({.name = "door", .terminal = terminal_id, .locker = locker})),
      entropy_(scheduler_.rng("store")) {
    network_.add_gateway({});
    devices_.emplace(sim::DeviceSet::Parts{
        .world = world_, .network = network_, .site = site_, .scores = &scores()});
    open_store(directory);
    enrol();
    work_ = {};
    terminal_.emplace(terminal::Setup{.terminal = terminal_id,
                                      .locker = locker,
                                      .policy = policy(),
                                      .rules = {},
                                      .code_key = master_key().derive("codes")},
                      devices_->devices(), *counting_records_, nullptr);
    world_.on_change([this](sim::SiteId) { request_step(scheduler_.now()); });
    request_step(scheduler_.now());
    scheduler_.run_for(seconds(1));
}

VisitLoop::~VisitLoop() = default;

void VisitLoop::open_store(const std::filesystem::path& directory) {
    const bool in_memory = directory.empty();
    if (in_memory) {
        anchor_ = std::make_unique<store::MemoryAnchor>();
    } else {
        anchor_ = std::make_unique<store::FileAnchor>(directory / "anchor", master_key());
    }
    counting_anchor_ = std::make_unique<CountingAnchor>(*anchor_, work_);
    sealer_ = std::make_unique<store::AeadSealer>(master_key());
    chain_ = std::make_unique<store::KeyedChain>(master_key());
    auto opened =
        store::SqliteRecords::open({in_memory ? ":memory:" : (directory / "store.db").string(),
                                    {},
                                    master_key(),
                                    *sealer_,
                                    *chain_,
                                    *counting_anchor_,
                                    entropy_,
                                    policy().lockout,
                                    policy().code.sends,
                                    terminal_id,
                                    {devices_->clock().now(), devices_->clock().wall()},
                                    store::SqliteRecords::Role::owner});
    if (!opened) throw std::runtime_error(opened.error().message);
    records_ = std::move(*opened);
    counting_records_ = std::make_unique<CountingRecords>(*records_, work_);
}

void VisitLoop::enrol() {
    const store::Moment moment{devices_->clock().now(), devices_->clock().wall()};
    bool well = records_->add_customer(moment, "Alice Ravindran", phone_number, customer) &&
                records_->add_locker(moment, locker) && records_->assign(moment, locker, customer);
    for (int i = 0; i < templates; ++i) {
        const auto face = sim::make_template(1, i, scores().id);
        well = well && records_->add_template(moment, customer, face);
    }
    if (!well) throw std::runtime_error("bench: cannot enrol");
}

void VisitLoop::request_step(Instant when) {
    if (scheduler_.pending(step_) && step_at_ <= when) return;
    scheduler_.cancel(step_);
    step_at_ = when;
    step_ = scheduler_.at(when, [this] {
        step_ = {};
        ++steps_;
        request_step(devices_->clock().to_scheduler(terminal_->step()));
    });
}

bool VisitLoop::wait_for(Prompt::Message prompt) {
    const Instant limit = scheduler_.now() + patience;
    const sim::Site& site = world_.site(site_);
    Prompt::Message read = Prompt::Message::welcome;
    while (!site.prompt || site.prompt->message != prompt) {
        if (scheduler_.now() > limit || !scheduler_.run_next()) return false;
        if (!site.prompt || site.prompt->message == read) continue;
        read = site.prompt->message;
        if (gesture_of(read)) answer(*gesture_of(read));
    }
    return true;
}

void VisitLoop::answer(Gesture gesture) {
    scheduler_.after(milliseconds(700),
                     [this, gesture] { world_.perform(person_, site_, gesture); });
}

bool VisitLoop::visit() {
    world_.arrive(person_, site_);
    world_.show_face(person_, site_);
    world_.claim(person_, site_, customer, locker);
    if (!wait_for(Prompt::Message::enter_code)) return false;
    const Instant limit = scheduler_.now() + patience;
    while (world_.phone(phone_).inbox.empty() && scheduler_.now() < limit) scheduler_.run_next();
    const sim::Message* message = world_.read_newest(person_, phone_);
    if (message == nullptr) return false;
    scheduler_.run_for(seconds(2));
    world_.type_code(person_, site_, message->digits);
    if (!wait_for(Prompt::Message::turn_key)) return false;
    scheduler_.run_for(seconds(1));
    world_.turn_key(person_, site_, key_, seconds(10));
    if (!wait_for(Prompt::Message::open_door)) return false;
    scheduler_.run_for(milliseconds(800));
    const bool opened = world_.pull_door(person_, site_);
    scheduler_.run_for(seconds(4));
    world_.take_contents(person_, site_);
    world_.close_door(person_, site_);
    world_.leave(person_);
    const bool ended = wait_for(Prompt::Message::welcome);
    scheduler_.run_for(seconds(1));
    world_.facts().clear();
    world_.forget_messages();
    return opened && ended;
}

}  // namespace strongroom::bench
