// The honest customer before a simulated terminal: she claims, looks, reads her phone, types, turns
// her key, opens the door, and closes it again. She acts on what the world shows her (the screen,
// her phone, the click of the strike), so that a fault of one of them does not stop her at once.
//
// One thread, the scheduler's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/ids.h"
#include "sim/world.h"

namespace strongroom::test {

// Calls a terminal when it wants to be called, in virtual time.
class Pump {
public:
    // What makes the terminal step; returns the scheduler's time at which it wants the next one.
    using Step = std::function<Instant()>;

    Pump(sim::Scheduler& scheduler, Step step) : scheduler_(scheduler), step_(std::move(step)) {}
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump() { stop(); }

    void request(Instant when);
    void stop();
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

private:
    void run();

    sim::Scheduler& scheduler_;
    Step step_;
    sim::Scheduler::Handle handle_;
    Instant at_ = never;
    std::uint64_t steps_ = 0;
};

struct Belongings {
    CustomerId customer;
    LockerId locker;
    sim::PersonId person;
    sim::PhoneId phone;
    sim::KeyId key;
    sim::SiteId site;
};

class Visitor {
public:
    // Listens to the world's facts from now on. `world` outlives the visitor.
    Visitor(sim::World& world, Belongings belongings);
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;
    ~Visitor();

    struct Outcome {
        bool opened = false;      // the world's door was open
        int refused_codes = 0;    // times that the screen did not accept a code
        std::string last_prompt;  // of this visit
    };
    // One visit, at most five minutes of virtual time. `typos` codes are mistyped before she takes
    // care. `between` is called after everything that happens.
    Outcome visit(int typos, const std::function<void()>& between = {});

private:
    enum class Doing : std::uint8_t {
        waiting,
        gesturing,
        pressing,
        typing,
        turning,
        pulling,
        leaving
    };
    void hear(const sim::Fact& fact);
    void act();
    void react(const std::string& prompt);
    void plan(Doing doing, Duration after);
    void type();
    void pull();
    void look_at_phone();

    sim::World& world_;
    Belongings mine_;
    sim::FactLog::Subscription subscription_;

    Outcome outcome_;
    bool over_ = false;
    int typos_left_ = 0;
    int code_entries_ = 0;
    int pulls_ = 0;
    bool resend_pressed_ = false;
    std::uint64_t used_message_ = 0;  // whose digits she typed last
    std::uint64_t old_message_ = 0;   // on her phone before this visit
    std::optional<std::string> prompt_;
    bool clicked_ = false;            // the strike was released
    bool delivered_ = false;          // her phone rang
    std::optional<Gesture> gesture_;  // the screen asks for it
    Doing doing_ = Doing::waiting;
    Instant due_ = never;
    Instant stirred_{};  // when something last happened
};

}  // namespace strongroom::test
