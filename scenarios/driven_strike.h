// A terminal's strike as the production drivers work it, in virtual time: the rules of the guard
// and of the strike are those of backends/pi, on pins of the simulated world. Private to scenarios.
// One thread.
//
// Guard and controller are processes here: each is started, and dies without a word.
#pragma once

#include <memory>

#include "hal/strike.h"
#include "pi/line_guard.h"
#include "pin_chips.h"
#include "scenarios/scenario.h"
#include "sim/world.h"

namespace strongroom::scenarios {

// What stands in for its defences.
struct StrikePartsChoice {
    bool guard = true;             // false: the controller holds the line itself
    bool right_pin = true;         // false: one whose pull at reset energises the relay
    bool value_in_request = true;  // false: an output's value is said after its request
    bool driver_lets_go = true;    // false: a line whose process died keeps its level
};

class DrivenStrike final : public hal::Strike {
public:
    // Wires the relay of the site. World and declaration outlive the strike. Throws PlayError.
    DrivenStrike(sim::World& world, sim::SiteId site, const StrikeDeclaration& wanted,
                 const StrikePartsChoice& parts);
    DrivenStrike(const DrivenStrike&) = delete;
    DrivenStrike& operator=(const DrivenStrike&) = delete;
    ~DrivenStrike() override;

    // The processes. Throw what their programs would end with.
    void start_guard();  // nothing where there is none
    void start_controller();
    // From here on nothing that the controller does reaches guard or line ...
    void controller_died();
    // ... and here the kernel takes back what it held, and closes its end of the conversation.
    void controller_cleared();
    // And with it both of them.
    void power_lost();

    // The controller's, as hal::Strike has them; `disconnected` while it does not run.
    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override;

private:
    class GuardProcess;
    class GuardCall;
    class OwnStrike;

    sim::World& world_;
    sim::SiteId site_;
    bool guarded_;
    PinBoard board_;
    bool controller_alive_ = false;
    std::unique_ptr<GuardProcess> guard_;
    std::unique_ptr<PinChips> chips_;  // the controller's
    std::unique_ptr<hal::Strike> strike_;
};

}  // namespace strongroom::scenarios
