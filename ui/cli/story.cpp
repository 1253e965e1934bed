#include "story.h"

namespace strongroom::cli {

std::string screen_words(const sim::Fact& fact) {
    const std::string number = std::to_string(fact.number);
    if (fact.what == "welcome") return "Welcome";
    if (fact.what == "please_wait") {
        return "One moment, please" + (fact.number > 0 ? " (" + number + " s)" : std::string());
    }
    if (fact.what == "look_at_camera") return "Please look at the camera";
    if (fact.what == "move_closer") return "Please come closer";
    if (fact.what == "one_person_only") return "One person only, please";
    if (fact.what == "more_light") return "The light is not good enough";
    if (fact.what == "hold_still") return "Please hold still";
    if (fact.what == "face_forward") return "Please face the camera";
    if (fact.what == "open_eyes") return "Please open your eyes";
    if (fact.what == "turn_left") return "Turn your head to your left, and back";
    if (fact.what == "turn_right") return "Turn your head to your right, and back";
    if (fact.what == "nod") return "Please nod";
    if (fact.what == "blink") return "Shut your eyes for a moment";
    if (fact.what == "smile") return "Please smile";
    if (fact.what == "enter_code") return "Enter the code from your phone (" + number + " s)";
    if (fact.what == "enter_authenticator_code") {
        return "No message can be sent. Enter the code of your authenticator app (" + number +
               " s)";
    }
    if (fact.what == "code_not_accepted") {
        return "Code not accepted, " + std::to_string(static_cast<int>(fact.value)) + " tries left";
    }
    if (fact.what == "place_finger") return "Put your finger on the sensor (" + number + " s)";
    if (fact.what == "clean_finger") return "Please dry your finger, and wipe the sensor";
    if (fact.what == "centre_finger") return "Put your finger on the middle of the sensor";
    if (fact.what == "finger_not_accepted") {
        return "Finger not recognised, " + std::to_string(static_cast<int>(fact.value)) +
               " tries left";
    }
    if (fact.what == "turn_key") return "Turn your key (" + number + " s)";
    if (fact.what == "open_door") return "Open the door now (" + number + " s)";
    if (fact.what == "not_recognised") return "Not recognised";
    if (fact.what == "refused_until") return "Please try again in " + number + " s";
    if (fact.what == "see_staff") return "Please see the staff";
    if (fact.what == "out_of_service") return "Out of service";
    if (fact.what == "cancelled") return "Cancelled";
    if (fact.what == "timed_out") return "Time is over";
    return fact.what;
}

std::string story_line(const sim::Fact& fact) {
    using enum sim::FactKind;
    switch (fact.kind) {
        case prompt_shown: return "screen  " + screen_words(fact);
        case sms_delivered: return "phone   a message has arrived";
        case strike_energised: return "strike  released";
        case strike_released: return "strike  locked";
        case bolt_withdrawn: return "bolt    withdrawn";
        case bolt_thrown: return "bolt    thrown";
        case key_turned: return "key     turned";
        case door_opened: return "door    open";
        case door_closed: return "door    closed";
        case alarm_raised: return "ALARM   " + fact.what;
        default: return {};
    }
}

}  // namespace strongroom::cli
