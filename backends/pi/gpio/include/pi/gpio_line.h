// One GPIO line of this machine, by libgpiod (either generation, chosen when building).
//
// Lines are found by the chip's label, because chip numbers change between kernels (the header of a
// Pi 5 was gpiochip4, then gpiochip0, then gpiochip11), or by the line's own name. A line is
// "active" as its wiring means it: active-low is settled here and nowhere else.
//
// One thread at a time for each object. Opening throws GpioError; afterwards everything fails by
// value. Destroying an object gives the line back to the kernel, whose driver decides what becomes
// of an output: docs/pi-gpio.md says which keep the last level.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::pi {

// Names the chip and the line, what is wrong, and what to do about it.
class GpioError : public std::runtime_error {
public:
    GpioError(Error error, const std::string& text) : std::runtime_error(text), error_(error) {}
    [[nodiscard]] Error error() const { return error_; }

private:
    Error error_;
};

// The resistor inside the chip.
enum class Bias : std::uint8_t { as_is, disabled, pull_up, pull_down };

[[nodiscard]] std::string_view to_string(Bias bias);

// Where a line is and how it is wired.
struct GpioLineConfig {
    // A chip's label ("pinctrl-rp1"), its name ("gpiochip0") or its device ("/dev/gpiochip0").
    // Empty: whichever chip has a line called `name`.
    std::string chip;
    std::optional<unsigned> offset;  // on the chip, from 0; or else
    std::string name;                // the line's own ("GPIO17")
    bool active_low = false;
    Bias bias = Bias::as_is;
};

// "line 17 of pinctrl-rp1", "line GPIO17": for messages.
[[nodiscard]] std::string to_string(const GpioLineConfig& config);

// Of pi/gpio_chip.h.
class GpioChips;
class RequestedLine;

// This machine's own, by libgpiod.
[[nodiscard]] GpioChips& kernel_chips();

// An input, read as a level. Bounces: core debounces.
class GpioInput {
public:
    // `consumer` is what gpioinfo(1) shows as the user of the line. `chips` outlive it.
    GpioInput(GpioLineConfig config, std::string consumer, GpioChips& chips = kernel_chips());
    GpioInput(const GpioInput&) = delete;
    GpioInput& operator=(const GpioInput&) = delete;
    ~GpioInput();

    // True while the line is active; forgets the edges that came before. A chip that has gone is
    // looked for again at the next call. Errors: disconnected (with the kernel's errno).
    [[nodiscard]] Result<bool> active();
    // Readable while an edge waits that came after the last active(), so that a loop can sleep
    // until then; -1 while the chip is gone. Changes when the chip comes back.
    [[nodiscard]] int edge_descriptor() const;

private:
    GpioLineConfig config_;
    std::string consumer_;
    GpioChips& chips_;
    std::unique_ptr<RequestedLine> line_;
};

// An output. The request itself says "inactive", so that none is driven active while it is opened.
class GpioOutput {
public:
    // As of GpioInput.
    GpioOutput(GpioLineConfig config, std::string consumer, GpioChips& chips = kernel_chips());
    GpioOutput(const GpioOutput&) = delete;
    GpioOutput& operator=(const GpioOutput&) = delete;
    ~GpioOutput();  // inactive, then given back

    // Errors: disconnected (the level is unknown; the line is looked for again, and then driven
    // inactive, at the next reopen()).
    [[nodiscard]] Result<void> set(bool active);
    // What the chip says it drives, not what it was told. Errors: disconnected.
    [[nodiscard]] Result<bool> driven();
    // Opens a line that was lost again, inactive; on one that is there it changes nothing.
    // Allocates. Errors: disconnected (with the kernel's errno).
    [[nodiscard]] Result<void> reopen();

private:
    GpioLineConfig config_;
    std::string consumer_;
    GpioChips& chips_;
    std::unique_ptr<RequestedLine> line_;
};

// "libgpiod 1.6.3": which one this program talks to.
[[nodiscard]] std::string gpio_library();

}  // namespace strongroom::pi
