// Every fault that a device can show, as a switch; those that it cannot are greyed with the reason.
// The window's thread, within a frame.
#pragma once

#include <string>

#include "panel/view.h"

namespace strongroom::panel {

class FaultTable {
public:
    // Fills what is left of the window.
    void draw(const Snapshot& snapshot, Context& context);

private:
    void draw_parameters();
    void draw_table(const Snapshot& snapshot, Context& context);
    void draw_cell(const FaultRow& row, Context& context);
    [[nodiscard]] sim::FaultRule rule_of(const FaultRow& row) const;

    int when_ = 0;  // always, at the n-th call alone, at random
    int nth_ = 1;
    double probability_ = 0.2;
    int error_ = 0;  // of the kind `fail`, where the call can give it
    double delay_seconds_ = 1;
    std::string filter_;
};

}  // namespace strongroom::panel
