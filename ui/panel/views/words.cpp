#include "words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace strongroom::panel {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <class... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
    std::array<char, 96> text{};
    const int length = std::snprintf(text.data(), text.size(), format, arguments...);
    return {text.data(), std::min(text.size() - 1, static_cast<std::size_t>(std::max(length, 0)))};
}

}  // namespace

std::string moment_words(Instant at) {
    const long long tenths = milliseconds(at) / 100;
    const long long seconds = tenths / 10;
    if (seconds >= 3600) {
        return formatted("%lld:%02lld:%02lld.%lld", seconds / 3600, seconds / 60 % 60, seconds % 60,
                         tenths % 10);
    }
    return formatted("%02lld:%02lld.%lld", seconds / 60, seconds % 60, tenths % 10);
}

std::string calendar_words(WallTime at) {
    using namespace std::chrono;
    const auto whole = floor<seconds>(at.time_since_epoch());
    const auto day = floor<days>(whole);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss time{whole - day};
    return formatted("%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     static_cast<int>(time.hours().count()),
                     static_cast<int>(time.minutes().count()),
                     static_cast<int>(time.seconds().count()));
}

std::string span_words(Duration span) {
    const long long seconds = std::max<long long>(0, (milliseconds(span) + 999) / 1000);
    if (seconds >= 3600) return formatted("%lld h %02lld min", seconds / 3600, seconds / 60 % 60);
    if (seconds >= 100) return formatted("%lld min %02lld s", seconds / 60, seconds % 60);
    return formatted("%lld s", seconds);
}

std::string countdown(Duration span) {
    const long long seconds = std::max<long long>(0, (milliseconds(span) + 999) / 1000);
    return formatted("%lld:%02lld", seconds / 60, seconds % 60);
}

std::string_view gesture_words(Gesture gesture) {
    switch (gesture) {
        case Gesture::turn_left: return "Left";
        case Gesture::turn_right: return "Right";
        case Gesture::nod: return "Nod";
        case Gesture::blink: return "Blink";
        case Gesture::smile: return "Smile";
    }
    return "invalid";
}

std::string_view light_words(sim::Light light) {
    switch (light) {
        case sim::Light::normal: return "normal";
        case sim::Light::glare: return "glare";
        case sim::Light::dark: return "dark";
    }
    return "invalid";
}

std::string_view cable_words(sim::Cable cable) {
    switch (cable) {
        case sim::Cable::strike: return "Strike relay";
        case sim::Cable::bolt_monitor: return "Bolt monitor";
        case sim::Cable::key_switch: return "Key switch";
        case sim::Cable::door_contact: return "Door contact";
        case sim::Cable::tamper_loop: return "Tamper loop";
        case sim::Cable::exit_button: return "Exit button";
        case sim::Cable::keypad: return "Keypad";
        case sim::Cable::display: return "Display";
        case sim::Cable::siren: return "Siren";
        case sim::Cable::camera: return "Camera";
        case sim::Cable::fingerprint: return "Fingerprint";
    }
    return "invalid";
}

std::string_view camera_words(sim::CameraKind kind) {
    switch (kind) {
        case sim::CameraKind::own: return "the terminal's own camera";
        case sim::CameraKind::virtual_device: return "another device in its place";
        case sim::CameraKind::recording: return "its own, with old frames slipped in";
    }
    return "invalid";
}

std::string_view species_words(std::string_view species) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> words{{
        {"print_matte", "matte print"},
        {"print_glossy", "glossy print"},
        {"phone_replay", "video on a phone"},
        {"tablet_replay", "video on a tablet"},
        {"laptop_replay", "video on a laptop"},
        {"paper_mask", "paper mask"},
        {"silicone_mask", "silicone mask"},
        {"partial_mask", "partial mask"},
        {"photo_beside", "photograph held beside"},
        {"injection", "injected video"},
    }};
    for (const auto& [name, said] : words) {
        if (name == species) return said;
    }
    return species;
}

