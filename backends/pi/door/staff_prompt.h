// Asking people at the keyboard, without showing what they type.
#pragma once

#include <string>

#include "base/secret.h"

namespace strongroom::door {

// A line of text. Throws pi::InputError at the end of the input.
[[nodiscard]] std::string ask(const std::string& question);

// A password, not shown while it is typed where the input is a terminal, and read as a line
// otherwise. Throws pi::InputError at the end of the input.
[[nodiscard]] Secret ask_password(const std::string& question);

}  // namespace strongroom::door
