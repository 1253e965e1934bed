// Pictures from files or cameras, brought into the one form that the other stages take: 8-bit BGR.
//
// Functions without state; any thread. Bad input is an outcome, never an exception: a file that a
// stranger hands in is data, not a reason to stop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include <tl/expected.hpp>

#include "base/result.h"
#include "hal/camera.h"

namespace strongroom::vision {

// Why there is no picture.
enum class ImageFault : std::uint8_t {
    not_found,
    unreadable,    // no permission, a directory, or the disk failed
    empty,         // no bytes
    not_an_image,  // neither JPEG, PNG, BMP nor PNM (PBM, PGM, PPM)
    damaged,       // begins as an image and cannot be decoded
    too_large,     // beyond ImageLimits; refused before it is decoded
};
// A sentence for people, without the file's name: "is empty: ...".
[[nodiscard]] std::string_view describe(ImageFault fault);

struct ImageLimits {
    std::int64_t bytes = std::int64_t{128} << 20U;  // of the file
    std::int64_t pixels = 100'000'000;              // as its header states
    int long_side = 2048;                           // a larger picture is reduced to this
};

// Decodes one picture to bgr8, upright (EXIF orientation is applied), capture time and sequence 0.
[[nodiscard]] tl::expected<hal::Frame, ImageFault> decode_image(std::span<const std::uint8_t> bytes,
                                                                const ImageLimits& limits = {});
[[nodiscard]] tl::expected<hal::Frame, ImageFault> read_image(const std::filesystem::path& file,
                                                              const ImageLimits& limits = {});

// A camera's frame as bgr8 with a long side of at most `limits.long_side`; time and sequence stay.
// The pixels are shared, not copied, when nothing has to change.
// Errors: corrupt (no pixels, a side under 1, or a size that does not match), out_of_range (more
// pixels than the limit).
[[nodiscard]] Result<hal::Frame> normalise(const hal::Frame& frame, const ImageLimits& limits = {});

}  // namespace strongroom::vision
