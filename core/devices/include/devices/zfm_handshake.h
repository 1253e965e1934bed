// ZfmHandshake: what a sensor is asked before it is believed to be the terminal's own.
//
// Both passwords that such sensors are sold with must be refused, the terminal's own accepted, and
// the system parameters must be the pinned ones. One thread; no I/O: questions out, answers in.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/secret.h"
#include "devices/zfm_exchange.h"

namespace strongroom::devices {

// Asks the sensor whether `password` is its own.
[[nodiscard]] ZfmQuestion zfm_verify(std::uint32_t password);

class ZfmHandshake {
public:
    // `password`: four bytes, as they go over the wire. Throws std::invalid_argument, naming what
    // is wrong, for a password of another length or one that every sensor is sold with, and for a
    // pin with a field out of range.
    ZfmHandshake(const ZfmPin& pin, const Secret& password);

    void begin() { step_ = Step::factory_first; }
    [[nodiscard]] ZfmQuestion question() const;
    // True when the sensor has proven itself, false when there is more to ask. Errors: denied with
    // a SensorRefusal; busy when the sensor asks for the password in the middle: begin() again.
    [[nodiscard]] Result<bool> take(const ZfmAnswer& answer);
    [[nodiscard]] const ZfmPin& pin() const { return pin_; }

private:
    enum class Step : std::uint8_t { factory_first, factory_second, password, parameters };
    ZfmPin pin_;
    Secret password_;
    Step step_ = Step::factory_first;
};

}  // namespace strongroom::devices
