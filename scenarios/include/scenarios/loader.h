// Reads scenarios. What a file may say is in scenarios/scenario.schema.json; the reader here
// refuses the same with better words: file, line, what is wrong, and what to do. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace strongroom::scenarios {

// Always begins with "file:line: ".
using ScenarioError = yaml::ReadError;

// Throws ScenarioError.
[[nodiscard]] Scenario load_scenario(const std::filesystem::path& file);
// `file` is what messages say.
[[nodiscard]] Scenario parse_scenario(std::string_view text, const std::string& file);

// All *.yaml files of the named files and directories (not below them), in the order given and by
// name within a directory. Throws ScenarioError: no such path, a directory without any.
[[nodiscard]] std::vector<std::filesystem::path> find_scenarios(
    const std::vector<std::filesystem::path>& paths);

// Loads them all. Throws ScenarioError, also when two have the same id.
[[nodiscard]] std::vector<Scenario> load_scenarios(const std::vector<std::filesystem::path>& paths);

}  // namespace strongroom::scenarios
