#include "config/settings.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "yaml/reader.h"

namespace strongroom::config {
namespace {

void read(std::string_view text, Duration& out) { out = yaml::parse_duration(text); }

void read(std::string_view text, bool& out) {
    if (text != "true" && text != "false") {
        throw std::invalid_argument("'" + std::string(text) + "' is neither true nor false");
    }
    out = text == "true";
}

// Names of gestures with spaces between them.
void read(std::string_view text, auth::GestureSet& out) {
    auth::GestureSet set;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) {
        const auto gesture = gesture_named(word);
        if (!gesture) {
            throw std::invalid_argument(
                "'" + word + "' is no gesture: turn_left, turn_right, nod, blink and smile are");
        }
        set = set.with(*gesture);
    }
    out = set;
}

template <class Number>
void read(std::string_view text, Number& out) {
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || stopped != end) {
        throw std::invalid_argument("'" + std::string(text) + "' is not a number that fits");
    }
}

struct Setting {
    std::string name;
    std::function<void(Settings&, std::string_view)> change;
};

template <class Member>
Setting setting(std::string name, Member member) {
    return {std::move(name),
            [member](Settings& s, std::string_view value) { read(value, member(s)); }};
}

#define STRONGROOM_POLICY(field) \
    setting(                     \
        #field, [](Settings & s) -> auto& { return s.policy.field; })
#define STRONGROOM_WATCH(field) \
    setting(                    \
        "watch." #field, [](Settings & s) -> auto& { return s.rules.field; })

const std::vector<Setting>& all_settings() {
    static const std::vector<Setting> all{
        STRONGROOM_POLICY(face.threshold.distance_max),
        STRONGROOM_POLICY(face.quality.face_size_min),
        STRONGROOM_POLICY(face.quality.sharpness_min),
        STRONGROOM_POLICY(face.quality.brightness_min),
        STRONGROOM_POLICY(face.quality.brightness_max),
        STRONGROOM_POLICY(face.quality.contrast_min),
        STRONGROOM_POLICY(face.quality.yaw_max),
        STRONGROOM_POLICY(face.quality.pitch_max),
        STRONGROOM_POLICY(face.quality.roll_max),
        STRONGROOM_POLICY(face.liveness_min),
        STRONGROOM_POLICY(face.eyes_open_min),
        STRONGROOM_POLICY(face.matches_required),
        STRONGROOM_POLICY(face.tries),
        STRONGROOM_POLICY(face.window),
        STRONGROOM_POLICY(face.cool_down),
        STRONGROOM_POLICY(face.age_max),
        STRONGROOM_POLICY(challenge.required),
        STRONGROOM_POLICY(challenge.count),
        STRONGROOM_POLICY(challenge.allowed),
        STRONGROOM_POLICY(challenge.gesture_window),
        STRONGROOM_POLICY(challenge.turn_min),
        STRONGROOM_POLICY(challenge.nod_min),
        STRONGROOM_POLICY(challenge.neutral_max),
        STRONGROOM_POLICY(challenge.eyes_shut_max),
        STRONGROOM_POLICY(challenge.eyes_open_min),
        STRONGROOM_POLICY(challenge.smile_min),
        STRONGROOM_POLICY(code.lifetime),
        STRONGROOM_POLICY(code.tries),
        STRONGROOM_POLICY(code.window),
        STRONGROOM_POLICY(code.cool_down),
        STRONGROOM_POLICY(code.authenticator.offered),
        STRONGROOM_POLICY(code.authenticator.delay_steps),
        STRONGROOM_POLICY(code.sends.interval_min),
        STRONGROOM_POLICY(code.sends.per_customer_per_day),
        STRONGROOM_POLICY(code.sends.per_terminal_per_day),
        STRONGROOM_POLICY(finger.score_min),
        STRONGROOM_POLICY(finger.liveness_min),
        STRONGROOM_POLICY(finger.bind_slot),
        STRONGROOM_POLICY(finger.tries),
        STRONGROOM_POLICY(finger.window),
        STRONGROOM_POLICY(finger.cool_down),
        STRONGROOM_POLICY(finger.age_max),
        STRONGROOM_POLICY(key.window),
        STRONGROOM_POLICY(presence.required),
        STRONGROOM_POLICY(presence.tries),
        STRONGROOM_POLICY(presence.window),
        STRONGROOM_POLICY(presence.cool_down),
        STRONGROOM_POLICY(presence.count_faces),
        STRONGROOM_POLICY(presence.company_frames),
        STRONGROOM_POLICY(lockout.penalty_from),
        STRONGROOM_POLICY(lockout.first_penalty),
        STRONGROOM_POLICY(lockout.staff_only_from),
        STRONGROOM_POLICY(throttle.burst),
        STRONGROOM_POLICY(throttle.refill),
        STRONGROOM_POLICY(throttle.alarm_per_customer_per_day),
        STRONGROOM_POLICY(session_limit),
        STRONGROOM_POLICY(release_hold),
        STRONGROOM_WATCH(opening_grace),
        STRONGROOM_WATCH(held_open_after),
        STRONGROOM_WATCH(stuck_after),
    };
    return all;
}

#undef STRONGROOM_POLICY
#undef STRONGROOM_WATCH

}  // namespace

const std::vector<std::string>& setting_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const Setting& one : all_settings()) list.push_back(one.name);
        return list;
    }();
    return names;
}

void change_setting(Settings& settings, std::string_view name, std::string_view value) {
    const auto& all = all_settings();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Setting& one) { return one.name == name; });
    if (found == all.end()) {
        throw std::invalid_argument("unknown setting '" + std::string(name) +
                                    "': " + yaml::suggestion(name, setting_names()));
    }
    try {
        found->change(settings, value);
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(std::string(name) + ": " + error.what());
    }
}

}  // namespace strongroom::config
