// Reads the key 'strike' of a scenario. Private to scenarios. Any thread.
#pragma once

#include <string>

#include "scenarios/scenario.h"
#include "yaml/reader.h"

namespace strongroom::scenarios {

// `file` is what messages say. Throws ScenarioError: also for a relay that its board would energise
// at reset, which is for a naive part to do.
[[nodiscard]] StrikeDeclaration read_strike(const YAML::Node& node, const std::string& file);

// The simulator's own strike has no pin, no guard and no kernel to do without. Throws
// ScenarioError.
void check_strike_parts(const Scenario& scenario);

}  // namespace strongroom::scenarios
