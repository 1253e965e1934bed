// The names of the naive parts: what `removed_by: {part: NAME}` may say. Private to scenarios.
#pragma once

#include <string>
#include <vector>

namespace strongroom::scenarios::parts {

[[nodiscard]] const std::vector<std::string>& part_names();

}  // namespace strongroom::scenarios::parts
