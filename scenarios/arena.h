// One arm's world: people, disk, network, the store, and the terminals at their sites, all under
// one scheduler with one seed. Private to scenarios. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/trace.h"
#include "config/settings.h"
#include "devices/failover_gateway.h"
#include "driven_strike.h"
#include "driver_gateway.h"
#include "emulated_sensor.h"
#include "parts/parts.h"
#include "provider_wire.h"
#include "scenarios/player.h"
#include "scenarios/scenario.h"
#include "sim/device_set.h"
#include "sim/disk.h"
#include "sim/faulty_records.h"
#include "sim/scheduler.h"
#include "sim/sms_network.h"
#include "sim/world.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"

namespace strongroom::scenarios {

// The file of the database on the simulated disk.
inline constexpr const char* database = "/store.db";

class Arena {
public:
    // `parts`: the naive parts that stand in. Throws PlayError when it cannot be set up.
    // `faults_ready`: the first site's devices stand behind a fault plan even without a rule.
    Arena(const Scenario& scenario, const FaceSource& faces, config::Settings settings,
          std::set<std::string, std::less<>> parts, std::uint64_t seed, bool faults_ready = false);
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena();

    [[nodiscard]] const Scenario& scenario() const { return scenario_; }
    [[nodiscard]] sim::Scheduler& scheduler() { return scheduler_; }
    [[nodiscard]] sim::World& world() { return world_; }
    [[nodiscard]] sim::SmsNetwork& network() { return network_; }
    [[nodiscard]] sim::Disk& disk() { return disk_; }
    [[nodiscard]] const config::Settings& settings() const { return settings_; }

    // ---- by name --------------------------------------------------------------------------
    [[nodiscard]] sim::SiteId site_of(const Arguments& with) const;  // the first by default
    [[nodiscard]] sim::SiteId site_of_locker(std::uint64_t locker) const;

    [[nodiscard]] static FingerSlot slot_of(CustomerId customer) {
        return static_cast<FingerSlot>(customer.value);
    }
    // The site's emulated fingerprint sensor, which the scenario has asked for.
    [[nodiscard]] EmulatedSensor& sensor(sim::SiteId site);

    // The way to the provider of a gateway that has a protocol.
    [[nodiscard]] ProviderWire& wire(std::string_view gateway);
    // The code that he read last while he stood between a terminal and a provider; empty: none.
    [[nodiscard]] const std::string& overheard(sim::PersonId who);

    // ---- the process that serves the terminals --------------------------------------------
    // Opens the store and starts the terminals; refused() says why when it could not.
    void boot();
    // The clerk takes what `who` shows for the face of `customer`. The store is uncommissioned: one
    // person may enrol.
    void enrol_shown(sim::PersonId who, CustomerId customer, const sim::ShownFace& face);
    // The power is back at a site: what starts there takes its time where the strike stands on a
    // board's pins, whose boot is what is played then.
    void power_up(sim::SiteId site);
    // `power`: what was not synced may be lost.
    void die(bool power);
    [[nodiscard]] bool running() const { return records_ != nullptr; }
    [[nodiscard]] const std::string& refused() const { return refused_; }
    void set_calendar(Duration forward);
    // Null while there is none.
    [[nodiscard]] terminal::Terminal* terminal(sim::SiteId site);
    [[nodiscard]] store::SqliteRecords* records() { return records_.get(); }
    [[nodiscard]] sim::FaultPlan* faults() { return faults_.get(); }
    // The first site's time.
    [[nodiscard]] store::Moment moment() const;

    // ---- what the witnesses look at ---------------------------------------------------------
    [[nodiscard]] const std::string& log() const { return log_; }
    [[nodiscard]] const std::string& trace() const { return trace_.text; }
    [[nodiscard]] const Key256& master() const { return master_; }
    [[nodiscard]] const store::AuditChain& chain() const { return *chain_; }
    [[nodiscard]] const store::Sealer& sealer() const { return *sealer_; }
    [[nodiscard]] store::Anchor& anchor() { return *anchor_; }
    // Byte strings that must be nowhere: what they are, and the bytes.
    struct Needle {
        std::string what;
        std::string bytes;
        bool digits = false;  // found only as a whole run of digits
    };
    [[nodiscard]] const std::vector<Needle>& private_data() const { return private_data_; }

private:
    struct Trace final : TraceSink {
        void write(const TraceLine& line) override;
        std::string text;
    };
    // A terminal and what belongs to it.
    struct Post {
        Post(Arena& arena, sim::SiteId site, std::uint64_t terminal);
        sim::SiteId site;
        std::uint64_t terminal_number;
        sim::VirtualClock clock;  // goes as the devices' own
        std::unique_ptr<hal::FaceObserver> face;
        std::vector<std::unique_ptr<sim::SmsGateway>> gateways;
        std::vector<std::unique_ptr<DriverGateway>> drivers;
        std::vector<hal::SmsGateway*> providers;           // both, in order of preference
        std::optional<devices::FailoverGateway> failover;  // made anew at each boot, in its place
        std::unique_ptr<parts::LoggingGateway> logging;
        std::unique_ptr<EmulatedSensor> sensor;  // none: a sensor at the level of scores
        std::unique_ptr<DrivenStrike> strike;    // none: the simulator's own
        std::unique_ptr<sim::DeviceSet> devices;
        std::unique_ptr<parts::EchoingStrike> echoing;
        std::unique_ptr<terminal::Terminal> terminal;
        sim::Scheduler::Handle wake;
        Instant stepped{};
        int steps_at_once = 0;
    };

    [[nodiscard]] bool has_part(std::string_view name) const { return parts_.contains(name); }
    [[nodiscard]] FaceParts face_parts() const;
    void choose_parts();
    void make_failover(Post& post);
    void add_cast();
    void add_gateways();
    void add_providers(Post& post);
    void add_strike(Post& post);
    void hear(const std::string& who, const std::string& text, const std::string& code);
    void add_faults(bool ready);
    void enrol();
    void enrol_finger(CustomerId customer, sim::PersonId person);
    void enrol_authenticator(CustomerId customer, sim::PhoneId phone);
    void open_records();
    void wake(Post& post, Instant when);
    void step(Post& post);

    const Scenario& scenario_;
    const FaceSource& faces_;
    config::Settings settings_;
    std::set<std::string, std::less<>> parts_;
    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    sim::Disk disk_;
    sim::SeededEntropy entropy_;
    Key256 master_;
    std::unique_ptr<store::Sealer> sealer_;
    std::unique_ptr<store::AuditChain> chain_;
    std::unique_ptr<store::Anchor> anchor_;
    std::string log_;
    Trace trace_;
    std::vector<Needle> private_data_;
    std::deque<ProviderWire> wires_;  // of the gateways that have a protocol
    std::map<std::string, std::string, std::less<>> overheard_;  // by name
    std::string refused_;
    std::unique_ptr<store::SqliteRecords> records_;
    std::unique_ptr<parts::MemoryCounts> memory_counts_;
    std::unique_ptr<sim::FaultPlan> faults_;  // none: nothing goes wrong by itself
    std::unique_ptr<sim::Faulty<store::Records>> faulty_records_;
    std::deque<Post> posts_;
};

}  // namespace strongroom::scenarios
