// Private: what an image file says of itself in its first bytes, read without decoding anything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace strongroom::vision {

enum class ImageKind : std::uint8_t { jpeg, png, bmp, pnm };

struct ImageHeader {
    ImageKind kind{};
    std::int64_t width = 0;  // 0 when the header is damaged
    std::int64_t height = 0;
};

// None when the bytes begin like none of the four kinds.
[[nodiscard]] std::optional<ImageHeader> read_header(std::span<const std::uint8_t> bytes);

}  // namespace strongroom::vision
