// Reads the key 'gateways' of a scenario. Private to scenarios. Any thread.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "yaml/reader.h"

namespace strongroom::scenarios {

// Without the key, one called primary and one called secondary. `file` is what messages say. Throws
// ScenarioError.
[[nodiscard]] std::vector<GatewayDeclaration> read_gateways(yaml::Mapping& scenario,
                                                            const std::string& file);

// A gateway that is a model as a whole has no wire to stand between, and posts no reports. Throws
// ScenarioError.
void check_providers(const Scenario& scenario);

}  // namespace strongroom::scenarios
