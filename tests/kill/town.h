// The witness: bolt, people, phone, key and clock, which survive whatever becomes of the process
// that controls the door, and what it reads of that process's records by itself.
//
// One thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkers/checker.h"
#include "remote.h"
#include "sim/device_set.h"
#include "sweep/visitor.h"

namespace strongroom::test {

// The count that limits an attacker, as far as the witness was told of commits.
struct KnownCounts {
    int failures = 0;
    int holds = 0;
    std::int64_t grants = 0;
    std::optional<Commit> under_way;  // begun, and not told to have ended
};

class Town {
public:
    // `directory` is empty and the town's own. Enrols one customer there.
    Town(std::filesystem::path directory, std::uint64_t seed);
    Town(const Town&) = delete;
    Town& operator=(const Town&) = delete;

    // Starts the process. False when it was killed before it first waited.
    bool start(const KillPlan& plan);
    void arm(const KillPlan& plan);
    [[nodiscard]] bool running() const { return remote_ && remote_->alive(); }
    [[nodiscard]] const Remote& remote() const { return *remote_; }
    // Whether it ended without being killed.
    [[nodiscard]] bool crashed() const { return crashed_; }

    Visitor::Outcome visit(int typos);
    void rest(Duration span);
    // Time goes by while the process sleeps.
    void let_pass(Duration span);

    // ---- what the witness finds ------------------------------------------------------------

    // Where the process was when it was killed, in words.
    [[nodiscard]] const std::string& place_of_death() const { return place_of_death_; }
    // Reads database, journal and anchor, which nobody has open; violations, one line each.
    [[nodiscard]] std::vector<std::string> examine();
    // Failures and open tries that the database counts; -1 when it cannot be read.
    [[nodiscard]] int failures_on_disk() const;
    // And those that the witness knows of: a process that starts makes failures of open tries.
    [[nodiscard]] int failures_known() const { return known_.failures + known_.holds; }
    // Of the checkers, over everything that happened since the town was founded.
    [[nodiscard]] std::vector<std::string> violations() const;
    [[nodiscard]] std::int64_t pulses() const { return pulses_; }
    [[nodiscard]] std::int64_t commits(Commit what) const { return commits_.at(what); }

private:
    struct Counted {
        int failures = 0;
        int holds = 0;
    };
    void enrol();
    [[nodiscard]] Writer serve(Message message, Reader& reader);
    [[nodiscard]] Writer serve_face(Message message, Reader& reader);
    [[nodiscard]] Writer serve_panel(Message message, Reader& reader);
    void hear_of_records(Message message, Reader& reader);
    void follow(const sim::Fact& fact);
    void bury_if_dead();
    [[nodiscard]] std::string place() const;
    [[nodiscard]] std::int64_t grants_on_disk() const;
    [[nodiscard]] bool audit_intact() const;
    [[nodiscard]] std::optional<Counted> counts_on_disk() const;

    std::filesystem::path directory_;
    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    Belongings belongings_;
    std::optional<sim::DeviceSet> devices_;
    std::unique_ptr<Remote> remote_;
    Pump pump_;
    Visitor visitor_;
    std::vector<std::unique_ptr<checkers::Checker>> checkers_;

    KnownCounts known_;
    std::map<Commit, std::int64_t> commits_;
    std::int64_t pulses_ = 0;
    bool buried_ = true;
    bool crashed_ = false;
    bool opening_ = false;
    bool claimed_ = false;        // somebody has claimed since the process started
    bool grant_pending_ = false;  // recorded, and the strike not told yet
    std::string place_of_death_;
};

}  // namespace strongroom::test
