// What is known of a board: which chip its header is on, and what its pins do before any program
// has asked for them.
//
// Pure functions; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pi/gpio_line.h"

namespace strongroom::pi {

struct BoardProfile {
    std::string_view name;         // "raspberry-pi-5"
    std::string_view header_chip;  // the label of the chip behind the 40-pin header
    // Offsets of the header's lines, first to last.
    unsigned first = 0;
    unsigned last = 0;
};

// raspberry-pi-5, raspberry-pi-4, raspberry-pi-3.
[[nodiscard]] std::span<const BoardProfile> board_profiles();

// None for an unknown name.
[[nodiscard]] const BoardProfile* board_named(std::string_view name);

// The first board with such a chip behind its header; none: no board is known to have it.
[[nodiscard]] const BoardProfile* board_with_chip(std::string_view label);

// Which of the header's lines this is, by its offset or by its name ("GPIO17"); none: it is not on
// the header of `board`.
[[nodiscard]] std::optional<unsigned> header_line(const BoardProfile& board,
                                                  const GpioLineConfig& line);

// How the pins of a Raspberry Pi's header are pulled from reset until a program requests them:
// 0 to 8 up, 9 to 27 down.
[[nodiscard]] Bias pull_at_reset(unsigned offset);

// Why an output would be active between reset and the request of its line (an active-low board on a
// pin that is pulled down, or the reverse), and which pins to take instead; none when it is not.
[[nodiscard]] std::optional<std::string> active_at_reset(const BoardProfile& board,
                                                         const GpioLineConfig& output);

}  // namespace strongroom::pi
