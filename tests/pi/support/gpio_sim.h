// A simulated GPIO chip of the kernel (gpio-sim), and its own files as a witness that does not pass
// through libgpiod: `value` is what a line carries, `pull` is what the world does to it.
//
// One thread at a time. Needs root and the kernel's module: absent() says when they are not there.
#pragma once

#include <string>
#include <vector>

namespace strongroom::test {

class GpioSim {
public:
    // Why there can be no simulated chip here; empty when there can.
    [[nodiscard]] static std::string absent();

    // A live chip with lines called `names`, labelled `label()`, all pulled down. Throws
    // std::runtime_error.
    explicit GpioSim(const std::vector<std::string>& names);
    GpioSim(const GpioSim&) = delete;
    GpioSim& operator=(const GpioSim&) = delete;
    ~GpioSim();  // whoever holds its lines has gone by then

    [[nodiscard]] const std::string& label() const { return label_; }
    [[nodiscard]] bool live() const { return live_; }
    // "/dev/gpiochipN"; another one after plug().
    [[nodiscard]] const std::string& device() const { return device_; }
    // The level that a line carries, high or not. A chip that is not there carries none.
    [[nodiscard]] bool high(unsigned line) const;
    void pull(unsigned line, bool up);
    // Takes the chip away from whoever uses it, and brings it back with its lines as they were
    // first.
    void unplug();
    void plug();

private:
    std::string name_;
    std::string label_;
    std::string folder_;  // of configfs
    std::string sysfs_;
    std::string device_;
    std::size_t lines_;
    bool live_ = false;
};

}  // namespace strongroom::test
