#include "pi/text_display.h"

namespace strongroom::pi {
namespace {

[[nodiscard]] std::string counted(std::int32_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

[[nodiscard]] std::string span_of(std::int32_t seconds) {
    if (seconds < 120) return counted(seconds, "second");
    return counted((seconds + 59) / 60, "minute");
}

// " 90 seconds remain." or nothing.
[[nodiscard]] std::string rest(const Prompt& prompt) {
    std::string text;
    if (prompt.seconds > 0) text += " Time left: " + span_of(prompt.seconds) + ".";
    if (prompt.attempts > 0) text += " Tries left: " + std::to_string(prompt.attempts) + ".";
    return text;
}

}  // namespace

std::string prompt_words(const Prompt& prompt) {
    using enum Prompt::Message;
    switch (prompt.message) {
        case welcome: return "Welcome. Type your customer number, then *.";
        case please_wait: return "Please wait.";
        case look_at_camera: return "Please look at the camera.";
        case move_closer: return "Please come closer.";
        case one_person_only: return "One person at a time, please.";
        case more_light: return "There is too little or too much light on your face.";
        case hold_still: return "Please hold still.";
        case face_forward: return "Please face the camera.";
        case open_eyes: return "Please open your eyes.";
        case turn_left: return "Turn your head to your left, and back.";
        case turn_right: return "Turn your head to your right, and back.";
        case nod: return "Please nod.";
        case blink: return "Shut your eyes for a moment.";
        case smile: return "Please smile.";
        case place_finger: return "Put your finger on the sensor." + rest(prompt);
        case clean_finger: return "Please dry your finger, wipe the sensor, and try again.";
        case centre_finger: return "Put your finger on the middle of the sensor.";
        case finger_not_accepted: return "This finger was not recognised." + rest(prompt);
        case enter_code:
            return "Type the code from your phone, then Enter. For another code: +." + rest(prompt);
        case enter_authenticator_code:
            return "No message can be sent. Type the code of your authenticator app, then Enter." +
                   rest(prompt);
        case code_not_accepted: return "This code is not right." + rest(prompt);
        case turn_key: return "Turn your key." + rest(prompt);
        case open_door: return "Open the door." + rest(prompt);
        case not_recognised: return "You were not recognised.";
        case refused_until:
            return prompt.seconds > 0 ? "Please come back in " + span_of(prompt.seconds) + "."
                                      : "Please come back later.";
        case see_staff: return "Please see a member of staff.";
        case out_of_service: return "Out of service.";
        case cancelled: return "Cancelled.";
        case timed_out: return "The time is over. Please begin again.";
    }
    return "Out of service.";
}

}  // namespace strongroom::pi
