// Private: which texts may be a person's name.
#pragma once

#include <string_view>

namespace strongroom::store {

// 1 to 200 bytes of UTF-8 without control characters.
[[nodiscard]] bool valid_name(std::string_view name);

}  // namespace strongroom::store