std::string_view alarm_words(Alarm alarm) {
    switch (alarm) {
        case Alarm::door_forced: return "Door forced";
        case Alarm::door_held: return "Door held open";
        case Alarm::strike_stuck: return "Strike stuck";
        case Alarm::tamper: return "Enclosure opened";
        case Alarm::key_early: return "Key turned too early";
        case Alarm::terminal_attack: return "Terminal under attack";
        case Alarm::camera_lost: return "Camera lost";
        case Alarm::records_unavailable: return "Records unavailable";
        case Alarm::sms_flood: return "Flood of messages";
        case Alarm::customer_locked: return "Customer locked out";
        case Alarm::camera_untrusted: return "Camera not trusted";
        case Alarm::two_persons: return "Two persons at the door";
        case Alarm::finger_reader_lost: return "Fingerprint sensor lost";
        case Alarm::finger_reader_untrusted: return "Fingerprint sensor not trusted";
    }
    return "invalid";
}

std::string_view alarm_cause(Alarm alarm) {
    switch (alarm) {
        case Alarm::door_forced: return "The door opened although nothing had released it";
        case Alarm::door_held: return "The door stayed open beyond its limit";
        case Alarm::strike_stuck: return "The bolt still shows open after the pulse has ended";
        case Alarm::tamper: return "The terminal's enclosure is open";
        case Alarm::key_early: return "A key was turned before the other factors had succeeded";
        case Alarm::terminal_attack: return "Many visits failed before any factor succeeded";
        case Alarm::camera_lost: return "The camera stopped answering during a visit";
        case Alarm::records_unavailable: return "The store cannot write";
        case Alarm::sms_flood: return "More codes were asked for than the caps allow";
        case Alarm::customer_locked: return "A customer reached the count that two staff release";
        case Alarm::camera_untrusted: return "Another camera than the pinned one, or old frames";
        case Alarm::two_persons: return "More than one person before a door about to be released";
        case Alarm::finger_reader_lost: return "The sensor stopped answering during a visit";
        case Alarm::finger_reader_untrusted: return "Not the terminal's own sensor, or altered";
    }
    return "invalid";
}

std::string_view locker_words(LockerRow::State state) {
    switch (state) {
        case LockerRow::State::free: return "free";
        case LockerRow::State::held: return "let";
        case LockerRow::State::open: return "open";
        case LockerRow::State::alarm: return "alarm";
    }
    return "invalid";
}

std::string_view source_words(EventRow::Source source) {
    switch (source) {
        case EventRow::Source::people: return "people";
        case EventRow::Source::terminal: return "terminal";
        case EventRow::Source::door: return "door";
        case EventRow::Source::network: return "network";
        case EventRow::Source::surroundings: return "surroundings";
        case EventRow::Source::judge: return "judge";
    }
    return "invalid";
}

std::string_view step_words(FactorStep::Status status) {
    switch (status) {
        case FactorStep::Status::waiting: return "to come";
        case FactorStep::Status::now: return "now";
        case FactorStep::Status::done: return "done";
        case FactorStep::Status::failed: return "failed";
    }
    return "invalid";
}

std::string_view fault_words(sim::FaultKind kind) {
    switch (kind) {
        case sim::FaultKind::fail: return "answers with an error; nothing is done";
        case sim::FaultKind::delay: return "what arrives is held back";
        case sim::FaultKind::drop: return "answers well, but nothing is done";
        case sim::FaultKind::duplicate: return "what arrives, or is sent, comes twice";
        case sim::FaultKind::corrupt: return "what arrives, or is sent, is altered unnoticed";
        case sim::FaultKind::stick: return "the last answer for ever";
    }
    return "invalid";
}

std::string_view device_of(sim::Call call) {
    const std::string_view name = to_string(call);
    return name.substr(0, name.find('.'));
}

bool contains_words(std::string_view text, std::string_view needle) {
    return std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

}  // namespace strongroom::panel
