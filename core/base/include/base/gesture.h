// What a person can be asked to do before a camera, to show that she is alive and there now.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace strongroom {

// Directions are the person's own: turn_left is towards her left hand. A camera that does not
// mirror shows her nose move to the right of the image then: FaceObservation::yaw rises. A screen
// that shows her a mirrored picture and an arrow to its left says the same thing.
enum class Gesture : std::uint8_t {
    turn_left,   // the head, and back
    turn_right,  // the head, and back
    nod,         // down or up, and back
    blink,       // eyes shut for a moment, and open again
    smile,
};

inline constexpr std::array all_gestures{
    Gesture::turn_left, Gesture::turn_right, Gesture::nod, Gesture::blink, Gesture::smile,
};

[[nodiscard]] constexpr std::string_view to_string(Gesture gesture) {
    switch (gesture) {
        case Gesture::turn_left: return "turn_left";
        case Gesture::turn_right: return "turn_right";
        case Gesture::nod: return "nod";
        case Gesture::blink: return "blink";
        case Gesture::smile: return "smile";
    }
    return "invalid";
}

// None for an unknown name.
[[nodiscard]] constexpr std::optional<Gesture> gesture_named(std::string_view name) {
    for (const Gesture gesture : all_gestures) {
        if (to_string(gesture) == name) return gesture;
    }
    return std::nullopt;
}

}  // namespace strongroom
