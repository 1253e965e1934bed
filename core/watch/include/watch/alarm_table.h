// The alarm table: what each alarm means, how soon it is raised and what ends it.
#pragma once

#include <array>
#include <string_view>

#include "base/alarm.h"

namespace strongroom::watch {

enum class Ends : std::uint8_t {
    by_acknowledgement,  // latched: a person has seen it
    by_healing,          // when its cause is gone
};

struct AlarmRow {
    Alarm alarm{};
    Ends ends{};
    bool out_of_service = false;  // no visit begins while it is raised
    std::string_view cause;       // for people
};

// In the order of Alarm. Every one is raised within two seconds of its cause (invariant I6).
inline constexpr std::array<AlarmRow, all_alarms.size()> alarm_table{{
    {Alarm::door_forced, Ends::by_acknowledgement, false,
     "the door opened without a release or the exit button shortly before"},
    {Alarm::door_held, Ends::by_healing, false, "the door has been open longer than allowed"},
    {Alarm::strike_stuck, Ends::by_healing, true,
     "the bolt monitor shows a released bolt and no pulse is running"},
    {Alarm::tamper, Ends::by_acknowledgement, true, "the enclosure was opened"},
    {Alarm::key_early, Ends::by_acknowledgement, false,
     "a key was turned before the other factors had succeeded"},
    {Alarm::terminal_attack, Ends::by_acknowledgement, false,
     "many failures before any factor succeeded"},
    {Alarm::camera_lost, Ends::by_healing, false, "the camera stopped answering during a visit"},
    {Alarm::records_unavailable, Ends::by_healing, false, "the store cannot write"},
    {Alarm::sms_flood, Ends::by_acknowledgement, false, "more codes were asked for than allowed"},
    {Alarm::customer_locked, Ends::by_acknowledgement, false,
     "a customer reached the count that only two staff release"},
    {Alarm::camera_untrusted, Ends::by_acknowledgement, false,
     "frames came from another camera than the pinned one, or were not taken now"},
    {Alarm::two_persons, Ends::by_acknowledgement, false,
     "more than one person stood before the door that was about to be released"},
    {Alarm::finger_reader_lost, Ends::by_healing, false,
     "the fingerprint sensor stopped answering during a visit"},
    {Alarm::finger_reader_untrusted, Ends::by_acknowledgement, true,
     "the fingerprint sensor is not the pinned one, takes the factory password, holds another "
     "template than was enrolled, or its line says what no sensor can"},
}};

[[nodiscard]] constexpr const AlarmRow& row_of(Alarm alarm) {
    return alarm_table[static_cast<std::size_t>(alarm)];
}

}  // namespace strongroom::watch
