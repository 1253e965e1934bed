// The tour: five steps that point at the real controls. It can be skipped and started again. The
// window's thread, within a frame.
#pragma once

#include <cstddef>
#include <string>

namespace strongroom::panel {

class Tour {
public:
    void start() { step_ = 0; }
    void stop() { step_ = none; }
    [[nodiscard]] bool on() const { return step_ != none; }
    // The view that the step is about; empty: any.
    [[nodiscard]] std::string view() const;
    // Over everything else. True when it has just ended, or was skipped.
    bool draw();

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t step_ = none;
};

}  // namespace strongroom::panel
