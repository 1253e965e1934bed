// A keypad that the kernel takes for a real one (uinput).
//
// One thread at a time. Needs /dev/uinput: absent() says when it is not there or not allowed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace strongroom::test {

class VirtualKeypad {
public:
    [[nodiscard]] static std::string absent();

    VirtualKeypad();  // plugged in. Throws std::runtime_error.
    VirtualKeypad(const VirtualKeypad&) = delete;
    VirtualKeypad& operator=(const VirtualKeypad&) = delete;
    ~VirtualKeypad();

    // A name that stays, as udev's links by id do.
    [[nodiscard]] const std::string& device() const { return link_; }
    // Presses and lets go of each key.
    void type(const std::vector<std::uint16_t>& keys);
    void unplug();
    void plug();

private:
    void send(std::uint16_t type, std::uint16_t code, int value) const;
    int descriptor_ = -1;
    std::string folder_;
    std::string link_;
};

}  // namespace strongroom::test
