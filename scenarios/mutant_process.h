// Has an arm played by the executable of a mutant. Private to scenarios. Any thread.
#pragma once

#include "scenarios/player.h"

namespace strongroom::scenarios {

// The name of the mutant that an arm needs: those of the removed defences, in their order, joined
// by
// '+'. Empty when the program itself can play it.
[[nodiscard]] std::string mutant_for(const Scenario& scenario, const ArmPlan& plan);

// Runs `options.mutants`/mutant-NAME without a shell and reads its answer. What goes wrong is the
// outcome's error.
[[nodiscard]] ArmOutcome play_in_mutant(const std::string& mutant, const Scenario& scenario,
                                        const ArmPlan& plan, std::uint64_t seed,
                                        const Options& options);

}  // namespace strongroom::scenarios
