#include "image_header.h"

#include <array>
#include <cctype>
#include <cstdlib>

namespace strongroom::vision {

namespace {

using Bytes = std::span<const std::uint8_t>;

bool begins_with(Bytes bytes, std::span<const std::uint8_t> magic) {
    if (bytes.size() < magic.size()) return false;
    for (std::size_t i = 0; i < magic.size(); ++i) {
        if (bytes[i] != magic[i]) return false;
    }
    return true;
}

std::int64_t big_endian(Bytes bytes, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = (value << 8) | bytes[at + i];
    return value;
}

std::int64_t little_endian(Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = (value << 8U) | bytes[at + i];
    return static_cast<std::int32_t>(value);
}

// Walks the segments up to the start of frame (ITU-T T.81, B.1.1.3), which holds the size.
ImageHeader jpeg(Bytes bytes) {
    ImageHeader header{ImageKind::jpeg, 0, 0};
    std::size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xff) {
        const unsigned marker = bytes[at + 1];
        if (marker == 0xff) {  // fill byte
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {  // stand-alone
            at += 2;
            continue;
        }
        const bool start_of_frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (start_of_frame) {
            if (at + 9 > bytes.size()) break;
            header.height = big_endian(bytes, at + 5, 2);
            header.width = big_endian(bytes, at + 7, 2);
            break;
        }
        if (marker == 0xd9 || marker == 0xda) break;  // end, or pixels before any size
        at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
    }
    return header;
}

ImageHeader png(Bytes bytes) {
    ImageHeader header{ImageKind::png, 0, 0};
    if (bytes.size() >= 24) {
        header.width = big_endian(bytes, 16, 4);
        header.height = big_endian(bytes, 20, 4);
    }
    return header;
}

ImageHeader bmp(Bytes bytes) {
    ImageHeader header{ImageKind::bmp, 0, 0};
    if (bytes.size() >= 26) {
        header.width = little_endian(bytes, 18);
        header.height = std::abs(little_endian(bytes, 22));  // negative: rows from the top
    }
    return header;
}

// Two whole numbers in text after the magic, with '#' comments between.
ImageHeader pnm(Bytes bytes) {
    ImageHeader header{ImageKind::pnm, 0, 0};
    std::array<std::int64_t, 2> sizes{};
    std::size_t at = 2;
    for (auto& size : sizes) {
        while (at < bytes.size() && (std::isspace(bytes[at]) != 0 || bytes[at] == '#')) {
            if (bytes[at] == '#') {
                while (at < bytes.size() && bytes[at] != '\n') ++at;
            } else {
                ++at;
            }
        }
        for (int digits = 0; at < bytes.size() && std::isdigit(bytes[at]) != 0; ++at, ++digits) {
            if (digits > 9) return header;
            size = size * 10 + (bytes[at] - '0');
        }
    }
    header.width = sizes[0];
    header.height = sizes[1];
    return header;
}

}  // namespace

std::optional<ImageHeader> read_header(Bytes bytes) {
    static constexpr std::array<std::uint8_t, 3> jpeg_magic{0xff, 0xd8, 0xff};
    static constexpr std::array<std::uint8_t, 8> png_magic{0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    static constexpr std::array<std::uint8_t, 2> bmp_magic{'B', 'M'};
    if (begins_with(bytes, jpeg_magic)) return jpeg(bytes);
    if (begins_with(bytes, png_magic)) return png(bytes);
    if (begins_with(bytes, bmp_magic)) return bmp(bytes);
    const bool is_pnm = bytes.size() >= 3 && bytes[0] == 'P' && bytes[1] >= '1' &&
                        bytes[1] <= '6' && std::isspace(bytes[2]) != 0;
    return is_pnm ? std::optional(pnm(bytes)) : std::nullopt;
}

}  // namespace strongroom::vision
