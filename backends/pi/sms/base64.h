// Base64 (RFC 4648, with padding). Private to pi_sms.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace strongroom::pi {

[[nodiscard]] std::string base64(std::span<const std::byte> bytes);

}  // namespace strongroom::pi
