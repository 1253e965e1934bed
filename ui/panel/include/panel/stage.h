// Stage: a simulated strongroom that somebody steers: a scenario's world, its terminals and its
// people, the orders that were given, and how it all looks from outside.
//
// Everything that happens follows from the scenario, the seed and the orders with their times:
// rewind() builds the world again and gives the same orders again. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "panel/orders.h"
#include "panel/snapshot.h"
#include "scenarios/scenario.h"

namespace strongroom::panel {

// A small bank: customers with lockers, and somebody who is up to no good. Nobody acts by himself.
[[nodiscard]] scenarios::Scenario showroom();

struct StageSetup {
    scenarios::Scenario scenario;
    std::vector<std::string> removed;  // defences that are taken away, by name
    std::uint64_t seed = 1;
    bool render = true;            // false: scores, without pictures
    std::filesystem::path scores;  // file of score distributions, for those
    // Changes to the policy and the alarm rules, as a configuration has them; may be empty.
    std::function<void(config::Settings&)> adjust{};
    int further_lockers = 0;  // without a terminal, for the tables
    int further_audit_rows = 0;
};

class Stage {
public:
    // Throws scenarios::PlayError when the world cannot be set up.
    explicit Stage(StageSetup setup);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    [[nodiscard]] const StageSetup& setup() const;
    [[nodiscard]] Instant now() const;
    // How far the recording goes: now(), or later after rewind().
    [[nodiscard]] Instant recorded() const;

    // Does the next thing that is due until then; false when nothing is left to do, and now() is
    // `until`. Orders of the recording are given again at their times.
    bool advance(Instant until);

    // Done at once. What was recorded later than now() is forgotten. Why it could not be done, in
    // one sentence; empty when it was.
    std::string carry_out(const Order& order);

    // To a moment of the recording, 0 <= to <= recorded(). Takes as long as it takes to play until
    // there, without looking at pictures.
    void rewind(Instant to);
    // Everything from the beginning; the recording is forgotten. Throws scenarios::PlayError and
    // changes nothing: there is no such defence, or a mutant would have to take it away.
    void restart(std::vector<std::string> removed);

    // How it looks. `serial`, `speed`, `running` and `achieved` are for who publishes it.
    // `tables`: also what takes a reading of the store (customers, lockers, audit); otherwise those
    // are as they were.
    [[nodiscard]] Snapshot snapshot(bool tables);

    struct Implementation;  // of the stage's own files alone

private:
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::panel
