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
        case enter_code: return "enter_code";
        case code_not_accepted: return "code_not_accepted";
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

}  // namespace strongroom
