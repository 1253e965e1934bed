// The session's state diagram, generated from the transition table: Markdown with Mermaid, the part
// of docs/session.md between its two markers.
#pragma once

#include <string>

#include "auth/session.h"

namespace strongroom::auth::testing {

// How a visit under `policy` moves, as a Mermaid state diagram. What stays in its state is not
// drawn.
[[nodiscard]] std::string mermaid(const Policy& policy);

// Everything generated: both policies' diagrams, what stays in its state, and what is refused.
[[nodiscard]] std::string generated_part();

}  // namespace strongroom::auth::testing
