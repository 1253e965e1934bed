// A strongroom of one door for fault sweeps: the real terminal over the real store on a simulated
// disk, every device behind a fault plan, and a process that can die at any call.
//
// One thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/counts.h"
#include "lifeline.h"
#include "scenarios/outcome.h"
#include "sim/device_set.h"
#include "sim/disk.h"
#include "sim/faulty_records.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"
#include "visitor.h"

namespace strongroom::test {

// The policy of the door: face and code and key; face and code alone; face, finger and code.
enum class Locking : std::uint8_t { key, keyless, finger };

// What goes wrong. At most one of the parts is used at a time.
struct Mishap {
    Locking locking = Locking::key;
    std::optional<sim::FaultRule> device;  // or store call
    // The n-th call of the disk, from 1, and what it shows; for good, or once.
    std::uint64_t disk_call = 0;
    sim::DiskFault disk_fault = sim::DiskFault::none;
    bool for_good = false;
    std::uint64_t anchor_write = 0;  // the n-th write of the anchor, from 1
    // The process dies at this moment (lifeline.h), or within this call of the disk.
    std::uint64_t death_moment = 0;
    std::uint64_t death_disk_call = 0;
    bool power = false;      // and the power goes with it
    std::uint64_t seed = 0;  // of what a power cut leaves of unsynced sectors
};

// How many calls a run made.
struct Calls {
    std::array<std::uint64_t, sim::calls> device{};
    std::uint64_t disk = 0;
    std::array<std::uint64_t, sim::disk_operations> disk_by_operation{};
    std::uint64_t anchor = 0;
    std::uint64_t moments = 0;
    [[nodiscard]] std::uint64_t total() const;
};

class Stage {
public:
    explicit Stage(const Mishap& mishap);
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    ~Stage();

    // Opens the store and starts the terminal. False when the store cannot be opened: the program
    // would end with a message, and the door is as it was.
    bool boot();
    // As boot(), but the process dies (or the power goes) within the n-th call that this makes of
    // the disk. True when it made so many.
    bool boot_and_die(std::uint64_t disk_call, bool power);
    // What was broken works again, and the power is back. Does not start anything.
    void heal();

    // Staff have seen every alarm.
    void acknowledge_alarms();

    // An honest visit; boots first if nothing runs.
    Visitor::Outcome visit(int typos);
    // Time passes while nobody is there.
    void rest(Duration span);

    [[nodiscard]] Calls calls() const;
    // Whether the mishap has happened.
    [[nodiscard]] bool happened() const;
    [[nodiscard]] bool running() const { return terminal_ != nullptr; }

    [[nodiscard]] sim::World& world() { return world_; }
    // Grants in the audit as an independent reading of the disk finds them.
    [[nodiscard]] std::int64_t grants_on_disk() const;
    // Failures and open tries as the same reading finds them; none when there is nothing to read.
    [[nodiscard]] std::optional<int> failures_on_disk() const;
    // Reads the store from the disk alone: appends audit_verified or audit_broken.
    void verify_audit();
    [[nodiscard]] std::optional<auth::CustomerCounts> counts();

    // Everything that has to hold whatever went wrong: all checkers over the world's facts, a
    // locked door, and the counts that the screen has told of. One line each.
    [[nodiscard]] std::vector<std::string> violations();
    // Over all facts except the faults themselves: whether a fault showed at all.
    [[nodiscard]] std::uint64_t shown() const;

private:
    class StageAnchor;
    // A code that the screen refused, and how many grants the disk held at that time.
    struct Refusal {
        std::int64_t grants = 0;
    };

    void follow(const sim::Fact& fact);
    void bury_if_dead();
    void bury();
    [[nodiscard]] auth::Policy policy() const;
    [[nodiscard]] sim::DiskFault disk_fault(sim::DiskOperation operation, std::uint64_t call);
    [[nodiscard]] store::SqliteRecords::Options store_options();

    Mishap mishap_;
    const Locking locking_;
    // A switch that says "turned" by itself cannot be told from a turned key. What then holds the
    // bolt is the key itself: I1a and I7 are judged, the key's step of I1b and I11 is not.
    const bool key_switch_lies_;
    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    Belongings belongings_;
    sim::Disk disk_;
    Lifeline life_;
    bool disk_fault_happened_ = false;
    bool died_ = false;
    std::unique_ptr<StageAnchor> anchor_;
    sim::FaultPlan plan_;
    std::optional<sim::DeviceSet> devices_;
    std::optional<MortalDevices> mortal_;
    sim::SeededEntropy entropy_;
    store::AeadSealer sealer_;
    store::KeyedChain chain_;
    std::unique_ptr<store::SqliteRecords> records_;
    std::unique_ptr<sim::Faulty<store::Records>> faulty_records_;
    std::unique_ptr<terminal::Terminal> terminal_;
    Pump pump_;
    Visitor visitor_;
    std::vector<Refusal> refusals_;
    double attempts_left_ = 0;  // as the screen said last
};

}  // namespace strongroom::test
