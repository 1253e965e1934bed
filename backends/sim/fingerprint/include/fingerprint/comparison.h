// How the emulated sensor compares: minutiae, found in the image alone.
//
// Nothing here knows whose finger it was; a score depends on what the images show. The sensor's
// template is a private format, as every vendor's is. Functions are pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/finger.h"

namespace strongroom::fingerprint {

struct Minutia {
    float x = 0;          // pixels from the image's left edge
    float y = 0;          // and from its top
    float direction = 0;  // radians, -pi to pi
};

// What one image gives: a character file of 256 bytes in the vendor's words.
inline constexpr std::size_t character_file_bytes = 256;
inline constexpr std::size_t minutiae_limit = 60;
using CharacterFile = std::array<std::byte, character_file_bytes>;

// Two character files of one finger: what is stored, and what UpChar and DownChar carry. The second
// is all zero in a buffer that has seen one image only.
inline constexpr std::size_t template_bytes = 512;
using FingerTemplate = std::array<std::byte, template_bytes>;

enum class Extraction : std::uint8_t {
    good,
    messy,   // ridges cannot be followed: smeared, too wet, too dry
    sparse,  // too few minutiae, or too small a part of the finger
};

struct Extracted {
    Extraction outcome = Extraction::sparse;
    std::vector<Minutia> minutiae;  // the best first, at most minutiae_limit; also when not good
    double ridge_area = 0;          // part of the window with clear ridges, 0 to 1
};

[[nodiscard]] Extracted extract(const FingerImage& image);

[[nodiscard]] CharacterFile to_character_file(std::span<const Minutia> minutiae);
// False for bytes that no extraction made: wrong mark, count or check sum.
[[nodiscard]] bool is_character_file(std::span<const std::byte> bytes);
// True when the first half is a character file, and the second one too or all zero.
[[nodiscard]] bool is_template(std::span<const std::byte> bytes);
[[nodiscard]] FingerTemplate to_template(const CharacterFile& first);
[[nodiscard]] FingerTemplate to_template(const CharacterFile& first, const CharacterFile& second);

// How alike, 0 to 300; 0 for bytes that are no template. Symmetric up to rounding.
[[nodiscard]] std::uint16_t compare(const FingerTemplate& a, const FingerTemplate& b);
[[nodiscard]] std::uint16_t compare(std::span<const Minutia> a, std::span<const Minutia> b);

// From which score on the sensor says "match" at security level 1 (most are accepted) to 5.
[[nodiscard]] std::uint16_t match_threshold(unsigned level);

}  // namespace strongroom::fingerprint
