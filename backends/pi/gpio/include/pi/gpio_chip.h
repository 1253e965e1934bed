// Where lines come from: the chips of this machine, or others that behave as they do.
//
// kernel_chips() is libgpiod's, whose second generation shares no function with the first:
// gpio_v1.cpp and gpio_v2.cpp each implement all of it, and CMake builds one of them. Scenarios
// have chips of their own, so that what stands on lines can be played in virtual time.
//
// One thread at a time for each object. Numbers below 0 are -errno.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pi/gpio_line.h"

namespace strongroom::pi {

// A line that this process holds; destroying it gives it back.
class RequestedLine {
public:
    virtual ~RequestedLine() = default;
    [[nodiscard]] virtual int value() = 0;           // 1 active, 0 inactive
    [[nodiscard]] virtual int set(bool active) = 0;  // 0
    // Readable while edges wait; -1 for an output.
    [[nodiscard]] virtual int descriptor() const = 0;
    virtual void forget_edges() = 0;
};

struct LineRequest {
    unsigned offset = 0;
    bool output = false;  // driven inactive from the request on; else an input with both edges
    bool active_low = false;
    Bias bias = Bias::as_is;
    std::string consumer;
};

class GpioChip {
public:
    virtual ~GpioChip() = default;
    [[nodiscard]] virtual std::string name() const = 0;   // gpiochip0
    [[nodiscard]] virtual std::string label() const = 0;  // pinctrl-rp1
    [[nodiscard]] virtual unsigned line_count() const = 0;
    [[nodiscard]] virtual std::optional<unsigned> find(const std::string& line_name) = 0;
    // Who holds a line; empty when nobody does or nobody knows.
    [[nodiscard]] virtual std::string user_of(unsigned offset) = 0;
    // Throws std::system_error. The line outlives the chip.
    [[nodiscard]] virtual std::unique_ptr<RequestedLine> request(const LineRequest& request) = 0;
};

class GpioChips {
public:
    virtual ~GpioChips() = default;
    // For open(), in order.
    [[nodiscard]] virtual std::vector<std::string> devices() = 0;
    // Throws std::system_error.
    [[nodiscard]] virtual std::unique_ptr<GpioChip> open(const std::string& device) = 0;
};

}  // namespace strongroom::pi
