// One actor of a scenario: carries out the steps that are hers, one after another. Private to
// scenarios. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arena.h"
#include "insider.h"
#include "visit.h"

namespace strongroom::scenarios {

class Actor {
public:
    // All outlive the actor; so do the actions that it schedules.
    Actor(Arena& arena, Insider& insider, std::string name, std::vector<Step> steps);
    void start() { arm(); }
    void see(const sim::Fact& fact);

private:
    void arm();  // waits for what the next step waits for
    void run(const Step& step);
    void ended();

    // True: the step has ended; false: it says so later.
    bool act(const Step& step);
    bool surroundings(const Step& step);
    bool before_terminal(const Step& step);
    bool at_door(const Step& step);
    bool with_code(const Step& step);
    bool with_database(const Step& step);
    bool at_sensor(const Step& step);
    bool on_network(const Step& step);
    [[nodiscard]] sim::ShownFinger finger_of(const std::string& owner,
                                             const std::string& how) const;
    void replace_camera(const Step& step, sim::SiteId site);
    void visit(VisitPlan plan);
    [[nodiscard]] VisitPlan visit_plan(const Step& step) const;
    void try_every_locker(std::size_t round);
    // What she shows: the step's arguments how, species, quality, blinks and faces.
    [[nodiscard]] sim::ShownFace face_of(const Step& step, const std::string& owner) const;

    Arena& arena_;
    sim::World& world_;
    Insider& insider_;
    std::string name_;
    sim::PersonId self_;  // none: the surroundings
    std::vector<Step> steps_;
    std::size_t next_ = 0;
    bool waiting_ = false;  // for the next step's trigger
    Rng rng_;
    std::string memory_;  // a code that she saw
    std::vector<std::shared_ptr<Visit>> visits_;
};

}  // namespace strongroom::scenarios
