// What a terminal tells the person before it, as data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/gesture.h"

namespace strongroom {

// What the screen should tell. The words, their language and their layout are the display's.
struct Prompt {
    enum class Message : std::uint8_t {
        welcome,  // nobody is being served
        please_wait,
        look_at_camera,
        move_closer,  // face too small
        one_person_only,
        more_light,  // too dark, too bright, or too little contrast
        hold_still,  // blurred
        face_forward,
        open_eyes,
        // Gestures, in the order of Gesture; directions are the person's own.
        turn_left,   // turn the head to your left, and back
        turn_right,  // turn the head to your right, and back
        nod,
        blink,  // shut your eyes for a moment
        smile,
        enter_code,         // `seconds` remain; a code was sent to the phone ending in ...
        code_not_accepted,  // `attempts` remain
        // `seconds` and `attempts` remain; no message can be sent, and she has an authenticator
        enter_authenticator_code,
        place_finger,   // `seconds` remain
        clean_finger,   // the image was smeared: wipe finger and sensor, and lay it down again
        centre_finger,  // only the edge of the finger lay on the sensor
        finger_not_accepted,  // `attempts` remain
        turn_key,
        open_door,       // `seconds` remain
        not_recognised,  // the visit ended: no factor named, so that nothing is learnt
        refused_until,   // `seconds` to wait
        see_staff,       // only staff can help
        out_of_service,
        cancelled,
        timed_out,
    };
    Message message{};
    std::int32_t seconds = 0;
    std::int32_t attempts = 0;
    friend constexpr bool operator==(const Prompt&, const Prompt&) = default;
};

inline constexpr std::size_t prompt_messages =
    static_cast<std::size_t>(Prompt::Message::timed_out) + 1;

[[nodiscard]] std::string_view to_string(Prompt::Message message);
// None for an unknown name.
[[nodiscard]] std::optional<Prompt::Message> prompt_named(std::string_view name);

// The prompt that asks for a gesture, and the gesture that a prompt asks for, if it asks for one.
[[nodiscard]] Prompt::Message prompt_for(Gesture gesture);
[[nodiscard]] std::optional<Gesture> gesture_of(Prompt::Message message);

}  // namespace strongroom
