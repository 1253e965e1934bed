// The alarms, by name: watch raises them, a siren or a guard's desk receives them, records and
// reports name them. What raises each, how long it may take and what ends it: watch/alarm_table.h.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace strongroom {

enum class Alarm : std::uint8_t {
    door_forced,          // the door opened and nothing had released it
    door_held,            // the door stayed open past its limit
    strike_stuck,         // the bolt monitor shows open after the pulse has ended
    tamper,               // the enclosure is open
    key_early,            // a key was turned before the other factors had succeeded
    terminal_attack,      // many failures before any factor succeeded, at this terminal or customer
    camera_lost,          // the camera stopped answering during a visit
    records_unavailable,  // the store cannot write
    sms_flood,            // more codes asked for than the caps allow
    customer_locked,      // a customer reached the count that only two staff release
    camera_untrusted,     // another camera than the pinned one, or frames that it did not take now
    two_persons,          // more than one person before a door that is about to be released
    finger_reader_lost,   // the fingerprint sensor stopped answering during a visit
    finger_reader_untrusted,  // it is not the terminal's own sensor, or somebody changed what it
                              // says
};

inline constexpr std::array all_alarms{
    Alarm::door_forced,        Alarm::door_held,
    Alarm::strike_stuck,       Alarm::tamper,
    Alarm::key_early,          Alarm::terminal_attack,
    Alarm::camera_lost,        Alarm::records_unavailable,
    Alarm::sms_flood,          Alarm::customer_locked,
    Alarm::camera_untrusted,   Alarm::two_persons,
    Alarm::finger_reader_lost, Alarm::finger_reader_untrusted,
};

[[nodiscard]] constexpr std::string_view to_string(Alarm alarm) {
    switch (alarm) {
        case Alarm::door_forced: return "door_forced";
        case Alarm::door_held: return "door_held";
        case Alarm::strike_stuck: return "strike_stuck";
        case Alarm::tamper: return "tamper";
        case Alarm::key_early: return "key_early";
        case Alarm::terminal_attack: return "terminal_attack";
        case Alarm::camera_lost: return "camera_lost";
        case Alarm::records_unavailable: return "records_unavailable";
        case Alarm::sms_flood: return "sms_flood";
        case Alarm::customer_locked: return "customer_locked";
        case Alarm::camera_untrusted: return "camera_untrusted";
        case Alarm::two_persons: return "two_persons";
        case Alarm::finger_reader_lost: return "finger_reader_lost";
        case Alarm::finger_reader_untrusted: return "finger_reader_untrusted";
    }
    return "invalid";
}

}  // namespace strongroom
