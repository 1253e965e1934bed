// Where the program finds what it plays: beside it, or installed with it.
#pragma once

#include <filesystem>

namespace strongroom::cli {

// The catalogue of scenarios, as short as it can be said from here: its paths are printed in
// commands to be typed again. Throws InputError when the program was torn from it.
[[nodiscard]] std::filesystem::path default_catalogue();

// The mutants that some control arms are. The directory may not exist.
[[nodiscard]] std::filesystem::path default_mutants();

}  // namespace strongroom::cli
