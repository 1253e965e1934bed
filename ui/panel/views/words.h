// What things are called on the screen: names of the core's enumerators, times and amounts, as a
// person says them. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "panel/snapshot.h"

namespace strongroom::panel {

// "12:03.4": minutes, seconds and tenths since the beginning; "1:12:03.4" after an hour.
[[nodiscard]] std::string moment_words(Instant at);
// "2026-03-01 09:00:05", UTC.
[[nodiscard]] std::string calendar_words(WallTime at);
// "23 s", "2 min 05 s", "1 h 02 min". Rounded up: what remains is never told to be nothing.
[[nodiscard]] std::string span_words(Duration span);

// "1:44": minutes and seconds, where there is little room.
[[nodiscard]] std::string countdown(Duration span);

// "Left": of her head, to her own left.
[[nodiscard]] std::string_view gesture_words(Gesture gesture);
[[nodiscard]] std::string_view light_words(sim::Light light);
[[nodiscard]] std::string_view cable_words(sim::Cable cable);
[[nodiscard]] std::string_view camera_words(sim::CameraKind kind);
// "a matte print" of "print_matte"; the name itself for one that is not known.
[[nodiscard]] std::string_view species_words(std::string_view species);
[[nodiscard]] std::string_view alarm_words(Alarm alarm);
// What raised it, as a sentence without its full stop.
[[nodiscard]] std::string_view alarm_cause(Alarm alarm);
[[nodiscard]] std::string_view locker_words(LockerRow::State state);
[[nodiscard]] std::string_view source_words(EventRow::Source source);
[[nodiscard]] std::string_view step_words(FactorStep::Status status);
// What goes wrong, for people who have not read the code.
[[nodiscard]] std::string_view fault_words(sim::FaultKind kind);
// "strike", of "strike.pulse".
[[nodiscard]] std::string_view device_of(sim::Call call);

// Whether `needle` occurs in `text`, whatever the case of its ASCII letters. Empty: it does.
[[nodiscard]] bool contains_words(std::string_view text, std::string_view needle);

}  // namespace strongroom::panel
