#include "base/prompt.h"

namespace strongroom {

std::string_view to_string(Prompt::Message message) {
    using enum Prompt::Message;
    switch (message) {
        case welcome: return "welcome";
        case please_wait: return "please_wait";
        case look_at_camera: return "look_at_camera";
        case move_closer: return "move_closer";
        case one_person_only: return "one_person_only";
        case more_light: return "more_light";
        case hold_still: return "hold_still";
        case face_forward: return "face_forward";
        case open_eyes: return "open_eyes";
        case turn_left: return "turn_left";
        case turn_right: return "turn_right";
        case nod: return "nod";
        case blink: return "blink";
        case smile: return "smile";
        case enter_code: return "enter_code";
        case code_not_accepted: return "code_not_accepted";
        case enter_authenticator_code: return "enter_authenticator_code";
        case place_finger: return "place_finger";
        case clean_finger: return "clean_finger";
        case centre_finger: return "centre_finger";
        case finger_not_accepted: return "finger_not_accepted";
        case turn_key: return "turn_key";
        case open_door: return "open_door";
        case not_recognised: return "not_recognised";
        case refused_until: return "refused_until";
        case see_staff: return "see_staff";
        case out_of_service: return "out_of_service";
        case cancelled: return "cancelled";
        case timed_out: return "timed_out";
    }
    return "invalid";
}

std::optional<Prompt::Message> prompt_named(std::string_view name) {
    for (std::size_t i = 0; i < prompt_messages; ++i) {
        const auto message = static_cast<Prompt::Message>(i);
        if (to_string(message) == name) return message;
    }
    return std::nullopt;
}

Prompt::Message prompt_for(Gesture gesture) {
    switch (gesture) {
        case Gesture::turn_left: return Prompt::Message::turn_left;
        case Gesture::turn_right: return Prompt::Message::turn_right;
        case Gesture::nod: return Prompt::Message::nod;
        case Gesture::blink: return Prompt::Message::blink;
        case Gesture::smile: return Prompt::Message::smile;
    }
    return Prompt::Message::face_forward;
}

std::optional<Gesture> gesture_of(Prompt::Message message) {
    for (const Gesture gesture : all_gestures) {
        if (prompt_for(gesture) == message) return gesture;
    }
    return std::nullopt;
}

}  // namespace strongroom
