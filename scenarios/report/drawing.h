// Drawings of the HTML report, as inline SVG. Colours come from the page's style sheet, and no
// meaning from colour alone: every mark has words, beside it or as its title.
#pragma once

#include <string>

#include "scenarios/outcome.h"

namespace strongroom::report {

// How many scenarios of each class had which verdict.
[[nodiscard]] std::string draw_classes(const scenarios::RunOutcome& outcome);

// What the world showed over time, a drawing a site. Long pauses are shortened and say so.
[[nodiscard]] std::string draw_timeline(const scenarios::ArmOutcome& arm);

}  // namespace strongroom::report
