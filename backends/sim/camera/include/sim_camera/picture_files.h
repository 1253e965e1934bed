// Writes frames, contact sheets and films of simulated people, so that a person can look.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include "hal/camera.h"

namespace strongroom::people {
struct Picture;
}

namespace strongroom::sim {

// Names the file and why it could not be written.
class PictureError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The same pixels as a frame: number `sequence`, captured at 0.
[[nodiscard]] hal::Frame to_frame(people::Picture picture, std::uint64_t sequence = 1);

// By the ending of its name: png, or jpg and jpeg at `jpeg_quality` (1 to 100). Written beside it
// first, so that no half picture stands under the name. Throws PictureError.
void write_picture(const hal::Frame& frame, const std::filesystem::path& file,
                   int jpeg_quality = 90);

struct Tile {
    hal::Frame frame;
    std::string label;  // drawn below it, in the 128 characters of ASCII; may be empty
};
// Rows of `columns` tiles, each reduced to `tile_width` pixels. Asserts that there are tiles, all
// of one size, and columns and tile_width of 1 or more.
[[nodiscard]] hal::Frame contact_sheet(std::span<const Tile> tiles, int columns, int tile_width);

// A film being written: MJPEG in AVI, which every player knows and no patent holds.
class Film {
public:
    virtual ~Film() = default;
    // All frames are of the first one's size. Throws PictureError.
    virtual void add(const hal::Frame& frame) = 0;
    // Finishes the file. Throws PictureError.
    virtual void close() = 0;
};
// Loads OpenCV's video library, see video_camera.h. `rate` is in frames a second, above 0. Throws
// PictureError.
[[nodiscard]] std::unique_ptr<Film> write_film(const std::filesystem::path& file, double rate);

}  // namespace strongroom::sim
