#include "pi/board_profile.h"

#include <algorithm>
#include <array>

namespace strongroom::pi {
namespace {

constexpr std::array profiles{
    BoardProfile{"raspberry-pi-5", "pinctrl-rp1", 0, 27},
    BoardProfile{"raspberry-pi-4", "pinctrl-bcm2711", 0, 27},
    BoardProfile{"raspberry-pi-3", "pinctrl-bcm2835", 0, 27},
};

}  // namespace

std::span<const BoardProfile> board_profiles() { return profiles; }

const BoardProfile* board_named(std::string_view name) {
    const auto* found = std::find_if(profiles.begin(), profiles.end(),
                                     [&](const BoardProfile& board) { return board.name == name; });
    return found == profiles.end() ? nullptr : found;
}

Bias pull_at_reset(unsigned offset) { return offset <= 8 ? Bias::pull_up : Bias::pull_down; }

std::optional<std::string> active_at_reset(const BoardProfile& board,
                                           const GpioLineConfig& output) {
    const bool on_header = output.offset && *output.offset >= board.first &&
                           *output.offset <= board.last && output.chip == board.header_chip;
    if (!on_header) return std::nullopt;
    const bool pulled_up = pull_at_reset(*output.offset) == Bias::pull_up;
    if (pulled_up != output.active_low) {
        return to_string(output) + " is active " + (output.active_low ? "low" : "high") +
               ", and this pin is pulled " + (pulled_up ? "up" : "down") +
               " from power-on until a program takes it: the relay may fire while the board "
               "boots. Take " +
               (output.active_low ? "one of GPIO 4 to 8" : "one of GPIO 9 to 27") +
               ", or put a resistor of your own against it";
    }
    return std::nullopt;
}

}  // namespace strongroom::pi
