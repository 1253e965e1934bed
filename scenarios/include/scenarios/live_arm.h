// One arm as it plays, for who wants to watch it and to steer it: its world, its terminals, and the
// records they share. The player runs one to its end; a panel holds one and lets time pass as it
// likes, moves people about in world(), and looks. One thread, the scheduler's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "config/settings.h"
#include "scenarios/player.h"
#include "scenarios/scenario.h"
#include "sim/fault_plan.h"
#include "sim/scheduler.h"
#include "sim/sms_network.h"
#include "sim/world.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"

namespace strongroom::scenarios {

struct LiveArmOptions {
    // The first site's devices stand behind a fault plan even if the scenario has no faults, so
    // that faults can be switched on while it plays.
    bool faults = false;
    // Changes to the scenario's policy and alarm rules; may be empty.
    std::function<void(config::Settings&)> adjust{};
};

class LiveArm {
public:
    // The terminals have started and the scenario's actors wait for their cues. `scenario` and
    // `faces` outlive the arm. Throws PlayError when it cannot be set up.
    LiveArm(const Scenario& scenario, const ArmPlan& plan, std::uint64_t seed,
            const FaceSource& faces, const LiveArmOptions& options = {});
    ~LiveArm();
    LiveArm(const LiveArm&) = delete;
    LiveArm& operator=(const LiveArm&) = delete;

    // Time passes by running the scheduler.
    [[nodiscard]] sim::Scheduler& scheduler();
    [[nodiscard]] sim::World& world();
    [[nodiscard]] sim::SmsNetwork& network();
    [[nodiscard]] const config::Settings& settings() const;

    // ---- the process that serves the terminals ----------------------------------------------
    [[nodiscard]] bool running() const;
    // Why the last boot() came to nothing; empty when it did not.
    [[nodiscard]] const std::string& refused() const;
    void boot();
    // `power`: what was not synced may be lost.
    void die(bool power);
    // The power is back at a site, and what starts there starts.
    void power_up(sim::SiteId site);
    // Null while there is none: the process is dead, or the site has no power.
    [[nodiscard]] terminal::Terminal* terminal(sim::SiteId site);
    // Null while the process is dead.
    [[nodiscard]] store::SqliteRecords* records();
    // The first site's time, as records are given it.
    [[nodiscard]] store::Moment moment() const;
    // Of the first site; null when neither the scenario nor the options have faults.
    [[nodiscard]] sim::FaultPlan* faults();

    // Ends the play now and writes what was found into `outcome`: violations, missing observations,
    // facts and their hash. Once, last. Throws PlayError when a rate cannot be measured.
    void judge(ArmOutcome& outcome);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::scenarios
