// Watch: the machine that is always running, visit or not. Door, bolt, tamper loop and what other
// parts report go in; alarms come out.
//
// Sans-I/O like auth::Session: after every handle() or handle_deadline() drain poll_effect(), and
// call handle_deadline() no later than next_deadline(). Contacts come debounced. One thread.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/alarm.h"
#include "base/time.h"

namespace strongroom::watch {

struct Rules {
    // How long after a release, or after the exit button, a door may open without explanation.
    Duration opening_grace = std::chrono::seconds(10);
    // How long a door may stay open.
    Duration held_open_after = std::chrono::minutes(3);
    // How long after the end of a pulse the bolt may still read released.
    Duration stuck_after = std::chrono::seconds(1);

    // What makes these rules unfit for a door, one sentence each; empty when they are fit.
    [[nodiscard]] std::vector<std::string> check() const;
};

struct DoorSensed {
    bool open = false;
};
struct BoltSensed {
    bool released = false;
};
struct TamperSensed {
    bool intact = true;
};
struct ExitPressed {};
// The terminal has told the strike to release for `hold`.
struct StrikePulsed {
    Duration hold{};
};
// Another part found a cause, or found it gone.
struct Reported {
    Alarm alarm{};
};
struct Healed {
    Alarm alarm{};
};
// A person has seen the alarm. Ends it if its cause is gone.
struct Acknowledged {
    Alarm alarm{};
};
using Event = std::variant<DoorSensed, BoltSensed, TamperSensed, ExitPressed, StrikePulsed,
                           Reported, Healed, Acknowledged>;

struct Raise {
    Alarm alarm{};
};
struct Clear {
    Alarm alarm{};
};
using Effect = std::variant<Raise, Clear>;

class Watch {
public:
    explicit Watch(Rules rules) : rules_(rules) {}

    void handle(Instant now, const Event& event);
    void handle_deadline(Instant now);
    [[nodiscard]] Instant next_deadline() const;
    [[nodiscard]] std::optional<Effect> poll_effect();

    [[nodiscard]] bool raised(Alarm alarm) const;
    // An alarm is raised with which no visit may begin.
    [[nodiscard]] bool out_of_service() const;

private:
    void raise(Alarm alarm);
    void clear(Alarm alarm);
    void door(Instant now, bool open);
    void bolt(Instant now, bool released);

    Rules rules_;
    std::bitset<all_alarms.size()> raised_;
    bool door_open_ = false;
    bool bolt_released_ = false;
    bool intact_ = true;
    Instant lawful_until_ = Instant::min();  // a door may open up to here
    Instant pulse_until_ = Instant::min();   // the bolt may read released up to here
    Instant held_at_ = never;                // when an open door has been open too long
    Instant stuck_at_ = never;               // when a released bolt is stuck
    std::deque<Effect> effects_;
};

}  // namespace strongroom::watch
