// SHA-256, by which model files and manifests are named: 64 lower-case hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace strongroom::vision {

[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] bool is_sha256(std::string_view text);

}  // namespace strongroom::vision
