// Whole visits at level scores: the real terminal and the real store in a simulated world, as fast
// as they go.
//
// One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "sim/device_set.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"

namespace strongroom::bench {

// What a visit asks of the store, counted.
struct StoreWork {
    std::uint64_t loads = 0;
    std::uint64_t commits = 0;     // transactions that change a customer's counts
    std::uint64_t notes = 0;       // transactions of audit rows alone
    std::uint64_t times_kept = 0;  // transactions of the clock alone
    std::uint64_t audit_rows = 0;
    std::uint64_t codes = 0;     // rows of codes
    std::uint64_t anchored = 0;  // marks written
    [[nodiscard]] std::uint64_t transactions() const { return commits + notes + times_kept; }
};

class VisitLoop {
public:
    // In `directory`, with the anchor in a file; in memory when it is empty.
    explicit VisitLoop(const std::filesystem::path& directory);
    ~VisitLoop();
    VisitLoop(const VisitLoop&) = delete;
    VisitLoop& operator=(const VisitLoop&) = delete;

    // One customer's visit, from her claim to the closed door. False when it did not open.
    bool visit();
    [[nodiscard]] const StoreWork& work() const { return work_; }
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

private:
    class CountingRecords;
    class CountingAnchor;

    void open_store(const std::filesystem::path& directory);
    void enrol();
    void request_step(Instant when);
    // Runs the world until the screen shows `prompt`; false when nothing comes.
    bool wait_for(Prompt::Message prompt);
    void answer(Gesture gesture);

    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    sim::PersonId person_;
    sim::PhoneId phone_;
    sim::KeyId key_;
    sim::SiteId site_;
    std::optional<sim::DeviceSet> devices_;
    StoreWork work_;
    std::unique_ptr<store::Anchor> anchor_;
    std::unique_ptr<store::Anchor> counting_anchor_;
    sim::SeededEntropy entropy_;
    std::unique_ptr<store::Sealer> sealer_;
    std::unique_ptr<store::AuditChain> chain_;
    std::unique_ptr<store::SqliteRecords> records_;
    std::unique_ptr<store::Records> counting_records_;
    std::optional<terminal::Terminal> terminal_;
    sim::Scheduler::Handle step_;
    Instant step_at_ = never;
    std::uint64_t steps_ = 0;
};

}  // namespace strongroom::bench
