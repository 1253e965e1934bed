// What a terminal tells the person before it, as data.
#pragma once

#include <cstdint>
#include <string_view>

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
        enter_code,         // `seconds` remain; a code was sent to the phone ending in ...
        code_not_accepted,  // `attempts` remain
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

[[nodiscard]] std::string_view to_string(Prompt::Message message);

}  // namespace strongroom
