// Private: SHA-256 as 64 lower-case hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace strongroom::vision {

[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] bool is_sha256(std::string_view text);

}  // namespace strongroom::vision
