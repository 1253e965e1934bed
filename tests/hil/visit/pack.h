// The model pack of the visit in the virtual machine: files, made by this project from its own
// weights and its own simulated people, which strongroom-door takes as it would take any others.
#pragma once

#include <filesystem>

namespace strongroom::test {

inline constexpr const char* visit_pack = "simulated-people";

// Writes `folder`/simulated-people.pack.yaml and the files that it names, with a threshold that is
// measured through these files on people of the development set. About two minutes of one core.
// Throws std::runtime_error when the pack would not do for a door.
void make_pack(const std::filesystem::path& folder);

}  // namespace strongroom::test
