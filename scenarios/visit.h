// A person before a terminal, who reads the screen and does what it says, with human delays: the
// customer, and whoever wants to pass for her. Private to scenarios. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "arena.h"

namespace strongroom::scenarios {

struct VisitPlan {
    sim::SiteId site;
    CustomerId as;
    LockerId locker;
    sim::ShownFace face;        // what she holds before the camera
    sim::ShownFinger finger{};  // and what she lays on the sensor
    bool claims = true;         // false: the visit has begun already, by another
    int tries = 3;              // how often she begins again when it did not open
    int times = 1;              // visits one after another
    // Overheard: what the person who stands between the terminal and a provider has read there.
    enum class Code : std::uint8_t { phone, memory, guess, overheard } code = Code::phone;
    bool guesses_by_resend = false;           // asks for another code before the tries are used up
    std::optional<Prompt::Message> stops_at;  // walks away when this is shown
    bool impatient = false;                   // does not wait as long as she is told to
    bool stays = false;                       // no: stops acting and stays where she is
    bool cancels = false;                     // presses cancel first
    bool answers = true;                      // performs the gestures that the screen asks for
    Prompt::Message key_at = Prompt::Message::turn_key;  // when she turns the key
    bool leaves_door_open = false;
    Duration stay = std::chrono::seconds(20);
};

class Visit : public std::enable_shared_from_this<Visit> {
public:
    // `memory`: the code that she knows from before, when the plan says so. `over` is called once.
    Visit(Arena& arena, sim::PersonId self, VisitPlan plan, Rng rng, std::string memory,
          std::function<void()> over);
    void begin();
    // Every fact of the run.
    void see(const sim::Fact& fact);

private:
    using Message = Prompt::Message;
    // Runs later, unless the visit is over or `round_` has changed by then.
    void later(double seconds_min, double seconds_max, std::function<void()> action);
    void claim();
    void read_screen(const Prompt& prompt);
    void face();
    void perform(Gesture gesture);
    void lay_finger();
    void code_wanted(bool again);
    void authenticator_wanted(bool again);
    void type_authenticator();
    void type_code();
    void type_overheard();
    void guess();
    void turn_key(Duration hold);
    void door_released();
    void pull(int attempts_left);
    void inside();
    void refused(Message message, std::int32_t seconds);
    void walk_away();
    void end_try(double wait_min, double wait_max);
    void next_time();
    void finish();
    [[nodiscard]] bool at_code() const;

    Arena& arena_;
    sim::World& world_;
    sim::PersonId self_;
    std::string name_;
    VisitPlan plan_;
    Rng rng_;
    std::string memory_;
    std::function<void()> over_;
    std::uint32_t site_number_;
    std::uint64_t round_ = 0;  // a new one with every claim
    int tries_left_;
    int times_left_;
    bool finished_ = false;
    bool active_ = false;    // has claimed, and not been refused since
    bool answered_ = false;  // the screen has changed since the claim
    bool fresh_message_ = false;
    bool typing_ = false;
    bool by_authenticator_ = false;  // the screen has asked for its code
    bool opened_ = false;
    int resends_ = 0;
    int guesses_ = 0;
};

}  // namespace strongroom::scenarios
