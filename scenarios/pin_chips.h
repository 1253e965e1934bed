// The chip behind a terminal's header, for one process of the simulated world: the third kind of
// pi::GpioChips, whose lines are pins of sim::World. Private to scenarios. One thread.
//
// Two lines are wired: the relay of the strike, and the bolt's monitor contact (to ground, closed
// while the bolt is secured). A process that dies does nothing more to its lines; what becomes of
// their levels is up to the kernel's driver, as docs/pi-gpio.md says.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pi/board_profile.h"
#include "pi/gpio_chip.h"
#include "sim/world.h"

namespace strongroom::scenarios {

// A board, what is wired to it, and how its kernel behaves.
struct PinBoard {
    const pi::BoardProfile* profile = nullptr;
    unsigned relay = 0;
    unsigned monitor = 0;
    bool active_low = false;  // the relay
    // What Raspberry Pi's own kernel does without dtparam=strict_gpiod: a line that is given back
    // keeps its level. Else it becomes an input, whose pull decides.
    bool keeps_levels = false;
    // An output's value is said a while after its request, as naive programs do: until then it is
    // low.
    bool value_after_request = false;

    std::set<unsigned> held;  // by whichever process

    [[nodiscard]] pi::GpioLineConfig relay_line() const;
    [[nodiscard]] pi::GpioLineConfig monitor_line() const;
};

class PinChips final : public pi::GpioChips {
public:
    // Both outlive the chips. The site's relay hangs on a pin.
    PinChips(sim::World& world, sim::SiteId site, PinBoard& board);
    PinChips(const PinChips&) = delete;
    PinChips& operator=(const PinChips&) = delete;
    ~PinChips() override;

    [[nodiscard]] std::vector<std::string> devices() override;
    [[nodiscard]] std::unique_ptr<pi::GpioChip> open(const std::string& device) override;
    // The process is gone, without a word: nothing that its objects do, their destructors included,
    // reaches a pin any more.
    void process_died();
    // And the kernel takes back its lines.
    void take_back();

private:
    class Line;
    class Chip;
    void give_back(unsigned offset);

    sim::World& world_;
    sim::SiteId site_;
    PinBoard& board_;
    std::set<unsigned> mine_;
    bool alive_ = true;
    sim::Scheduler::Handle late_value_;
};

}  // namespace strongroom::scenarios
