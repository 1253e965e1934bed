#include "pi/board_profile.h"

#include <algorithm>
#include <array>
#include <charconv>

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

const BoardProfile* board_with_chip(std::string_view label) {
    const auto* found =
        std::find_if(profiles.begin(), profiles.end(),
                     [&](const BoardProfile& board) { return board.header_chip == label; });
    return found == profiles.end() ? nullptr : found;
}

std::optional<unsigned> header_line(const BoardProfile& board, const GpioLineConfig& line) {
    std::optional<unsigned> number = line.offset;
    if (number && line.chip != board.header_chip) return std::nullopt;
    if (!number) {
        constexpr std::string_view prefix = "GPIO";
        const std::string& name = line.name;
        unsigned parsed = 0;
        const char* end = name.data() + name.size();
        if (!name.starts_with(prefix)) return std::nullopt;
        const auto [stopped, error] = std::from_chars(name.data() + prefix.size(), end, parsed);
        if (error != std::errc{} || stopped != end) return std::nullopt;
        if (!line.chip.empty() && line.chip != board.header_chip) return std::nullopt;
        number = parsed;
    }
    if (*number < board.first || *number > board.last) return std::nullopt;
    return number;
}

Bias pull_at_reset(unsigned offset) { return offset <= 8 ? Bias::pull_up : Bias::pull_down; }

std::optional<std::string> active_at_reset(const BoardProfile& board,
                                           const GpioLineConfig& output) {
    const auto number = header_line(board, output);
    if (!number) return std::nullopt;
    const bool pulled_up = pull_at_reset(*number) == Bias::pull_up;
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
