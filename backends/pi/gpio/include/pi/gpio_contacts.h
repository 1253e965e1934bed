// Key switch, door contact, tamper loop and exit button on GPIO inputs.
//
// Every contact is wired so that "line active" means "circuit closed", and a broken wire reads as
// an open circuit: the key absent, the door open, the loop broken, the button released. With a
// contact to ground that is active_low with a pull-up. Runner thread only; read raw, core
// debounces.
#pragma once

#include <utility>

#include "hal/contacts.h"
#include "pi/gpio_line.h"

namespace strongroom::pi {

// Opening throws GpioError. edge_descriptor() as of GpioInput: readable while something has changed
// since the contact was read.
class GpioKeySwitch final : public hal::KeySwitch {
public:
    // The contact closes while the key is turned.
    explicit GpioKeySwitch(GpioLineConfig line) : input_(std::move(line), "strongroom key") {}
    [[nodiscard]] Result<bool> turned() override { return input_.active(); }
    [[nodiscard]] int edge_descriptor() const { return input_.edge_descriptor(); }

private:
    GpioInput input_;
};

class GpioDoorContact final : public hal::DoorContact {
public:
    // The contact is closed while the door is.
    explicit GpioDoorContact(GpioLineConfig line) : input_(std::move(line), "strongroom door") {}
    [[nodiscard]] Result<bool> open() override {
        return input_.active().map([](bool closed) { return !closed; });
    }
    [[nodiscard]] int edge_descriptor() const { return input_.edge_descriptor(); }

private:
    GpioInput input_;
};

class GpioTamperLoop final : public hal::TamperLoop {
public:
    // Closed through the enclosure's switches.
    explicit GpioTamperLoop(GpioLineConfig line) : input_(std::move(line), "strongroom tamper") {}
    [[nodiscard]] Result<bool> intact() override { return input_.active(); }
    [[nodiscard]] int edge_descriptor() const { return input_.edge_descriptor(); }

private:
    GpioInput input_;
};

class GpioExitButton final : public hal::ExitButton {
public:
    // The contact closes while it is pressed.
    explicit GpioExitButton(GpioLineConfig line) : input_(std::move(line), "strongroom exit") {}
    [[nodiscard]] Result<bool> pressed() override { return input_.active(); }
    [[nodiscard]] int edge_descriptor() const { return input_.edge_descriptor(); }

private:
    GpioInput input_;
};

}  // namespace strongroom::pi
